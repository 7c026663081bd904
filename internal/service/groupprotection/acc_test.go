package groupprotection_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

const address = typeName + ".test"

func TestAccProtection(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	c.Lead(t, "available")
	// With create_before_destroy the old object goes last, and must not take the protection of the new one along.
	config := c.ProviderBlock() + fmt.Sprintf(`
resource "sdrs_protection_group_protection" "test" {
  protection_group_id = %q
  lifecycle {
    create_before_destroy = true
  }
}
`, c.GroupID)
	protected := resource.TestCheckResourceAttr(address, "protected", "true")
	does := func(want plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, want)}}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: config, Check: protected},
			{
				PreConfig: func() { c.Lead(t, "available") },
				Config:    config, ConfigPlanChecks: does(plancheck.ResourceActionUpdate), Check: protected,
			},
			{
				Config: config, Taint: []string{address}, ConfigPlanChecks: does(plancheck.ResourceActionCreateBeforeDestroy),
				Check: func(*terraform.State) error {
					if group, _ := c.Group(c.GroupID); group.Status != simulator.StatusProtected {
						return fmt.Errorf("the group is %s", group.Status)
					}
					return nil
				},
			},
		},
	})
	if group, _ := c.Group(c.GroupID); group.Status != simulator.StatusAvailable {
		t.Errorf("after destroy the group is %s", group.Status)
	}
}

// A before_destroy action of Terraform 1.16 that fails keeps protection in an apply. In a destroy Terraform makes its
// error a warning, as the guide to modules says, and protection ends all the same.
func TestAccProtectionBeforeDestroy(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	config := func(count int, site string) string {
		return c.ProviderBlock() + fmt.Sprintf(`
action "sdrs_planned_failover" "first" {
  config {
    protection_group_id = %[1]q
    priority_station    = %[3]q
  }
}

resource "sdrs_protection_group_protection" "test" {
  count               = %[2]d
  protection_group_id = %[1]q

  lifecycle {
    action_trigger {
      events  = [before_destroy]
      actions = [action.sdrs_planned_failover.first]
    }
  }
}
`, c.GroupID, count, site)
	}
	want := func(switched, ended int) {
		t.Helper()
		if s, e := c.Accepted(simulator.ActionReverse), c.Accepted(simulator.ActionStop); s != switched || e != ended {
			t.Errorf("%d switches, and %d times protection ended, want %d and %d", s, e, switched, ended)
		}
	}
	running := func() { c.SetServers("ACTIVE") } // No group is switched so.
	running()
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   tftest.Needs("before_destroy", version.Must(version.NewVersion("1.16.0"))),
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: config(1, "target")},
			{Config: config(0, "target"), ExpectError: regexp.MustCompile("Planned Failover Not Ready: web-shop")},
			{PreConfig: func() { want(0, 0); c.SetServers(simulator.ServerStopped) }, Config: config(0, "target")},
			{PreConfig: func() { want(1, 1); running() }, Config: config(1, "source")},
		},
	})
	want(1, 2)
}
