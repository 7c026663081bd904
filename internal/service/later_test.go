package service_test

import (
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// What comes later may change or stay: Terraform holds the last plan against the first one, in which it was unknown.
func TestArgumentsThatComeLater(t *testing.T) {
	t.Parallel()
	estate := simulator.EmptyEstate()
	group := simulator.NewGroup("9d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55", "shop", 2, 3)
	group.VPCID = estate.VPCs[0].ID
	estate.Groups = append(estate.Groups, group)
	first := group.Instances[0]
	for typeName, test := range map[string]struct {
		id      string
		config  tftest.Attributes
		changes tftest.Attributes
	}{
		"sdrs_protection_group": {group.ID, tftest.Attributes{
			"name": "shop", "vpc_id": group.VPCID, "source_availability_zone": group.SourceAZ,
			"target_availability_zone": group.TargetAZ,
		}, tftest.Attributes{"name": "shop-1"}},
		"sdrs_protected_instance": {first.ID, tftest.Attributes{
			"protection_group_id": group.ID, "server_id": first.SourceServer.ID, "name": first.Name,
		}, tftest.Attributes{
			"name": "x", "tags": tftest.Attributes{"a": "1"}, "flavor_id": "s3.xlarge.2", "delete_target_server": true,
			"delete_target_eip": true,
		}},
		"sdrs_replication_pair": {first.Pairs[0].ID, tftest.Attributes{
			"protection_group_id": group.ID, "volume_id": first.Pairs[0].SourceVolume, "name": first.Pairs[0].Name,
		}, tftest.Attributes{"name": "x", "size": int64(500), "delete_target_volume": true}},
		"sdrs_replication_pair_attachment": {first.ID + "/" + first.Pairs[0].ID, tftest.Attributes{
			"protected_instance_id": first.ID, "replication_pair_id": first.Pairs[0].ID, "device": first.Pairs[0].Device,
		}, tftest.Attributes{"device": "/dev/sda"}},
		"sdrs_protection_group_protection": {group.ID, tftest.Attributes{
			"protection_group_id": group.ID, "wait_for_synchronization": false,
		}, tftest.Attributes{"wait_for_synchronization": true, "require_all_checks": true}},
	} {
		for argument, value := range test.changes {
			cloud := tftest.SimulateEstate(t, estate)
			r, _ := cloud.NewResource(t, typeName, nil)
			state := r.Import(t, test.id)
			if is, has := state.Attributes["description"]; has {
				test.config["description"] = is
			}
			if _, set := test.config["wait_for_synchronization"]; set {
				state = r.Apply(t.Context(), t, r.PlanAfter(t, state, state.Attributes, test.config))
			}
			for _, later := range []any{value, test.config[argument]} {
				plan := r.PlanAfter(t, state, state.Attributes, tftest.Change(test.config, argument, tftest.Unknown))
				applied := r.ApplyKnowing(t.Context(), t, plan, tftest.Change(test.config, argument, later))
				if tftest.Failed(applied.Diagnostics) {
					t.Errorf("%s: %s, %v: %s", typeName, argument, later, tftest.Text(applied.Diagnostics))
				}
			}
		}
	}
}
