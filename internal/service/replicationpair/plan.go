package replicationpair

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/evs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// ModifyPlan says what apply would do, and what stands in its way.
func (r *replicationPair) ModifyPlan(
	ctx context.Context,
	req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse,
) {
	var plan, state *resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || r.NeverRead(ctx, req, &resp.Diagnostics) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, tfkit.DefaultReadTimeout)
	defer cancel()
	switch {
	case plan == nil:
		if r.Services != nil {
			state.ActiveSite = r.Services.Seen(state.ID.ValueString(), state.ActiveSite)
		}
		resp.Diagnostics.Append(warnLeftovers(state))
	case state == nil:
		r.planCreate(ctx, plan, &resp.Diagnostics)
	case !plan.ProtectionGroupID.Equal(state.ProtectionGroupID) ||
		!state.VolumeID.IsNull() && !plan.VolumeID.Equal(state.VolumeID):
		// Terraform plans the creation in a further call, of which it shows no warnings.
		why := tfkit.Another("It is to be in another group, or of another disk.", plan.ProtectionGroupID, plan.VolumeID)
		resp.Diagnostics.Append(replaces(state.pair(), state.DeleteTargetVolume.ValueBool(), why), warnLeftovers(state))
		r.planCreate(ctx, plan, &resp.Diagnostics)
	default:
		var size types.Int64
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("size"), &size)...)
		r.planUpdate(plan, state, size.IsUnknown(), resp)
		if !resp.Diagnostics.HasError() {
			resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		}
	}
}

// planCreate warns of what stands in the way of a creation (GET replications, and those of checks).
func (r *replicationPair) planCreate(ctx context.Context, plan *resourceModel, diags *diag.Diagnostics) {
	if r.Services == nil || plan.VolumeID.IsUnknown() {
		return
	}
	name := plan.Name.ValueString()
	equal, err := withDisk(ctx, r.Services.SDRS, plan.VolumeID.ValueString())
	for _, pair := range equal {
		switch {
		case err != nil:
		case r.Services.Declared(pair.ID): // Terraform plans a creation where that is tainted, or has another address.
			diags.Append(replaces(pair, false, tfkit.CreatedAnew))
		default:
			report := tfkit.Say(
				"There is a pair of this disk. Apply won't create a second one.",
				"If an earlier apply made it and was killed, or it was made with a protected instance, import it. Otherwise "+
					"choose another disk.",
			)
			report.Fact("Replication pair", pair.ID)
			report.Fact("Disk", plan.VolumeID.ValueString())
			diags.Append(pairOfDisk.About(name).New(report.String()))
		}
	}
	if len(equal) == 0 {
		diags.Append(
			r.WarnUnfit(name, r.checks(ctx, plan.ProtectionGroupID.ValueString(), plan.VolumeID.ValueString()))...)
	}
}

// checks looks at what a creation needs and can be read (GET server-groups/{id}, sdrs/quotas, cloudvolumes/{id} of EVS).
// An id that is not known yet is empty.
func (r *replicationPair) checks(ctx context.Context, groupID, volumeID string) (checks []failover.Check) {
	var group sdrs.Group
	if groupID != "" {
		var err error
		group, err = r.Services.SDRS.Group(ctx, groupID)
		checks = append(checks, tfkit.GroupFitness(group, err)...)
	}
	disk, err := r.Services.EVS.Disk(ctx, volumeID)
	checks = append(checks, diskFitness(disk, group, err)...)
	return append(checks, r.Services.PairsLeft(ctx, 1))
}

// diskFitness tells whether a disk can be replicated by itself, in a group where that is known.
func diskFitness(disk evs.Disk, group sdrs.Group, err error) (checks []failover.Check) {
	const name = "disk"
	switch {
	case evs.IsNotFound(err):
		return []failover.Check{tfkit.Failed(name, "There is no such disk.", "Check volume_id.")}
	case err != nil:
		return []failover.Check{tfkit.Unread(name, "disk (EVS)", err)}
	}
	if disk.Encrypted() {
		checks = append(checks, tfkit.Failed(name, "The disk is encrypted.", "Move its data to a disk that is not."))
	}
	if disk.Status != evs.Available {
		checks = append(checks, tfkit.Failed(name, fmt.Sprintf("The disk is %s: it must be available.", disk.Status),
			"Detach it from its server, or protect that: the pair is made with the protected instance then."))
	}
	zone := group.AvailabilityZone(group.PriorityStation)
	if zone != "" && disk.AvailabilityZone != "" && disk.AvailabilityZone != zone {
		checks = append(checks, tfkit.Elsewhere("disk", disk.AvailabilityZone, group))
	}
	return checks
}

// planUpdate refuses what can't be changed, and keeps what a change of the name or the size does not touch. A size that
// comes later is unknown: Terraform plans once more then.
func (r *replicationPair) planUpdate(
	plan, state *resourceModel, sizeComes bool, resp *resource.ModifyPlanResponse,
) {
	if r.DescriptionStays(plan.Description, state.Description, reportOf(state.pair()), &resp.Diagnostics) {
		return
	}
	if plan.Size.IsUnknown() && !sizeComes {
		plan.Size = state.Size
	}
	if !plan.Size.IsUnknown() && plan.Size.ValueInt64() < state.Size.ValueInt64() {
		report := reportOf(state.pair())
		report.Happened = "The disks of a replication pair never shrink, and the configuration has a smaller size than " +
			"they are."
		report.Next = "Set size to at least what they are, or leave it out."
		report.Fact("Size", fmt.Sprintf("%d GB", state.Size.ValueInt64()))
		resp.Diagnostics.Append(report.On(path.Root("size"), neverShrinks))
		return
	}
	for i, value := range plan.observations() {
		*value = *state.observations()[i]
	}
	plan.Progress, plan.Attachments = state.Progress, state.Attachments
	flag := plan.DeleteTargetVolume
	switch status := sdrs.Status(state.Status.ValueString()); {
	case status == sdrs.StatusError && (flag.IsUnknown() || flag.Equal(state.DeleteTargetVolume)):
		// Otherwise after that was applied: it counts from then on.
		plan.Status = types.StringUnknown()
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("status"))
		resp.Diagnostics.Append(
			replaces(state.pair(), state.DeleteTargetVolume.ValueBool(), "Its creation failed."), warnLeftovers(state))
	case status == sdrs.StatusCreating:
		plan.planUnfinished()
	case !plan.Name.Equal(state.Name) || !plan.Size.Equal(state.Size):
		plan.UpdatedAt = types.StringUnknown()
	}
}

// planUnfinished marks in a plan that the end of the creation is waited for.
func (m *resourceModel) planUnfinished() {
	id := m.ID
	for _, value := range m.observations() {
		*value = types.StringUnknown()
	}
	if m.Size.IsNull() {
		m.Size = types.Int64Unknown()
	}
	m.ID, m.Progress, m.Attachments = id, types.Int64Unknown(), types.ListUnknown(attachmentType)
}

// changePlanned reports whether a plan changes anything in the cloud, or waits for it.
func (m *resourceModel) changePlanned() bool { return m.UpdatedAt.IsUnknown() }

// warnLeftovers says, in a plan of a deletion, what stays behind, or that apply will not ask for it.
func warnLeftovers(state *resourceModel) diag.Diagnostic {
	pair := state.pair()
	if state.DeleteTargetVolume.ValueBool() && pair.PriorityStation == sdrs.Target {
		return warnDiskInProduction(pair)
	}
	if state.DeleteTargetVolume.ValueBool() {
		return nil
	}
	return warnDiskStays(pair)
}

// warnDiskStays says that the replica of a pair that is deleted stays.
func warnDiskStays(pair sdrs.ReplicationPair) diag.Diagnostic {
	report := reportOf(pair)
	report.Happened = "The pair is deleted, and both disks stay. The replica is a disk like any other then, that nobody " +
		"manages and that costs as before."
	report.Next = "Delete or import it yourself. To have it deleted with the pair, set delete_target_volume = true, and " +
		"apply that first."
	if pair.PriorityStation == sdrs.Target {
		report.Happened = "The pair is deleted, and both disks stay. The disk at the site target is in production. It goes on " +
			"as an ordinary disk, which nobody manages unless its id is in a configuration; and so does the other one."
		report.Next = "Do not delete the disk that the server in production uses. Import it where it is wanted, or bring " +
			"production back by a planned failover first."
	}
	return report.New(diskStays)
}

// replaces warns of a plan that deletes a pair, with its DR disk or not, and creates another one.
func replaces(pair sdrs.ReplicationPair, withDisk bool, why string) diag.Diagnostic {
	report := reportOf(pair)
	if withDisk && pair.PriorityStation != sdrs.Target { // There it is refused.
		report.Fact("Deleted with it", "the DR disk: delete_target_volume counts as it was applied last")
	}
	report.Happened = "Apply deletes the replication pair, and creates another one. " + why
	report.Next = "Unless that is wanted, change the configuration back. The disk is without a replica until the new " +
		"pair is synchronized."
	return report.New(willBeReplaced)
}

// warnNotGrown warns of a pair that was created, and has another size than the configuration.
func warnNotGrown(report *tfkit.Report, has, wanted int64) diag.Diagnostic {
	report.Happened = fmt.Sprintf(
		"The pair was created. Its disks have %d GB, and the configuration has size = %d.",
		has,
		wanted,
	)
	report.Next = "Plan again, and apply: that grows them. Where they are larger than the configuration, set size to " +
		"what they have."
	return report.New(notGrown)
}

// waysOut are those from a deletion that would take the disk in production.
const waysOut = "Switch back first, by a planned failover to source, or set delete_target_volume = false and apply " +
	"that: then both disks stay."

// warnDiskInProduction warns, in a plan, of a deletion that apply will not ask for.
func warnDiskInProduction(pair sdrs.ReplicationPair) diag.Diagnostic {
	report := reportOf(pair)
	report.Happened = "The group was switched: the disk at the site target is in production, and delete_target_volume = " +
		"true would delete it. " + tfkit.FailsMidway
	report.Next = waysOut
	return report.New(wouldDeleteProduction)
}

// diskInProduction is the error for a deletion that was not asked for, since it would take the disk in production.
func diskInProduction(pair sdrs.ReplicationPair) diag.Diagnostic {
	report := reportOf(pair)
	report.Happened = "The disk at the site target is in production, or may be, and delete_target_volume = true would " +
		"delete it. Nothing was deleted."
	report.Next = waysOut
	return report.New(deletesProduction)
}
