package drill_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

func TestAccDrill(t *testing.T) {
	t.Parallel()
	const address = "sdrs_drill.test"
	c := simulate(t)
	config := func(name string) string {
		return c.ProviderBlock() + fmt.Sprintf(`
resource "sdrs_drill" "test" {
  protection_group_id = %q
  name                = %q
}
`, c.GroupID, name)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: config("spring-drill"), Check: resource.TestCheckResourceAttr(address, "servers.#", "2")},
			{
				Config: config("summer-drill"),
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)},
				},
			},
			{Config: config("summer-drill"), ResourceName: address, ImportState: true, ImportStateVerify: true},
		},
	})
	for route, want := range map[string]int{
		simulator.RouteCreateDrill: 1, simulator.RouteRenameDrill: 1, simulator.RouteDeleteDrill: 1,
	} {
		if n := c.Accepted(route); n != want {
			t.Errorf("%s was accepted %d times, want %d", route, n, want)
		}
	}
}
