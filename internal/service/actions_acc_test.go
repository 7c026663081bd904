package service_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

var needActions = tftest.Needs("actions", tfversion.Version1_14_0)

// triggered is a configuration in which creating a resource triggers an action on the cloud's group.
func triggered(c *tftest.Cloud, name, more string) string {
	return c.ProviderBlock() + fmt.Sprintf(`
resource "terraform_data" "trigger" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.sdrs_%[1]s.test]
    }
  }
}

action "sdrs_%[1]s" "test" {
  config {
    protection_group_id = %[2]q
    %[3]s
  }
}
`, name, c.GroupID, more)
}

func TestAccActions(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ from, more, accepted, status, site string }{
		"planned_failover":   {"protected", `priority_station = "target"`, simulator.ActionReverse, "protected", "target"},
		"unplanned_failover": {"protected", `priority_station = "target"`, simulator.ActionFailover, "failed-over", "target"},
		"enable_protection":  {"available", "", simulator.ActionStart, "protected", "source"},
		"reprotect":          {"failed-over", "", simulator.ActionStart, "protected", "target"},
		"disable_protection": {"protected", "", simulator.ActionStop, "available", "source"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := tftest.Simulate(t)
			c.Lead(t, test.from)
			resource.Test(t, resource.TestCase{
				TerraformVersionChecks:   needActions,
				ProtoV6ProviderFactories: c.Providers(),
				Steps: []resource.TestStep{{
					Config: triggered(c, name, test.more),
					Check: func(*terraform.State) error {
						group, _ := c.Group(c.GroupID)
						if n := c.Accepted(test.accepted); n != 1 || group.Status != test.status || group.PriorityStation != test.site {
							return fmt.Errorf("%d accepted, %s at %s", n, group.Status, group.PriorityStation)
						}
						return nil
					},
				}},
			})
		})
	}
}

func TestAccActionGuards(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ more, want string }{
		"enable_protection":  {"", `(?s)Enabling Protection Not Possible.*would be a\s+reprotection`},
		"unplanned_failover": {`priority_station = "source"`, `Failover Not Possible`},
		"planned_failover":   {`priority_station = "source"`, `Planned Failover Not Possible`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := tftest.Simulate(t)
			c.Lead(t, "failed-over")
			resource.Test(t, resource.TestCase{
				TerraformVersionChecks:   needActions,
				ProtoV6ProviderFactories: c.Providers(),
				Steps:                    []resource.TestStep{{Config: triggered(c, name, test.more), ExpectError: regexp.MustCompile(test.want)}},
			})
			if n := c.Count(simulator.RouteAction); n != 0 {
				t.Errorf("%d actions sent", n)
			}
		})
	}
}
