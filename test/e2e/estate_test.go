package e2e_test

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// TestAccEstate imports all that there is with the configuration that terraform query generates. Whatever the groups
// go through afterwards, with or without Terraform, nothing of it is a change.
func TestAccEstate(t *testing.T) {
	t.Parallel()
	drilled := simulator.NewGroup(orders().ID, "orders", 3, 5)
	first := &drilled.Instances[0]
	drilled.Pairs, first.Pairs = slices.Clone(first.Pairs[1:]), first.Pairs[:1]
	drilled.Pairs[0].Description, first.Tags = "", []simulator.Tag{{Key: "team", Value: "${shop}"}}
	drilled.Drills = []simulator.Drill{{
		ID: "8d0c2c3f-3f0e-4d5b-9a57-7d2a3c6a1b10", Name: "autumn", Status: simulator.StatusAvailable,
		VPCID: "9d0c2c3f-3f0e-4d5b-9a57-7d2a3c6a1b10",
	}}
	w := newWorkspace(t, simulator.WithGroups(drilled, archive()), simulator.WithJobDuration(0))
	w.Needs(t, "terraform query", tfversion.Version1_14_0)
	w.Write(t, "main.tf", required)
	counts := map[string]int{
		"sdrs_protection_group": 3, "sdrs_protection_group_failover": 3, "sdrs_protection_group_protection": 3,
		"sdrs_protected_instance": 6, "sdrs_replication_pair": 9, "sdrs_replication_pair_attachment": 8, "sdrs_drill": 1,
	}
	lists, all := "", 0
	for typeName, count := range counts {
		lists += fmt.Sprintf("list %q \"estate\" {\n  provider = sdrs\n}\n", typeName)
		all += count
	}
	w.Write(t, "estate.tfquery.hcl", lists)

	found := w.Run(t, "query", "-generate-config-out=generated.tf")
	for typeName, count := range counts {
		line := regexp.MustCompile(`(?m)^list\.` + typeName + `\.estate +(protection_group_)?id=.*,region=eu-de +\S+ \(`)
		if n := len(line.FindAllString(found, -1)); n != count {
			t.Errorf("found %d of %s, want %d:\n%s", n, typeName, count, found)
		}
	}
	if n := strings.Count(unwrapped(w.Read(t, "generated.tf")), `priority_station = "target"`); n != 1 {
		t.Errorf("%d groups are to be at target", n)
	}
	plan := w.Run(t, "plan", "-out=saved.tfplan")
	if !strings.Contains(plan, fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", all)) {
		t.Error(plan)
	}
	w.Run(t, "apply", "saved.tfplan")
	elsewhere := func(status string, do func(simulator.Group) (string, error)) {
		t.Helper()
		for _, id := range []string{drilled.ID, archive().ID} { // The one at source, the other at target.
			group, _ := w.Group(id)
			if _, err := do(group); err != nil {
				t.Fatal(err)
			}
			if group, _ = w.Group(id); group.Status != status {
				t.Fatalf("%s is %s, not %s", group.Name, group.Status, status)
			}
		}
	}
	reverse := func(group simulator.Group) (string, error) {
		other := map[string]string{simulator.StationSource: simulator.StationTarget}[group.PriorityStation]
		return w.Switch(group.ID, cmp.Or(other, simulator.StationSource))
	}
	failover := func(group simulator.Group) (string, error) { return w.Failover(group.ID) }
	protect := func(group simulator.Group) (string, error) { return w.Protect(group.ID) }
	for _, happens := range []func(){
		func() {},
		func() { elsewhere(simulator.StatusProtected, reverse) },
		func() { elsewhere(simulator.StatusProtected, reverse) },
		func() { elsewhere(simulator.StatusFailedOver, failover) },
		func() { elsewhere(simulator.StatusProtected, protect) },
	} {
		happens()
		w.Run(t, "plan", "-detailed-exitcode") // Fails where there are changes.
	}
	for _, request := range w.Requests() {
		if request.Accepted {
			t.Errorf("%s was accepted", request.Action)
		}
	}
}
