package protectedinstance

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// MoveState takes over the protected instances of other providers, by a moved block. What can't be read is kept.
func (r *protectedInstance) MoveState(context.Context) []resource.StateMover {
	return tfkit.MovedByID(&r.Resource, map[string]string{
		"opentelekomcloud/opentelekomcloud": "opentelekomcloud_sdrs_protected_instance_v1",
		"huaweicloud/huaweicloud":           "huaweicloud_sdrs_protected_instance",
	}, map[string][]string{
		"primary_subnet_id":    {"primary_subnet_id", "subnet_id"},
		"primary_ip_address":   {"primary_ip_address", "ip_address"},
		"delete_target_server": {"delete_target_server"},
		"delete_target_eip":    {"delete_target_eip"},
	})
}
