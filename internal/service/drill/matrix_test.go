package drill_test

import (
	"slices"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// Whatever goes wrong with a drill, applying again sets it right.
func TestMatrix(t *testing.T) {
	t.Parallel()
	groupID := simulator.DemoGroup().ID
	tftest.Matrix{
		Type: "sdrs_drill",
		Cloud: func(t testing.TB) *tftest.Cloud {
			t.Helper()
			return tftest.Simulate(t, tftest.Ticking()...)
		},
		Config:  tftest.Attributes{"protection_group_id": groupID, "name": "spring-drill"},
		Changed: tftest.Attributes{"protection_group_id": groupID, "name": "spring-drill-2026"}, AtOnce: true, InGroup: true,
		Create: simulator.RouteCreateDrill, Update: simulator.RouteRenameDrill, Delete: simulator.RouteDeleteDrill,
		IDs: func(cloud *tftest.Cloud) (ids []string) {
			group, _ := cloud.Group(groupID)
			for _, drill := range group.Drills {
				ids = append(ids, drill.ID)
			}
			return ids
		},
		Remove: func(cloud *tftest.Cloud, id string) {
			cloud.UpdateGroup(groupID, func(g *simulator.Group) {
				g.Drills = slices.DeleteFunc(g.Drills, func(drill simulator.Drill) bool { return drill.ID == id })
			})
		},
	}.Run(t)
}
