package groupprotection_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

const typeName = "sdrs_protection_group_protection"

// stage is the resource, driven by the plugin protocol, on a simulator.
type stage struct {
	*tftest.Cloud
	*tftest.Resource
}

func newStage(t *testing.T, from string) stage {
	t.Helper()
	cloud := tftest.Simulate(t)
	resource, diagnostics := cloud.NewResource(t, typeName, nil)
	if len(diagnostics) > 0 {
		t.Fatal(tftest.Text(diagnostics))
	}
	cloud.Lead(t, from)
	return stage{Cloud: cloud, Resource: resource}
}

func (s stage) config() tftest.Attributes { return tftest.Attributes{"protection_group_id": s.GroupID} }

// wantActions checks which actions the cloud has accepted, in order.
func (s stage) wantActions(t *testing.T, want ...string) {
	t.Helper()
	var accepted []string
	for _, request := range s.Requests() {
		if request.Route == simulator.RouteAction {
			accepted = append(accepted, request.Action)
		}
	}
	if got := strings.Join(accepted, " "); got != strings.Join(want, " ") {
		t.Errorf("actions %q, want %q", got, want)
	}
}

func TestProtectionIsCreatedAndDestroyed(t *testing.T) {
	t.Parallel()
	for from, actions := range map[string][]string{
		"available":      {simulator.ActionStart, simulator.ActionStop},
		"error-starting": {simulator.ActionStart, simulator.ActionStop},
		"protected":      {simulator.ActionStop}, // Adopted.
	} {
		t.Run(from, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, from)
			plan := s.Plan(t, nil, s.config())
			if len(plan.Diagnostics) > 0 {
				t.Error(tftest.Text(plan.Diagnostics))
			}
			tftest.Want(
				t,
				plan.Attributes,
				tftest.Attributes{
					"name":        tftest.Unknown,
					"protected":   true,
					"active_site": tftest.Unknown,
					"status":      tftest.Unknown,
				},
			)
			created := s.Apply(t.Context(), t, plan)
			tftest.Want(
				t,
				created.Attributes,
				tftest.Attributes{"name": "web-shop", "status": "protected", "protected": true, "id": s.GroupID},
			)
			again := s.Plan(t, created.Attributes, s.config())
			if !tftest.Equal(again.Attributes, created.Attributes) {
				t.Errorf("the next plan has changes: %v", again.Attributes)
			}
			destruction := s.Plan(t, created.Attributes, nil)
			if text := tftest.Text(destruction.Diagnostics); !strings.Contains(text, "WARNING: Protection Will Be Disabled") {
				t.Errorf("got %s", text)
			}
			destroyed := s.Apply(t.Context(), t, destruction)
			if destroyed.Attributes != nil || len(destroyed.Diagnostics) > 0 {
				t.Errorf("got %v, %s", destroyed.Attributes, tftest.Text(destroyed.Diagnostics))
			}
			if group, _ := s.Group(s.GroupID); group.Status != "available" {
				t.Errorf("the group is %s", group.Status)
			}
			s.wantActions(t, actions...)
		})
	}
}

// A moving group loses its protection when it has come to rest.
func TestDestroyingProtectionWarns(t *testing.T) {
	t.Parallel()
	s := newStage(t, "protected")
	state := s.Apply(t.Context(), t, s.Plan(t, nil, s.config())).Attributes
	for status, want := range map[string]struct{ warns, protected bool }{
		"protected": {true, true}, "error-stopping": {warns: true}, "reversing": {true, true}, "starting": {warns: true},
		"reprotecting": {warns: true}, "available": {}, "failed-over": {}, "error-reversing": {protected: true},
	} {
		s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = status })
		found := s.Read(t, state).Attributes
		text := tftest.Text(s.Plan(t, found, nil).Diagnostics)
		if strings.Contains(text, "WARNING: Protection Will Be Disabled") != want.warns || found["protected"] != want.protected {
			t.Errorf("%s: protected is %v, and got %q", status, found["protected"], text)
		}
	}
}

// A replacement disables protection of one group, and enables that of the other.
func TestReplacingProtectionWarns(t *testing.T) {
	t.Parallel()
	s := newStage(t, "protected")
	state := s.Apply(t.Context(), t, s.Plan(t, nil, s.config())).Attributes
	other := simulator.NewGroup("50df180b-9fe2-471a-8c64-1b758dc84189", "other", 1, 1)
	other.Status = "failed-over"
	s.AddGroup(other)
	for id, warnings := range map[string][]string{
		tftest.Unknown: {"WARNING: Protection Will Be Disabled", "Protection group: web-shop " + s.GroupID},
		other.ID: {
			"WARNING: Protection Will Be Disabled", "ERROR: Enabling Protection Not Possible",
			"other " + other.ID,
		},
	} {
		text := tftest.Text(s.Plan(t, state, tftest.Attributes{"protection_group_id": id}).Diagnostics)
		for _, warning := range warnings {
			if !strings.Contains(text, warning) {
				t.Errorf("%s: %q lacks %q", id, text, warning)
			}
		}
	}
	s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = "failed-over" })
	state = s.Read(t, state).Attributes
	text := tftest.Text(s.Plan(t, state, tftest.Attributes{"protection_group_id": other.ID}).Diagnostics)
	if strings.Contains(text, "Will Be Disabled") {
		t.Errorf("of a group that has failed over: got %q", text)
	}
}

func TestProtectionThatStoppedIsDrift(t *testing.T) {
	t.Parallel()
	s := newStage(t, "protected")
	state := s.Apply(t.Context(), t, s.Plan(t, nil, s.config())).Attributes
	s.Lead(t, "available")
	state = s.Read(t, state).Attributes
	tftest.Want(t, state, tftest.Attributes{"protected": false, "status": "available"})
	plan := s.Plan(t, state, s.config())
	tftest.Want(t, plan.Attributes, tftest.Attributes{"protected": true, "status": tftest.Unknown})
	tftest.Want(t, s.Apply(t.Context(), t, plan).Attributes, tftest.Attributes{"protected": true, "status": "protected"})
	s.wantActions(t, simulator.ActionStart)
}

func TestProtectionNeverReprotects(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"failed-over", "error-reprotecting"} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, "protected")
			state := s.Apply(t.Context(), t, s.Plan(t, nil, s.config())).Attributes
			s.Lead(t, "available")
			before := s.Plan(t, s.Read(t, state).Attributes, s.config())
			s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status, g.PriorityStation = status, simulator.StationTarget })

			// Of a group that fails over after the plan.
			refusal := `
ERROR: Enabling Protection Not Possible: web-shop

The group has failed over. Enabling protection now would be a reprotection, which overwrites the disks of the site that is not active. Nothing was changed.

  Protection group: {group}
  Status: ` + status + `
  Active site: target (eu-de-02)

If that is what you want, use the action sdrs_reprotect.
`
			failed := s.Apply(t.Context(), t, before)
			tftest.WantText(t, tftest.Text(failed.Diagnostics), refusal)
			tftest.Want(t, failed.Attributes, tftest.Attributes{"status": status, "protected": false})

			// The plan warns, and changes nothing: after a disaster, unrelated applies must not fail.
			state = s.Read(t, state).Attributes
			plan := s.Plan(t, state, s.config())
			if !tftest.Equal(plan.Attributes, state) {
				t.Errorf("got  %v\nwant %v", plan.Attributes, state)
			}
			tftest.WantText(t, tftest.Text(plan.Diagnostics), `
WARNING: Protection Group Not Protected: web-shop

The group is not protected, and applying does not change that. The group has failed over. Enabling protection now would be a reprotection, which overwrites the disks of the site that is not active.

  Protection group: {group}
  Status: `+status+`
  Active site: target

If that is what you want, use the action sdrs_reprotect.
`)
			// So it does where only how to wait is changed.
			waits := s.config()
			waits["timeouts"] = tftest.Attributes{"update": "2h"}
			saved := s.Apply(t.Context(), t, s.Plan(t, state, waits))
			if len(saved.Diagnostics) > 0 || saved.Attributes["timeouts"] == nil {
				t.Errorf("got %v, %s", saved.Attributes, tftest.Text(saved.Diagnostics))
			}

			// Creating has nothing to keep, and its plan refuses.
			tftest.WantText(t, tftest.Text(s.Plan(t, nil, s.config()).Diagnostics), refusal)
			s.wantActions(t)
		})
	}
}

func TestProtectionFailures(t *testing.T) {
	t.Parallel()
	s := newStage(t, "available")
	plan := s.Plan(t, nil, s.config())
	s.FailNextJob("SDRS.1027", "the array is on fire")
	created := s.Apply(t.Context(), t, plan)
	if text := tftest.Text(created.Diagnostics); !strings.Contains(text, "ERROR: Enabling Protection Failed") ||
		!strings.Contains(text, "on fire") ||
		created.Attributes != nil {
		t.Errorf("got %v, %s", created.Attributes, text)
	}
	state := s.Apply(t.Context(), t, s.Plan(t, nil, s.config())).Attributes
	s.FailNextJob("SDRS.1028", "still on fire")
	failed := s.Apply(t.Context(), t, s.Plan(t, state, nil))
	if text := tftest.Text(failed.Diagnostics); !strings.Contains(text, "ERROR: Disabling Protection Failed") ||
		failed.Attributes == nil {
		t.Errorf("got %v, %s", failed.Attributes, text)
	}
	// A group that can't be read is not one that is gone, and neither is one that there is no time to look at.
	noTime := tftest.Change(state, "timeouts", tftest.Attributes{"delete": "0s"})
	unread := s.Apply(t.Context(), t, s.Plan(t, noTime, nil))
	deny := s.Inject(simulator.Fault{Route: simulator.RouteGroup, Status: http.StatusForbidden})
	denied := s.Apply(t.Context(), t, s.Plan(t, state, nil))
	deny()
	if unread.Attributes == nil || denied.Attributes == nil || s.Count(simulator.RouteAction) != 3 {
		t.Errorf("left %v and %v", unread.Attributes, denied.Attributes)
	}
	s.DeleteGroup(s.GroupID)
	if gone := s.Apply(t.Context(), t, s.Plan(t, state, nil)); len(gone.Diagnostics) > 0 || gone.Attributes != nil {
		t.Errorf("got %v, %s", gone.Attributes, tftest.Text(gone.Diagnostics))
	}
	if read := s.Read(t, state); read.Attributes != nil {
		t.Errorf("got %v", read.Attributes)
	}
}

// A group whose protection the cloud can't disable is not given up in silence.
func TestProtectionIsNotForgottenAfterAFailover(t *testing.T) {
	t.Parallel()
	s := newStage(t, "protected")
	created := s.Apply(t.Context(), t, s.Plan(t, nil, tftest.Attributes{"protection_group_id": s.GroupID}))
	s.Lead(t, "failed-over")
	destroyed := s.Apply(t.Context(), t, s.Plan(t, created.Attributes, nil))
	if text := tftest.Text(destroyed.Diagnostics); !strings.Contains(text, "Disabling Protection Not Possible") ||
		!strings.Contains(text, "terraform state rm") || destroyed.Attributes == nil {
		t.Errorf("got %v, %s", destroyed.Attributes, text)
	}
}

// An action that goes astray does not make the group one that is gone.
func TestProtectionIsNotForgottenAfterAnAstrayAction(t *testing.T) {
	t.Parallel()
	cloud := tftest.Simulate(t)
	resource, diagnostics := cloud.NewResource(t, typeName, nil)
	if len(diagnostics) > 0 {
		t.Fatal(tftest.Text(diagnostics))
	}
	created := resource.Apply(
		t.Context(),
		t,
		resource.Plan(t, nil, tftest.Attributes{"protection_group_id": cloud.GroupID}),
	)
	cloud.Inject(
		simulator.Fault{
			Route:  simulator.RouteAction,
			Times:  1,
			Status: 404,
			Body:   `{"error":{"code":"SDRS.1013","message":"no"}}`,
		},
	)
	destroyed := resource.Apply(t.Context(), t, resource.Plan(t, created.Attributes, nil))
	if text := tftest.Text(destroyed.Diagnostics); !strings.Contains(text, "Disabling Protection Refused") ||
		destroyed.Attributes == nil {
		t.Errorf("got %v, %s", destroyed.Attributes, text)
	}
}

// A destruction says so where it leaves the protection to another resource, and only then.
func TestProtectionThatStaysEnabled(t *testing.T) {
	t.Parallel()
	s := newStage(t, "protected")
	old := s.Apply(t.Context(), t, s.Plan(t, nil, s.config()))
	rest, diagnostics := s.NewResource(t, typeName, nil) // The apply that replaces it.
	if len(diagnostics) > 0 {
		t.Fatal(tftest.Text(diagnostics))
	}
	created := rest.Apply(t.Context(), t, rest.Plan(t, nil, s.config()))
	destroyed := rest.ApplyFinal(t.Context(), t, rest.Plan(t, old.Attributes, nil))
	tftest.WantText(t, tftest.Text(destroyed.Diagnostics), `
WARNING: Protection Stays Enabled: web-shop

Protection was not disabled: this apply has created or updated another resource that protects the same group.

  Protection group: {group}
  Status: protected
  Active site: source

Have one resource for the protection of a group, without create_before_destroy.
`)
	if destroyed.Attributes != nil {
		t.Errorf("got %v", destroyed.Attributes)
	}
	s.wantActions(t)
	if group, _ := s.Group(s.GroupID); group.Status != simulator.StatusProtected {
		t.Errorf("the group is %s", group.Status)
	}
	later, _ := s.NewResource(t, typeName, nil)
	if gone := later.Apply(t.Context(), t, later.Plan(t, created.Attributes, nil)); len(gone.Diagnostics) > 0 {
		t.Error(tftest.Text(gone.Diagnostics))
	}
	s.wantActions(t, simulator.ActionStop)
}

// What can't be checked any longer at apply is said, or refused before anything moves.
func TestProtectionSaysWhatCouldNotBeChecked(t *testing.T) {
	t.Parallel()
	for requires, title := range map[bool]string{
		false: "WARNING: Readiness Not Fully Checked: web-shop", true: "ERROR: Enabling Protection Not Fully Checked: web-shop",
	} {
		s := newStage(t, "available")
		config := s.config()
		config["require_all_checks"], config["wait_for_synchronization"] = requires, false
		plan := s.Plan(t, nil, config)
		s.Inject(simulator.Fault{Route: simulator.RoutePairs, Status: http.StatusForbidden})
		applied := s.ApplyFinal(t.Context(), t, plan)
		if text := tftest.Text(applied.Diagnostics); !strings.HasPrefix(text, title) ||
			(s.Accepted(simulator.ActionStart) == 0) != requires {
			t.Errorf("required is %v, %d accepted: %s", requires, s.Accepted(simulator.ActionStart), text)
		}
	}
}

// Ctrl-C before a busy group takes the operation, whatever is read then, is no refusal: it says what was waited for, and
// that nothing was accepted.
func TestBusyUntilTheEnd(t *testing.T) {
	t.Parallel()
	for last := int32(1); ; last++ {
		s := newStage(t, "available")
		plan := s.Plan(t, nil, s.config())
		s.Inject(simulator.Fault{
			Route: simulator.RouteAction, Times: 1, Status: http.StatusBadRequest, Body: `{"error":{"code":"SDRS.1002","message":"no"}}`,
			Match: func(*http.Request) bool {
				s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Instances[0].Status = "nic-creating" })
				return true
			},
		})
		ctx, interrupt := context.WithCancel(t.Context())
		var reads atomic.Int32
		s.Inject(simulator.Fault{Status: http.StatusServiceUnavailable, Match: func(r *http.Request) bool {
			if r.Method != http.MethodGet || s.Count(simulator.RouteAction) != 1 {
				return false
			}
			switch reads.Add(1) {
			case last:
				interrupt()
				return true // An answer could overtake that, and the next request be sent.
			case 5: // The member has been seen to move.
				s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Instances[0].Status = simulator.StatusAvailable })
			}
			return false
		}})
		said := tftest.Text(s.ApplyFinal(ctx, t, plan).Diagnostics)
		interrupt()
		if reads.Load() < last {
			break // It was over by then.
		}
		for _, part := range []string{
			"ERROR: Enabling Protection Interrupted: web-shop", "Plan again, and apply.", "SDRS.1002",
			"The cloud had refused the enabling of protection, since the protection group was busy, and accepted nothing.",
		} {
			if !strings.Contains(said, part) {
				t.Errorf("interrupted at read %d: %q is not in %s", last, part, said)
			}
		}
		if n := s.Count(simulator.RouteAction); n != 1 {
			t.Errorf("interrupted at read %d: asked %d times", last, n)
		}
	}
}

// What a check stops after a busy group has refused it was requested once. What is requested again counts by itself.
func TestAfterABusyGroup(t *testing.T) {
	t.Parallel()
	const refusal = `{"error":{"code":"SDRS.1002","message":"no"}}`
	for title, test := range map[string]struct {
		happens func(s stage, interrupt func())
		says    string
		asked   int
	}{
		"Not Fully Checked": {
			func(s stage, _ func()) {
				s.Inject(simulator.Fault{Route: simulator.RoutePairs, Status: http.StatusForbidden})
			},
			"so it was not requested again. The group was not changed.", 1,
		},
		"Not Ready": {
			func(s stage, _ func()) {
				s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Instances = nil })
			},
			"so it was not requested again. The group was not changed.", 1,
		},
		"Interrupted": {
			func(s stage, interrupt func()) {
				s.StallJobs()
				s.Inject(simulator.Fault{Route: simulator.RouteJob, Match: func(*http.Request) bool {
					interrupt()
					return false
				}})
			},
			". The enabling of protection was accepted and goes on in the cloud.", 2,
		},
	} {
		s := newStage(t, "available")
		plan := s.Plan(t, nil, tftest.Change(s.config(), "require_all_checks", true))
		ctx, interrupt := context.WithCancel(t.Context())
		s.Inject(simulator.Fault{
			Route: simulator.RouteAction, Times: 1, Status: http.StatusBadRequest, Body: refusal,
			Match: func(*http.Request) bool { test.happens(s, interrupt); return true },
		})
		said := tftest.Text(s.ApplyFinal(ctx, t, plan).Diagnostics)
		interrupt()
		if n := s.Count(simulator.RouteAction); n != test.asked || !strings.Contains(said, test.says) ||
			!strings.HasPrefix(said, "ERROR: Enabling Protection "+title+": web-shop") {
			t.Errorf("%s: asked %d times: %s", title, n, said)
		}
	}
}
