package e2e_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// TestAccEstate imports all groups with the configuration that terraform query generates.
func TestAccEstate(t *testing.T) {
	t.Parallel()
	for typeName, want := range map[string]struct {
		text  string
		count int
	}{
		"sdrs_protection_group_failover":   {`priority_station = "target"`, 3},
		"sdrs_protection_group_protection": {`active_site = "target"`, 3},
		"sdrs_protection_group":            {`active_site = "target"`, 3},
		"sdrs_protected_instance":          {`name = "shop-archive-1"`, 6},
	} {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t, simulator.WithGroups(orders(), archive()))
			w.Needs(t, "terraform query", tfversion.Version1_14_0)
			w.Write(t, "main.tf", required)
			w.Write(t, "estate.tfquery.hcl", fmt.Sprintf("list %q \"estate\" {\n  provider = sdrs\n}\n", typeName))

			found := w.Run(t, "query", "-generate-config-out=generated.tf")
			line := regexp.MustCompile(`(?m)^list\.` + typeName + `\.estate +(protection_group_)?id=.*,region=eu-de +\S+ \(`)
			if n := len(line.FindAllString(found, -1)); n != want.count {
				t.Errorf("found %d, want %d:\n%s", n, want.count, found)
			}
			plan := w.Run(t, "plan", "-out=saved.tfplan")
			if !strings.Contains(plan, fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", want.count)) {
				t.Error(plan)
			}
			w.Run(t, "apply", "saved.tfplan")
			w.Run(t, "plan", "-detailed-exitcode") // Fails where there are changes.
			state := unwrapped(w.Run(t, "show"))
			if strings.Count(state, `"protected"`) != want.count || strings.Count(state, want.text) != 1 {
				t.Error(state)
			}
			for _, request := range w.Requests() {
				if request.Accepted {
					t.Errorf("%s was accepted", request.Action)
				}
			}
		})
	}
}
