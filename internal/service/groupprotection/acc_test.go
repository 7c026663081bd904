package groupprotection_test

import (
	"fmt"
	"testing"

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
