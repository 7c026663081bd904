package tfkit

import (
	"cmp"
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

// Report is a message about a protection group.
type Report struct {
	diagnostic.Message

	// Changed is set where what failed comes after changes that were made.
	Changed bool
}

// Say begins a report with what happened and, if anything, what to do next.
func Say(happened, next string) *Report {
	return &Report{Message: diagnostic.Message{Happened: happened, Next: next}}
}

// Group adds the facts about a group, which the report is about.
func (r *Report) Group(group sdrs.Group) {
	r.Object = cmp.Or(group.Name, group.ID)
	r.Fact("Protection group", strings.TrimSpace(group.Name+" "+group.ID))
	r.Fact("Status", string(group.Status))
	if group.PriorityStation != "" {
		r.Fact("Active site", Site(group, group.PriorityStation))
	}
}

// Progress adds the facts about how far an operation got.
func (r *Report) Progress(progress failover.Progress) {
	group := progress.Group
	if group.ID == "" {
		group.ID = progress.GroupID
	}
	r.Group(group)
	if progress.Station != "" {
		r.Fact("Wanted site", Site(group, progress.Station))
	}
	r.Fact("Job ID", progress.JobID)
	if !progress.Verified {
		r.Fact("Servers stopped for this, and left so", Names(unstated(progress.Stopped)))
		r.Fact("Servers that were stopped already", Names(unstated(progress.Down)))
	}
	var asked, others []ecs.Server
	for _, server := range progress.Awaited {
		if progress.AwaitedStatus == ecs.Stopped && containsServer(progress.Requested, server) {
			asked = append(asked, server)
		} else {
			others = append(others, server)
		}
	}
	r.Fact("Servers asked to stop for this, and not SHUTOFF yet", Names(asked))
	r.Fact("Servers not "+string(progress.AwaitedStatus)+" yet", Names(others))
}

func containsServer(servers []ecs.Server, wanted ecs.Server) bool {
	return slices.ContainsFunc(servers, func(server ecs.Server) bool { return server.ID == wanted.ID })
}

// Checks adds the checks with a verdict, and reports whether there are any.
func (r *Report) Checks(checks []failover.Check, verdict failover.Verdict) (found bool) {
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

// Names lists servers by name, id, and status.
func Names(servers []ecs.Server) string {
	texts := make([]string, 0, len(servers))
	for _, server := range servers {
		texts = append(texts, server.String())
	}
	return strings.Join(texts, ", ")
}

// Failure adds the facts that the API gave with an error.
func (r *Report) Failure(err error) {
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

// Site names a site by station and AZ.
func Site(group sdrs.Group, station sdrs.Station) string {
	if zone := group.AvailabilityZone(station); zone != "" {
		return fmt.Sprintf("%s (%s)", station, zone)
	}
	return string(station)
}

// Unreadable is the diagnostic for a group that can't be read while nothing has been asked of it.
func Unreadable(id string, err error) diag.Diagnostic {
	return UnreadableNoun(ProtectionGroup, "protection_group_id", id, err)
}

// UnreadableNoun is Unreadable for any noun; attribute is where the configuration has its id.
func UnreadableNoun(noun diagnostic.Subject, attribute, id string, err error) diag.Diagnostic {
	r := &Report{Message: diagnostic.Message{Object: id}}
	r.Fact(diagnostic.Capitalized(noun.Name), id)
	r.Failure(err)
	switch {
	case sdrs.IsNotFound(err), sdrs.IsInstanceNotFound(err), sdrs.IsPairNotFound(err):
		r.Happened = fmt.Sprintf("There is no such %s in this project.", noun.Name)
		r.Next = fmt.Sprintf("Check %s, and the region and project (tenant_name) of the provider.", attribute)
		return r.On(path.Root(attribute), diagnostic.NotFound.Of(noun))
	case sdrs.IsForbidden(err):
		r.Happened = fmt.Sprintf("The user may not read the %s. Nothing was changed.", noun.Name)
		r.Next = diagnostic.NotPermitted.Remedy
		return r.New(diagnostic.NotPermitted.Of(noun))
	default:
		r.Happened = fmt.Sprintf("The %s can't be read. Nothing was changed.", noun.Name)
		r.Next = reach(err, diagnostic.NotReadable.Remedy)
		return r.New(diagnostic.NotReadable.Of(noun))
	}
}

// warnGone warns, in a plan, of a group that the refresh before it found deleted.
func warnGone(id string, err error) diag.Diagnostic {
	r := &Report{Message: diagnostic.Message{
		Happened: "The protection group does not exist any longer. To apply this plan will fail, to destroy the resource " +
			"won't.",
		Next:   groupGone.Remedy,
		Object: id,
	}}
	r.Fact("Protection group", id)
	r.Failure(err)
	return r.On(path.Root("protection_group_id"), groupGone)
}

// WarnNotProtected warns of a group that needed nothing done, and is not protected all the same.
func WarnNotProtected(group sdrs.Group, advice failover.Advice) diag.Diagnostic {
	r := Say("Nothing had to be done, but the group is not protected. "+advice.Reason, advice.WayOut)
	r.Group(group)
	return r.New(GroupNotProtected)
}

// warnUnready warns, in a plan, of the checks that failed, and of those that were not possible.
func warnUnready(
	operation failover.Operation, group sdrs.Group, checks []failover.Check, requireAll bool, at path.Path,
) diag.Diagnostics {
	var diags diag.Diagnostics
	refused := Say(
		"As things are, applying this plan will be refused before anything moves.",
		"Resolve this before applying.",
	)
	refused.about(group, operation)
	refuses := refused.Checks(checks, failover.Fail)
	if requireAll {
		refuses = refused.Checks(checks, failover.Unknown) || refuses
	}
	if refuses {
		diags.Append(refused.On(at, notReadyYet.Of(subject(operation))))
	}
	if !requireAll {
		unchecked := Say(
			fmt.Sprintf("Not everything that the %s needs could be checked. This does not block it.", operation.Name),
			"Check the rest yourself before applying.",
		)
		unchecked.about(group, operation)
		if unchecked.Checks(checks, failover.Unknown) {
			diags.Append(unchecked.On(at, notFullyChecked))
		}
	}
	return diags
}

// about adds the facts about a group and where an operation is to bring it.
func (r *Report) about(group sdrs.Group, operation failover.Operation) {
	r.Group(group)
	if operation.Station != "" {
		r.Fact("Wanted site", Site(group, operation.Station))
	}
}

// warnStops names, in a plan, the servers that an operation stops before it begins.
func warnStops(
	operation failover.Operation, group sdrs.Group, checks []failover.Check, policy failover.ServerPolicy,
) diag.Diagnostics {
	var servers string
	for _, check := range checks {
		if check.Name != failover.CheckServersStopped {
			continue
		}
		if servers = Names(unstated(check.Stops)); servers == "" && check.Verdict == failover.Unknown {
			servers = "those that run, which is not known"
		}
	}
	if servers == "" {
		return nil
	}
	at := Site(group, group.PriorityStation)
	if group.Status == sdrs.StatusErrorReversing {
		at = "both sites"
	}
	last := "None is stopped hard, since force_stop_after is not set: one that does not stop ends the wait at its " +
		"timeout, without a " +
		operation.Name + "."
	if policy.ForceStopAfter != nil {
		last = fmt.Sprintf("What still runs after %s is stopped hard, as if the power was cut.", *policy.ForceStopAfter)
	}
	r := Say(
		fmt.Sprintf(
			"Before the %s, applying stops the servers of the group at %s by their operating systems, and waits until "+
				"all are SHUTOFF. %s",
			operation.Name,
			at,
			last,
		),
		"If something fails after that, they stay stopped. To stop them yourself, set stop_servers = false.",
	)
	r.about(group, operation)
	r.Fact("Servers", servers)
	return diag.Diagnostics{r.On(path.Root("stop_servers"), serversWillBeStopped)}
}

// warnStarts names, in a plan, the servers that an operation starts once it is done; unread is why they are not known.
func warnStarts(operation failover.Operation, group sdrs.Group, servers []ecs.Server, unread error) diag.Diagnostics {
	names := Names(unstated(servers))
	if unread != nil {
		names = "those that are not in service, which is not known"
	}
	if names == "" {
		return nil
	}
	r := Say(fmt.Sprintf("After the %s, applying starts the servers of the group at %s, and waits until all are ACTIVE.",
		operation.Name, Site(group, operation.Station)), "To leave them alone, set start_servers = false.")
	r.about(group, operation)
	r.Fact("Servers", names)
	if unread != nil {
		r.Failure(unread)
	}
	return diag.Diagnostics{r.On(path.Root("start_servers"), ServersWillBeStarted)}
}

// WarnUnchecked warns, after an apply, of what could not be checked before it acted; nothing where there is nothing of
// that.
func WarnUnchecked(operation failover.Operation, group sdrs.Group, unchecked []failover.Check) diag.Diagnostics {
	r := Say(
		fmt.Sprintf("Not everything that the %s needs could be checked before it. This did not block it.", operation.Name),
		"Check the rest yourself.",
	)
	r.about(group, operation)
	if !r.Checks(unchecked, failover.Unknown) {
		return nil
	}
	return diag.Diagnostics{r.New(notFullyChecked)}
}

// NotReady is the error for a group that a planned failover could not start from now, or of which that can't be told
// where all checks are required; nil where it could start.
func NotReady(found failover.Readiness, requireAll bool) diag.Diagnostic {
	operation, obstacles := failover.PlannedFailover(found.Station), found.Obstacles()
	unknown := len(failover.Unknowns(obstacles))
	r, kind := &Report{}, notReady
	switch {
	case len(obstacles) > unknown:
		r.Happened = fmt.Sprintf("The %s could not start now. Nothing was requested.", operation.Name)
		r.Next = "Resolve this, and check again."
	case unknown > 0 && requireAll:
		r.Happened = fmt.Sprintf("Not everything that the %s needs could be checked. Nothing was requested.", operation.Name)
		r.Next, kind = "Resolve this, or set require_all_checks = false, and check again.", checksIncomplete
	default:
		return nil
	}
	r.about(found.Group, operation)
	for _, check := range obstacles {
		r.Fact(check.Name, strings.TrimSpace(check.Detail+" "+check.Remedy))
	}
	return r.New(kind.Of(subject(operation)))
}

// warnNotThere warns, in a refresh, of something that the project does not have. With the credentials of another project
// that is all of a state.
func (r *Resource) warnNotThere(id string) diag.Diagnostic {
	report := Say(fmt.Sprintf("There is no such %s in the project: it was deleted, or this is another project. The state "+
		"does not keep it. Where the configuration has it, and does not import it, the plan creates it anew.",
		r.Subject.Name),
		"If it was not deleted, do not apply: check region and tenant_name of the provider, and plan again.")
	report.Object = id
	report.Fact("Region", r.Services.Region)
	report.Fact("Project ID", r.Services.Origin.ProjectID)
	return report.New(notThere.Of(r.Subject))
}

// warnNotRefreshed warns that a plan shows something as of an earlier refresh.
func (r *Resource) warnNotRefreshed(id string) diag.Diagnostic {
	return notRefreshed.Of(r.Subject).About(id).New(notRefreshed.Meaning)
}
