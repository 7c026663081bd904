package groupfailover_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// identity is that of the stage's group.
func (s stage) identity() tftest.Attributes {
	return tftest.Attributes{"protection_group_id": s.GroupID, "region": simulator.DefaultAccount().Region}
}

func TestIdentityStays(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	created := s.Apply(t.Context(), t, s.Plan(t, nil, s.config("source", nil)))
	tftest.Want(t, created.Identity, s.identity())
	refreshed := s.Refresh(t, created)
	tftest.Want(t, refreshed.Identity, s.identity())
	updated := s.Apply(t.Context(), t, s.PlanAfter(t, refreshed, refreshed.Attributes, s.config("target", nil)))
	tftest.Want(t, updated.Identity, s.identity())

	// One that was stored without a region, too.
	refreshed.Identity = tftest.Attributes{"protection_group_id": s.GroupID}
	again := s.Refresh(t, refreshed)
	if len(again.Diagnostics) > 0 {
		t.Error(tftest.Text(again.Diagnostics))
	}
	tftest.Want(t, again.Identity, tftest.Attributes{"protection_group_id": s.GroupID, "region": nil})
}

// A state of a version that knew no identities gets one, whatever happens first.
func TestIdentityOfAnOlderState(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	tftest.Want(t, s.Read(t, state).Identity, s.identity())

	timeouts := s.Apply(t.Context(), t, s.Plan(t, state, s.config("source", tftest.Attributes{"correct_drift": true})))
	if len(timeouts.Diagnostics) > 0 {
		t.Error(tftest.Text(timeouts.Diagnostics))
	}
	tftest.Want(t, timeouts.Identity, s.identity())

	s.Inject(lockedOnce())
	failed := s.Apply(t.Context(), t, s.Plan(t, state, s.config("target", nil)))
	if text := tftest.Text(failed.Diagnostics); !strings.Contains(text, "SDRS.1831") || failed.Attributes == nil {
		t.Errorf("got %v, %s", failed.Attributes, text)
	}
	tftest.Want(t, failed.Identity, s.identity())

	s.DeleteGroup(s.GroupID)
	if gone := s.Read(t, state); gone.Attributes != nil || len(gone.Diagnostics) > 0 {
		t.Errorf("got %v, %s", gone.Attributes, tftest.Text(gone.Diagnostics))
	}
}

func TestImportByIdentity(t *testing.T) {
	t.Parallel()
	for name, identity := range map[string]tftest.Attributes{
		"with the region":    {"protection_group_id": simulator.DemoGroup().ID, "region": "eu-de"},
		"without the region": {"protection_group_id": simulator.DemoGroup().ID},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.Console("target")
			imported := s.ImportIdentity(t, identity)
			if len(imported.Diagnostics) > 0 {
				t.Fatal(tftest.Text(imported.Diagnostics))
			}
			tftest.Want(t, imported.Identity, s.identity())
			if byID := s.Import(t, s.GroupID); !tftest.Equal(byID.Attributes, imported.Attributes) ||
				!tftest.Equal(byID.Identity, imported.Identity) {
				t.Errorf("by id %v, by identity %v", byID, imported)
			}
			plan := s.Plan(t, imported.Attributes, s.config("target", nil))
			if !tftest.Equal(plan.Attributes, imported.Attributes) || len(plan.Diagnostics) > 0 {
				t.Errorf("the plan has changes: %v, %s", plan.Attributes, tftest.Text(plan.Diagnostics))
			}
		})
	}
}

func TestImportByAnUnusableIdentity(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.ResetRequests()
	tftest.WantText(
		t,
		tftest.Text(s.ImportIdentity(t, tftest.Attributes{"protection_group_id": s.GroupID, "region": "eu-nl"}).Diagnostics),
		`
ERROR: Protection Group in Another Region: 40df180b-9fe2-471a-8c64-1b758dc84189

The identity names another region than the provider works in. Nothing was imported.

  Protection group: `+s.GroupID+`
  Region of the identity: eu-nl
  Region of the provider: eu-de

Import with a provider for that region: set its region, or provider in the import block.
`,
	)
	if text := tftest.Text(s.ImportIdentity(t,
		tftest.Attributes{"protection_group_id": "web-shop"}).Diagnostics); !strings.Contains(text, "Invalid Import ID") {
		t.Errorf("got %s", text)
	}
	if n := len(s.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}

func TestIdentityBeforeTheProviderIsKnown(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	state := s.adopt(t, nil)
	resource, diagnostics := s.NewResource(t, typeName, tftest.Attributes{"auth_url": tftest.Unknown})
	if len(diagnostics) > 0 {
		t.Fatal(tftest.Text(diagnostics))
	}
	read := resource.Read(t, state)
	if text := tftest.Text(read.Diagnostics); !strings.Contains(text, "WARNING: Protection Group Not Refreshed") ||
		strings.Contains(text, "ERROR") {
		t.Errorf("got %s", text)
	}
	tftest.Want(t, read.Identity, tftest.Attributes{"protection_group_id": s.GroupID, "region": nil})
	if text := tftest.Text(resource.ImportIdentity(t, s.identity()).Diagnostics); !strings.Contains(text,
		"ERROR: Provider Not Configured") {
		t.Errorf("got %s", text)
	}
}

// A group that could not be created, and that the API names no site of, is active in neither zone.
func TestGroupWithoutASite(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = simulator.StatusError })
	s.Inject(simulator.Fault{Rewrite: func(body []byte) []byte {
		return bytes.ReplaceAll(body, []byte(`"priority_station":"source"`), []byte(`"priority_station":null`))
	}})
	state := s.Import(t, s.GroupID)
	tftest.Want(t, state.Attributes, tftest.Attributes{
		"status": "error", "active_site": nil, "active_availability_zone": nil, "standby_availability_zone": nil,
	})
	said := tftest.Text(s.Plan(t, nil, s.config("target", tftest.Attributes{"switch_on_create": true})).Diagnostics)
	if !strings.Contains(said, "The group is error, active at neither site.") {
		t.Error(said)
	}
}
