package tfkit

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Unfit is the error of a creation that the cloud would refuse. Nothing was asked for.
type Unfit struct{ Checks []failover.Check }

// Error lists what failed.
func (e *Unfit) Error() string {
	var failed []string
	for _, check := range e.Checks {
		if check.Verdict == failover.Fail {
			failed = append(failed, check.Name+": "+check.Detail)
		}
	}
	return strings.Join(failed, "; ")
}

var (
	wouldFail = diagnostic.Warning(
		"… Would Be Refused",
		"What the plan creates needs something that is not so, as far as that can be read now. Apply looks again, and "+
			"requests nothing while it is not so.",
		"Do what each line says. What the same apply sets right first is not in the way.",
	)
	unfit = diagnostic.Error(
		"… Would Be Refused",
		"What was to be created needs something that is not so: the cloud would refuse it, or leave something half-made. "+
			"Nothing was created.",
		"Do what each line says, plan again, and apply.",
	)
	partlyUnchecked = diagnostic.Warning(
		"… Partly Unchecked",
		"Something that a creation needs could not be read, often servers and disks for lack of ECS and EVS "+
			"permissions, or is not documented. This does not block it: the cloud decides.",
		"Check the rest yourself, or give the user read permissions for SDRS, ECS, and EVS.",
	)
)

// Failed is the check of something that a creation needs, and that is not so.
func Failed(name, detail, remedy string) failover.Check {
	return failover.Check{Name: name, Verdict: failover.Fail, Detail: detail, Remedy: remedy}
}

// Elsewhere is the check of a server or a disk in another availability zone than production of its group.
func Elsewhere(what, zone string, group sdrs.Group) failover.Check {
	remedy := fmt.Sprintf("Choose a %s in that availability zone, or another group.", what)
	if group.PriorityStation == sdrs.Target && zone == group.AvailabilityZone(sdrs.Source) {
		remedy = fmt.Sprintf("The group was switched: switch it back to %s first, in an apply of its own.",
			Site(group, sdrs.Source))
	}
	return Failed("availability_zone", fmt.Sprintf("The %s is in %s, and production of the group in %s.",
		what, zone, group.AvailabilityZone(group.PriorityStation)), remedy)
}

// Unread is the check of something that can't be read.
func Unread(name, what string, err error) failover.Check {
	return failover.Check{
		Name: name, Verdict: failover.Unknown, Detail: fmt.Sprintf("The %s can't be read: %s.", what, err),
	}
}

// GroupFitness tells whether a group that was read, or that can't be, takes new members.
func GroupFitness(group sdrs.Group, err error) (checks []failover.Check) {
	const name = failover.CheckGroupStatus
	switch {
	case sdrs.IsNotFound(err):
		return []failover.Check{Failed(name, "There is no such protection group.", "Check protection_group_id.")}
	case err != nil:
		return []failover.Check{failover.UnreadGroup(err)}
	case group.Status.Phase() == sdrs.Moving:
		checks = append(checks, failover.Check{
			Name: name, Verdict: failover.Unknown,
			Detail: fmt.Sprintf("The group is %s.", group.Status), Remedy: "Apply waits until it rests.",
		})
	case group.Status != sdrs.StatusAvailable && group.Status != sdrs.StatusProtected:
		checks = append(checks, Failed(name, fmt.Sprintf("The group is %s.", group.Status),
			"It must be available or protected: finish or repeat what it was doing first."))
	}
	if group.PriorityStation == sdrs.Target {
		checks = append(checks, failover.Check{
			Name: "active_site", Verdict: failover.Unknown,
			Detail: "The group was switched. The API reference does not say whether it takes new members at the site target.",
			Remedy: "If the cloud refuses it, switch back first.",
		})
	}
	return checks
}

// PairsLeft tells whether there may be so many replication pairs more (GET sdrs/quotas).
func (s *Services) PairsLeft(ctx context.Context, pairs int) failover.Check {
	return s.quotaLeft(ctx, "replications", "replication pairs", pairs)
}

// GroupsLeft tells whether there may be one more protection group (GET sdrs/quotas).
func (s *Services) GroupsLeft(ctx context.Context) failover.Check {
	return s.quotaLeft(ctx, "server_groups", "protection groups", 1)
}

func (s *Services) quotaLeft(ctx context.Context, quotaType, things string, needed int) failover.Check {
	const name = "quota"
	quotas, err := s.SDRS.Quotas(ctx)
	if err != nil {
		return Unread(name, "quota of "+things, err)
	}
	for _, quota := range quotas {
		if quota.Type == quotaType && quota.Quota >= 0 && quota.Used+int64(needed) > quota.Quota {
			return Failed(
				name,
				fmt.Sprintf("%d of %d %s are used, and this needs %d more.", quota.Used, quota.Quota, things, needed),
				"Delete one, or ask for a larger quota.",
			)
		}
	}
	return failover.Check{Name: name, Verdict: failover.Pass}
}

// WarnUnfit warns, in a plan, of what a creation needs and lacks, and of what could not be checked.
func (r *Resource) WarnUnfit(object string, checks []failover.Check) (diags diag.Diagnostics) {
	lacks := Say(
		fmt.Sprintf("As things are, apply will not request the %s.", r.Subject.Creation().Name),
		"Resolve this before applying.",
	)
	lacks.Object = object
	if lacks.Checks(checks, failover.Fail) {
		diags.Append(lacks.New(wouldFail.Of(r.Subject.Creation())))
	}
	diags.Append(r.WarnUnchecked(object, checks)...)
	return diags
}

// WarnUnchecked warns of what could not be checked; nothing where there is nothing of that.
func (r *Resource) WarnUnchecked(object string, checks []failover.Check) (diags diag.Diagnostics) {
	unknown := Say(
		fmt.Sprintf("Not everything that the %s needs could be checked. This does not block it.", r.Subject.Creation().Name),
		"Check the rest yourself.",
	)
	unknown.Object = object
	if unknown.Checks(checks, failover.Unknown) {
		diags.Append(unknown.New(partlyUnchecked.Of(r.Subject.Creation())))
	}
	return diags
}

// unfitCreation is the diagnostic for a creation that lacks what it needs.
func (r *Resource) unfitCreation(lacks *Unfit, report *Report) diag.Diagnostic {
	report.Happened = fmt.Sprintf("The %s would be refused. Nothing was created.", r.Subject.Creation().Name)
	report.Checks(lacks.Checks, failover.Fail)
	report.Next = "Resolve this. Then plan again, and apply."
	return report.New(unfit.Of(r.Subject.Creation()))
}
