package attachment_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// A disk is replicated, attached, grown while it is, imported, and all of that undone, in the right order.
func TestAccReplicationPairAndAttachment(t *testing.T) {
	t.Parallel()
	const pair, attached = "sdrs_replication_pair.test", "sdrs_replication_pair_attachment.test"
	const diskID = "5ad24da2-8483-4a51-b34d-ba1ad45ac53b"
	group := simulator.NewGroup("9d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55", "dr-shop", 1, 1)
	c := tftest.SimulateEstate(t, simulator.Estate{
		Groups: []simulator.Group{group}, Disks: []simulator.Disk{{ID: diskID, Name: "images", AZ: "eu-de-01", SizeGB: 100}},
	})
	c.GroupID = group.ID
	config := func(size int) string {
		return c.ProviderBlock() + fmt.Sprintf(`
resource "sdrs_replication_pair" "test" {
  protection_group_id  = %q
  volume_id            = %q
  name                 = "data"
  size                 = %d
  delete_target_volume = true
}
resource "sdrs_replication_pair_attachment" "test" {
  protected_instance_id = %q
  replication_pair_id   = sdrs_replication_pair.test.id
  device                = "/dev/sdb"
}
`, group.ID, diskID, size, group.Instances[0].ID)
	}
	empty := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: config(100), Check: resource.TestCheckResourceAttr(attached, "status", "attached")},
			{
				Config: config(200),
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{
						plancheck.ExpectResourceAction(pair, plancheck.ResourceActionUpdate),
						plancheck.ExpectResourceAction(attached, plancheck.ResourceActionNoop),
					},
				},
			},
			{PreConfig: func() { c.Switches()[0](t) }, Config: config(200), ConfigPlanChecks: empty},
			{PreConfig: func() { c.Switches()[1](t) }, Config: config(200), ConfigPlanChecks: empty},
			{
				Config: config(200), ResourceName: pair, ImportState: true, ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{"delete_target_volume"},
			},
			{
				Config: config(200), ResourceName: attached, ImportState: true, ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{"device"},
			},
		},
	})
	for route, want := range map[string]int{
		simulator.RouteCreatePair: 1, simulator.RoutePairAction: 1, simulator.RouteAttach: 1, simulator.RouteDetach: 1,
		simulator.RouteDeletePair: 1,
	} {
		if n := c.Accepted(route); n != want {
			t.Errorf("%s was accepted %d times, want %d", route, n, want)
		}
	}
}
