package groupfailover_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestActionWithServers(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	var looked atomic.Bool // The job goes on once somebody has looked at the group that moves.
	for route, happens := range map[string]func(){
		simulator.RouteAction: c.StallJobs,
		simulator.RouteGroup:  func() { looked.Store(c.Accepted(simulator.ActionReverse) > 0) },
		simulator.RouteJob: func() {
			if looked.Load() {
				c.ResumeJobs()
			}
		},
	} {
		c.Inject(simulator.Fault{Route: route, Match: func(*http.Request) bool { happens(); return false }})
	}
	c.UpdateGroup(c.GroupID, func(g *simulator.Group) {
		for n := range g.Instances {
			g.Instances[n].SourceServer.Status = "ACTIVE"
		}
		g.Instances[0].SourceServer.Name = "db-stubborn"
	})
	messages, diagnostics := c.NewAction(t, "sdrs_planned_failover").Invoke(t.Context(), t, tftest.Attributes{
		"protection_group_id": c.GroupID, "priority_station": "target",
		"stop_servers": true, "force_stop_after": "1ms", "start_servers": true, "timeout": "1m",
	})
	if len(diagnostics) > 0 {
		t.Error(tftest.Text(diagnostics))
	}
	text := strings.Join(messages, "\n")
	for _, part := range []string{"2 servers not SHUTOFF yet", "reversing (", ", job ", "2 servers not ACTIVE yet"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q lacks %q", text, part)
		}
	}
}

func TestActionInAnAvailabilityZone(t *testing.T) {
	t.Parallel()
	for name, operation := range map[string]string{
		"sdrs_planned_failover": simulator.ActionReverse, "sdrs_unplanned_failover": simulator.ActionFailover,
	} {
		c := tftest.Simulate(t)
		action := c.NewAction(t, name)
		config := func(zone string) tftest.Attributes {
			return tftest.Attributes{"protection_group_id": c.GroupID, "priority_availability_zone": zone}
		}
		messages, invoked := action.Invoke(t.Context(), t, config("eu-de-03"))
		if record := strings.Join(messages, "\n"); !strings.HasPrefix(record, `sdrs-record: {"group_id":"`+c.GroupID) {
			t.Errorf("%s: said %s", name, record)
		}
		for _, text := range []string{tftest.Text(action.Plan(t, config("eu-de-03"))), tftest.Text(invoked)} {
			if !strings.Contains(text,
				"ERROR on AttributeName(\"priority_availability_zone\"): Availability Zone of Another Group: web-shop") {
				t.Errorf("%s: got %s", name, text)
			}
		}
		for _, zone := range []string{"eu-de-01", "eu-de-02"} { // The first is active.
			if _, diagnostics := action.Invoke(t.Context(), t, config(zone)); tftest.Failed(diagnostics) {
				t.Errorf("%s: got %s", name, tftest.Text(diagnostics))
			}
		}
		if group, _ := c.Group(c.GroupID); group.PriorityStation != "target" || c.Accepted(operation) != 1 {
			t.Errorf("%s: at %s, %d accepted", name, group.PriorityStation, c.Accepted(operation))
		}
		// Values that were not known when the configuration was validated.
		for _, station := range []any{nil, "source"} {
			zone := tftest.Attributes{"protection_group_id": c.GroupID, "priority_station": station}
			if station != nil {
				zone["priority_availability_zone"] = "eu-de-01"
			}
			if _, diagnostics := action.Invoke(t.Context(), t, zone); !strings.Contains(tftest.Text(diagnostics),
				"Invalid Attribute Combination") {
				t.Errorf("%s at %v: got %s", name, station, tftest.Text(diagnostics))
			}
		}
		misspelled := tftest.Attributes{"protection_group_id": c.GroupID, "priority_station": "tarrget"}
		if _, diagnostics := action.Invoke(t.Context(), t, misspelled); !strings.Contains(
			tftest.Text(diagnostics),
			`got: "tarrget"`,
		) {
			t.Errorf("%s: got %s", name, tftest.Text(diagnostics))
		}
		if n := c.Count(simulator.RouteAction); n != 1 {
			t.Errorf("%s: %d actions sent", name, n)
		}
	}
}
