package drill

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// MoveState takes over the drills of the Huawei Cloud provider, by a moved block. Terraform reads the drill next, so
// that its id is all that is needed. The opentelekomcloud provider has none.
func (r *drillResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MovedByID(&r.Resource, map[string]string{"huaweicloud/huaweicloud": "huaweicloud_sdrs_drill"}, nil)
}
