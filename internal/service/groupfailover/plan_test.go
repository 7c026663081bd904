package groupfailover_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestPlanOfAnUnknownGroupReadsNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.ResetRequests()
	for _, config := range []tftest.Attributes{
		{"protection_group_id": tftest.Unknown, "priority_station": "target"},
		{"protection_group_id": s.GroupID, "priority_station": tftest.Unknown},
	} {
		plan := s.Plan(t, nil, config)
		if len(plan.Diagnostics) > 0 {
			t.Error(tftest.Text(plan.Diagnostics))
		}
		tftest.Want(t, plan.Attributes, tftest.Attributes{"active_site": tftest.Unknown, "last_failover": tftest.Unknown})
	}
	if n := len(s.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}

func TestPlanOfAMissingGroup(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.DeleteGroup(s.GroupID)
	text := tftest.Text(s.Plan(t, nil, s.config("source", nil)).Diagnostics)
	for _, part := range []string{
		`ERROR on AttributeName("protection_group_id"): Protection Group Not Found`, "Protection group: " + s.GroupID,
		"HTTP status: 400", "Error code: SDRS.1013", "Request ID: ", "region and project",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("%q lacks %q", text, part)
		}
	}
}

func TestPlannedSwitchShowsItsSites(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	plan := s.Plan(t, state, s.config("target", nil))
	if len(plan.Diagnostics) > 0 || plan.Replaces {
		t.Errorf("replaces: %v, %s", plan.Replaces, tftest.Text(plan.Diagnostics))
	}
	for name, value := range map[string]any{
		"priority_station": "target", "active_site": "target", "active_availability_zone": "eu-de-02",
		"standby_availability_zone": "eu-de-01", "status": tftest.Unknown, "last_failover": tftest.Unknown,
	} {
		state[name] = value
	}
	if !maps.EqualFunc(plan.Attributes, state, func(a, b any) bool { return a == b }) {
		t.Errorf("got  %v\nwant %v", plan.Attributes, state)
	}

	applied := s.Apply(t.Context(), t, plan)
	tftest.Want(t, applied.Attributes, tftest.Attributes{
		"active_site": "target", "priority_station": "target",
		"status": "protected",
	})
	last, _ := applied.Attributes["last_failover"].(tftest.Attributes)
	tftest.Want(t, last, tftest.Attributes{
		"from": "source", "from_availability_zone": "eu-de-01", "to": "target", "to_availability_zone": "eu-de-02",
		"servers_stop_requested_at": nil, "servers_active_at": nil, "downtime_seconds": nil, "duration_seconds": int64(0),
	})
	if last["job_id"] == nil {
		t.Errorf("last_failover is %v", last)
	}
	for _, name := range []string{"requested_at", "job_finished_at", "verified_at"} {
		text, _ := last[name].(string)
		if _, err := time.Parse(time.RFC3339, text); err != nil || !strings.HasSuffix(text, "Z") {
			t.Errorf("%s is %q", name, text)
		}
	}
	s.wantAccepted(t, 1)

	again := s.Plan(t, applied.Attributes, s.config("target", nil))
	if !tftest.Equal(again.Attributes, applied.Attributes) || len(again.Diagnostics) > 0 {
		t.Errorf("the next plan has changes: %v", again)
	}
}

func TestDriftWarnsAndChangesNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	s.Console("target")
	state = s.Read(t, state).Attributes
	tftest.Want(t, state, tftest.Attributes{
		"priority_station": "source", "active_site": "target",
		"active_availability_zone": "eu-de-02",
	})
	plan := s.Plan(t, state, s.config("source", nil))
	if !tftest.Equal(plan.Attributes, state) {
		t.Errorf("got  %v\nwant %v", plan.Attributes, state)
	}
	tftest.WantText(t, tftest.Text(plan.Diagnostics), `
WARNING on AttributeName("priority_station"): Active Site Changed Elsewhere: web-shop

The group runs at target (eu-de-02), while this configuration asks for source (eu-de-01). The site was changed outside of this configuration. Applying does not switch it back.

  Protection group: {group}
  Status: protected
  Active site: target (eu-de-02)

To accept the site, set priority_station = "target". To switch back to source (eu-de-01), set correct_drift = true.
`)
	s.wantAccepted(t, 0)

	s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = "reversing" })
	state = s.Read(t, state).Attributes
	if text := tftest.Text(s.Plan(t, state, s.config("source", nil)).Diagnostics); !strings.Contains(text,
		"Plan again when the group rests") {
		t.Errorf("got %s", text)
	}
}

// A plan from an older look must not call what runs in production since what is to be stopped.
func TestPlanOfAGroupThatWasSwitchedSinceTheRefresh(t *testing.T) {
	t.Parallel()
	s, policy := newLiveStage(t)
	state := s.adopt(t, policy)
	for _, instance := range simulator.DemoGroup().Instances {
		s.SetServerStatus(instance.SourceServer.ID, simulator.ServerStopped)
		s.SetServerStatus(instance.TargetServer.ID, "ACTIVE")
	}
	s.Console("target")
	if plan := s.Plan(t, state, s.config("target", policy)); len(plan.Diagnostics) > 0 {
		t.Errorf("got %s", tftest.Text(plan.Diagnostics))
	}
}

func TestAcceptingDriftPlansNoSwitch(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	s.Console("target")
	state = s.Read(t, state).Attributes
	plan := s.Plan(t, state, s.config("target", nil))
	state["priority_station"] = "target"
	if !tftest.Equal(plan.Attributes, state) || len(plan.Diagnostics) > 0 {
		t.Errorf("got  %v\nwant %v\n%s", plan.Attributes, state, tftest.Text(plan.Diagnostics))
	}

	s.Console("source") // And back again, before apply.
	applied := s.Apply(t.Context(), t, plan)
	tftest.WantText(t, tftest.Text(applied.Diagnostics), `
ERROR: Protection Group Changed Since the Plan: web-shop

The plan shows no switch of this group, but it would take one now. Nothing was changed.

  Protection group: {group}
  Status: protected
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)

Plan again, and look at what it says about the switch.
`)
	tftest.Want(t, applied.Attributes, tftest.Attributes{"priority_station": "source", "active_site": "source"})

	s.Console("target")
	applied = s.Apply(t.Context(), t, plan)
	if len(applied.Diagnostics) > 0 {
		t.Error(tftest.Text(applied.Diagnostics))
	}
	tftest.Want(t, applied.Attributes, tftest.Attributes{
		"priority_station": "target", "active_site": "target",
		"last_failover": nil,
	})
	s.wantAccepted(t, 0)
}

func TestUnknownIntentPlansAPossibleSwitch(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	for _, config := range []tftest.Attributes{
		s.config(tftest.Unknown, nil),
		s.config("target", tftest.Attributes{"correct_drift": tftest.Unknown}),
	} {
		plan := s.Plan(t, state, config)
		tftest.Want(t, plan.Attributes, tftest.Attributes{"last_failover": tftest.Unknown, "name": "web-shop"})
	}
}

func TestPlanWarnsOfWhatApplyWillRefuse(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	server := simulator.DemoGroup().Instances[0].SourceServer
	s.UpdateGroup(s.GroupID, func(g *simulator.Group) {
		g.Status = simulator.StatusAvailable
		g.Instances[0].SourceServer.Status = "ACTIVE"
	})
	state = s.Read(t, state).Attributes
	text := `
WARNING on AttributeName("priority_station"): Planned Failover Not Ready: web-shop

As things are, applying this plan will be refused before anything moves.

  Protection group: {group}
  Status: available
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)
  group_status: The group is available, active at source. Protection is not enabled, so nothing is replicated. Enable protection of the group, and wait until it is protected.
  servers_stopped: These servers run at the active site: ` + server.Name + " (" + server.ID + `) is ACTIVE. Stop them, or set stop_servers = true.

Resolve this before applying.
`
	tftest.WantText(t, tftest.Text(s.Plan(t, state, s.config("target", nil)).Diagnostics), text)
	tftest.WantText(t, tftest.Text(s.Plan(t, nil, s.config("target", onCreate)).Diagnostics), text)
}

func TestPlanSaysWhatCouldNotBeChecked(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	s.Inject(simulator.Fault{Route: simulator.RouteServer, Status: http.StatusForbidden})
	plan := s.Plan(t, state, s.config("target", nil))
	text := tftest.Text(plan.Diagnostics)
	for _, part := range []string{
		"WARNING", "Readiness Not Fully Checked",
		"servers_stopped: The states of 4 servers could not be read", "permissions: The user may not read: servers (ECS)",
		"does not block",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("%q lacks %q", text, part)
		}
	}
	applied := s.Apply(t.Context(), t, plan)
	tftest.Want(t, applied.Attributes, tftest.Attributes{"active_site": "target"})
}

func TestCorrectDriftAfterADisaster(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	more := tftest.Attributes{"correct_drift": true}
	state := s.adopt(t, more)
	s.Lead(t, "failed-over")
	state = s.Read(t, state).Attributes
	plan := s.Plan(t, state, s.config("source", more))
	if !tftest.Equal(plan.Attributes, state) {
		t.Errorf("got  %v\nwant %v", plan.Attributes, state)
	}
	if text := tftest.Text(plan.Diagnostics); !strings.Contains(text, "A switch back is not possible as things are") ||
		!strings.Contains(text, "Reprotect the group") {
		t.Errorf("got %s", text)
	}
}

func TestRevertedSwitchIsNotCalledForeign(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	s.StallJobs()
	short := tftest.Attributes{"timeouts": tftest.Attributes{"update": "2s"}}
	failed := s.Apply(t.Context(), t, s.Plan(t, state, s.config("target", short)))
	s.ResumeJobs()
	s.Await(t, "protected")
	state = s.Read(t, failed.Attributes).Attributes
	text := tftest.Text(s.PlanAfter(t, failed, state, s.config("source", nil)).Diagnostics)
	if !strings.Contains(text, "Earlier Switch Completed") || strings.Contains(text, "outside of this configuration") {
		t.Errorf("got %s", text)
	}
}

// What depends on values that are not known in the plan is not promised by it.
func TestArgumentsThatAreKnownAtApplyOnly(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		intent, unknown, site string
		accepted              int
	}{
		"drift that is not to be corrected": {"source", "correct_drift", "source", 0},
		"drift that is":                     {"source", "correct_drift", "source", 1},
		"the site that is active":           {"source", "priority_station", "target", 0},
		"the other site":                    {"target", "priority_station", "source", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.Console(test.intent)
			state := tftest.State{Attributes: s.adopt(t, nil)}
			s.Console("target")
			state = s.Refresh(t, state)
			known := s.config(test.site, tftest.Attributes{"correct_drift": test.unknown == "correct_drift" &&
				test.accepted > 0})
			first := maps.Clone(known)
			first[test.unknown] = tftest.Unknown
			applied := s.ApplyKnowing(t.Context(), t, s.PlanAfter(t, state, state.Attributes, first), known)
			if text := tftest.Text(applied.Diagnostics); strings.Contains(text, "ERROR") {
				t.Error(text)
			}
			s.wantAccepted(t, test.accepted)
		})
	}
}
