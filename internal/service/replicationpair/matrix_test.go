package replicationpair_test

import (
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// spare is a disk that is attached to no server, of 100 GB, in eu-de-01.
var spare = simulator.EmptyEstate().Disks[4]

// cloudWithDisk has a group without members, and disks to replicate.
func cloudWithDisk(t testing.TB, options ...simulator.Option) *tftest.Cloud {
	t.Helper()
	estate := simulator.EmptyEstate()
	group := simulator.NewGroup("9d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55", "dr-shop", 0, 0)
	group.Status, group.VPCID = simulator.StatusAvailable, estate.VPCs[0].ID
	estate.Groups = append(estate.Groups, group)
	cloud := tftest.SimulateEstate(t, estate, options...)
	cloud.GroupID = group.ID
	return cloud
}

// data is a pair as configured, changed by name and value.
func data(changes ...any) tftest.Attributes {
	return tftest.Change(tftest.Attributes{
		"protection_group_id": "9d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55", "volume_id": spare.ID, "name": "data", "description": "shop data",
	}, changes...)
}

// Whatever goes wrong with a pair, applying again sets it right.
func TestMatrix(t *testing.T) {
	t.Parallel()
	matrix := tftest.Matrix{
		Type: "sdrs_replication_pair",
		Cloud: func(t testing.TB) *tftest.Cloud {
			t.Helper()
			return cloudWithDisk(t, tftest.Ticking()...)
		},
		Config: data(), Changed: data("name", "data-1"), AtOnce: true, InGroup: true,
		Create: simulator.RouteCreatePair, Update: simulator.RouteRenamePair, Delete: simulator.RouteDeletePair,
		IDs: func(cloud *tftest.Cloud) (ids []string) {
			group, _ := cloud.Group(cloud.GroupID)
			for _, pair := range group.Pairs {
				ids = append(ids, pair.ID)
			}
			return ids
		},
		Remove: func(cloud *tftest.Cloud, _ string) {
			cloud.UpdateGroup(cloud.GroupID, func(group *simulator.Group) { group.Pairs = nil })
		},
	}
	matrix.Run(t)
	matrix.AtOnce, matrix.Posted, matrix.UpdateAlone = false, true, true
	matrix.Changed, matrix.Update = data("size", int64(200)), simulator.RoutePairAction
	t.Run("grown", func(t *testing.T) { t.Parallel(); matrix.Run(t) })
}
