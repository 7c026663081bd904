package groupfailover

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// adoptionSwitches warns that creating or importing the resource moves production.
func adoptionSwitches(
	kind diagnostic.Kind, adopting string, group sdrs.Group, station sdrs.Station, decision failover.Decision,
) diag.Diagnostic {
	r := &tfkit.Report{}
	r.Group(group)
	r.Fact("Wanted site", tfkit.Site(group, station))
	switch {
	case decision == failover.Wait:
		r.Happened = fmt.Sprintf("At the time of this plan the group is moving. %s waits until it rests, and switches it "+
			"to the wanted site if it is not active there by then.", adopting)
		r.Next = fmt.Sprintf("To adopt the group as it is once it rests, set priority_station to the site that is active then: %s or %s.",
			tfkit.Site(group, sdrs.Source), tfkit.Site(group, sdrs.Target))
	case group.Status == sdrs.StatusErrorReversing:
		r.Happened = fmt.Sprintf("A planned failover of the group failed half-way. %s reverses the group towards "+
			"%s at once, whichever site counts as active.", adopting, tfkit.Site(group, station))
		r.Next = "Make sure that this is the site to go to, and stop the servers of the group at both sites before applying."
	default:
		r.Happened = fmt.Sprintf("At the time of this plan the group runs at %s. %s switches it to %s at once.",
			tfkit.Site(group, group.PriorityStation), adopting, tfkit.Site(group, station))
		r.Next = fmt.Sprintf("Stop the servers of the group at %s before applying. To adopt the group without switching, set "+
			"priority_station = %q.", tfkit.Site(group, group.PriorityStation), group.PriorityStation)
	}
	return kind.On(path.Root("priority_station"), r.String())
}

// startsServers warns that apply starts servers of a group that it does not switch.
func startsServers(group sdrs.Group, servers []ecs.Server) diag.Diagnostic {
	r := &tfkit.Report{Message: diagnostic.Message{
		Happened: fmt.Sprintf("The group is active at %s, with servers that are not in service. Applying with "+
			"start_servers = true starts them.", tfkit.Site(group, group.PriorityStation)),
		Next: "To leave them alone, set start_servers = false.",
	}}
	r.Group(group)
	r.Fact("Servers", tfkit.Names(servers))
	return diagnostic.StartsServers.On(path.Root("start_servers"), r.String())
}

// switchedElsewhere warns that the configuration asks for another site than the one that is active, by somebody else's
// doing or by that of an earlier apply which did not see it through.
func switchedElsewhere(group sdrs.Group, station sdrs.Station, earlier bool) diag.Diagnostic {
	kind, by := diagnostic.SiteChangedElsewhere, "The site was changed outside of this configuration."
	if earlier {
		kind, by = diagnostic.EarlierSwitchCompleted, "A switch that an earlier apply requested has completed since."
	}
	r := &tfkit.Report{Message: diagnostic.Message{
		Happened: fmt.Sprintf("The group runs at %s, while this configuration asks for %s. %s Applying does not switch it back, unless "+
			"the plan replaces this resource.", tfkit.Site(group, group.PriorityStation), tfkit.Site(group, station), by),
		Next: fmt.Sprintf("To accept the site, set priority_station = %q. To switch back to %s, set correct_drift = true.",
			group.PriorityStation, tfkit.Site(group, station)),
	}}
	if decision, advice := failover.PlannedFailover(station).Decide(group); decision == failover.Refuse {
		r.Next = fmt.Sprintf("To accept the site, set priority_station = %q. A switch back is not possible as things are: %s %s",
			group.PriorityStation, advice.Reason, advice.WayOut)
	}
	if group.Status.Phase() == sdrs.Moving {
		r.Next = "An operation is running. Plan again when the group rests."
	}
	r.Group(group)
	return kind.On(path.Root("priority_station"), r.String())
}

// unfinishedReversal warns that a switch failed half-way, while its site is the wanted one.
func unfinishedReversal(group sdrs.Group) diag.Diagnostic {
	r := &tfkit.Report{Message: diagnostic.Message{
		Happened: "A planned failover of the group failed half-way. Applying does not finish it, since the wanted site is active.",
		Next:     "To reverse the group towards the wanted site again, which is the documented way on, apply with -replace.",
	}}
	r.Group(group)
	return diagnostic.ReversalUnfinished.New(r.String())
}

// keepsRunning warns that destroying the resource does not touch the group.
func keepsRunning(group sdrs.Group) diag.Diagnostic {
	r := tfkit.Say(fmt.Sprintf("Destroying this resource changes nothing in the cloud: the group goes on running at %s.",
		tfkit.Site(group, group.PriorityStation)), "")
	r.Group(group)
	return diagnostic.GroupKeepsRunning.New(r.String())
}

// losesData warns of what a failover costs.
func losesData(group sdrs.Group) diag.Diagnostic {
	r := &tfkit.Report{Message: diagnostic.Message{
		Happened: fmt.Sprintf("A failover stops the servers at %s by force and ends replication. Data that was not replicated is lost.",
			tfkit.Site(group, group.PriorityStation)),
		Next: "While that site is up, use a planned failover.",
	}}
	r.Group(group)
	return diagnostic.FailoverEndsReplication.New(r.String())
}
