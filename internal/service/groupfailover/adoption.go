package groupfailover

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

var (
	// creatingWouldSwitch is a creation, or a replacement, that would move production without being told to.
	creatingWouldSwitch = diagnostic.Error(
		"Creating This Resource Would Switch Sites",
		"The group of a new, tainted, or replaced resource runs at another site than the configuration asks for. Creating "+
			"adopts a group where it runs. Nothing was changed.",
		"Set `priority_station` to the active site. A resource that was there before is in an older state, or is imported, "+
			"or no longer tainted after `terraform untaint`. If the new resource is to switch the group at once, set "+
			"`switch_on_create = true`. A planned failover that failed half-way is finished by the action "+
			"`sdrs_planned_failover`.",
	)
	// importingWouldSwitch is an import that would move production without being told to.
	importingWouldSwitch = diagnostic.Error(
		"Importing This Resource Would Switch Sites",
		"The configuration of an `import` block names a site that is not active. Importing adopts a group where it runs. "+
			"Nothing was changed.",
		"Set `priority_station` to the active site, and change it after the import: that switches. If the import is to "+
			"switch the group at once, set `switch_on_create = true`.",
	)
	// creatingSwitches is a creation that moves production.
	creatingSwitches = diagnostic.Warning(
		"Creating This Resource Switches Sites",
		"With `switch_on_create = true`, the new resource names a site that is not active, or the group is moving or half "+
			"switched: apply switches it.",
		"If that is wanted, stop the servers first, as the message says. To adopt the group as it is, set "+
			"`priority_station` to the active site.",
	)
	// importingSwitches is an import that moves production.
	importingSwitches = diagnostic.Warning(
		"Importing This Resource Switches Sites",
		"With `switch_on_create = true`, the configuration of an `import` block names a site that is not active: the apply "+
			"that imports the group switches it.",
		"If that is wanted, go on. To adopt the group as it is, set `priority_station` to the active site.",
	)
	// adoptionInFlight is a creation or an import of a group that is on its way.
	adoptionInFlight = diagnostic.Warning(
		"Switch in Flight",
		"The group of a new or imported resource is moving. Apply waits until it rests, and adopts it if the wanted site "+
			"is active then. Otherwise apply fails, and does not switch it.",
		"Nothing has to be done. If it should stay where it is, set `priority_station` to that site once it rests.",
	)
)

// adoption is how a group comes under this resource: with words for that, and its diagnostics.
type adoption struct {
	// gerund begins a sentence, and later ends one, on how to switch after it.
	gerund, later         string
	wouldSwitch, switches diagnostic.Kind
}

var (
	creating = adoption{
		"Creating this resource", "or import it first: the plan after that shows the switch as a change",
		creatingWouldSwitch, creatingSwitches,
	}
	importing = adoption{
		"Importing it", "and change it after the import: the plan for that shows the switch",
		importingWouldSwitch, importingSwitches,
	}
)

// refused is the error for a group that runs at another site than the wanted one, and that nobody asked to switch.
func (a adoption) refused(group sdrs.Group, plan *failoverModel) diag.Diagnostic {
	station := plan.station()
	r := &tfkit.Report{Message: diagnostic.Message{
		Happened: fmt.Sprintf("The group runs at %s, while this configuration asks for %s. %s adopts the group where it "+
			"runs, and does not switch it unless told to. Nothing was changed.",
			tfkit.Site(group, group.PriorityStation), tfkit.Site(group, station), a.gerund),
		Next: fmt.Sprintf("To adopt the group, set %s, %s. ", plan.names(group, group.PriorityStation), a.later),
	}}
	switch decision, advice := failover.PlannedFailover(station).Decide(group); {
	case decision == failover.Refuse:
		r.Next += fmt.Sprintf(
			"A switch to %s is not possible as things are: %s %s",
			tfkit.Site(group, station),
			advice.Reason,
			advice.WayOut,
		)
	case group.Status == sdrs.StatusErrorReversing:
		r.Next += "To finish the planned failover that failed half-way, invoke the action sdrs_planned_failover for the " +
			"site to go to."
	default:
		r.Next += fmt.Sprintf("To switch it to %s at once, set switch_on_create = true.", tfkit.Site(group, station))
	}
	r.Group(group)
	r.Fact("Wanted site", tfkit.Site(group, station))
	return r.On(path.Root(plan.siteArgument()), a.wouldSwitch)
}

// failed is the diagnostic for an adoption that ended with err: the one of the plan where the group has moved since.
func (a adoption) failed(err error, plan failoverModel, timeout string) diag.Diagnostic {
	group := tfkit.Reached(err).Group
	decision, _ := failover.PlannedFailover(plan.station()).DecideAdoption(group)
	failure, ok := errors.AsType[*failover.Error](err)
	if ok && failure.Kind == failover.NotAsPlanned && decision == failover.Refuse && !plan.SwitchOnCreate.ValueBool() {
		return a.refused(group, &plan)
	}
	return tfkit.OperationFailed(err, tfkit.Applying(timeout))
}

// warnAdoptionWaits warns that creating or importing the resource waits for a switch that somebody else began.
func warnAdoptionWaits(by adoption, group sdrs.Group, plan *failoverModel) diag.Diagnostic {
	station := plan.station()
	r := &tfkit.Report{Message: diagnostic.Message{
		Happened: fmt.Sprintf(
			"At the time of this plan the group is moving. %s waits until it rests, and adopts it if it is "+
				"active at %s then. Otherwise apply fails: it does not switch the group.",
			by.gerund,
			tfkit.Site(group, station),
		),
	}}
	r.Group(group)
	r.Fact("Wanted site", tfkit.Site(group, station))
	return r.On(path.Root(plan.siteArgument()), adoptionInFlight)
}

// warnAdoptionSwitches warns that creating or importing the resource, with switch_on_create, moves production.
func warnAdoptionSwitches(
	by adoption,
	group sdrs.Group,
	plan *failoverModel,
	decision failover.Decision,
) diag.Diagnostic {
	station := plan.station()
	r := &tfkit.Report{}
	r.Group(group)
	r.Fact("Wanted site", tfkit.Site(group, station))
	switch {
	case decision == failover.Wait:
		r.Happened = fmt.Sprintf("At the time of this plan the group is moving. %s waits until it rests, and switches it "+
			"to the wanted site if it is not active there by then.", by.gerund)
		r.Next = fmt.Sprintf("To adopt the group as it is once it rests, set %s to the site that is active then: %s or %s.",
			plan.siteArgument(), tfkit.Site(group, sdrs.Source), tfkit.Site(group, sdrs.Target))
	case group.Status == sdrs.StatusErrorReversing:
		r.Happened = fmt.Sprintf("A planned failover of the group failed half-way. %s reverses the group towards "+
			"%s at once, whichever site counts as active.", by.gerund, tfkit.Site(group, station))
		r.Next = "Make sure that this is the site to go to, and stop the servers of the group at both sites before applying."
	default:
		r.Happened = fmt.Sprintf("At the time of this plan the group runs at %s. %s switches it to %s at once.",
			tfkit.Site(group, group.PriorityStation), by.gerund, tfkit.Site(group, station))
		r.Next = fmt.Sprintf(
			"Stop the servers of the group at %s before applying. To adopt the group without switching, set %s.",
			tfkit.Site(group, group.PriorityStation),
			plan.names(group, group.PriorityStation),
		)
	}
	return r.On(path.Root(plan.siteArgument()), by.switches)
}
