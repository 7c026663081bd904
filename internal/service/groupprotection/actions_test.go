package groupprotection_test

import (
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestReprotectionWarnsOfTheDisks(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	c.Lead(t, "failed-over")
	tftest.WantText(
		t,
		tftest.Text(c.NewAction(t, "sdrs_reprotect").Plan(t, tftest.Attributes{"protection_group_id": c.GroupID})),
		`
WARNING: Reprotection Overwrites Disks: web-shop

A reprotection overwrites the disks at source (eu-de-01) with those at target (eu-de-02).

  Protection group: {group}
  Status: failed-over
  Active site: target (eu-de-02)

Before applying, save what you still need from the disks at source (eu-de-01), such as by snapshots.
`,
	)
	// The warning is under Terraform's own title by then, or folded.
	progress, _ := c.NewAction(t, "sdrs_reprotect").
		Invoke(t.Context(), t, tftest.Attributes{"protection_group_id": c.GroupID})
	if want := "web-shop: A reprotection overwrites the disks at source (eu-de-01) with those at target (eu-de-02)."; len(
		progress,
	) == 0 ||
		progress[0] != want {
		t.Errorf("the action begins with %q, want %q", progress, want)
	}
	ends := tftest.Text(c.NewAction(t, "sdrs_disable_protection").Plan(t, tftest.Attributes{"protection_group_id": c.GroupID}))
	if !strings.HasPrefix(ends, "WARNING: Protection Will Be Disabled: web-shop") {
		t.Errorf("the plan to disable protection says %q", ends)
	}
}

// Several groups are reprotected by one action, and where one fails the others are all the same.
func TestReprotectSeveral(t *testing.T) {
	t.Parallel()
	estate := simulator.MixedEstate(3, 1)
	ids := []any{}
	for n := range estate.Groups {
		g := &estate.Groups[n]
		g.Status, g.PriorityStation = simulator.StatusFailedOver, simulator.StationTarget
		g.Instances[0].SourceServer.Status = simulator.ServerStopped
		ids = append(ids, g.ID)
	}
	estate.Groups[1].Instances[0].SourceServer.Status = "ACTIVE"
	c := tftest.SimulateEstate(t, estate)
	action, config := c.NewAction(t, "sdrs_reprotect"), tftest.Attributes{"protection_group_ids": ids}
	plan := tftest.Text(action.Plan(t, config))
	messages, diagnostics := action.Invoke(t.Context(), t, config)
	text, said := tftest.Text(diagnostics), strings.Join(messages, "\n")
	if !strings.Contains(plan, `WARNING on AttributeName("protection_group_ids"): `) ||
		strings.Count(plan, "Overwrites") != 3 || strings.Count(text, "ERROR") != 1 ||
		!strings.Contains(text, "Not Ready: app-02") ||
		strings.Count(said, "sdrs-record: ") != 3 ||
		c.Accepted(simulator.ActionStart) != 2 {
		t.Errorf("planned %s\ngot %s\n%s\n%d accepted", plan, text, said, c.Accepted(simulator.ActionStart))
	}
	both := tftest.Attributes{"protection_group_ids": ids, "protection_group_id": estate.Groups[0].ID}
	for _, config := range []tftest.Attributes{
		nil, both,
		{"protection_group_ids": []any{}},
		{"protection_group_ids": []any{"x"}},
	} {
		if diagnostics := action.Validate(t, config); !tftest.Failed(diagnostics) {
			t.Errorf("%v is valid", config)
		}
	}
}
