package groupprotection_test

import (
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestReprotectionWarnsOfTheDisks(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	c.Lead(t, "failed-over")
	tftest.WantText(t, tftest.Text(c.NewAction(t, "sdrs_reprotect").Plan(t, tftest.Attributes{"protection_group_id": c.GroupID})), `
WARNING: Reprotection Overwrites Disks: web-shop

A reprotection overwrites the disks at source (eu-de-01) with those at target (eu-de-02).

  Protection group: {group}
  Status: failed-over
  Active site: target (eu-de-02)

Save what you still need from the servers at source (eu-de-01) before applying.
`)
	// The warning is under Terraform's own title by then, or folded.
	progress, _ := c.NewAction(t, "sdrs_reprotect").Invoke(t.Context(), t, tftest.Attributes{"protection_group_id": c.GroupID})
	if want := "web-shop: A reprotection overwrites the disks at source (eu-de-01) with those at target (eu-de-02)."; len(progress) == 0 || progress[0] != want {
		t.Errorf("the action begins with %q, want %q", progress, want)
	}
}
