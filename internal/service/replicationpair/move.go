package replicationpair

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// MoveState takes over the pairs of other providers, by a moved block. Terraform reads the pair next, so that its id is
// all that is needed, and what can't be read.
func (r *replicationPair) MoveState(context.Context) []resource.StateMover {
	return tfkit.MovedByID(&r.Resource, map[string]string{
		"opentelekomcloud/opentelekomcloud": "opentelekomcloud_sdrs_replication_pair_v1",
		"huaweicloud/huaweicloud":           "huaweicloud_sdrs_replication_pair",
	}, map[string][]string{"delete_target_volume": {"delete_target_volume"}, "volume_id": {"volume_id"}})
}
