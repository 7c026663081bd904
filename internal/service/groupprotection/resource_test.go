package groupprotection_test

import (
	"strings"
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

func (s stage) config(reprotect bool) tftest.Attributes {
	return tftest.Attributes{"protection_group_id": s.GroupID, "reprotect": reprotect}
}

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
			plan := s.Plan(t, nil, s.config(false))
			if len(plan.Diagnostics) > 0 {
				t.Error(tftest.Text(plan.Diagnostics))
			}
			tftest.Want(t, plan.Attributes, tftest.Attributes{"name": tftest.Unknown, "protected": true, "active_site": tftest.Unknown, "status": tftest.Unknown})
			created := s.Apply(t.Context(), t, plan)
			tftest.Want(t, created.Attributes, tftest.Attributes{"name": "web-shop", "status": "protected", "protected": true, "id": s.GroupID})
			again := s.Plan(t, created.Attributes, s.config(false))
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
	state := s.Apply(t.Context(), t, s.Plan(t, nil, s.config(false))).Attributes
	for status, warns := range map[string]bool{
		"protected": true, "error-stopping": true, "reversing": true, "starting": true, "reprotecting": true,
		"available": false, "failed-over": false,
	} {
		s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = status })
		text := tftest.Text(s.Plan(t, s.Read(t, state).Attributes, nil).Diagnostics)
		if strings.Contains(text, "WARNING: Protection Will Be Disabled") != warns {
			t.Errorf("%s: got %q", status, text)
		}
	}
}

// A replacement disables protection of one group, and enables it, or reprotects, the other.
func TestReplacingProtectionWarns(t *testing.T) {
	t.Parallel()
	s := newStage(t, "protected")
	state := s.Apply(t.Context(), t, s.Plan(t, nil, s.config(false))).Attributes
	other := simulator.NewGroup("50df180b-9fe2-471a-8c64-1b758dc84189", "other", 1, 1)
	other.Status = "failed-over"
	s.AddGroup(other)
	for _, id := range []string{other.ID, tftest.Unknown} {
		text := tftest.Text(s.Plan(t, state, tftest.Attributes{"protection_group_id": id, "reprotect": true}).Diagnostics)
		for _, warning := range []string{"WARNING: Protection Will Be Disabled", "Protection group: web-shop " + s.GroupID, "Overwrite"} {
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
	state := s.Apply(t.Context(), t, s.Plan(t, nil, s.config(false))).Attributes
	s.Lead(t, "available")
	state = s.Read(t, state).Attributes
	tftest.Want(t, state, tftest.Attributes{"protected": false, "status": "available"})
	plan := s.Plan(t, state, s.config(false))
	tftest.Want(t, plan.Attributes, tftest.Attributes{"protected": true, "status": tftest.Unknown})
	tftest.Want(t, s.Apply(t.Context(), t, plan).Attributes, tftest.Attributes{"protected": true, "status": "protected"})
	s.wantActions(t, simulator.ActionStart)
}

func TestProtectionNeverReprotectsUnasked(t *testing.T) {
	t.Parallel()
	s := newStage(t, "protected")
	state := s.Apply(t.Context(), t, s.Plan(t, nil, s.config(false))).Attributes
	s.Lead(t, "failed-over")
	state = s.Read(t, state).Attributes

	// The plan warns, and changes nothing: after a disaster, unrelated applies must not fail.
	plan := s.Plan(t, state, s.config(false))
	if !tftest.Equal(plan.Attributes, state) {
		t.Errorf("got  %v\nwant %v", plan.Attributes, state)
	}
	tftest.WantText(t, tftest.Text(plan.Diagnostics), `
WARNING: Protection Group Not Protected

The group is not protected, and applying does not change that. The group has failed over. Enabling protection now would be a reprotection, which overwrites the disks of the site that is not active.

  Protection group: {group}
  Status: failed-over
  Active site: target

To replicate it again, set reprotect = true. That overwrites the disks at source with those at target.
`)

	// Creating has nothing to keep, and refuses.
	plan = s.Plan(t, nil, s.config(false))
	if text := tftest.Text(plan.Diagnostics); !strings.Contains(text, "Enabling Protection Not Ready") || strings.Contains(text, "Overwrites Disks") {
		t.Errorf("got %s", text)
	}
	created := s.Apply(t.Context(), t, plan)
	if text := tftest.Text(created.Diagnostics); !strings.Contains(text, "ERROR: Enabling Protection Not Possible") || created.Attributes != nil {
		t.Errorf("got %v, %s", created.Attributes, text)
	}
	s.wantActions(t)

	plan = s.Plan(t, state, s.config(true))
	if text := tftest.Text(plan.Diagnostics); !strings.Contains(text, "Reprotection Overwrites Disks") || !strings.Contains(text, "overwrites the disks at source with those at target") {
		t.Errorf("got %s", text)
	}
	tftest.Want(t, s.Apply(t.Context(), t, plan).Attributes, tftest.Attributes{"protected": true, "status": "protected", "active_site": "target"})
	s.wantActions(t, simulator.ActionStart)
}

// A creation does not know at apply what its plan has seen.
func TestCreationWithReprotectWarns(t *testing.T) {
	t.Parallel()
	s := newStage(t, "failing-over")
	for _, status := range []string{"failing-over", "available", "protected"} {
		s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = status })
		if text := tftest.Text(s.Plan(t, nil, s.config(true)).Diagnostics); !strings.Contains(text, "Reprotection May Overwrite Disks") {
			t.Errorf("%s: got %q", status, text)
		}
		if text := tftest.Text(s.Plan(t, nil, s.config(false)).Diagnostics); strings.Contains(text, "Overwrite") {
			t.Errorf("%s, without reprotect: got %q", status, text)
		}
	}
	unknown := tftest.Attributes{"protection_group_id": tftest.Unknown, "reprotect": true}
	if text := tftest.Text(s.Plan(t, nil, unknown).Diagnostics); !strings.Contains(text, "Reprotection May Overwrite Disks") {
		t.Errorf("got %q", text)
	}
	possible := s.Plan(t, nil, tftest.Attributes{"protection_group_id": s.GroupID, "reprotect": tftest.Unknown})
	tftest.Want(t, possible.Attributes, tftest.Attributes{"protected": tftest.Unknown, "status": tftest.Unknown})
}

// Between plan and apply a group fails over: its disks are overwritten only where the plan has named their site.
func TestReprotectionThatThePlanDidNotAnnounce(t *testing.T) {
	t.Parallel()
	for name, planned := range map[string]struct{ status, site string }{
		"group was available":      {"available", "source"},
		"group was error-starting": {"error-starting", "source"},
		"other site was active":    {"failed-over", "source"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, "protected")
			state := s.Apply(t.Context(), t, s.Plan(t, nil, s.config(true))).Attributes
			s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status, g.PriorityStation = planned.status, planned.site })
			state = s.Read(t, state).Attributes
			plan := s.Plan(t, state, s.config(true))
			tftest.Want(t, plan.Attributes, tftest.Attributes{"status": tftest.Unknown})
			s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status, g.PriorityStation = "failed-over", "target" })
			failed := s.Apply(t.Context(), t, plan)
			tftest.WantText(t, tftest.Text(failed.Diagnostics), `
ERROR: Enabling Protection Not Possible

The group has failed over. Enabling protection now would be a reprotection, which overwrites the disks of the site that is not active. Nothing was changed.

  Protection group: {group}
  Status: failed-over
  Active site: target (eu-de-02)

The plan did not say that. Plan again, to see which site that is, before you apply.
`)
			tftest.Want(t, failed.Attributes, tftest.Attributes{"status": "failed-over", "protected": false})
			s.wantActions(t)

			plan = s.Plan(t, failed.Attributes, s.config(true))
			if text := tftest.Text(plan.Diagnostics); !strings.Contains(text, "overwrites the disks at source with those at target") {
				t.Errorf("got %q", text)
			}
			tftest.Want(t, s.Apply(t.Context(), t, plan).Attributes, tftest.Attributes{"status": "protected"})
			s.wantActions(t, simulator.ActionStart)
		})
	}
}

// A plan in which reprotect is not known yet warns as one in which it is true.
func TestReprotectionThatIsNotKnownYetWarns(t *testing.T) {
	t.Parallel()
	s := newStage(t, "protected")
	unknown := tftest.Attributes{"protection_group_id": s.GroupID, "reprotect": tftest.Unknown}
	state := s.Apply(t.Context(), t, s.Plan(t, nil, s.config(false))).Attributes
	s.Lead(t, "failed-over")
	state = s.Read(t, state).Attributes
	if text := tftest.Text(s.Plan(t, state, unknown).Diagnostics); !strings.Contains(text, "WARNING: Reprotection Overwrites Disks") {
		t.Errorf("update: got %q", text)
	}
	for status, warning := range map[string]string{"failed-over": "Reprotection Overwrites Disks", "protected": "Reprotection May Overwrite Disks"} {
		s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = status })
		if text := tftest.Text(s.Plan(t, nil, unknown).Diagnostics); !strings.Contains(text, warning) {
			t.Errorf("creation, %s: got %q", status, text)
		}
	}
}

func TestProtectionFailures(t *testing.T) {
	t.Parallel()
	s := newStage(t, "available")
	plan := s.Plan(t, nil, s.config(false))
	s.FailNextJob("SDRS.1027", "the array is on fire")
	created := s.Apply(t.Context(), t, plan)
	if text := tftest.Text(created.Diagnostics); !strings.Contains(text, "ERROR: Enabling Protection Failed") || !strings.Contains(text, "on fire") || created.Attributes != nil {
		t.Errorf("got %v, %s", created.Attributes, text)
	}
	state := s.Apply(t.Context(), t, s.Plan(t, nil, s.config(false))).Attributes
	s.FailNextJob("SDRS.1028", "still on fire")
	failed := s.Apply(t.Context(), t, s.Plan(t, state, nil))
	if text := tftest.Text(failed.Diagnostics); !strings.Contains(text, "ERROR: Disabling Protection Failed") || failed.Attributes == nil {
		t.Errorf("got %v, %s", failed.Attributes, text)
	}
	s.DeleteGroup(s.GroupID)
	if gone := s.Apply(t.Context(), t, s.Plan(t, state, nil)); len(gone.Diagnostics) > 0 || gone.Attributes != nil {
		t.Errorf("got %v, %s", gone.Attributes, tftest.Text(gone.Diagnostics))
	}
	if read := s.Read(t, state); read.Attributes != nil {
		t.Errorf("got %v", read.Attributes)
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
	created := resource.Apply(t.Context(), t, resource.Plan(t, nil, tftest.Attributes{"protection_group_id": cloud.GroupID}))
	cloud.Inject(simulator.Fault{Route: simulator.RouteAction, Times: 1, Status: 404, Body: `{"error":{"code":"SDRS.1013","message":"no"}}`})
	destroyed := resource.Apply(t.Context(), t, resource.Plan(t, created.Attributes, nil))
	if text := tftest.Text(destroyed.Diagnostics); !strings.Contains(text, "Disabling Protection Refused") || destroyed.Attributes == nil {
		t.Errorf("got %v, %s", destroyed.Attributes, text)
	}
}

// A destruction says so where it leaves the protection to another resource, and only then.
func TestProtectionThatStaysEnabled(t *testing.T) {
	t.Parallel()
	s := newStage(t, "protected")
	old := s.Apply(t.Context(), t, s.Plan(t, nil, s.config(false)))
	rest, diagnostics := s.NewResource(t, typeName, nil) // The apply that replaces it.
	if len(diagnostics) > 0 {
		t.Fatal(tftest.Text(diagnostics))
	}
	created := rest.Apply(t.Context(), t, rest.Plan(t, nil, s.config(false)))
	destroyed := rest.ApplyFinal(t.Context(), t, rest.Plan(t, old.Attributes, nil))
	tftest.WantText(t, tftest.Text(destroyed.Diagnostics), `
WARNING: Protection Stays Enabled

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
