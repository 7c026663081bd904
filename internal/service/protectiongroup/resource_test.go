package protectiongroup_test

import (
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

const vpcID = "0f3b9a52-5c1d-4a5e-8b9b-2a7c5a6b1d30"

// shop is a group as configured, changed by name and value.
func shop(changes ...any) tftest.Attributes {
	config := tftest.Attributes{
		"name": "dr-shop", "description": "shop frontend", "source_availability_zone": "eu-de-01",
		"target_availability_zone": "eu-de-02", "vpc_id": vpcID,
	}
	for i := 0; i < len(changes); i += 2 {
		config[changes[i].(string)] = changes[i+1] //nolint:forcetypeassert // A name.
	}
	return config
}

func TestCreateRenameDelete(t *testing.T) {
	t.Parallel()
	cloud := tftest.Simulate(t, simulator.WithVPCs(simulator.VPC{ID: vpcID}))
	group, _ := cloud.NewResource(t, "sdrs_protection_group", nil)

	plan := group.Plan(t, nil, shop())
	tftest.Want(t, plan.Attributes, tftest.Attributes{
		"domain_id": simulator.DemoDomain().ID, "dr_type": "migration", "id": tftest.Unknown, "status": tftest.Unknown,
	})
	state := group.Apply(t.Context(), t, plan)
	if len(plan.Diagnostics)+len(state.Diagnostics) > 0 {
		t.Fatal(tftest.Text(append(plan.Diagnostics, state.Diagnostics...)))
	}
	tftest.Want(t, state.Attributes, tftest.Attributes{
		"status": "available", "active_site": "source", "active_availability_zone": "eu-de-01", "standby_availability_zone": "eu-de-02",
		"description": "shop frontend", "target_vpc_id": vpcID, "protected_instance_num": int64(0),
	})
	id, _ := state.Attributes["id"].(string)
	if made, found := cloud.Group(id); !found || made.Name != "dr-shop" || state.Identity["id"] != id || state.Identity["region"] != "eu-de" {
		t.Errorf("got %+v, identity %v", made, state.Identity)
	}

	// A switch is no change of the group, and the id of the VPC in another form is none either.
	cloud.UpdateGroup(id, func(g *simulator.Group) { g.PriorityStation = simulator.StationTarget })
	state = group.Refresh(t, state)
	other := shop("vpc_id", strings.ToUpper(strings.ReplaceAll(vpcID, "-", "")))
	if plan := group.PlanAfter(t, state, state.Attributes, other); !tftest.Equal(plan.Attributes, state.Attributes) {
		t.Errorf("planned %v\nof      %v", plan.Attributes, state.Attributes)
	}

	plan = group.PlanAfter(t, state, state.Attributes, shop("name", "dr-shop-eu"))
	if plan.Replaces {
		t.Error("a name replaces")
	}
	state = group.Apply(t.Context(), t, plan)
	tftest.Want(t, state.Attributes, tftest.Attributes{"name": "dr-shop-eu", "id": id, "active_site": "target"})
	if made, _ := cloud.Group(id); made.Name != "dr-shop-eu" {
		t.Errorf("the cloud has %q", made.Name)
	}

	if gone := group.Apply(t.Context(), t, group.PlanAfter(t, state, state.Attributes, nil)); gone.Attributes != nil || len(gone.Diagnostics) > 0 {
		t.Errorf("left %v: %s", gone.Attributes, tftest.Text(gone.Diagnostics))
	}
	if _, found := cloud.Group(id); found {
		t.Error("the group is still there")
	}
}
