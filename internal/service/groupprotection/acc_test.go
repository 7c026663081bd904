package groupprotection_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

const address = typeName + ".test"

// hcl returns a resource that protects the cloud's group.
func hcl(c *tftest.Cloud, more string) string {
	return fmt.Sprintf("resource \"sdrs_protection_group_protection\" \"test\" {\n  protection_group_id = %q\n%s\n}\n", c.GroupID, more)
}

// With create_before_destroy the old object goes last, and must not take the protection of the new one along.
func TestAccProtection_createBeforeDestroy(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	config := c.ProviderBlock() + hcl(c, "lifecycle {\n create_before_destroy = true\n}")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: config},
			{
				Config: config, Taint: []string{address},
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreateBeforeDestroy)}},
				Check: func(*terraform.State) error {
					if group, _ := c.Group(c.GroupID); group.Status != simulator.StatusProtected {
						return fmt.Errorf("the group is %s", group.Status)
					}
					return nil
				},
			},
			{ // The same without create_before_destroy, under another address.
				Config: c.ProviderBlock() + strings.Replace(hcl(c, ""), `"test"`, `"moved"`, 1),
				Check: func(*terraform.State) error {
					if group, _ := c.Group(c.GroupID); group.Status != simulator.StatusProtected {
						return fmt.Errorf("the group is %s", group.Status)
					}
					return nil
				},
			},
		},
	})
}

// One configuration that switches and protects: the switch comes first, so protection can't promise the site.
func TestAccProtection_behindAFailover(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	config := c.ProviderBlock() + fmt.Sprintf(`
resource "sdrs_protection_group_failover" "test" {
  protection_group_id = %q
  priority_station    = "target"
}
`, c.GroupID) + hcl(c, "depends_on = [sdrs_protection_group_failover.test]")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: config, Check: resource.TestCheckResourceAttr(address, "active_site", "target")},
		},
	})
}

func TestAccProtection(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	c.Lead(t, "available")
	config := c.ProviderBlock() + hcl(c, "")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{
				Config: config,
				Check: resource.ComposeAggregateTestCheckFunc(
					resource.TestCheckResourceAttr(address, "protected", "true"), resource.TestCheckResourceAttr(address, "status", "protected"),
				),
			},
			{ResourceName: address, ImportState: true, ImportStateId: c.GroupID, ImportStateVerify: true},
			{ResourceName: address, ImportState: true, ImportStateId: "web-shop", ExpectError: regexp.MustCompile("Invalid Import ID")},
			{
				PreConfig:        func() { c.Lead(t, "available") },
				Config:           config,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)}},
				Check:            resource.TestCheckResourceAttr(address, "protected", "true"),
			},
		},
	})
	if group, _ := c.Group(c.GroupID); group.Status != "available" {
		t.Errorf("after destroy the group is %s", group.Status)
	}
}
