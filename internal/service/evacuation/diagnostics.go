package evacuation

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/evacuation"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// Section is what can be said of leaving an availability zone.
func Section() diagnostic.Section {
	return diagnostic.Section{
		Title: "The active site of a protection group, or of a zone",
		Kinds: []diagnostic.Kind{groupsWillLeave, nothingToLeave, noSuchZone, groupsStay, evacuationUnfinished},
	}
}

var (
	// groupsWillLeave is a plan that moves groups.
	groupsWillLeave = diagnostic.Warning(
		"Protection Groups Will Leave the Availability Zone",
		"The action moves the groups that the message names, in that order. They are read again when it starts. Terraform "+
			"keeps an action's arguments with its plan, and nothing else: without `protection_groups` a group that has come to "+
			"run in the zone meanwhile moves, too.",
		"To move these groups and no others, set `protection_groups`, be it from the data source `sdrs_protection_groups`. "+
			"To check without moving anything, set `dry_run = true`.",
	)
	// nothingToLeave is a plan that moves nothing.
	nothingToLeave = diagnostic.Warning("No Protection Group to Move",
		"No group that the action is about has its active site in the availability zone: it would do nothing.",
		"If groups run there, check the region and project (`tenant_name`) of the provider.")
	// noSuchZone is a zone that nothing in the project knows.
	noSuchZone = diagnostic.Error("Availability Zone Not Found",
		"No protection group and no active-active domain of the project is in the availability zone. Nothing was changed.",
		"Check the name of the zone, and the region and project (`tenant_name`) of the provider.")
	// groupsStay are groups that run in the zone when the action starts, and that it does not move.
	groupsStay = diagnostic.Warning("Protection Groups Stay in the Availability Zone",
		"Groups run in the zone that `protection_groups` does not name. They were not moved. Where the argument is from the "+
			"data source `sdrs_protection_groups`, they have come to run there since the plan.",
		"Plan and invoke the action again to move them, too.")
	// evacuationUnfinished is an evacuation after which groups are still there.
	evacuationUnfinished = diagnostic.Error(
		"Evacuation Unfinished",
		"Groups have not left the availability zone, as far as is known. The lines name those that failed, each with an "+
			"error of its own, those whose jobs go on in the cloud, and those that were not begun.",
		"Resolve what the errors say, and invoke the action again: groups that have left stay where they are, jobs that go "+
			"on are waited for, and the others move.",
	)
)

// warnLeaving lists, in a plan, the groups that move.
func warnLeaving(request evacuation.Request, selection evacuation.Selection) diag.Diagnostic {
	kind := groupsWillLeave
	members := selection.Leaving()
	groups := failover.Counted(len(members), "group")
	r := tfkit.Say(
		fmt.Sprintf("%s of %s out of %s. %s", operations(request.Planned), groups, request.Zone, costs(request)),
		"They are read again when it starts.",
	)
	if request.Groups == nil {
		r.Next += " To move these and no others, name them in protection_groups."
	}
	if request.DryRun {
		r.Happened = fmt.Sprintf(
			"dry_run = true: %s would move out of %s, by %s. Nothing is moved.",
			groups,
			request.Zone,
			strings.ToLower(operations(request.Planned)),
		)
	}
	if len(members) == 0 {
		kind = nothingToLeave
		r = tfkit.Say(nothing(request, selection), nothingToLeave.Remedy)
	}
	r.Object = request.Zone
	for n, wave := range selection.Waves {
		for _, member := range wave {
			if !member.HasLeft() {
				r.Fact(fmt.Sprintf("Wave %d", n+1), groupText(request, member))
			}
		}
	}
	describe(r, selection)
	return r.New(kind)
}

// nothing says that no group is to move, and why as far as that is known.
func nothing(request evacuation.Request, selection evacuation.Selection) string {
	switch {
	case len(selection.Left()) > 0:
		return fmt.Sprintf("All groups have left %s.", request.Zone)
	case len(selection.Staying)+len(selection.Away)+len(selection.Problems) > 0:
		return fmt.Sprintf("None of protection_groups is to move out of %s.", request.Zone)
	}
	text := fmt.Sprintf("Nothing runs in %s, nothing to leave.", request.Zone)
	if request.Planned && request.Policy.Start { // After an unplanned run their status tells.
		text += " If a planned run before this one was interrupted, servers of the groups that it moved may be off: name " +
			"these groups in protection_groups (in the emergency folder: also)."
	}
	return text
}

// notFound is the error for a zone that is none of those there are.
func notFound(zone string, zones []string) diag.Diagnostic {
	r := tfkit.Say(
		fmt.Sprintf("No protection group and no active-active domain is in %q. Nothing was changed.", zone),
		noSuchZone.Remedy,
	)
	r.Object = zone
	r.Fact("There are", strings.Join(zones, ", "))
	return r.New(noSuchZone)
}

// warnStaying names the groups that run in the zone, and that the action did not move.
func warnStaying(request evacuation.Request, selection evacuation.Selection) diag.Diagnostics {
	if len(selection.Staying) == 0 {
		return nil
	}
	r := tfkit.Say(
		fmt.Sprintf("They run in %s, and protection_groups does not name them. They were not moved.", request.Zone),
		groupsStay.Remedy,
	)
	r.Object = request.Zone
	for _, group := range selection.Staying {
		r.Fact("Stays", fmt.Sprintf("%s (%s), %s", group.Name, group.ID, group.Status))
	}
	return diag.Diagnostics{r.New(groupsStay)}
}

// haveLeft is what is done about groups that have left the zone before.
const haveLeft = "Have left, so that only servers which do not run are started"

// describe adds what else a selection has to say.
func describe(r *tfkit.Report, selection evacuation.Selection) {
	for _, problem := range selection.Problems {
		r.Fact("Can't be done", problem)
	}
	for _, note := range selection.Notes {
		r.Fact("No effect", note)
	}
	r.Fact(haveLeft, evacuation.Names(selection.Left()))
	for _, member := range selection.Away {
		r.Fact("Not there", member.Group.Name+" runs in "+member.To()+" already.")
	}
	r.Fact("Not asked for, so they stay", names(selection.Staying))
}

// groupText is a group that is to move, and what stands in the way, or is done besides, as far as its status tells.
func groupText(request evacuation.Request, member evacuation.Member) string {
	group := member.Group
	text := fmt.Sprintf(
		"%s (%s), %s, to %s",
		group.Name,
		group.ID,
		group.Status,
		tfkit.Site(group, member.Operation.Station),
	)
	if decision, advice := member.Operation.Decide(group); decision == failover.Refuse {
		text += ". Not possible now: " + advice.Reason + " " + advice.WayOut
	} else if group.Status == sdrs.StatusErrorReversing && request.Policy.Stop && request.Planned {
		text += ". Its servers are stopped at both sites: either may be in production"
	}
	return text
}

func operations(planned bool) string {
	if planned {
		return "Planned failovers"
	}
	return "Unplanned failovers"
}

// costs says what the moves do to servers and data.
func costs(request evacuation.Request) string {
	switch {
	case !request.Planned:
		return "They stop the servers there by force and end replication. Data that was not replicated is lost."
	case request.Policy.Stop && request.Policy.ForceStopAfter != nil:
		return fmt.Sprintf(
			"The servers there are stopped first, and what still runs after %s is stopped hard.",
			*request.Policy.ForceStopAfter,
		)
	case request.Policy.Stop:
		return "The servers there are stopped first, by their operating systems."
	}
	return "Groups whose servers run there are refused: stop_servers is not set."
}

func names(groups []sdrs.Group) string {
	return strings.Join(tfkit.Each(groups, func(group sdrs.Group) string { return group.Name }), ", ")
}

// unfinished are the errors for an evacuation that did not do all: one for each group that failed, and one on the
// whole.
func unfinished(
	request evacuation.Request,
	selection evacuation.Selection,
	outcomes []evacuation.Outcome,
) diag.Diagnostics {
	var diags diag.Diagnostics
	if !slices.ContainsFunc(outcomes, evacuation.Outcome.Failed) && len(selection.Problems) == 0 {
		return nil
	}
	left := 0
	for _, o := range outcomes {
		if o.Moved() {
			left++
		}
	}
	again := "Invoke the action again"
	if slices.ContainsFunc(outcomes, func(o evacuation.Outcome) bool { return o.Verdict == failover.ResultError }) {
		again = "Resolve what the error of each group that failed says, and invoke the action again"
	}
	r := tfkit.Say(
		fmt.Sprintf("%d of %s out of %s.", left, moved(request, len(outcomes)), request.Zone),
		again+": groups that have left stay where they are, jobs that go on are waited for, and the others move.",
	)
	if request.DryRun {
		r.Next = "Nothing was changed. Resolve this, and try again."
	}
	r.Object = request.Zone
	for _, o := range outcomes {
		if o.Verdict != failover.ResultError {
			continue
		}
		failure := tfkit.OperationFailed(o.Err, tfkit.Invoking)
		diags.Append(failure)
		r.Fact("Failed", failure.Summary())
	}
	var unstarted []string
	late := ""
	for _, o := range outcomes {
		if o.Verdict == evacuation.ResultInFlight || o.Failed() && o.Moved() {
			unstarted = append(unstarted, strconv.Quote(o.Group.Name))
		}
		if o.Verdict == evacuation.ResultInFlight {
			group, job := o.Latest(), o.Reached().JobID
			late = cmp.Or(late, tfkit.LateFailover(o.Reached()))
			if job == "" {
				job = "not known"
			}
			r.Fact("Goes on in the cloud", fmt.Sprintf("%s: %s, job %s%s", group.Name, group.Status, job, ending(o.Err)))
		}
	}
	if request.Planned && request.Policy.Start && len(unstarted) > 0 { // An unplanned one finds them by their status.
		r.Fact("In the emergency folder add", fmt.Sprintf("-var 'also=[%s]'", strings.Join(unstarted, ",")))
		r.Next += " Name those that go on in the cloud, or have left, in protection_groups then, since nothing else tells that " +
			"their servers are still to be started."
	}
	r.Next += late
	for _, o := range outcomes {
		if o.Verdict == evacuation.ResultNotBegun {
			r.Fact("Not begun", o.Group.Name)
		}
	}
	for _, o := range outcomes {
		if o.Failed() && o.Verdict != failover.ResultError { // The errors of those have it.
			for _, server := range o.Stopped() {
				server.Status = "" // That is from before.
				r.Fact("Stopped for this, and left so", fmt.Sprintf("%s of %s", server, o.Group.Name))
			}
		}
	}
	for _, problem := range selection.Problems {
		r.Fact("Can't be done", problem)
	}
	diags.Append(r.New(evacuationUnfinished))
	return diags
}

// ending is why the wait for a job that goes on has ended; empty after Ctrl-C.
func ending(err error) string {
	failure, ok := errors.AsType[*failover.Error](err)
	switch {
	case ok && failure.Kind == failover.TimedOut:
		return fmt.Sprintf("; it took longer than the timeout, %s", failure.Waited.Round(time.Second))
	case ok && failure.Kind == failover.LostContact && failure.Err != nil:
		return fmt.Sprintf("; it can't be read any longer: %v", failure.Err)
	}
	return ""
}

func moved(request evacuation.Request, groups int) string {
	if request.DryRun {
		return failover.Counted(groups, "group") + " could move"
	}
	return failover.Counted(groups, "group") + " moved"
}
