package service_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// forged is a name that makes a line of its own, colors it, and turns the direction of what follows.
const forged = "web\nAction complete\r\x1b[32m\u202e\u2028\x00"

// wantPrintable checks that a text has no line and no invisible character that comes from the cloud.
func wantPrintable(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(line, "\n")
			if strings.HasPrefix(line, "Action complete") ||
				strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsGraphic(r) }) {
				t.Errorf("the cloud forges %q in %q", line, text)
			}
		}
	}
}

// wantForged checks the same of a text that shows a value of the cloud.
func wantForged(t *testing.T, texts ...string) {
	t.Helper()
	wantPrintable(t, texts...)
	if text := strings.Join(texts, "\n"); !strings.Contains(text, `web\nAction complete\r\x1b[32m\u202e\u2028\x00`) {
		t.Errorf("%q does not show the value", text)
	}
}

// newForgedCloud is a cloud in which every name forges output, and in which no job takes no time.
func newForgedCloud(t *testing.T) *tftest.Cloud {
	t.Helper()
	c := tftest.Simulate(t, simulator.WithServerJobDuration(20*time.Millisecond))
	c.UpdateGroup(c.GroupID, func(g *simulator.Group) {
		g.Name, g.SourceAZ, g.TargetAZ = forged, "source-"+forged, "target-"+forged
		for i := range g.Instances {
			g.Instances[i].Name, g.Instances[i].SourceServer.Name, g.Instances[i].TargetServer.Name = forged, forged, forged
			for j := range g.Instances[i].Pairs {
				g.Instances[i].Pairs[j].Name = forged
			}
		}
	})
	return c
}

// refusal is the body of an answer whose code and message forge output.
func refusal(t *testing.T) string {
	t.Helper()
	body, err := json.Marshal(map[string]any{"error": map[string]string{"code": forged, "message": forged}})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// Names, reasons, and codes of the cloud are escaped in all that is shown, and stay as they are in the state.
func TestTheCloudForgesNoOutput(t *testing.T) {
	t.Parallel()
	c := newForgedCloud(t)
	resource, _ := c.NewResource(t, "sdrs_protection_group_failover", nil)
	s := struct {
		*tftest.Cloud
		*tftest.Resource
	}{c, resource}
	config := func(site string) tftest.Attributes {
		return tftest.Attributes{"protection_group_id": c.GroupID, "priority_station": site}
	}
	setStatus := func(status string) { s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = status }) }

	wantForged(t, tftest.Text(s.Plan(t, nil, config("target")).Diagnostics)) // Creating switches.
	state := s.Apply(t.Context(), t, s.Plan(t, nil, config("source"))).Attributes
	tftest.Want(t, state, tftest.Attributes{"name": forged})
	wantForged(t, tftest.Text(s.Plan(t, state, nil).Diagnostics)) // The group keeps running.
	s.Console("target")
	wantForged(t, tftest.Text(s.Plan(t, s.Read(t, state).Attributes, config("source")).Diagnostics))
	s.Console("source")

	s.SetServers("ACTIVE")
	plan := s.Plan(t, state, config("target"))
	wantForged(t, tftest.Text(plan.Diagnostics)) // Not ready.
	wantForged(t, tftest.Text(s.Apply(t.Context(), t, plan).Diagnostics))
	read := c.NewDataSource(t, "sdrs_failover_readiness", nil).Read(t, tftest.Attributes{"protection_group_id": s.GroupID})
	tftest.Want(t, read.Attributes, tftest.Attributes{"name": forged})
	checks, _ := read.Attributes["checks"].([]any)
	for _, check := range checks {
		if check, _ := check.(tftest.Attributes); check["name"] == "servers_stopped" {
			detail, _ := check["detail"].(string)
			wantForged(t, detail)
		}
	}
	s.SetServers(simulator.ServerStopped)

	s.Inject(simulator.Fault{Route: simulator.RouteAction, Times: 1, Status: http.StatusBadRequest, Body: refusal(t)})
	wantForged(t, tftest.Text(s.Apply(t.Context(), t, plan).Diagnostics)) // Refused.
	s.FailNextJob(forged, forged)
	failed := s.Apply(t.Context(), t, plan)
	wantForged(t, tftest.Text(failed.Diagnostics)) // The job failed.

	s.Inject(simulator.Fault{Route: simulator.RouteGroup, Times: 1, Status: http.StatusForbidden, Body: refusal(t)})
	wantForged(t, tftest.Text(s.Refresh(t, failed).Diagnostics)) // Not permitted.
	lists := c.NewDataSource(t, "sdrs_quotas", nil)
	s.Inject(simulator.Fault{Route: simulator.RouteQuotas, Times: 1, Status: http.StatusForbidden, Body: refusal(t)})
	wantForged(t, tftest.Text(lists.Read(t, nil).Diagnostics))
	for _, listed := range c.NewList(t, "sdrs_protection_group_failover", nil).Find(t, nil, 0, false) {
		wantForged(t, listed.DisplayName)
	}

	messages, diagnostics := c.NewAction(t, "sdrs_planned_failover").Invoke(t.Context(), t, config("target"))
	wantForged(t, messages...)
	wantPrintable(t, tftest.Text(diagnostics))
	if n := s.Accepted(simulator.ActionReverse); n != 2 {
		t.Errorf("%d planned failovers accepted, want 2", n)
	}
	reprotect := c.NewAction(t, "sdrs_reprotect")
	setStatus("failed-over")
	wantForged(t, tftest.Text(reprotect.Plan(t, tftest.Attributes{"protection_group_id": s.GroupID})))
	messages, _ = reprotect.Invoke(t.Context(), t, tftest.Attributes{"protection_group_id": s.GroupID})
	wantForged(t, messages...)
}
