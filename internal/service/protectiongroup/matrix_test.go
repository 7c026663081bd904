package protectiongroup_test

import (
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// Whatever goes wrong with a group, applying again sets it right.
func TestMatrix(t *testing.T) {
	t.Parallel()
	tftest.Matrix{
		Type: "sdrs_protection_group",
		Cloud: func(t testing.TB) *tftest.Cloud {
			t.Helper()
			cloud := tftest.Simulate(t, append(tftest.Ticking(), simulator.WithVPCs(simulator.VPC{ID: vpcID}))...)
			cloud.DeleteGroup(cloud.GroupID)
			return cloud
		},
		Config: shop(), Changed: shop("name", "dr-shop-eu"), AtOnce: true,
		Create: simulator.RouteCreateGroup, Update: simulator.RouteRenameGroup, Delete: simulator.RouteDeleteGroup,
		IDs: func(cloud *tftest.Cloud) (ids []string) {
			for _, group := range cloud.Groups() {
				ids = append(ids, group.ID)
			}
			return ids
		},
		Remove: func(cloud *tftest.Cloud, id string) { cloud.DeleteGroup(id) },
	}.Run(t)
}
