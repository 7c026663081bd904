package groupfailover

import (
	"github.com/hashicorp/terraform-plugin-framework/action"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// Actions are the actions that change the active site of a protection group, and the one that checks whether that could
// start.
func Actions() []func() action.Action {
	return []func() action.Action{
		tfkit.GroupAction{
			Name: "planned_failover",
			Description: "Switches a protection group to one of its sites by a planned failover (`reverse-server-group`), " +
				"waits for it, and verifies it. A group that is active there already is not switched.",
			Operation: failover.PlannedFailover,
			Stops:     true, Starts: true,
			Station: "The site that is to be active, `source` or `target`. A `sdrs_protection_group_failover` for the group " +
				"whose configuration names the other one warns then, and with `correct_drift = true` plans to switch back.",
		}.New,
		tfkit.GroupAction{
			Name: "unplanned_failover",
			Description: "Fails a protection group over to one of its sites after a disaster at the other one " +
				"(`failover-server-group`). The servers at the site that is left are stopped by force, replication stops, and " +
				"data that was not replicated is lost. The group ends `failed-over`: `sdrs_reprotect` replicates it again.",
			Operation: failover.UnplannedFailover,
			Starts:    true,
			Station: "The site that is to become active, `source` or `target`. Where it already is, nothing is requested, so " +
				"a second run can't fail back. That is an error unless the group is `failed-over` or `protected` there.",
			Costs: warnLosesData,
		}.New,
		newCheckReadiness,
	}
}
