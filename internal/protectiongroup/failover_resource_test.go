package protectiongroup_test

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/acctest"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

const typeName = "sdrs_protection_group_failover"

// stage is the resource, driven by the plugin protocol, on a simulator.
type stage struct {
	*acctest.Cloud
	*acctest.Resource
}

func newStage(t *testing.T, options ...simulator.Option) stage {
	t.Helper()
	cloud := acctest.Simulate(t, options...)
	resource, diagnostics := cloud.NewResource(t, typeName, nil)
	if len(diagnostics) > 0 {
		t.Fatal(acctest.Text(diagnostics))
	}
	return stage{Cloud: cloud, Resource: resource}
}

// config is the configuration for a station, and whatever else.
func (s stage) config(station string, more acctest.Attributes) acctest.Attributes {
	config := acctest.Attributes{"protection_group_id": s.GroupID, "priority_station": station}
	maps.Copy(config, more)
	return config
}

// adopt returns the state of a resource that was created where the group is.
func (s stage) adopt(t *testing.T, more acctest.Attributes) acctest.Attributes {
	t.Helper()
	group, _ := s.Group(s.GroupID)
	created := s.Apply(t.Context(), t, s.Plan(t, nil, s.config(group.PriorityStation, more)))
	if len(created.Diagnostics) > 0 {
		t.Fatal(acctest.Text(created.Diagnostics))
	}
	return created.Attributes
}

// console switches the group behind Terraform's back.
func (s stage) console(t *testing.T, station string) {
	t.Helper()
	console(t, s.Cloud, station)
}

func (s stage) wantAccepted(t *testing.T, want int) {
	t.Helper()
	if got := s.Accepted(simulator.ActionReverse); got != want {
		t.Errorf("%d planned failovers accepted, want %d", got, want)
	}
}

// want compares the named attributes.
func want(t *testing.T, got, want acctest.Attributes) {
	t.Helper()
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s is %v, want %v", name, got[name], value)
		}
	}
}

// wantText compares diagnostics with a text in which {group} stands for the facts of the demo group's name and id.
func wantText(t *testing.T, got, want string) {
	t.Helper()
	want = strings.ReplaceAll(strings.TrimSpace(want), "{group}", "web-shop "+simulator.DemoGroup().ID)
	if got := strings.TrimSpace(got); got != want {
		t.Errorf("got:\n%s\n\nwant:\n%s", got, want)
	}
}

func TestCreateAdopts(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	plan := s.Plan(t, nil, s.config("source", nil))
	if len(plan.Diagnostics) > 0 {
		t.Error(acctest.Text(plan.Diagnostics))
	}
	observed := acctest.Attributes{
		"id": s.GroupID, "name": "web-shop", "correct_drift": false, "active_site": "source",
		"active_availability_zone": "eu-de-01", "standby_availability_zone": "eu-de-02",
		"source_availability_zone": "eu-de-01", "target_availability_zone": "eu-de-02", "last_failover": nil,
	}
	want(t, plan.Attributes, observed)
	state := s.Apply(t.Context(), t, plan)
	want(t, state.Attributes, observed)
	want(t, state.Attributes, acctest.Attributes{"status": "protected", "priority_station": "source"})
	s.wantAccepted(t, 0)
}

func TestCreateSwitchesAfterAWarning(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	plan := s.Plan(t, nil, s.config("target", nil))
	wantText(t, acctest.Text(plan.Diagnostics), `
WARNING on AttributeName("priority_station"): Creating This Resource Switches Sites

At the time of this plan the group runs at source (eu-de-01). Creating this resource switches it to target (eu-de-02) at once.

  Protection group: {group}
  Status: protected
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)

Stop the servers of the group at source (eu-de-01) before applying. To adopt the group without switching, set priority_station = "source".
`)
	want(t, plan.Attributes, acctest.Attributes{
		"active_site": "target", "active_availability_zone": "eu-de-02", "standby_availability_zone": "eu-de-01",
		"name": "web-shop", "status": acctest.Unknown, "last_failover": acctest.Unknown,
	})
	state := s.Apply(t.Context(), t, plan)
	want(t, state.Attributes, acctest.Attributes{"active_site": "target", "status": "protected", "priority_station": "target"})
	s.wantAccepted(t, 1)
}

func TestCreateOfAMovingGroupWarns(t *testing.T) {
	t.Parallel()
	s := newStage(t, simulator.WithJobDuration(300*time.Millisecond))
	if _, err := s.Switch(s.GroupID, "target"); err != nil {
		t.Fatal(err)
	}
	plan := s.Plan(t, nil, s.config("target", nil))
	wantText(t, acctest.Text(plan.Diagnostics), `
WARNING on AttributeName("priority_station"): Creating This Resource Switches Sites

At the time of this plan the group is moving. Creating this resource waits until it rests, and switches it to the wanted site if it is not active there by then.

  Protection group: {group}
  Status: reversing
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)

To adopt the group as it is once it rests, set priority_station to the site that is active then: source (eu-de-01) or target (eu-de-02).
`)
	state := s.Apply(t.Context(), t, plan)
	want(t, state.Attributes, acctest.Attributes{"active_site": "target", "last_failover": nil})
	s.wantAccepted(t, 0)
}

func TestPlanOfAnUnknownGroupReadsNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.ResetRequests()
	for _, config := range []acctest.Attributes{
		{"protection_group_id": acctest.Unknown, "priority_station": "target"},
		{"protection_group_id": s.GroupID, "priority_station": acctest.Unknown},
	} {
		plan := s.Plan(t, nil, config)
		if len(plan.Diagnostics) > 0 {
			t.Error(acctest.Text(plan.Diagnostics))
		}
		want(t, plan.Attributes, acctest.Attributes{"active_site": acctest.Unknown, "last_failover": acctest.Unknown})
	}
	if n := len(s.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}

func TestPlanOfAMissingGroup(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.DeleteGroup(s.GroupID)
	text := acctest.Text(s.Plan(t, nil, s.config("source", nil)).Diagnostics)
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
		t.Errorf("replaces: %v, %s", plan.Replaces, acctest.Text(plan.Diagnostics))
	}
	for name, value := range map[string]any{
		"priority_station": "target", "active_site": "target", "active_availability_zone": "eu-de-02",
		"standby_availability_zone": "eu-de-01", "status": acctest.Unknown, "last_failover": acctest.Unknown,
	} {
		state[name] = value
	}
	if !maps.EqualFunc(plan.Attributes, state, func(a, b any) bool { return a == b }) {
		t.Errorf("got  %v\nwant %v", plan.Attributes, state)
	}

	applied := s.Apply(t.Context(), t, plan)
	want(t, applied.Attributes, acctest.Attributes{"active_site": "target", "priority_station": "target", "status": "protected"})
	last, _ := applied.Attributes["last_failover"].(acctest.Attributes)
	if last["from"] != "source" || last["to"] != "target" || last["job_id"] == nil {
		t.Errorf("last_failover is %v", last)
	}
	for _, name := range []string{"started_at", "finished_at"} {
		text, _ := last[name].(string)
		if _, err := time.Parse(time.RFC3339, text); err != nil || !strings.HasSuffix(text, "Z") {
			t.Errorf("%s is %q", name, text)
		}
	}
	s.wantAccepted(t, 1)

	again := s.Plan(t, applied.Attributes, s.config("target", nil))
	if !equal(again.Attributes, applied.Attributes) || len(again.Diagnostics) > 0 {
		t.Errorf("the next plan has changes: %v", again)
	}
}

func equal(a, b acctest.Attributes) bool {
	return maps.EqualFunc(a, b, func(x, y any) bool {
		left, ok := x.(acctest.Attributes)
		right, also := y.(acctest.Attributes)
		return ok && also && equal(left, right) || !ok && !also && x == y
	})
}

func TestDriftWarnsAndChangesNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	s.console(t, "target")
	state = s.Read(t, state).Attributes
	want(t, state, acctest.Attributes{"priority_station": "source", "active_site": "target", "active_availability_zone": "eu-de-02"})
	plan := s.Plan(t, state, s.config("source", nil))
	if !equal(plan.Attributes, state) {
		t.Errorf("got  %v\nwant %v", plan.Attributes, state)
	}
	wantText(t, acctest.Text(plan.Diagnostics), `
WARNING on AttributeName("priority_station"): Active Site Changed Elsewhere

The group runs at target (eu-de-02), while this configuration asks for source (eu-de-01). The site was changed outside of this configuration. Applying does not switch it back, unless the plan replaces this resource.

  Protection group: {group}
  Status: protected
  Active site: target (eu-de-02)

To accept the site, set priority_station = "target". To switch back to source (eu-de-01), set correct_drift = true.
`)
	s.wantAccepted(t, 0)
}

func TestAcceptingDriftPlansNoSwitch(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	s.console(t, "target")
	state = s.Read(t, state).Attributes
	plan := s.Plan(t, state, s.config("target", nil))
	state["priority_station"] = "target"
	if !equal(plan.Attributes, state) || len(plan.Diagnostics) > 0 {
		t.Errorf("got  %v\nwant %v\n%s", plan.Attributes, state, acctest.Text(plan.Diagnostics))
	}

	s.console(t, "source") // And back again, before apply.
	applied := s.Apply(t.Context(), t, plan)
	wantText(t, acctest.Text(applied.Diagnostics), `
ERROR: Protection Group Changed Since the Plan

The plan shows no switch of this group, but it would take one now. Nothing was changed.

  Protection group: {group}
  Status: protected
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)

Plan again, and look at what it says about the switch.
`)
	want(t, applied.Attributes, acctest.Attributes{"priority_station": "source", "active_site": "source"})

	s.console(t, "target")
	applied = s.Apply(t.Context(), t, plan)
	if len(applied.Diagnostics) > 0 {
		t.Error(acctest.Text(applied.Diagnostics))
	}
	want(t, applied.Attributes, acctest.Attributes{"priority_station": "target", "active_site": "target", "last_failover": nil})
	s.wantAccepted(t, 0)
}

func TestCreateDoesNotSwitchWithoutAPlan(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	plan := s.Plan(t, nil, s.config("source", nil))
	s.console(t, "target")
	created := s.Apply(t.Context(), t, plan)
	if !strings.Contains(acctest.Text(created.Diagnostics), "Changed Since the Plan") || created.Attributes != nil {
		t.Errorf("got %v, %s", created.Attributes, acctest.Text(created.Diagnostics))
	}
	s.wantAccepted(t, 0)
}

func TestCorrectDriftSwitchesBack(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	more := acctest.Attributes{"correct_drift": true}
	state := s.adopt(t, more)
	s.console(t, "target")
	state = s.Read(t, state).Attributes
	plan := s.Plan(t, state, s.config("source", more))
	want(t, plan.Attributes, acctest.Attributes{"active_site": "source", "active_availability_zone": "eu-de-01", "last_failover": acctest.Unknown})
	applied := s.Apply(t.Context(), t, plan)
	want(t, applied.Attributes, acctest.Attributes{"active_site": "source", "status": "protected"})
	s.wantAccepted(t, 1)
}

func TestUnknownIntentPlansAPossibleSwitch(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	for _, config := range []acctest.Attributes{s.config(acctest.Unknown, nil), s.config("target", acctest.Attributes{"correct_drift": acctest.Unknown})} {
		plan := s.Plan(t, state, config)
		want(t, plan.Attributes, acctest.Attributes{"last_failover": acctest.Unknown, "name": "web-shop"})
	}
}

func TestTimeoutsAloneCallNoAPI(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	s.ResetRequests()
	plan := s.Plan(t, state, s.config("source", acctest.Attributes{"timeouts": acctest.Attributes{"update": "5m"}, "correct_drift": true}))
	applied := s.Apply(t.Context(), t, plan)
	if len(applied.Diagnostics) > 0 {
		t.Error(acctest.Text(applied.Diagnostics))
	}
	want(t, applied.Attributes, acctest.Attributes{"correct_drift": true, "active_site": "source"})
	if n := len(s.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestReadMakesOneRequest(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	s.ResetRequests()
	s.Read(t, state)
	if requests := s.Requests(); len(requests) != 1 || requests[0].Route != simulator.RouteGroup {
		t.Errorf("got %v", requests)
	}
}

func TestReadOfAGroupThatIsGone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	remove := s.Inject(simulator.Fault{Route: simulator.RouteGroup, Status: http.StatusNotFound, Body: `{"error_code":"APIGW.0101","error_msg":"no such API"}`})
	if read := s.Read(t, state); read.Attributes == nil || !strings.Contains(acctest.Text(read.Diagnostics), "Not Readable") {
		t.Errorf("a 404 of the gateway: %v, %s", read.Attributes, acctest.Text(read.Diagnostics))
	}
	remove()
	s.DeleteGroup(s.GroupID)
	if read := s.Read(t, state); read.Attributes != nil || len(read.Diagnostics) > 0 {
		t.Errorf("got %v, %s", read.Attributes, acctest.Text(read.Diagnostics))
	}
}

func TestImport(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.console(t, "target")
	imported := s.Import(t, s.GroupID)
	want(t, imported.Attributes, acctest.Attributes{"priority_station": "target", "active_site": "target", "id": s.GroupID})
	plan := s.Plan(t, imported.Attributes, s.config("target", nil))
	if !equal(plan.Attributes, imported.Attributes) || len(plan.Diagnostics) > 0 {
		t.Errorf("the plan after import is not empty: %v", plan)
	}
	wantText(t, acctest.Text(s.Import(t, "web-shop").Diagnostics), `
ERROR: Invalid Import ID

"web-shop" must be the id of a protection group, a UUID such as 40df180b-9fe2-471a-8c64-1b758dc84189.
`)
}

func TestDestroyWarnsAndCallsNoAPI(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	s.ResetRequests()
	plan := s.Plan(t, state, nil)
	text := `
WARNING: Protection Group Keeps Running

Destroying this resource changes nothing in the cloud: the group goes on running at source (eu-de-01).

  Protection group: {group}
  Status: protected
  Active site: source (eu-de-01)
`
	wantText(t, acctest.Text(plan.Diagnostics), text)
	applied := s.Apply(t.Context(), t, plan)
	wantText(t, acctest.Text(applied.Diagnostics), text)
	if applied.Attributes != nil || len(s.Requests()) > 0 {
		t.Errorf("state %v, %d requests", applied.Attributes, len(s.Requests()))
	}
}

func TestAnotherGroupReplaces(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	const other = "00000000-0000-0000-0000-000000000001"
	s.AddGroup(simulator.NewGroup(other, "other", 1, 1))
	plan := s.Plan(t, state, s.config("target", acctest.Attributes{"protection_group_id": other}))
	if !plan.Replaces {
		t.Error("no replacement")
	}
	// Terraform shows no warnings of the plan for the replacement's creation, so they must be here.
	text := acctest.Text(plan.Diagnostics)
	for _, part := range []string{"Protection Group Keeps Running", "web-shop " + s.GroupID, "Creating This Resource Switches Sites", "other " + other} {
		if !strings.Contains(text, part) {
			t.Errorf("%q lacks %q", text, part)
		}
	}
}

// TestFailuresKeepTheIntent has a case for each way in which an update can fail: its text, and what is saved.
func TestFailuresKeepTheIntent(t *testing.T) {
	t.Parallel()
	server := simulator.DemoGroup().Instances[0].SourceServer
	for name, test := range map[string]struct {
		prepare  func(stage)
		timeout  string
		text     string
		saved    acctest.Attributes
		accepted int
		repair   func(stage)
		// total is how many planned failovers are accepted once the next apply has succeeded.
		total int
	}{
		"not ready": {
			prepare: func(s stage) { s.SetServerStatus(server.ID, "ACTIVE") },
			text: `
ERROR: Planned Failover Not Ready

The planned failover would fail, so it was not requested. The group was not changed.

  Protection group: {group}
  Status: protected
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)
  servers_stopped: These servers run at the active site: ` + server.Name + " (" + server.ID + `) is ACTIVE. Stop them, or set stop_servers = true.

Resolve this. Then apply again.`,
			saved:  acctest.Attributes{"status": "protected", "active_site": "source"},
			repair: func(s stage) { s.SetServerStatus(server.ID, simulator.ServerStopped) },
			total:  1,
		},
		"refused": {
			prepare: func(s stage) {
				s.SetServerStatus(server.ID, "ACTIVE")
				s.Inject(simulator.Fault{Route: simulator.RouteServer, Status: http.StatusForbidden}) // Only the cloud knows.
			},
			text: `
ERROR: Planned Failover Refused

The cloud refused the planned failover. Nothing was changed.

  Protection group: {group}
  Status: protected
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)
  HTTP status: 400
  Error code: SDRS.1319
  Reason: {reason}
  Request ID: {request}

Stop all servers of the group at the active site, and leave the servers at both sites stopped until the operation has ended. Then apply again.`,
			saved:  acctest.Attributes{"status": "protected", "active_site": "source"},
			repair: func(s stage) { s.SetServerStatus(server.ID, simulator.ServerStopped) },
			total:  1,
		},
		"not possible": {
			prepare: func(s stage) {
				s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = simulator.StatusFailedOver })
			},
			text: `
ERROR: Planned Failover Not Possible

The group failed over without being reprotected, so nothing is replicated. Nothing was changed.

  Protection group: {group}
  Status: failed-over
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)

Reprotect the group, which overwrites the disks of the site it failed over from, and wait until it is protected.`,
			saved: acctest.Attributes{"status": "failed-over", "active_site": "source"},
			repair: func(s stage) {
				s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = simulator.StatusProtected })
			},
			total: 1,
		},
		"job failed": {
			prepare: func(s stage) { s.FailNextJob("SDRS.1029", "the array is on fire") },
			text: `
ERROR: Planned Failover Failed

The cloud accepted the planned failover, and its job failed.

  Protection group: {group}
  Status: error-reversing
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)
  Job ID: {job}
  Error code: SDRS.1029
  Reason: the array is on fire
  Failed sub-job: {sub-job}

Resolve the reason that the cloud gives. Then apply again. To repeat a failed operation is the documented way on.`,
			saved:    acctest.Attributes{"status": "error-reversing", "active_site": "source"},
			accepted: 1, total: 2,
		},
		"answer lost": {
			prepare: func(s stage) {
				s.Inject(simulator.Fault{Route: simulator.RouteAction, Times: 1, Status: http.StatusBadGateway})
			},
			text: `
ERROR: Planned Failover Not Started

The answer to the request for the planned failover was lost, and the group has not moved in 30 reads since, so the cloud did not accept it. The request was not repeated.

  Protection group: {group}
  Status: protected
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)
  HTTP status: 502
  Reason: Bad Gateway (empty body)
  Request ID: {request}

Apply again. Should the group have moved by then, the operation is found and waited for.`,
			saved: acctest.Attributes{"status": "protected", "active_site": "source"},
			total: 1,
		},
		"timed out": {
			prepare: func(s stage) { s.StallJobs() },
			timeout: "1s",
			text: `
ERROR: Planned Failover Timed Out

Gave up waiting after 1s. The planned failover was accepted and goes on in the cloud.

  Protection group: {group}
  Status: reversing
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)
  Job ID: {job}

Apply again to resume the wait. If this takes as long with this group, raise timeouts.update.`,
			saved:    acctest.Attributes{"status": "reversing", "active_site": "source"},
			accepted: 1,
			repair:   func(s stage) { s.ResumeJobs() },
			total:    1,
		},
		"contact lost": {
			prepare: func(s stage) {
				s.Inject(simulator.Fault{Route: simulator.RouteGroup, Skip: 2, Times: 1, Status: http.StatusForbidden, Body: `{"error":{"code":"SDRS.0009","message":"no"}}`})
			},
			text: `
ERROR: Lost Contact With the Protection Group

The protection group can't be read any longer. The planned failover was accepted and goes on in the cloud.

  Protection group: {group}
  Status: protected
  Active site: target (eu-de-02)
  Wanted site: target (eu-de-02)
  Job ID: {job}
  HTTP status: 403
  Error code: SDRS.0009
  Reason: no
  Request ID: {request}

Apply again to resume the wait, once the API can be reached.`,
			saved:    acctest.Attributes{"status": "protected", "active_site": "target"},
			accepted: 1, total: 1,
		},
		"not readable": {
			prepare: func(s stage) {
				s.Inject(simulator.Fault{Route: simulator.RouteGroup, Times: 1, Status: http.StatusForbidden, Body: `{"error":{"code":"SDRS.0009","message":"no"}}`})
			},
			text: `
ERROR: Protection Group Not Permitted

The user may not read the protection group. Nothing was changed.

  Protection group: {id}
  HTTP status: 403
  Error code: SDRS.0009
  Reason: no
  Request ID: {request}

Give the user the permissions for SDRS in this project.`,
			saved: acctest.Attributes{"status": "protected", "active_site": "source"},
			total: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			more := acctest.Attributes{}
			if test.timeout != "" {
				more["timeouts"] = acctest.Attributes{"update": test.timeout}
			}
			state := s.adopt(t, more)
			plan := s.Plan(t, state, s.config("target", more))
			test.prepare(s)
			applied := s.Apply(t.Context(), t, plan)
			wantText(t, masked(acctest.Text(applied.Diagnostics), test.text), strings.ReplaceAll(test.text, "{id}", s.GroupID))
			want(t, applied.Attributes, test.saved)
			want(t, applied.Attributes, acctest.Attributes{"priority_station": "source", "last_failover": nil})
			s.wantAccepted(t, test.accepted)

			if test.repair != nil {
				test.repair(s)
			}
			state = s.Read(t, applied.Attributes).Attributes
			resumed := s.Apply(t.Context(), t, s.Plan(t, state, s.config("target", nil)))
			if len(resumed.Diagnostics) > 0 {
				t.Error(acctest.Text(resumed.Diagnostics))
			}
			want(t, resumed.Attributes, acctest.Attributes{"priority_station": "target", "active_site": "target", "status": "protected"})
			s.wantAccepted(t, test.total)
		})
	}
}

// masked replaces, line by line, what differs from run to run by the placeholder that the wanted text has there, and
// drops repetitions of such lines.
func masked(got, want string) string {
	var lines []string
	for line := range strings.Lines(got) {
		for _, placeholder := range []string{"{job}", "{request}", "{reason}", "{sub-job}"} {
			for wanted := range strings.Lines(want) {
				prefix, _, found := strings.Cut(wanted, placeholder)
				if value, ok := strings.CutPrefix(line, prefix); found && ok && strings.TrimSpace(value) != "" {
					line = wanted
				}
			}
		}
		if len(lines) == 0 || lines[len(lines)-1] != line || line == "\n" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

func TestFailedCreateSavesNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	plan := s.Plan(t, nil, s.config("target", nil))
	s.FailNextJob("SDRS.1029", "the array is on fire")
	created := s.Apply(t.Context(), t, plan)
	if created.Attributes != nil || !strings.Contains(acctest.Text(created.Diagnostics), "Planned Failover Failed") {
		t.Errorf("got %v, %s", created.Attributes, acctest.Text(created.Diagnostics))
	}
	plan = s.Plan(t, nil, s.config("target", nil))
	created = s.Apply(t.Context(), t, plan)
	want(t, created.Attributes, acctest.Attributes{"active_site": "target", "status": "protected"})
	s.wantAccepted(t, 2)
}

func TestInterruptedApply(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	plan := s.Plan(t, state, s.config("target", nil))
	s.StallJobs()
	ctx, cancel := context.WithCancel(t.Context())
	s.Inject(simulator.Fault{Route: simulator.RouteJob, Skip: 3, Match: func(*http.Request) bool { cancel(); return true }})
	applied := s.Apply(ctx, t, plan)
	text := acctest.Text(applied.Diagnostics)
	for _, part := range []string{"Planned Failover Interrupted", "goes on in the cloud", "Job ID: ", "Apply again to resume"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q lacks %q", text, part)
		}
	}
	want(t, applied.Attributes, acctest.Attributes{"priority_station": "source", "status": "reversing"})
	s.ResumeJobs()
	resumed := s.Apply(t.Context(), t, s.Plan(t, s.Read(t, applied.Attributes).Attributes, s.config("target", nil)))
	want(t, resumed.Attributes, acctest.Attributes{"priority_station": "target", "active_site": "target"})
	s.wantAccepted(t, 1)
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
WARNING on AttributeName("priority_station"): Planned Failover Not Ready

As things are, applying this plan will be refused before anything moves.

  Protection group: {group}
  Status: available
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)
  group_status: The group is available, active at source. Protection is not enabled, so nothing is replicated. Enable protection of the group, and wait until it is protected.
  servers_stopped: These servers run at the active site: ` + server.Name + " (" + server.ID + `) is ACTIVE. Stop them, or set stop_servers = true.

Resolve this before applying.
`
	wantText(t, acctest.Text(s.Plan(t, state, s.config("target", nil)).Diagnostics), text)
	wantText(t, acctest.Text(s.Plan(t, nil, s.config("target", nil)).Diagnostics), text)
}

func TestPlanSaysWhatCouldNotBeChecked(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	s.Inject(simulator.Fault{Route: simulator.RouteServer, Status: http.StatusForbidden})
	plan := s.Plan(t, state, s.config("target", nil))
	text := acctest.Text(plan.Diagnostics)
	for _, part := range []string{"WARNING", "Readiness Not Fully Checked", "servers_stopped: The states of 4 servers could not be read", "permissions: The user may not read: servers (ECS)", "does not block"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q lacks %q", text, part)
		}
	}
	applied := s.Apply(t.Context(), t, plan)
	want(t, applied.Attributes, acctest.Attributes{"active_site": "target"})
}

func TestActiveButNotProtectedWarns(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = simulator.StatusAvailable })
	created := s.Apply(t.Context(), t, s.Plan(t, nil, s.config("source", nil)))
	wantText(t, acctest.Text(created.Diagnostics), `
WARNING: Protection Group Not Protected

Nothing had to be done, but the group is not protected. Protection is not enabled, so nothing is replicated.

  Protection group: {group}
  Status: available
  Active site: source (eu-de-01)

Enable protection of the group, and wait until it is protected.
`)
	want(t, created.Attributes, acctest.Attributes{"status": "available"})
}

func TestHalfReversedGroupIsFinishedByReplacing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = simulator.StatusErrorReversing })
	state = s.Read(t, state).Attributes
	plan := s.Plan(t, state, s.config("source", nil))
	if !equal(plan.Attributes, state) || !strings.Contains(acctest.Text(plan.Diagnostics), "Planned Failover Unfinished") {
		t.Errorf("got %v, %s", plan.Attributes, acctest.Text(plan.Diagnostics))
	}
	replaced := s.Apply(t.Context(), t, s.Plan(t, nil, s.config("source", nil)))
	want(t, replaced.Attributes, acctest.Attributes{"active_site": "source", "status": "protected"})
	s.wantAccepted(t, 1)
}

func TestValidation(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for name, test := range map[string]struct {
		config acctest.Attributes
		parts  []string
	}{
		"dashes":  {config: s.config("source", nil)},
		"compact": {config: s.config("target", acctest.Attributes{"protection_group_id": strings.ReplaceAll(s.GroupID, "-", "")})},
		"path": {
			config: s.config("source", acctest.Attributes{"protection_group_id": "../jobs/x"}),
			parts:  []string{"protection_group_id", "UUID such as", "../jobs/x"},
		},
		"station": {config: s.config("primary", nil), parts: []string{"priority_station", `"source" "target"`, `"primary"`}},
		"timeout": {
			config: s.config("source", acctest.Attributes{"timeouts": acctest.Attributes{"update": "soon"}}),
			parts:  []string{"timeouts", "update", "soon"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := acctest.Text(s.Validate(t, test.config))
			if (text == "") != (test.parts == nil) {
				t.Errorf("got %q", text)
			}
			for _, part := range test.parts {
				if !strings.Contains(text, part) {
					t.Errorf("%q lacks %q", text, part)
				}
			}
		})
	}
}

func TestCorrectDriftAfterADisaster(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	more := acctest.Attributes{"correct_drift": true}
	state := s.adopt(t, more)
	lead(t, s.Cloud, "failed-over")
	state = s.Read(t, state).Attributes
	plan := s.Plan(t, state, s.config("source", more))
	if !equal(plan.Attributes, state) {
		t.Errorf("got  %v\nwant %v", plan.Attributes, state)
	}
	if text := acctest.Text(plan.Diagnostics); !strings.Contains(text, "A switch back is not possible as things are") || !strings.Contains(text, "Reprotect the group") || strings.Contains(text, "-replace.") {
		t.Errorf("got %s", text)
	}
}

func TestCreateOfAHalfReversedGroupPromisesNoAdoption(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = simulator.StatusErrorReversing })
	for _, station := range []string{"source", "target"} {
		text := acctest.Text(s.Plan(t, nil, s.config(station, nil)).Diagnostics)
		if !strings.Contains(text, "reverses the group towards "+station) || strings.Contains(text, "adopt") {
			t.Errorf("got %s", text)
		}
	}
}

func TestRevertedSwitchIsNotCalledForeign(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	s.StallJobs()
	short := acctest.Attributes{"timeouts": acctest.Attributes{"update": "1s"}}
	failed := s.Apply(t.Context(), t, s.Plan(t, state, s.config("target", short)))
	s.ResumeJobs()
	await(t, s.Cloud, "protected")
	state = s.Read(t, failed.Attributes).Attributes
	text := acctest.Text(s.PlanAfter(t, failed, state, s.config("source", nil)).Diagnostics)
	if !strings.Contains(text, "Earlier Switch Completed") || strings.Contains(text, "outside of this configuration") {
		t.Errorf("got %s", text)
	}
}

// last_failover is evidence: a job that failed is not in it, nor a switch that the cloud never accepted.
func TestLastFailoverIsTrue(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*testing.T, stage) (repair func()){
		"the job failed, and somebody repeated it": func(t *testing.T, s stage) func() {
			t.Helper()
			s.FailNextJob("SDRS.1029", "the array is on fire")
			s.StallJobs()
			return func() {
				s.ResumeJobs()
				await(t, s.Cloud, "error-reversing")
				if _, err := s.Switch(s.GroupID, "target"); err != nil {
					t.Error(err)
				}
				await(t, s.Cloud, "protected")
			}
		},
		"the cloud did not accept it": func(t *testing.T, s stage) func() {
			t.Helper()
			s.Inject(simulator.Fault{Route: simulator.RouteAction, Times: 1, Status: http.StatusBadGateway})
			return func() { console(t, s.Cloud, "target") }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			state := s.adopt(t, nil)
			plan := s.Plan(t, state, s.config("target", acctest.Attributes{"timeouts": acctest.Attributes{"update": "1s"}}))
			repair := prepare(t, s)
			failed := s.Apply(t.Context(), t, plan)
			repair()
			state = s.Read(t, failed.Attributes).Attributes
			resumed := s.Apply(t.Context(), t, s.PlanAfter(t, failed, state, s.config("target", nil)))
			want(t, resumed.Attributes, acctest.Attributes{"active_site": "target", "last_failover": nil})
		})
	}
}
