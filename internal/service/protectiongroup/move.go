package protectiongroup

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// MoveState takes over the groups of other providers, by a moved block. Terraform reads the group next, so that its id
// is all that is needed; their enable is the matter of sdrs_protection_group_protection.
func (r *protectionGroup) MoveState(context.Context) []resource.StateMover {
	return tfkit.MovedByID(&r.Resource, map[string]string{
		"opentelekomcloud/opentelekomcloud": "opentelekomcloud_sdrs_protectiongroup_v1",
		"huaweicloud/huaweicloud":           "huaweicloud_sdrs_protection_group",
	}, nil)
}
