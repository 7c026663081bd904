package protectiongroup

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// report is a message about a protection group.
type report struct{ diagnostic.Message }

// say begins a report with what happened and, if anything, what to do next.
func say(happened, next string) *report {
	return &report{diagnostic.Message{Happened: happened, Next: next}}
}

// group adds the facts about a group.
func (r *report) group(group sdrs.Group) {
	r.Fact("Protection group", strings.TrimSpace(group.Name+" "+group.ID))
	r.Fact("Status", string(group.Status))
	if group.PriorityStation != "" {
		r.Fact("Active site", site(group, group.PriorityStation))
	}
}

// progress adds the facts about how far an operation got.
func (r *report) progress(progress failover.Progress) {
	group := progress.Group
	if group.ID == "" {
		group.ID = progress.GroupID
	}
	r.group(group)
	if progress.Station != "" {
		r.Fact("Wanted site", site(group, progress.Station))
	}
	r.Fact("Job ID", progress.JobID)
	if !progress.Verified {
		r.Fact("Servers stopped for this, and left so", names(unstated(progress.Stopped)))
		r.Fact("Servers that were stopped already", names(unstated(progress.Down)))
	}
	r.Fact("Servers not "+string(progress.AwaitedStatus)+" yet", names(progress.Awaited))
}

// checks adds the checks with a verdict, and reports whether there are any.
func (r *report) checks(checks []failover.Check, verdict failover.Verdict) (found bool) {
	for _, check := range checks {
		if check.Verdict == verdict {
			found = r.Fact(check.Name, strings.TrimSpace(check.Detail+" "+check.Remedy)) || found
		}
	}
	return found
}

// unstated are servers without their status, which is from before they were stopped.
func unstated(servers []ecs.Server) []ecs.Server {
	plain := slices.Clone(servers)
	for i := range plain {
		plain[i].Status = ""
	}
	return plain
}

func names(servers []ecs.Server) string {
	texts := make([]string, 0, len(servers))
	for _, server := range servers {
		texts = append(texts, server.String())
	}
	return strings.Join(texts, ", ")
}

// failure adds the facts that the API gave with an error.
func (r *report) failure(err error) {
	refusal, ok := errors.AsType[*cloud.APIError](err)
	if !ok {
		r.Fact("Error", err.Error())
		return
	}
	r.Fact("HTTP status", fmt.Sprint(refusal.Status))
	r.Fact("Error code", refusal.Code)
	r.Fact("Reason", refusal.Message)
	r.Fact("Request ID", refusal.RequestID)
}

// site names a site by station and AZ.
func site(group sdrs.Group, station sdrs.Station) string {
	if zone := group.AvailabilityZone(station); zone != "" {
		return fmt.Sprintf("%s (%s)", station, zone)
	}
	return string(station)
}

// unreadable is the diagnostic for a group that can't be read while nothing has been asked of it.
func unreadable(id string, err error) diag.Diagnostic {
	r := &report{}
	r.Fact("Protection group", id)
	r.failure(err)
	switch {
	case sdrs.IsNotFound(err):
		r.Happened = "There is no such protection group in this project."
		r.Next = "Check protection_group_id, and the region and project (tenant_name) of the provider."
		return diagnostic.GroupNotFound.On(path.Root("protection_group_id"), r.String())
	case sdrs.IsForbidden(err):
		r.Happened = "The user may not read the protection group. Nothing was changed."
		r.Next = "Give the user the permissions for SDRS in this project."
		return diagnostic.GroupNotPermitted.New(r.String())
	default:
		r.Happened = "The protection group can't be read. Nothing was changed."
		r.Next = "Check that the API can be reached, and region and endpoints of the provider. Then try again."
		return diagnostic.GroupNotReadable.New(r.String())
	}
}

// gone warns, in a plan, of a group that the refresh before it found deleted.
func gone(id string, err error) diag.Diagnostic {
	r := &report{diagnostic.Message{
		Happened: "The protection group does not exist any longer. To apply this plan will fail, to destroy the resource won't.",
		Next:     "Remove the resource from the configuration, or set protection_group_id to a group that exists.",
	}}
	r.Fact("Protection group", id)
	r.failure(err)
	return diagnostic.GroupGone.On(path.Root("protection_group_id"), r.String())
}

// notProtected warns of a group that needed nothing done, and is not protected all the same.
func notProtected(group sdrs.Group, advice failover.Advice) diag.Diagnostic {
	r := say("Nothing had to be done, but the group is not protected. "+advice.Reason, advice.WayOut)
	r.group(group)
	return diagnostic.GroupNotProtected.New(r.String())
}

// adoptionSwitches warns that creating or importing the resource moves production.
func adoptionSwitches(
	kind diagnostic.Kind, adopting string, group sdrs.Group, station sdrs.Station, decision failover.Decision,
) diag.Diagnostic {
	r := &report{}
	r.group(group)
	r.Fact("Wanted site", site(group, station))
	switch {
	case decision == failover.Wait:
		r.Happened = fmt.Sprintf("At the time of this plan the group is moving. %s waits until it rests, and switches it "+
			"to the wanted site if it is not active there by then.", adopting)
		r.Next = fmt.Sprintf("To adopt the group as it is once it rests, set priority_station to the site that is active then: %s or %s.",
			site(group, sdrs.Source), site(group, sdrs.Target))
	case group.Status == sdrs.StatusErrorReversing:
		r.Happened = fmt.Sprintf("A planned failover of the group failed half-way. %s reverses the group towards "+
			"%s at once, whichever site counts as active.", adopting, site(group, station))
		r.Next = "Make sure that this is the site to go to, and stop the servers of the group at both sites before applying."
	default:
		r.Happened = fmt.Sprintf("At the time of this plan the group runs at %s. %s switches it to %s at once.",
			site(group, group.PriorityStation), adopting, site(group, station))
		r.Next = fmt.Sprintf("Stop the servers of the group at %s before applying. To adopt the group without switching, set "+
			"priority_station = %q.", site(group, group.PriorityStation), group.PriorityStation)
	}
	return kind.On(path.Root("priority_station"), r.String())
}

// notReadyYet warns, in a plan, of the checks that failed, and of those that were not possible.
func notReadyYet(operation failover.Operation, group sdrs.Group, checks []failover.Check, at path.Path) diag.Diagnostics {
	var diags diag.Diagnostics
	warn := func(verdict failover.Verdict, kind diagnostic.Kind, happened, next string) {
		r := say(happened, next)
		r.group(group)
		if operation.Station != "" {
			r.Fact("Wanted site", site(group, operation.Station))
		}
		if r.checks(checks, verdict) {
			diags.Append(kind.On(at, r.String()))
		}
	}
	warn(failover.Fail, diagnostic.NotReadyYet.Of(operation.Name), "As things are, applying this plan will be refused before anything moves.",
		"Resolve this before applying.")
	warn(failover.Unknown, diagnostic.NotFullyChecked, fmt.Sprintf("Not everything that a %s needs could be checked. "+
		"This does not block it.", operation.Name), "Check the rest yourself before applying.")
	return diags
}

// mayOverwrite warns of a reprotection that depends on what becomes of the group until apply.
func mayOverwrite(group sdrs.Group) diag.Diagnostic {
	r := &report{diagnostic.Message{
		Happened: "If the group has failed over by the time this is applied, it is reprotected, which overwrites the disks of the " +
			"site that is not active then.",
		Next: "Ask for a reprotection only once the group has failed over: the plan names that site then.",
	}}
	if group.ID != "" {
		r.group(group)
	}
	return diagnostic.ReprotectionMayOverwrite.New(r.String())
}

// overwrites warns of what a reprotection destroys.
func overwrites(group sdrs.Group) diag.Diagnostic {
	lost, kept := group.PriorityStation.Other(), group.PriorityStation
	r := &report{diagnostic.Message{
		Happened: fmt.Sprintf("A reprotection overwrites the disks at %s with those at %s.", site(group, lost), site(group, kept)),
		Next:     fmt.Sprintf("Save what you still need from the servers at %s before applying.", site(group, lost)),
	}}
	r.group(group)
	return diagnostic.ReprotectionOverwrites.New(r.String())
}

// startsServers warns that apply starts servers of a group that it does not switch.
func startsServers(group sdrs.Group, servers []ecs.Server) diag.Diagnostic {
	r := &report{diagnostic.Message{
		Happened: fmt.Sprintf("The group is active at %s, with servers that are not in service. Applying with "+
			"start_servers = true starts them.", site(group, group.PriorityStation)),
		Next: "To leave them alone, set start_servers = false.",
	}}
	r.group(group)
	r.Fact("Servers", names(servers))
	return diagnostic.StartsServers.On(path.Root("start_servers"), r.String())
}

// switchedElsewhere warns that the configuration asks for another site than the one that is active, by somebody else's
// doing or by that of an earlier apply which did not see it through.
func switchedElsewhere(group sdrs.Group, station sdrs.Station, earlier bool) diag.Diagnostic {
	kind, by := diagnostic.SiteChangedElsewhere, "The site was changed outside of this configuration."
	if earlier {
		kind, by = diagnostic.EarlierSwitchCompleted, "A switch that an earlier apply requested has completed since."
	}
	r := &report{diagnostic.Message{
		Happened: fmt.Sprintf("The group runs at %s, while this configuration asks for %s. %s Applying does not switch it back, unless "+
			"the plan replaces this resource.", site(group, group.PriorityStation), site(group, station), by),
		Next: fmt.Sprintf("To accept the site, set priority_station = %q. To switch back to %s, set correct_drift = true.",
			group.PriorityStation, site(group, station)),
	}}
	if decision, advice := failover.PlannedFailover(station).Decide(group); decision == failover.Refuse {
		r.Next = fmt.Sprintf("To accept the site, set priority_station = %q. A switch back is not possible as things are: %s %s",
			group.PriorityStation, advice.Reason, advice.WayOut)
	}
	if group.Status.Phase() == sdrs.Moving {
		r.Next = "An operation is running. Plan again when the group rests."
	}
	r.group(group)
	return kind.On(path.Root("priority_station"), r.String())
}

// unfinishedReversal warns that a switch failed half-way, while its site is the wanted one.
func unfinishedReversal(group sdrs.Group) diag.Diagnostic {
	r := &report{diagnostic.Message{
		Happened: "A planned failover of the group failed half-way. Applying does not finish it, since the wanted site is active.",
		Next:     "To reverse the group towards the wanted site again, which is the documented way on, apply with -replace.",
	}}
	r.group(group)
	return diagnostic.ReversalUnfinished.New(r.String())
}

// keepsRunning warns that destroying the resource does not touch the group.
func keepsRunning(group sdrs.Group) diag.Diagnostic {
	r := say(fmt.Sprintf("Destroying this resource changes nothing in the cloud: the group goes on running at %s.",
		site(group, group.PriorityStation)), "")
	r.group(group)
	return diagnostic.GroupKeepsRunning.New(r.String())
}

// stays warns of a group that is not protected and that apply will leave so.
func stays(group sdrs.Group) diag.Diagnostic {
	_, advice := failover.EnableProtection().Decide(group)
	r := &report{diagnostic.Message{
		Happened: "The group is not protected, and applying does not change that. " + advice.Reason,
		Next:     advice.WayOut,
	}}
	if decision, _ := failover.Reprotect().Decide(group); decision == failover.Act {
		r.Next = fmt.Sprintf("To replicate it again, set reprotect = true. That overwrites the disks at %s with those at %s.",
			group.PriorityStation.Other(), group.PriorityStation)
	}
	r.group(group)
	return diagnostic.GroupNotProtected.New(r.String())
}

// notRefreshed warns that a plan shows a group as of an earlier refresh.
func notRefreshed() diag.Diagnostic {
	return diagnostic.GroupNotRefreshed.New(
		"The configuration of the provider is not known before apply, so the protection group could not be read. " +
			"The plan shows it as of the last refresh.")
}

// disables warns that destroying the resource ends replication.
func disables(group sdrs.Group) diag.Diagnostic {
	r := &report{diagnostic.Message{
		Happened: "Destroying this resource disables protection: nothing is replicated any longer, and there is no site to switch to.",
		Next:     "To keep the group protected, remove the resource from Terraform's state instead, with a removed block or terraform state rm.",
	}}
	r.group(group)
	return diagnostic.ProtectionWillBeDisabled.New(r.String())
}

// staysEnabled warns that destroying the resource did not end replication.
func staysEnabled(group sdrs.Group) diag.Diagnostic {
	r := &report{diagnostic.Message{
		Happened: "Protection was not disabled: this apply has created or updated another resource that protects the same group.",
		Next:     "Have one resource for the protection of a group, without create_before_destroy.",
	}}
	r.group(group)
	return diagnostic.ProtectionStaysEnabled.New(r.String())
}

// losesData warns of what a failover costs.
func losesData(group sdrs.Group) diag.Diagnostic {
	r := &report{diagnostic.Message{
		Happened: fmt.Sprintf("A failover stops the servers at %s by force and ends replication. Data that was not replicated is lost.",
			site(group, group.PriorityStation)),
		Next: "While that site is up, use a planned failover.",
	}}
	r.group(group)
	return diagnostic.FailoverEndsReplication.New(r.String())
}

// endsReplication warns of what disabling protection costs.
func endsReplication(group sdrs.Group) diag.Diagnostic {
	r := say("Disabling protection ends replication: there is no site to switch to until it is enabled again.", "")
	r.group(group)
	return diagnostic.ProtectionWillBeDisabled.New(r.String())
}
