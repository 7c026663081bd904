// Package groupprotection is the protection of a protection group in Terraform, declared and by actions.
package groupprotection

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// groupProtection is sdrs_protection_group_protection: that a group is protected, declared apart from the group, so
// that it can depend on the replication pairs which it needs.
type groupProtection struct{ tfkit.GroupResource }

var (
	_ resource.ResourceWithConfigure   = (*groupProtection)(nil)
	_ resource.ResourceWithIdentity    = (*groupProtection)(nil)
	_ resource.ResourceWithImportState = (*groupProtection)(nil)
	_ resource.ResourceWithModifyPlan  = (*groupProtection)(nil)
)

// NewResource returns the resource before its configuration.
func NewResource() resource.Resource {
	return &groupProtection{tfkit.NewGroupResource(resourceName)}
}

const resourceName = "protection_group_protection"

// Create adopts a protected group, and protects another one.
func (r *groupProtection) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan protectionModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	_, ok, unsynchronized := r.enable(ctx, &plan, "create", plan.Timeouts.Create, &resp.Diagnostics)
	if !ok {
		return
	}
	resp.Diagnostics.Append(keep(ctx, resp.Private, kept{Unsynchronized: unsynchronized})...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(r.Identify(ctx, resp.Identity, plan.ID)...)
}

// Read observes the group: GET server-groups/{id}, once.
func (r *groupProtection) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state protectionModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	prior := state
	resp.Diagnostics.Append(r.Identify(ctx, resp.Identity, state.ProtectionGroupID)...)
	group, found := r.Refresh(ctx, state.ProtectionGroupID, state.Timeouts, resp)
	if !found {
		return
	}
	state.fromAPI(group)
	tfkit.Store(ctx, prior, state, resp)
}

// Update protects a group again whose protection has stopped.
func (r *groupProtection) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state protectionModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.Identify(ctx, resp.Identity, plan.ProtectionGroupID)...)
	if plan.planned() == nothing {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		return
	}
	group, ok, unsynchronized := r.enable(ctx, &plan, "update", plan.Timeouts.Update, &resp.Diagnostics)
	if !ok {
		if group.ID != "" {
			state.fromAPI(group)
			resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		}
		return
	}
	resp.Diagnostics.Append(keep(ctx, resp.Private, kept{Unsynchronized: unsynchronized})...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// Delete disables protection, and waits for that. A group that is gone needs nothing, and one that this apply has
// protected for another resource stays protected: with create_before_destroy the old object is destroyed last. So does
// one whose tainted resource is created anew.
func (r *groupProtection) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state protectionModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	bounded, cancel := tfkit.Within(ctx, state.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	known, diags := keptOf(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if known.replaces(state.ProtectionGroupID.ValueString()) {
		return
	}
	defer r.Services.Turn(bounded, state.ProtectionGroupID.ValueString())()
	if r.Services.Protects(state.ProtectionGroupID.ValueString()) {
		resp.Diagnostics.Append(warnStaysEnabled(state.toAPI()))
		return
	}
	_, err := r.Services.Run(
		bounded, r.Services.Workflow, state.ProtectionGroupID.ValueString(), failover.DisableProtection())
	// Only the look at the group tells that it is gone: an action can go astray.
	failure, ok := errors.AsType[*failover.Error](err)
	if ok && failure.Kind == failover.LostContact && sdrs.IsNotFound(failure.Err) {
		return
	}
	if ok && failure.Kind == failover.NotPossible {
		failure.Advice.WayOut += " To give the group up as it is, remove the resource from Terraform's state, with a " +
			"removed block or terraform state rm."
	}
	if err != nil {
		resp.Diagnostics.Append(tfkit.OperationFailed(err, tfkit.Applying("delete")))
	}
}

// enable protects the group within the timeout of that name, waits for its pairs, and completes the plan. Where it
// can't be protected it reports false, and the group as it is then, if that is known. It never reprotects: a group that
// has failed over since the plan is an error. A wait for pairs that ends too early is one, too, but the group is
// protected: it is unsynchronized.
func (r *groupProtection) enable(
	ctx context.Context, plan *protectionModel, name string, timeout tfkit.Timeout, diags *diag.Diagnostics,
) (group sdrs.Group, ok, unsynchronized bool) {
	ctx, cancel := tfkit.Within(ctx, timeout, diags)
	defer cancel()
	if diags.HasError() {
		return sdrs.Group{}, false, false
	}
	id, operation := plan.ProtectionGroupID.ValueString(), failover.EnableProtection()
	done := r.Services.Turn(ctx, id)
	workflow := r.Services.Workflow.WithAllChecks(plan.RequireAllChecks.ValueBool())
	result, err := r.Services.Run(ctx, workflow, id, operation)
	done() // What else changes the group need not wait for its pairs.
	if err != nil {
		diags.Append(tfkit.OperationFailed(err, tfkit.Applying(name)))
		return tfkit.Reached(err).Group, false, false
	}
	r.Services.Protect(id)
	diags.Append(tfkit.WarnUnchecked(operation, result.Group, result.Unchecked)...)
	plan.finish(result.Group)
	if plan.waits() {
		err = r.Services.Workflow.Synchronize(ctx, result.Group, nil)
	}
	if err != nil {
		// An error of a creation would have Terraform replace what Ctrl-C has left whole.
		diags.Append(tfkit.NotSynchronized(err, tfkit.Applying(name), name == "create"))
	}
	return result.Group, true, err != nil
}

// Schema returns the schema of sdrs_protection_group_protection.
func (r *groupProtection) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Declares that an SDRS protection group is protected: creating enables protection, and " +
			"destroying disables it. It is a resource of its own, so that it can depend on the replication pairs that " +
			"protection needs: it enables protection after they are there, and disables it before they go. If protection was " +
			"disabled elsewhere, the next apply enables it again. A group that has failed over is never protected again by " +
			"this resource, since that overwrites disks: it warns of one, refuses to be created for one, and leaves the rest " +
			"to the action `sdrs_reprotect`. **Destroying this resource ends replication**, and so does replacing it, with " +
			"`-replace` too, until protection is enabled again; a group that has failed over must be reprotected first. Do " +
			"without `create_before_destroy`: where an apply ends between creating the new object and destroying the old one, " +
			"the next apply disables protection, and the one after it enables it again.",
		Attributes: map[string]schema.Attribute{
			"protection_group_id": tfkit.ProtectionGroupID("The id of the protection group, a UUID. Changing it disables " +
				"protection of the one group, and enables that of the other."),
			"id":   tfkit.Observed("The id of the protection group, as in `protection_group_id`."),
			"name": tfkit.Observed("The name of the protection group."),
			"status": tfkit.Observed("The status of the protection group as of the last refresh, for example `protected` " +
				"or `failed-over`."),
			"active_site": tfkit.Observed("The active site as of the last refresh, `source` or `target`."),
			"protected": schema.BoolAttribute{
				MarkdownDescription: "Whether the group is replicated as of the last refresh: its status is `protected`, or it " +
					"is being switched from and to that.",
				Computed: true,
			},
			"wait_for_synchronization": schema.BoolAttribute{
				MarkdownDescription: tfkit.WaitForSynchronization + " A time-out is an error that names the pairs; protection " +
					"stays enabled, and the next apply resumes the wait. Default `true`.",
				Optional: true,
			},
			"require_all_checks": schema.BoolAttribute{
				MarkdownDescription: tfkit.RequireAllChecks,
				Optional:            true,
			},
		},
		Blocks: map[string]schema.Block{
			"timeouts": tfkit.Timeouts(ctx, timeouts.Opts{
				Create: true, Update: true, Read: true, Delete: true,
				CreateDescription: "How long creating waits for protection and synchronization" + tfkit.Resumes + "`60m`.",
				UpdateDescription: "How long updating waits for protection and synchronization" + tfkit.Resumes + "`60m`.",
				DeleteDescription: "How long destroying waits until protection is disabled" + tfkit.Resumes + "`60m`.",
				ReadDescription:   "How long a refresh tries to read the group. Default `5m`.",
			}),
		},
	}
}
