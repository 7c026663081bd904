package groupfailover_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

const address = typeName + ".test"

// hcl returns a configuration for the cloud's group.
func hcl(c *tftest.Cloud, station, more string) string {
	return c.ProviderBlock() + fmt.Sprintf(`
resource %q "test" {
  protection_group_id = %q
  priority_station    = %q
  %s
}
`, typeName, c.GroupID, station, more)
}

// accepted checks how many planned failovers the cloud has accepted, where it is simulated.
func accepted(c *tftest.Cloud, want int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if got, known := c.Reversed(); known && got != want {
			return fmt.Errorf("%d planned failovers accepted, want %d", got, want)
		}
		return nil
	}
}

func value(attribute string, want string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), knownvalue.StringExact(want))
}

func planned(attribute string, want string) plancheck.PlanCheck {
	return plancheck.ExpectKnownValue(address, tfjsonpath.New(attribute), knownvalue.StringExact(want))
}

func preApply(checks ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: checks}
}

func action(want plancheck.ResourceActionType) plancheck.PlanCheck {
	return plancheck.ExpectResourceAction(address, want)
}

// Against the real cloud the group must be at source to begin with, with its servers stopped.
func TestAccFailover_thereAndBack(t *testing.T) {
	t.Parallel()
	c := tftest.NewCloud(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{
				Config:            hcl(c, "source", ""),
				ConfigPlanChecks:  preApply(action(plancheck.ResourceActionCreate), planned("active_site", "source")),
				ConfigStateChecks: []statecheck.StateCheck{value("active_site", "source"), value("status", "protected")},
				Check:             accepted(c, 0),
			},
			{
				Config: hcl(c, "target", ""),
				ConfigPlanChecks: preApply(
					action(plancheck.ResourceActionUpdate),
					planned("active_site", "target"),
					plancheck.ExpectUnknownValue(address, tfjsonpath.New("status")),
					plancheck.ExpectUnknownValue(address, tfjsonpath.New("last_failover")),
				),
				ConfigStateChecks: []statecheck.StateCheck{
					value("priority_station", "target"), value("active_site", "target"), value("status", "protected"),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("last_failover"),
						knownvalue.ObjectPartial(map[string]knownvalue.Check{
							"from": knownvalue.StringExact("source"), "to": knownvalue.StringExact("target"), "job_id": knownvalue.NotNull(),
						})),
				},
				Check: accepted(c, 1),
			},
			{
				ResourceName: address, ImportState: true, ImportStateId: c.GroupID, ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{"last_failover"},
			},
			{
				Config:            hcl(c, "source", `timeouts { update = "50m" }`),
				ConfigStateChecks: []statecheck.StateCheck{value("active_site", "source")},
				Check:             accepted(c, 2),
			},
		},
	})
}
