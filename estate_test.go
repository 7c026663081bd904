package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// TestAccEstate imports all groups with the configuration that terraform query generates.
func TestAccEstate(t *testing.T) {
	t.Parallel()
	switched := simulator.NewGroup("a1f4c0de-6b7e-4a0f-8f5c-2f4c8b9d7e21", "archive", 1, 1)
	switched.PriorityStation = simulator.StationTarget
	w := newWorkspace(t, simulator.WithGroups(simulator.NewGroup("5d0c2c3f-3f0e-4d5b-9a57-7d2a3c6a1b10", "orders", 3, 4), switched))
	w.needs(t, "terraform query", tfversion.Version1_14_0)
	w.write(t, "main.tf", "terraform {\n  required_providers {\n    sdrs = { source = \"terraform-sdrs/sdrs\" }\n  }\n}\n")
	w.write(t, "estate.tfquery.hcl", "list \"sdrs_protection_group_failover\" \"estate\" {\n  provider = sdrs\n}\n")

	found := w.run(t, "query", "-no-color", "-generate-config-out=generated.tf")
	if n := len(regexp.MustCompile(`(?m)^list\.sdrs_protection_group_failover\.estate +protection_group_id=.*,region=eu-de +\S+ \(`).FindAllString(found, -1)); n != 3 {
		t.Errorf("found %d groups, want 3:\n%s", n, found)
	}
	plan := w.run(t, "plan", "-no-color", "-out=saved.tfplan")
	if !strings.Contains(plan, "Plan: 3 to import, 0 to add, 0 to change, 0 to destroy.") {
		t.Error(plan)
	}
	w.run(t, "apply", "-no-color", "saved.tfplan")
	w.run(t, "plan", "-no-color", "-detailed-exitcode") // Fails where there are changes.
	if state := w.run(t, "show", "-no-color"); strings.Count(state, `"protected"`) != 3 || strings.Count(state, `priority_station          = "target"`) != 1 {
		t.Error(state)
	}
	for _, request := range w.Requests() {
		if request.Accepted {
			t.Errorf("%s was accepted", request.Action)
		}
	}
}
