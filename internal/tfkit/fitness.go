package tfkit

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
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
			"Nothing was requested.",
		"Do what each line says, plan again, and apply.",
	)
	partlyUnchecked = diagnostic.Warning(
		"… Partly Unchecked",
		"Something that a creation needs could not be read, often servers for lack of ECS permissions, or is not "+
			"documented. This does not block it: the cloud decides.",
		"Check the rest yourself, or give the user read permissions for SDRS and ECS.",
	)
)

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
	report.Happened = fmt.Sprintf("The %s would be refused. Nothing was requested.", r.Subject.Creation().Name)
	report.Checks(lacks.Checks, failover.Fail)
	report.Next = "Resolve this. Then plan again, and apply."
	return report.New(unfit.Of(r.Subject.Creation()))
}
