package groupprotection

import (
	"github.com/hashicorp/terraform-plugin-framework/action"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// Actions are the actions that change the protection of a protection group.
func Actions() []func() action.Action {
	return []func() action.Action{
		tfkit.GroupAction{
			Name: "enable_protection",
			Description: "Enables protection of a protection group (`start-server-group`). It refuses a group that has failed " +
				"over: that would be a reprotection.",
			Operation:    func(sdrs.Station) failover.Operation { return failover.EnableProtection() },
			Synchronizes: true,
		}.New,
		tfkit.GroupAction{
			Name: "reprotect",
			Description: "Replicates a protection group again after a failover (`start-server-group`), from the site that is " +
				"active to the other one. **The disks of the site that is not active are overwritten.** Its servers must be " +
				"stopped.",
			Operation: func(sdrs.Station) failover.Operation { return failover.Reprotect() },
			Costs:     warnOverwrites, MayCost: warnMayOverwrite, Synchronizes: true, Several: true,
		}.New,
		tfkit.GroupAction{
			Name:        "disable_protection",
			Description: "Disables protection of a protection group (`stop-server-group`): nothing is replicated any longer.",
			Operation:   func(sdrs.Station) failover.Operation { return failover.DisableProtection() },
			Costs:       warnEndsReplication,
		}.New,
	}
}
