package service_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

const protectionAddress = "sdrs_protection_group_protection.test"

// protectionHCL returns a resource that protects the cloud's group.
func protectionHCL(c *tftest.Cloud, more string) string {
	return fmt.Sprintf("resource \"sdrs_protection_group_protection\" \"test\" {\n  protection_group_id = %q\n%s\n}\n", c.GroupID, more)
}

// Terraform plans to create what is gone before it destroys what is left.
func TestAccDestroyOfADeletedGroup(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	config := hcl(c, "source", "") + protectionHCL(c, "")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: config},
			{PreConfig: func() { c.DeleteGroup(c.GroupID) }, Config: config, Destroy: true},
		},
	})
}

// Without a refresh, too, and the plan that would create the group says what becomes of it.
func TestDestroyOfADeletedGroup(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]tftest.Attributes{
		typeName:                           {"priority_station": "source"},
		"sdrs_protection_group_protection": {},
	} {
		c := tftest.Simulate(t)
		config["protection_group_id"] = c.GroupID
		resource, _ := c.NewResource(t, name, nil)
		state := resource.Apply(t.Context(), t, resource.Plan(t, nil, config))
		c.DeleteGroup(c.GroupID)
		destroyed := resource.Apply(t.Context(), t, resource.Plan(t, state.Attributes, nil))
		if text := tftest.Text(destroyed.Diagnostics); strings.Contains(text, "ERROR") || destroyed.Attributes != nil {
			t.Errorf("%s: got %v, %s", name, destroyed.Attributes, text)
		}
		if read := resource.Refresh(t, state); read.Attributes != nil {
			t.Errorf("%s: got %v", name, read.Attributes)
		}
		plan := resource.Plan(t, nil, config)
		text := strings.ReplaceAll(`
WARNING on AttributeName("protection_group_id"): Protection Group Is Gone

The protection group does not exist any longer. To apply this plan will fail, to destroy the resource won't.

  Protection group: {id}
  HTTP status: 400
  Error code: SDRS.1013
  Reason: The protection group {id} does not exist.
  Request ID: {request}

Remove the resource from the configuration, or set protection_group_id to a group that exists.
`, "{id}", c.GroupID)
		wantText(t, masked(tftest.Text(plan.Diagnostics), text), text)
		failed := resource.Apply(t.Context(), t, plan)
		if text := tftest.Text(failed.Diagnostics); !strings.Contains(text, "ERROR on ") || !strings.Contains(text, "Protection Group Not Found") {
			t.Errorf("%s: got %s", name, text)
		}
	}
}

// With create_before_destroy the old object goes last, and must not take the protection of the new one along.
func TestAccProtection_createBeforeDestroy(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	config := c.ProviderBlock() + protectionHCL(c, "lifecycle {\n create_before_destroy = true\n}")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: config},
			{
				Config: config, Taint: []string{protectionAddress},
				ConfigPlanChecks: preApply(plancheck.ExpectResourceAction(protectionAddress, plancheck.ResourceActionCreateBeforeDestroy)),
				Check: func(*terraform.State) error {
					if group, _ := c.Group(c.GroupID); group.Status != simulator.StatusProtected {
						return fmt.Errorf("the group is %s", group.Status)
					}
					return nil
				},
			},
			{ // The same without create_before_destroy, under another address.
				Config: c.ProviderBlock() + strings.Replace(protectionHCL(c, ""), `"test"`, `"moved"`, 1),
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

// A destruction says so where it leaves the protection to another resource, and only then.
func TestProtectionThatStaysEnabled(t *testing.T) {
	t.Parallel()
	s := newProtectionStage(t, "protected")
	old := s.Apply(t.Context(), t, s.Plan(t, nil, s.protection(false)))
	rest, diagnostics := s.NewResource(t, "sdrs_protection_group_protection", nil) // The apply that replaces it.
	if len(diagnostics) > 0 {
		t.Fatal(tftest.Text(diagnostics))
	}
	created := rest.Apply(t.Context(), t, rest.Plan(t, nil, s.protection(false)))
	destroyed := rest.ApplyFinal(t.Context(), t, rest.Plan(t, old.Attributes, nil))
	wantText(t, tftest.Text(destroyed.Diagnostics), `
WARNING: Protection Stays Enabled

Protection was not disabled: this apply has created or updated another resource that protects the same group.

  Protection group: {group}
  Status: protected
  Active site: source

Have one resource for the protection of a group, without create_before_destroy.
`)
	if destroyed.Attributes != nil {
		t.Errorf("got %v", destroyed.Attributes)
	}
	s.wantActions(t)
	if group, _ := s.Group(s.GroupID); group.Status != simulator.StatusProtected {
		t.Errorf("the group is %s", group.Status)
	}
	later, _ := s.NewResource(t, "sdrs_protection_group_protection", nil)
	if gone := later.Apply(t.Context(), t, later.Plan(t, created.Attributes, nil)); len(gone.Diagnostics) > 0 {
		t.Error(tftest.Text(gone.Diagnostics))
	}
	s.wantActions(t, simulator.ActionStop)
}

// What can't be looked at is not imported: Terraform would keep an id that does not exist.
func TestImportBeforeTheProviderIsConfigured(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	arguments := c.Arguments()
	arguments["password"] = tftest.Unknown
	for _, name := range []string{typeName, "sdrs_protection_group_protection"} {
		resource, diagnostics := c.NewResource(t, name, arguments)
		if len(diagnostics) > 0 {
			t.Fatal(tftest.Text(diagnostics))
		}
		imported := resource.Import(t, "40df180b-9fe2-471a-8c64-000000000000")
		if text := tftest.Text(imported.Diagnostics); !strings.HasPrefix(text, "ERROR: Provider Not Configured") || imported.Attributes != nil {
			t.Errorf("%s: got %v, %s", name, imported.Attributes, text)
		}
	}
}
