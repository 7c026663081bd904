package e2e_test

import (
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// TestAccWarnings shows why titles end with their object: of warnings with one title Terraform prints the first alone.
func TestAccWarnings(t *testing.T) {
	t.Parallel()
	groups := []simulator.Group{demo, orders(), archive()}
	w := newWorkspace(t, simulator.WithGroups(groups[1:]...))
	var ids []string
	for _, group := range groups {
		ids = append(ids, `"`+group.ID+`"`)
		w.UpdateGroup(group.ID, func(g *simulator.Group) {
			g.PriorityStation = simulator.StationSource
			g.Instances[0].SourceServer.Status = "ACTIVE"
		})
	}
	w.Write(t, "main.tf", required+`
resource "sdrs_protection_group_failover" "all" {
  for_each            = toset([`+strings.Join(ids, ", ")+`])
  protection_group_id = each.key
  priority_station    = "target"
  switch_on_create    = true
}
`)
	plan := w.Run(t, "plan")
	for _, group := range groups {
		if title := "Warning: Planned Failover Not Ready: " + group.Name + "\n"; !strings.Contains(plan, title) {
			t.Errorf("the plan lacks %q:\n%s", title, plan)
		}
	}
}
