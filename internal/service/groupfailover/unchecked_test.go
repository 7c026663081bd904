package groupfailover_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// broken is an API that answers nothing but 503 from now on.
func broken(c *tftest.Cloud, routes ...string) {
	for _, route := range routes {
		c.Inject(simulator.Fault{Route: route, Status: http.StatusServiceUnavailable})
	}
}

// What breaks after all plans is said by the apply, or refused before anything moves.
func TestApplySaysWhatCouldNotBeChecked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		requires         bool
		title, end       string
		sent, serverJobs int
	}{
		"goes on": {false, "WARNING: Readiness Not Fully Checked", "target", 1, 2},
		"refuses": {true, "ERROR: Planned Failover Not Fully Checked", "source", 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, policy := newLiveStage(t)
			policy["require_all_checks"] = test.requires
			plan := s.Plan(t, s.adopt(t, policy), s.config("target", policy))
			broken(s.Cloud, simulator.RoutePairs)
			s.ResetRequests()
			applied := s.ApplyFinal(t.Context(), t, plan)
			text := tftest.Text(applied.Diagnostics)
			if len(applied.Diagnostics) != 1 || !strings.HasPrefix(text, test.title) ||
				strings.Count(text, "The replication pairs could not be read") != 3 {
				t.Errorf("got %s", text)
			}
			tftest.Want(t, applied.Attributes, tftest.Attributes{"active_site": test.end})
			if sent, jobs := s.Count(simulator.RouteAction), s.Count(simulator.RouteServerAction); sent != test.sent ||
				jobs != test.serverJobs {
				t.Errorf("%d actions, and %d of servers", sent, jobs)
			}
		})
	}
}

// A plan that can't look once more does not count on what it saw.
func TestPlanSaysThatTheGroupCouldNotBeReadAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	s.SetServerStatus(simulator.DemoGroup().Instances[0].SourceServer.ID, "ACTIVE")
	broken(s.Cloud, simulator.RouteGroup, simulator.RoutePairs)
	text := tftest.Text(s.Plan(t, state, s.config("target", nil)).Diagnostics)
	if !strings.Contains(text, "Readiness Not Fully Checked") ||
		!strings.Contains(text, "group_status: The group could not be read") ||
		!strings.Contains(text, "replication_health: ") || strings.Contains(text, "ACTIVE") {
		t.Errorf("got %s", text)
	}
	strict := tftest.Text(s.Plan(t, state, s.config("target", tftest.Attributes{"require_all_checks": true})).Diagnostics)
	if !strings.Contains(strict, "Planned Failover Not Ready") || !strings.Contains(strict, "replication_health: ") {
		t.Errorf("got %s", strict)
	}
}

func TestActionSaysWhatCouldNotBeChecked(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	broken(c, simulator.RoutePairs)
	config := tftest.Attributes{"protection_group_id": c.GroupID, "priority_station": "target", "require_all_checks": true}
	planned := c.NewAction(t, "sdrs_unplanned_failover")
	if text := tftest.Text(planned.Plan(t, config)); !strings.Contains(text, "): Unplanned Failover Not Ready: web-shop") {
		t.Errorf("got %s", text)
	}
	_, diagnostics := planned.Invoke(t.Context(), t, config)
	if text := tftest.Text(diagnostics); !strings.HasPrefix(text, "ERROR: Unplanned Failover Not Fully Checked") ||
		c.Count(simulator.RouteAction) != 0 {
		t.Errorf("got %s", text)
	}
	config["require_all_checks"] = false
	messages, diagnostics := planned.Invoke(t.Context(), t, config)
	text := strings.Join(messages, "\n")
	const line = "web-shop: not everything could be checked, which does not block the unplanned failover: " +
		"replication_pairs: The replication pairs could not be read"
	if tftest.Failed(diagnostics) || strings.Count(text, line) != 1 {
		t.Errorf("got %s, %s", text, tftest.Text(diagnostics))
	}
}
