package protectedinstance_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

func TestAccProtectedInstance(t *testing.T) {
	t.Parallel()
	const address = "sdrs_protected_instance.test"
	c := project(t)
	config := func(name, flavor, tag string) string {
		return c.ProviderBlock() + fmt.Sprintf(`
resource "sdrs_protected_instance" "test" {
  protection_group_id  = %q
  server_id            = %q
  name                 = %q
  flavor_id            = %q
  tags                 = { team = %q }
  delete_target_server = true
}
`, groupID, serverID, name, flavor, tag)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{
				Config: config("web", "s3.large.2", "shop"),
				Check:  resource.TestCheckResourceAttr(address, "replication_pairs.#", "2"),
			},
			{
				Config: config("web-eu", "s3.xlarge.2", "web"),
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)},
				},
			},
			{PreConfig: func() { c.Console("target") }, Config: config("web-eu", "s3.xlarge.2", "web"), PlanOnly: true},
			{
				PreConfig: func() { c.Console("source") }, Config: config("web-eu", "s3.xlarge.2", "web"),
				ResourceName: address, ImportState: true, ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{"flavor_id", "delete_target_server"}, // They can't be read.
			},
		},
	})
	for route, want := range map[string]int{
		simulator.RouteCreateInstance: 1, simulator.RouteRenameInstance: 1, simulator.RouteResize: 1,
		simulator.RouteAddTag:         1,
		simulator.RouteDeleteInstance: 1,
	} {
		if n := c.Accepted(route); n != want {
			t.Errorf("%s was accepted %d times, want %d", route, n, want)
		}
	}
}
