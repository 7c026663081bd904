package groupprotection_test

import (
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// What the list shares with that of sdrs_protection_group_failover is tested there.
func TestListIncludesWhatAnImportSaves(t *testing.T) {
	t.Parallel()
	failedOver := simulator.NewGroup("5d0c2c3f-3f0e-4d5b-9a57-7d2a3c6a1b10", "orders", 3, 4)
	failedOver.Status, failedOver.PriorityStation = simulator.StatusFailedOver, simulator.StationTarget
	disabled := simulator.NewGroup("a1f4c0de-6b7e-4a0f-8f5c-2f4c8b9d7e21", "shop-archive", 1, 1)
	disabled.Status = simulator.StatusAvailable
	c := tftest.Simulate(t, simulator.WithGroups(failedOver, disabled))
	list := c.NewList(t, typeName, nil)
	found := list.Find(t, nil, 0, true)
	if len(found) != 2 { // An import of the third would enable its protection.
		t.Fatalf("found %v", found)
	}
	for n, want := range []tftest.Attributes{
		{"protection_group_id": c.GroupID, "protected": true, "status": "protected"},
		{"protection_group_id": failedOver.ID, "protected": false, "status": "failed-over", "active_site": "target"},
	} {
		imported := list.ImportIdentity(t, found[n].Identity)
		if !tftest.Equal(found[n].Attributes, imported.Attributes) || !tftest.Equal(found[n].Identity, imported.Identity) {
			t.Errorf("listed   %v\nimported %v", found[n].State, imported)
		}
		tftest.Want(t, found[n].Attributes, want)
		tftest.Want(
			t,
			found[n].Identity,
			tftest.Attributes{"protection_group_id": want["protection_group_id"], "region": "eu-de"},
		)
	}
}

// A state of before there were identities gets one, whatever happens first.
func TestIdentity(t *testing.T) {
	t.Parallel()
	s := newStage(t, "available")
	identity := tftest.Attributes{"protection_group_id": s.GroupID, "region": "eu-de"}
	created := s.Apply(t.Context(), t, s.Plan(t, nil, s.config()))
	tftest.Want(t, created.Identity, identity)
	tftest.Want(t, s.Read(t, created.Attributes).Identity, identity)
	waits := s.config()
	waits["timeouts"] = tftest.Attributes{"update": "2h"}
	tftest.Want(t, s.Apply(t.Context(), t, s.Plan(t, created.Attributes, waits)).Identity, identity)
}
