package protectedinstance_test

import (
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// Whatever goes wrong with a protected instance, applying again sets it right.
func TestMatrix(t *testing.T) {
	t.Parallel()
	renamed := tftest.Matrix{
		Type: "sdrs_protected_instance",
		Cloud: func(t testing.TB) *tftest.Cloud {
			t.Helper()
			return project(t, tftest.Ticking()...)
		},
		Config: web("delete_target_server", true), Changed: web("name", "web-2"), AtOnce: true, InGroup: true,
		Create: simulator.RouteCreateInstance, Update: simulator.RouteRenameInstance, Delete: simulator.RouteDeleteInstance,
		IDs: func(cloud *tftest.Cloud) (ids []string) {
			for _, group := range cloud.Groups() {
				for _, instance := range group.Instances {
					ids = append(ids, instance.ID)
				}
			}
			return ids
		},
		Remove: func(cloud *tftest.Cloud, _ string) {
			cloud.UpdateGroup(groupID, func(group *simulator.Group) { group.Instances = nil })
		},
	}
	resized := renamed
	resized.Create, resized.Delete, resized.AtOnce = "", "", false
	resized.Posted = true
	resized.Changed, resized.Update = web("flavor_id", "s3.xlarge.2"), simulator.RouteResize
	tagged := resized
	tagged.AtOnce, tagged.Changed, tagged.Update = true, web(
		"tags",
		tftest.Attributes{"team": "web", "tier": "web"},
	), simulator.RouteAddTag
	untagged := tagged
	untagged.Posted = false
	untagged.Changed, untagged.Update = web("tags", tftest.Attributes{}), simulator.RouteDeleteTag
	for name, matrix := range map[string]tftest.Matrix{"": renamed, "resize": resized, "tag": tagged, "untag": untagged} {
		t.Run(name, matrix.Run)
	}
}
