package groupfailover

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// Section is what can be said of the active site of a protection group.
func Section() diagnostic.Section {
	return diagnostic.Section{
		Title: "The active site of a protection group, or of a zone",
		Kinds: []diagnostic.Kind{
			creatingWouldSwitch, importingWouldSwitch, creatingSwitches, importingSwitches, adoptionInFlight,
			siteChangedElsewhere, earlierSwitchCompleted, reversalUnfinished, serversLeftStopped,
			groupKeepsRunning, failoverEndsReplication, switchNotRecorded, objectiveMissed,
		},
	}
}

var (
	// siteChangedElsewhere is a group that runs at another site than the configuration asks for.
	siteChangedElsewhere = diagnostic.Warning(
		"Active Site Changed Elsewhere",
		"The group runs at another site than the configuration asks for: somebody switched it or failed it over. Apply "+
			"does not switch it back.",
		"To accept the site, set `priority_station` to it. To switch back, set `correct_drift = true`, once the group is "+
			"`protected`. After a disaster see [the way back](disaster-and-the-way-back.md).",
	)
	// earlierSwitchCompleted is SiteChangedElsewhere by an earlier apply.
	earlierSwitchCompleted = diagnostic.Warning(
		"Earlier Switch Completed",
		"A switch that an earlier apply requested, and did not see the end of, has completed since. The configuration asks "+
			"for the other site by now.",
		"To accept the site, set `priority_station` to it. To switch back, set `correct_drift = true`.",
	)
	// reversalUnfinished is a switch that failed half-way, while its site is the wanted one.
	reversalUnfinished = diagnostic.Warning(
		"Planned Failover Unfinished",
		"A planned failover failed half-way and left the group `error-reversing`. The API names the wanted site as active, "+
			"so apply does not repeat it.",
		"Stop the servers of both sites, then invoke the action `sdrs_planned_failover` for the same site: it reverses the "+
			"group towards it again.",
	)
	// serversLeftStopped are servers that an earlier apply stopped, and that nothing starts.
	serversLeftStopped = diagnostic.Warning(
		"Servers Left Stopped",
		"An earlier apply stopped servers for a switch that was then not requested, be it by Ctrl-C. The configuration asks "+
			"for the site that is active, so no apply starts them.",
		"Start the servers that the message names yourself. Or switch after all: set `priority_station` to the other site.",
	)
	// groupKeepsRunning is the destruction of a resource that leaves the group alone.
	groupKeepsRunning = diagnostic.Warning("Protection Group Keeps Running",
		"Destroying `sdrs_protection_group_failover` changes nothing in the cloud: the group runs on where it is.",
		"Nothing has to be done.")
	// failoverEndsReplication is an unplanned failover.
	failoverEndsReplication = diagnostic.Warning("Unplanned Failover Ends Replication",
		"An unplanned failover stops the servers of the active site by force. Data that was not replicated is lost.",
		"While the active site is up, use a planned failover instead.")
	// objectiveMissed is a switch that took longer than it may.
	objectiveMissed = diagnostic.Warning("Recovery Time Objective Missed",
		"The switch is done, and took longer than `recovery_time_objective`. `last_failover` has where the time went.",
		"Look at what took long: the stop of the servers, the job, or their start. `force_stop_after` bounds the first.")
	// switchNotRecorded is a note on an unfinished switch that can't be written or read.
	switchNotRecorded = diagnostic.Warning(
		"Switch Not Recorded",
		"The note beside the state on a switch that an apply did not see the end of can't be written or read. The switch "+
			"itself is not affected.",
		"Plan again, and apply. `last_failover` may lack this switch: its job and times are in the log and in the console.",
	)
)

// warnStarting warns that apply starts servers of a group that it does not switch.
func warnStarting(group sdrs.Group, servers []ecs.Server) diag.Diagnostic {
	r := &tfkit.Report{Message: diagnostic.Message{
		Happened: fmt.Sprintf("The group is active at %s, with servers that are not in service. Applying with "+
			"start_servers = true starts them.", tfkit.Site(group, group.PriorityStation)),
		Next: "To leave them alone, set start_servers = false.",
	}}
	r.Group(group)
	r.Fact("Servers", tfkit.Names(servers))
	return r.On(path.Root("start_servers"), tfkit.ServersWillBeStarted)
}

// warnSwitchedElsewhere warns that the configuration asks for another site than the one that is active, by somebody
// else's doing or by that of an earlier apply which did not see it through.
func warnSwitchedElsewhere(group sdrs.Group, plan *failoverModel, earlier bool) diag.Diagnostic {
	station, accepted := plan.station(), plan.names(group, group.PriorityStation)
	kind, by := siteChangedElsewhere, "The site was changed outside of this configuration."
	if earlier {
		kind, by = earlierSwitchCompleted, "A switch that an earlier apply requested has completed since."
	}
	r := &tfkit.Report{Message: diagnostic.Message{
		Happened: fmt.Sprintf(
			"The group runs at %s, while this configuration asks for %s. %s Applying does not switch it back.",
			tfkit.Site(group, group.PriorityStation),
			tfkit.Site(group, station),
			by,
		),
		Next: fmt.Sprintf("To accept the site, set %s. To switch back to %s, set correct_drift = true.",
			accepted, tfkit.Site(group, station)),
	}}
	if decision, advice := failover.PlannedFailover(station).Decide(group); decision == failover.Refuse {
		r.Next = fmt.Sprintf("To accept the site, set %s. A switch back is not possible as things are: %s %s",
			accepted, advice.Reason, advice.WayOut)
	}
	if group.Status.Phase() == sdrs.Moving {
		r.Next = "An operation is running. Plan again when the group rests."
	}
	r.Group(group)
	return r.On(path.Root(plan.siteArgument()), kind)
}

// warnUnfinishedReversal warns that a switch failed half-way, while its site is the wanted one.
func warnUnfinishedReversal(group sdrs.Group) diag.Diagnostic {
	r := &tfkit.Report{Message: diagnostic.Message{
		Happened: "A planned failover of the group failed half-way. Applying does not finish it, since the wanted site is " +
			"active.",
		Next: "Stop the servers of the group at both sites, and invoke the action sdrs_planned_failover for the wanted " +
			"site: to reverse the group again is the documented way on.",
	}}
	r.Group(group)
	return r.New(reversalUnfinished)
}

// warnOfStopped warns that servers are off since an apply asked them to stop for a switch that was then not requested.
func warnOfStopped(group sdrs.Group, servers []ecs.Server, asked time.Time) diag.Diagnostic {
	r := &tfkit.Report{Message: diagnostic.Message{
		Happened: fmt.Sprintf("An earlier apply asked servers at %s to stop, at %s, for a planned failover that it then did "+
			"not request. These do not run, and applying does not start them.",
			tfkit.Site(group, group.PriorityStation), asked.UTC().Format(time.RFC3339)),
		Next: "Start them yourself. Or switch after all, by setting the site to the other one.",
	}}
	r.Group(group)
	r.Fact("Servers", tfkit.Names(servers))
	return r.New(serversLeftStopped)
}

// warnKeepsRunning warns that destroying the resource does not touch the group.
func warnKeepsRunning(group sdrs.Group) diag.Diagnostic {
	r := tfkit.Say(fmt.Sprintf("Destroying this resource changes nothing in the cloud: the group goes on running at %s.",
		tfkit.Site(group, group.PriorityStation)), "")
	r.Group(group)
	return r.New(groupKeepsRunning)
}

// warnLosesData warns of what a failover costs.
func warnLosesData(group sdrs.Group) diag.Diagnostic {
	r := &tfkit.Report{Message: diagnostic.Message{
		Happened: fmt.Sprintf(
			"An unplanned failover stops the servers at %s by force and ends replication. Data that was not replicated is lost.",
			tfkit.Site(group, group.PriorityStation),
		),
		Next: "While that site is up, use a planned failover.",
	}}
	r.Group(group)
	return r.New(failoverEndsReplication)
}

// warnUnchecked warns of what could not be checked before an apply that ended with result or err acted.
func warnUnchecked(plan failoverModel, result failover.Result, err error) diag.Diagnostics {
	group, unchecked := result.Group, result.Unchecked
	if err != nil {
		reached := tfkit.Reached(err)
		group, unchecked = reached.Group, reached.Unchecked
	}
	return tfkit.WarnUnchecked(failover.PlannedFailover(plan.station()), group, unchecked)
}

// warnMissed warns of a switch that took longer than its objective.
func warnMissed(plan failoverModel, result failover.Result) diag.Diagnostics {
	objective, unset := plan.RecoveryTimeObjective.ValueGoDuration()
	took, missed := result.Times.Missed(objective)
	if unset.HasError() || !missed {
		return nil
	}
	r := tfkit.Say(fmt.Sprintf("The group runs at %s, and its recovery took %s. recovery_time_objective is %s.",
		tfkit.Site(result.Group, result.Group.PriorityStation), took.Round(time.Second), objective),
		"See last_failover for where the time went.")
	r.Group(result.Group)
	return diag.Diagnostics{r.On(path.Root("recovery_time_objective"), objectiveMissed)}
}
