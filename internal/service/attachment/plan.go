package attachment

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// ModifyPlan says what apply would do, and what stands in its way.
func (r *attachment) ModifyPlan(
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
	if plan == nil {
		resp.Diagnostics.Append(detaches(state))
		return
	}
	ctx, cancel := context.WithTimeout(ctx, tfkit.DefaultReadTimeout)
	defer cancel()
	switch {
	case state == nil:
		r.planCreate(ctx, plan, &resp.Diagnostics)
		return
	case !plan.ProtectedInstanceID.Equal(state.ProtectedInstanceID) ||
		!plan.ReplicationPairID.Equal(state.ReplicationPairID):
		resp.Diagnostics.Append(replaces(state, tfkit.Another(
			"It is to be of another pair, or at another protected instance.", plan.ProtectedInstanceID, plan.ReplicationPairID)))
		return
	}
	plan.Status = state.Status
	if !state.Device.IsNull() { // It is where an import has found a pair that is being attached.
		if !plan.Device.IsUnknown() && !sameDevice(plan.Device.ValueString(), state.Device.ValueString()) {
			resp.Diagnostics.Append(deviceStays(plan, state))
		}
		plan.Device = state.Device
	}
	switch sdrs.Status(state.Status.ValueString()) {
	case sdrs.StatusErrorAttaching:
		plan.Status = types.StringUnknown()
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("status"))
		resp.Diagnostics.Append(replaces(state, "To attach it failed."))
	case sdrs.StatusAttaching:
		plan.Status = types.StringUnknown()
	default:
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// planCreate warns of what stands in the way of a creation, where the instance and the pair are there already.
func (r *attachment) planCreate(ctx context.Context, plan *resourceModel, diags *diag.Diagnostics) {
	if r.Services == nil || plan.ProtectedInstanceID.IsUnknown() || plan.ReplicationPairID.IsUnknown() ||
		plan.Device.IsUnknown() {
		return
	}
	plan.identify()
	id := plan.ID.ValueString()
	status, err := r.status(plan.ProtectedInstanceID.ValueString(), plan.ReplicationPairID.ValueString())(ctx, id)
	switch {
	case err == nil && status != "" && status != sdrs.StatusDeleting && status != sdrs.StatusError:
		plan.Status = types.StringNull()
		if r.Services.Declared(id) { // Terraform plans a creation where that is tainted, or has another address.
			diags.Append(replaces(plan, tfkit.CreatedAnew))
			return
		}
		report := plan.report()
		report.Happened = "The pair is attached to the protected instance. Apply won't attach it again."
		report.Next = "If an earlier apply did that and was killed, or SDRS made the pair with the instance, import it."
		diags.Append(report.New(attachedYet))
	default:
		checks, _ := r.checks(ctx, *plan, false)
		diags.Append(r.WarnUnfit(id, checks)...)
	}
}

// checks looks at what a creation needs (GET protected-instances/{id}, replications/{id}), and waits until both rest
// where that is asked for. The error is that of a wait that met its end.
func (r *attachment) checks(ctx context.Context, plan resourceModel, waits bool) (checks []failover.Check, _ error) {
	add := func(name string, verdict failover.Verdict, detail, remedy string) {
		checks = append(checks, failover.Check{Name: name, Verdict: verdict, Detail: detail, Remedy: remedy})
	}
	var instance sdrs.ProtectedInstance
	var pair sdrs.ReplicationPair
	readInstance := func(ctx context.Context) (_ sdrs.Status, err error) {
		instance, err = r.Services.SDRS.ProtectedInstance(ctx, plan.ProtectedInstanceID.ValueString())
		return instance.Status, err
	}
	readPair := func(ctx context.Context) (_ sdrs.Status, err error) {
		pair, err = r.Services.SDRS.ReplicationPair(ctx, plan.ReplicationPairID.ValueString())
		return pair.Status, err
	}
	for _, one := range []struct {
		check string
		noun  diagnostic.Subject
		read  func(context.Context) (sdrs.Status, error)
	}{
		{failover.CheckProtectedInstances, tfkit.ProtectedInstance, readInstance},
		{failover.CheckReplicationPairs, tfkit.ReplicationPair, readPair},
	} {
		if waits {
			one.read = r.Services.Resting(one.noun, one.read)
		}
		switch status, err := one.read(ctx); {
		case sdrs.IsInstanceNotFound(err) || sdrs.IsPairNotFound(err):
			add(one.check, failover.Fail, fmt.Sprintf("There is no such %s.", one.noun.Name), "Check its id.")
		case err != nil && ctx.Err() != nil:
			return nil, err
		case err != nil:
			add(one.check, failover.Unknown, fmt.Sprintf("The %s can't be read: %s", one.noun.Name, err), "")
		case status.Phase() == sdrs.Moving:
			add(one.check, failover.Unknown, fmt.Sprintf("The %s is %s.", one.noun.Name, status), "Apply waits until it rests.")
		case status == sdrs.StatusErrorAttaching:
			add(
				one.check,
				failover.Fail,
				"The replication pair is error-attaching.",
				"Import the attachment: the next apply detaches it then. If the cloud refuses that, replace the pair (terraform "+
					"apply -replace).",
			)
		case status != sdrs.StatusAvailable && status != sdrs.StatusProtected:
			add(one.check, failover.Fail, fmt.Sprintf("The %s is %s.", one.noun.Name, status), "It must be available or protected.")
		}
	}
	if instance.ID == "" || pair.ID == "" {
		return checks, nil
	}
	const group, elsewhere, device = "protection_group", "attachments", "device"
	if !cloud.SameID(instance.GroupID, pair.GroupID) {
		add(
			group,
			failover.Fail,
			"The pair and the protected instance are in different protection groups.",
			"Use a pair of the same group.",
		)
	}
	for _, a := range pair.Attachments {
		if shared := pair.RecordMetadata != nil && pair.RecordMetadata.MultiAttach; !shared {
			add(
				elsewhere,
				failover.Fail,
				"The pair is attached to the protected instance "+a.ProtectedInstance+".",
				"Detach it there first.",
			)
		}
	}
	for _, a := range instance.Attachments {
		if sameDevice(a.Device, plan.Device.ValueString()) {
			add(device, failover.Fail, fmt.Sprintf("The protected instance has the pair %s as %s.", a.ReplicationPair, a.Device),
				"Choose another device.")
		}
	}
	return checks, nil
}

// replaces warns of a plan that detaches a pair, and attaches it or another one.
func replaces(state *resourceModel, why string) diag.Diagnostic {
	report := state.report()
	report.Happened = "Apply detaches the replication pair from the protected instance, and attaches it anew. " + why
	report.Next = "Unless that is wanted, change the configuration back. Unmount the file system first: the disk is " +
		"taken from a server that may be running."
	return report.New(willBeReplaced)
}

// detaches warns of a plan that detaches a pair.
func detaches(state *resourceModel) diag.Diagnostic {
	report := state.report()
	report.Happened = "Apply takes the disk from the server at the active site, which may be running, and the replica from " +
		"the DR server. The replication pair stays."
	report.Next = "Unmount the file system first. A disk whose pair SDRS made with the protected instance needs no " +
		"resource: take the attachment and the pair out of the state instead, with removed blocks or terraform state rm."
	return report.New(willBeDetached)
}

// deviceStays warns that the device of a disk is another one than in the configuration, and stays so.
func deviceStays(plan, state *resourceModel) diag.Diagnostic {
	report := state.report()
	report.Happened = "The configuration has " + plan.Device.ValueString() + ", and the device of an attached disk " +
		"can't be changed. Nothing is done about it."
	report.Next = "Set device to what it is. To have another one all the same, use terraform apply -replace: that " +
		"detaches the disk."
	return report.On(path.Root("device"), deviceFixed)
}
