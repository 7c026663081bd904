package groupfailover_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

const typeName = "sdrs_protection_group_failover"

// stage is the resource, driven by the plugin protocol, on a simulator.
type stage struct {
	*tftest.Cloud
	*tftest.Resource
}

func newStage(t *testing.T, options ...simulator.Option) stage {
	t.Helper()
	cloud := tftest.Simulate(t, options...)
	resource, diagnostics := cloud.NewResource(t, typeName, nil)
	if len(diagnostics) > 0 {
		t.Fatal(tftest.Text(diagnostics))
	}
	return stage{Cloud: cloud, Resource: resource}
}

// config is the configuration for a station, and whatever else.
func (s stage) config(station string, more tftest.Attributes) tftest.Attributes {
	config := tftest.Attributes{"protection_group_id": s.GroupID, "priority_station": station}
	maps.Copy(config, more)
	return config
}

// adopt returns the state of a resource that was created where the group is.
func (s stage) adopt(t *testing.T, more tftest.Attributes) tftest.Attributes {
	t.Helper()
	group, _ := s.Group(s.GroupID)
	created := s.Apply(t.Context(), t, s.Plan(t, nil, s.config(group.PriorityStation, more)))
	if len(created.Diagnostics) > 0 {
		t.Fatal(tftest.Text(created.Diagnostics))
	}
	return created.Attributes
}

func (s stage) wantAccepted(t *testing.T, want int) {
	t.Helper()
	if got := s.Accepted(simulator.ActionReverse); got != want {
		t.Errorf("%d planned failovers accepted, want %d", got, want)
	}
}

func TestCreateAdopts(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	plan := s.Plan(t, nil, s.config("source", nil))
	if len(plan.Diagnostics) > 0 {
		t.Error(tftest.Text(plan.Diagnostics))
	}
	observed := tftest.Attributes{
		"id": s.GroupID, "correct_drift": false, "active_site": "source",
		"active_availability_zone": "eu-de-01", "standby_availability_zone": "eu-de-02",
		"source_availability_zone": "eu-de-01", "target_availability_zone": "eu-de-02", "last_failover": nil,
	}
	tftest.Want(t, plan.Attributes, observed)
	state := s.Apply(t.Context(), t, plan)
	tftest.Want(t, state.Attributes, observed)
	tftest.Want(t, state.Attributes, tftest.Attributes{
		"name": "web-shop", "status": "protected",
		"priority_station": "source",
	})
	s.wantAccepted(t, 0)
}

// onCreate are the arguments of a creation that may switch.
var onCreate = tftest.Attributes{"switch_on_create": true}

func TestCreateSwitchesNothingUnasked(t *testing.T) {
	t.Parallel()
	const refused = `
ERROR on AttributeName("priority_station"): Creating This Resource Would Switch Sites: web-shop

The group runs at source (eu-de-01), while this configuration asks for target (eu-de-02). Creating this resource adopts the group where it runs, and does not switch it unless told to. Nothing was changed.

  Protection group: {group}
  Status: protected
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)

To adopt the group, set priority_station = "source", or import it first: the plan after that shows the switch as a change. To switch it to target (eu-de-02) at once, set switch_on_create = true.
`
	for status, part := range map[string]string{
		"protected": "", "starting": "switch_on_create = true", "error-reversing": "invoke the action sdrs_planned_failover",
		"available": "A switch to target (eu-de-02) is not possible as things are: Protection is not enabled",
		"confused":  "switch_on_create = true",
	} {
		s := newStage(t)
		s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = status })
		want := strings.ReplaceAll(refused, "Status: protected", "Status: "+status)
		// What is not known when Terraform plans is refused when it applies: in its last plan, and after that.
		unknown := s.Plan(t, nil, s.config("target", tftest.Attributes{"switch_on_create": tftest.Unknown}))
		for name, diagnostics := range map[string][]*tfprotov6.Diagnostic{
			"plan":       s.Plan(t, nil, s.config("target", nil)).Diagnostics,
			"last plan":  s.ApplyKnowing(t.Context(), t, unknown, s.config("target", nil)).Diagnostics,
			"after that": s.ApplyFinal(t.Context(), t, unknown).Diagnostics,
		} {
			text := tftest.Text(diagnostics)
			if part == "" {
				tftest.WantText(t, text, want)
			} else if head, _, _ := strings.Cut(want, "or import it first"); !strings.HasPrefix(text,
				strings.ReplaceAll(strings.TrimSpace(head), "{group}", "web-shop "+s.GroupID)) || !strings.Contains(text, part) {
				t.Errorf("%s, %s: got %s", status, name, text)
			}
		}
		if n := s.Count(simulator.RouteAction); n > 0 {
			t.Errorf("%s: %d actions sent", status, n)
		}
	}
}

// A group that is half switched is adopted where it runs: to finish that is the action's.
func TestCreateDoesNotReverseUnasked(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = simulator.StatusErrorReversing })
	plan := s.Plan(t, nil, s.config("source", nil))
	if text := tftest.Text(plan.Diagnostics); !strings.Contains(text, "Planned Failover Unfinished") ||
		!strings.Contains(text, "sdrs_planned_failover") {
		t.Errorf("got %s", text)
	}
	created := s.Apply(t.Context(), t, plan)
	if text := tftest.Text(created.Diagnostics); !strings.HasPrefix(text, "WARNING: Protection Group Not Protected") ||
		strings.Contains(text, "ERROR") {
		t.Errorf("got %s", text)
	}
	tftest.Want(t, created.Attributes, tftest.Attributes{
		"active_site": "source", "status": "error-reversing",
		"last_failover": nil,
	})
	s.wantAccepted(t, 0)

	asked := s.Plan(t, nil, s.config("source", onCreate))
	if text := tftest.Text(asked.Diagnostics); !strings.Contains(text, "reverses the group towards source") {
		t.Errorf("got %s", text)
	}
	tftest.Want(t, s.Apply(t.Context(), t, asked).Attributes,
		tftest.Attributes{"active_site": "source", "status": "protected"})
	s.wantAccepted(t, 1)
}

func TestCreateSwitchesAfterAWarning(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	plan := s.Plan(t, nil, s.config("target", onCreate))
	tftest.WantText(t, tftest.Text(plan.Diagnostics), `
WARNING on AttributeName("priority_station"): Creating This Resource Switches Sites: web-shop

At the time of this plan the group runs at source (eu-de-01). Creating this resource switches it to target (eu-de-02) at once.

  Protection group: {group}
  Status: protected
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)

Stop the servers of the group at source (eu-de-01) before applying. To adopt the group without switching, set priority_station = "source".
`)
	tftest.Want(t, plan.Attributes, tftest.Attributes{
		"active_site": "target", "active_availability_zone": "eu-de-02", "standby_availability_zone": "eu-de-01",
		"name": tftest.Unknown, "status": tftest.Unknown, "last_failover": tftest.Unknown,
	})
	state := s.Apply(t.Context(), t, plan)
	tftest.Want(t, state.Attributes, tftest.Attributes{
		"active_site": "target", "status": "protected",
		"priority_station": "target",
	})
	s.wantAccepted(t, 1)
}

// newMovingStage is a stage whose group somebody else is switching to target.
func newMovingStage(t *testing.T) stage {
	t.Helper()
	s := newStage(t)
	s.StallJobs()
	if _, err := s.Switch(s.GroupID, simulator.StationTarget); err != nil {
		t.Fatal(err)
	}
	return s
}

// resumeLater lets that switch end once the group was seen moving.
func (s stage) resumeLater() {
	reads := 0
	s.Inject(simulator.Fault{Route: simulator.RouteGroup, Match: func(*http.Request) bool {
		if reads++; reads == 3 {
			s.ResumeJobs()
		}
		return false
	}})
}

// A switch in flight is waited for: somebody asked for it. Where it leads elsewhere, it is not reversed.
func TestCreateWaitsForASwitchInFlight(t *testing.T) {
	t.Parallel()
	for station, want := range map[string]string{"target": "", "source": "Creating This Resource Would Switch Sites"} {
		s := newMovingStage(t)
		plan := s.Plan(t, nil, s.config(station, nil))
		if text := tftest.Text(plan.Diagnostics); !strings.Contains(text, "Switch in Flight") ||
			strings.Contains(text, "ERROR") {
			t.Errorf("%s: got %s", station, text)
		}
		s.resumeLater()
		created := s.Apply(t.Context(), t, plan)
		if text := tftest.Text(created.Diagnostics); text != "" && want == "" || !strings.Contains(text, want) {
			t.Errorf("%s: got %s", station, text)
		}
		if want == "" {
			tftest.Want(t, created.Attributes, tftest.Attributes{"active_site": "target", "last_failover": nil})
		}
		s.wantAccepted(t, 0)
	}
}

func TestCreateOfAMovingGroupWarns(t *testing.T) {
	t.Parallel()
	s := newMovingStage(t)
	plan := s.Plan(t, nil, s.config("target", onCreate))
	tftest.WantText(t, tftest.Text(plan.Diagnostics), `
WARNING on AttributeName("priority_station"): Creating This Resource Switches Sites: web-shop

At the time of this plan the group is moving. Creating this resource waits until it rests, and switches it to the wanted site if it is not active there by then.

  Protection group: {group}
  Status: reversing
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)

To adopt the group as it is once it rests, set priority_station to the site that is active then: source (eu-de-01) or target (eu-de-02).
`)
	s.resumeLater()
	state := s.Apply(t.Context(), t, plan)
	tftest.Want(t, state.Attributes, tftest.Attributes{"active_site": "target", "last_failover": nil})
	s.wantAccepted(t, 0)
}

func TestCreateDoesNotSwitchWithoutAPlan(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	plan := s.Plan(t, nil, s.config("source", nil))
	s.Console("target")
	if text := tftest.Text(s.Apply(t.Context(), t, plan).Diagnostics); !strings.Contains(text, "Would Switch Sites") {
		t.Errorf("switched before the final plan: got %s", text)
	}
	created := s.ApplyFinal(t.Context(), t, plan)
	if !strings.Contains(tftest.Text(created.Diagnostics), "Would Switch Sites") || created.Attributes != nil {
		t.Errorf("got %v, %s", created.Attributes, tftest.Text(created.Diagnostics))
	}
	s.wantAccepted(t, 0)
}

// inZone is the configuration for a site that is named by its availability zone.
func (s stage) inZone(zone string, more tftest.Attributes) tftest.Attributes {
	config := s.config("", more)
	config["priority_station"], config["priority_availability_zone"] = nil, zone
	return config
}

func TestSiteByAvailabilityZone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	if text := tftest.Text(s.Plan(t, nil, s.inZone("eu-de-02", nil)).Diagnostics); !strings.Contains(text,
		`set priority_availability_zone = "eu-de-01"`) {
		t.Errorf("a creation at the other site: got %s", text)
	}
	state := tftest.State{}
	apply := func(config tftest.Attributes, site string, accepted int) {
		t.Helper()
		plan := s.PlanAfter(t, state, state.Attributes, config)
		tftest.Want(t, plan.Attributes, tftest.Attributes{"priority_station": site, "active_site": site})
		state = s.Apply(t.Context(), t, plan)
		if len(plan.Diagnostics)+len(state.Diagnostics) > 0 {
			t.Error(tftest.Text(plan.Diagnostics), tftest.Text(state.Diagnostics))
		}
		tftest.Want(t, state.Attributes, tftest.Attributes{
			"priority_station": site, "active_site": site, "priority_availability_zone": config["priority_availability_zone"],
		})
		s.wantAccepted(t, accepted)
	}
	apply(s.inZone("eu-de-01", nil), "source", 0)
	apply(s.inZone("eu-de-02", nil), "target", 1)
	s.ResetRequests()
	apply(s.config("target", nil), "target", 0)
	apply(s.inZone("eu-de-02", nil), "target", 0)
	if n := s.Count(simulator.RouteGroup) + s.Count(simulator.RouteAction); n > 0 {
		t.Errorf("to name the same site otherwise took %d requests", n)
	}

	s.Console("source")
	state = s.Refresh(t, state)
	plan := s.PlanAfter(t, state, state.Attributes, s.inZone("eu-de-02", nil))
	if text := tftest.Text(plan.Diagnostics); !strings.Contains(text,
		`To accept the site, set priority_availability_zone = "eu-de-01".`) {
		t.Errorf("drift: got %s", text)
	}
	tftest.Want(t, plan.Attributes, tftest.Attributes{"priority_station": "target", "active_site": "source"})
}

func TestAvailabilityZoneOfNoSite(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for name, prior := range map[string]tftest.Attributes{"creation": nil, "update": s.adopt(t, nil)} {
		if text := tftest.Text(s.Plan(t, prior, s.inZone("eu-de-03", nil)).Diagnostics); text != `ERROR on AttributeName("priority_availability_zone"): Availability Zone of Another Group: web-shop

The group has no site in eu-de-03, or not one alone. Nothing was changed.

  Protection group: web-shop `+s.GroupID+`
  Status: protected
  Active site: source (eu-de-01)

Set priority_availability_zone to the availability zone of source (eu-de-01) or target (eu-de-02).
` {
			t.Errorf("%s: got %s", name, text)
		}
	}
}

// What names the site may be known only when Terraform applies.
func TestSiteThatIsNotKnownInThePlan(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	for _, prior := range []tftest.Attributes{nil, state} {
		plan := s.Plan(t, prior, s.inZone(tftest.Unknown, onCreate))
		tftest.Want(t, plan.Attributes, tftest.Attributes{
			"priority_station": tftest.Unknown, "active_site": tftest.Unknown,
			"last_failover": tftest.Unknown,
		})
		neither := s.ApplyKnowing(t.Context(), t, plan, s.config(tftest.Unknown, tftest.Attributes{"priority_station": nil}))
		if text := tftest.Text(neither.Diagnostics); !strings.Contains(text, "Site Not Named") {
			t.Errorf("got %s", text)
		}
		s.wantAccepted(t, 0)
		// Of two names one has to turn out to be null. What is configured stays in the plan, or Terraform refuses it.
		for _, unknown := range []string{"priority_station", "priority_availability_zone"} {
			both := s.config("source", tftest.Attributes{"priority_availability_zone": "eu-de-01", unknown: tftest.Unknown})
			plan := s.Plan(t, prior, both)
			tftest.Want(t, plan.Attributes, both)
			tftest.Want(t, plan.Attributes, tftest.Attributes{"last_failover": tftest.Unknown})
			both[unknown] = nil
			one := s.ApplyKnowing(t.Context(), t, plan, both)
			if text := tftest.Text(append(plan.Diagnostics, one.Diagnostics...)); text != "" {
				t.Errorf("%s: %s", unknown, text)
			}
		}
	}
	plan := s.Plan(t, state, s.inZone(tftest.Unknown, nil))
	applied := s.ApplyKnowing(t.Context(), t, plan, s.inZone("eu-de-02", nil))
	tftest.Want(t, applied.Attributes, tftest.Attributes{"priority_station": "target", "active_site": "target"})
	s.wantAccepted(t, 1)
}

func TestTimeoutsAloneCallNoAPI(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	s.ResetRequests()
	plan := s.Plan(t, state, s.config("source", tftest.Attributes{
		"timeouts":      tftest.Attributes{"update": "5m"},
		"correct_drift": true,
	}))
	applied := s.ApplyFinal(t.Context(), t, plan)
	if len(applied.Diagnostics) > 0 {
		t.Error(tftest.Text(applied.Diagnostics))
	}
	tftest.Want(t, applied.Attributes, tftest.Attributes{"correct_drift": true, "active_site": "source"})
	if n := len(s.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestReadOfAGroupThatIsGone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	remove := s.Inject(simulator.Fault{
		Route: simulator.RouteGroup, Status: http.StatusNotFound,
		Body: `{"error_code":"APIGW.0101","error_msg":"no such API"}`,
	})
	if read := s.Read(t, state); read.Attributes == nil ||
		!strings.Contains(tftest.Text(read.Diagnostics), "Not Readable") {
		t.Errorf("a 404 of the gateway: %v, %s", read.Attributes, tftest.Text(read.Diagnostics))
	}
	remove()
	s.DeleteGroup(s.GroupID)
	if read := s.Read(t, state); read.Attributes != nil || len(read.Diagnostics) > 0 {
		t.Errorf("got %v, %s", read.Attributes, tftest.Text(read.Diagnostics))
	}
}

func TestImport(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.Console("target")
	imported := s.Import(t, s.GroupID)
	tftest.Want(t, imported.Attributes, tftest.Attributes{
		"priority_station": "target", "active_site": "target",
		"id": s.GroupID,
	})
	plan := s.Plan(t, imported.Attributes, s.config("target", nil))
	if !tftest.Equal(plan.Attributes, imported.Attributes) || len(plan.Diagnostics) > 0 {
		t.Errorf("the plan after import is not empty: %v", plan)
	}
	// The apply that imports switches only if told to. A later one is not the import's any longer.
	refused := tftest.Text(s.PlanAfter(t, imported, imported.Attributes, s.config("source", nil)).Diagnostics)
	const refusal = `ERROR on AttributeName("priority_station"): Importing This Resource Would Switch Sites: web-shop`
	if !strings.HasPrefix(refused, refusal) || !strings.Contains(refused, "Importing it adopts the group where it runs") {
		t.Errorf("got %s", refused)
	}
	elsewhere := tftest.Text(s.PlanAfter(t, imported, imported.Attributes, s.config("source", onCreate)).Diagnostics)
	const warning = `WARNING on AttributeName("priority_station"): Importing This Resource Switches Sites: web-shop`
	if !strings.HasPrefix(elsewhere, warning) || !strings.Contains(elsewhere,
		"Importing it switches it to source (eu-de-01) at once.") {
		t.Errorf("got %s", elsewhere)
	}
	for status, text := range map[string]string{
		"available":       "WARNING on AttributeName(\"priority_station\"): Planned Failover Not Ready",
		"reversing":       "Importing it waits until it rests",
		"error-reversing": "Importing it reverses the group",
	} {
		s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = status })
		other := s.Import(t, s.GroupID)
		got := tftest.Text(s.PlanAfter(t, other, other.Attributes, s.config("source", onCreate)).Diagnostics)
		if !strings.Contains(got, text) || status == "available" && strings.Contains(got, "Importing") {
			t.Errorf("%s: got %s", status, got)
		}
	}
	s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = simulator.StatusReversing })
	moving := s.Import(t, s.GroupID)
	waiting := s.PlanAfter(t, moving, moving.Attributes, s.config("source", nil))
	s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = simulator.StatusProtected })
	if text := tftest.Text(s.ApplyFinal(t.Context(), t, waiting).Diagnostics); !strings.Contains(text,
		"Importing This Resource Would Switch Sites") {
		t.Errorf("a switch in flight that led elsewhere: got %s", text)
	}
	s.wantAccepted(t, 0)
	refreshed := s.Refresh(t, imported)
	if later := s.PlanAfter(t, refreshed, refreshed.Attributes, s.config("source", nil)); len(later.Diagnostics) > 0 {
		t.Errorf("a later plan: %s", tftest.Text(later.Diagnostics))
	}
	tftest.WantText(t, tftest.Text(s.Import(t, "web-shop").Diagnostics), `
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
WARNING: Protection Group Keeps Running: web-shop

Destroying this resource changes nothing in the cloud: the group goes on running at source (eu-de-01).

  Protection group: {group}
  Status: protected
  Active site: source (eu-de-01)
`
	tftest.WantText(t, tftest.Text(plan.Diagnostics), text)
	applied := s.ApplyFinal(t.Context(), t, plan)
	tftest.WantText(t, tftest.Text(applied.Diagnostics), text)
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
	plan := s.Plan(t, state, s.config("target", tftest.Attributes{"protection_group_id": other, "switch_on_create": true}))
	if !plan.Replaces {
		t.Error("no replacement")
	}
	// Terraform shows no warnings of the plan for the replacement's creation, so they must be here.
	text := tftest.Text(plan.Diagnostics)
	for _, part := range []string{
		"Protection Group Keeps Running", "web-shop " + s.GroupID,
		"Creating This Resource Switches Sites", "other " + other,
	} {
		if !strings.Contains(text, part) {
			t.Errorf("%q lacks %q", text, part)
		}
	}
}

func TestActiveButNotProtectedWarns(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = simulator.StatusAvailable })
	created := s.Apply(t.Context(), t, s.Plan(t, nil, s.config("source", nil)))
	tftest.WantText(t, tftest.Text(created.Diagnostics), `
WARNING: Protection Group Not Protected: web-shop

Nothing had to be done, but the group is not protected. Protection is not enabled, so nothing is replicated.

  Protection group: {group}
  Status: available
  Active site: source (eu-de-01)

Enable protection of the group, and wait until it is protected.
`)
	tftest.Want(t, created.Attributes, tftest.Attributes{"status": "available"})
}

func TestHalfReversedGroupIsNotFinishedByUpdating(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = simulator.StatusErrorReversing })
	state = s.Read(t, state).Attributes
	plan := s.Plan(t, state, s.config("source", nil))
	if !tftest.Equal(plan.Attributes, state) || !strings.Contains(tftest.Text(plan.Diagnostics),
		"Planned Failover Unfinished") {
		t.Errorf("got %v, %s", plan.Attributes, tftest.Text(plan.Diagnostics))
	}
	s.wantAccepted(t, 0)
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
				s.Await(t, "error-reversing")
				if _, err := s.Switch(s.GroupID, "target"); err != nil {
					t.Error(err)
				}
				s.Await(t, "protected")
			}
		},
		"the cloud did not accept it": func(t *testing.T, s stage) func() {
			t.Helper()
			s.Inject(simulator.Fault{Route: simulator.RouteAction, Times: 1, Status: http.StatusBadGateway})
			return func() { s.Console("target") }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			state := s.adopt(t, nil)
			plan := s.Plan(t, state, s.config("target", tftest.Attributes{"timeouts": tftest.Attributes{"update": "1s"}}))
			repair := prepare(t, s)
			failed := s.Apply(t.Context(), t, plan)
			repair()
			state = s.Read(t, failed.Attributes).Attributes
			resumed := s.Apply(t.Context(), t, s.PlanAfter(t, failed, state, s.config("target", nil)))
			tftest.Want(t, resumed.Attributes, tftest.Attributes{"active_site": "target", "last_failover": nil})
		})
	}
}

// TestExtremeTimeouts adopts a group with durations at the end of what there is.
func TestExtremeTimeouts(t *testing.T) {
	t.Parallel()
	for timeout, want := range map[string]string{
		"2562047h47m16.854775807s": "", "1000000h": "", // 292 years, the longest there is.
		"1ns": "ERROR: ", "0s": "ERROR: ", "-5m": "ERROR: ",
	} {
		s := newStage(t)
		config := s.config("target", tftest.Attributes{
			"switch_on_create": true,
			"stop_servers":     true, "force_stop_after": strings.TrimPrefix(timeout, "-"),
			"timeouts": tftest.Attributes{"create": timeout, "read": timeout},
		})
		created := s.Apply(t.Context(), t, s.Plan(t, nil, config))
		if text := tftest.Text(created.Diagnostics); !strings.HasPrefix(text, want) || want == "" && text != "" {
			t.Errorf("%s: %s", timeout, text)
		}
		if want == "" {
			s.wantAccepted(t, 1)
			if read := s.Read(t, created.Attributes); len(read.Diagnostics) > 0 || read.Attributes["active_site"] != "target" {
				t.Errorf("%s: %v, %s", timeout, read.Attributes, tftest.Text(read.Diagnostics))
			}
		} else {
			s.wantAccepted(t, 0)
		}
	}
}
