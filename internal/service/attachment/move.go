package attachment

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// MoveState takes over the attachments of other providers, by a moved block. The device keeps their spelling.
func (r *attachment) MoveState(context.Context) []resource.StateMover {
	return tfkit.MovedByIDs(&r.Resource, map[string]string{
		"opentelekomcloud/opentelekomcloud": "opentelekomcloud_sdrs_replication_attach_v1",
		"huaweicloud/huaweicloud":           "huaweicloud_sdrs_replication_attach",
	}, []string{"instance_id", "replication_id"}, map[string][]string{"device": {"device"}})
}
