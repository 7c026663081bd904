package protectiongroup_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestAccProtectionGroup(t *testing.T) {
	t.Parallel()
	const address = "sdrs_protection_group.test"
	c := tftest.Simulate(t, simulator.WithVPCs(simulator.VPC{ID: vpcID}))
	config := func(name string) string {
		return c.ProviderBlock() + fmt.Sprintf(`
resource "sdrs_protection_group" "test" {
  name                     = %q
  source_availability_zone = "eu-de-01"
  target_availability_zone = "eu-de-02"
  vpc_id                   = %q
}
`, name, vpcID)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: config("dr-shop"), Check: resource.TestCheckResourceAttr(address, "status", "available")},
			{
				Config: config("dr-shop-eu"),
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)},
				},
			},
			{Config: config("dr-shop-eu"), ResourceName: address, ImportState: true, ImportStateVerify: true},
		},
	})
	for route, want := range map[string]int{
		simulator.RouteCreateGroup: 1, simulator.RouteRenameGroup: 1, simulator.RouteDeleteGroup: 1,
	} {
		if n := c.Accepted(route); n != want {
			t.Errorf("%s was accepted %d times, want %d", route, n, want)
		}
	}
}
