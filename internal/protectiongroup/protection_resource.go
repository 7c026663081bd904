package protectiongroup

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// ProtectionResource is sdrs_protection_group_protection: that a group is protected, declared apart from the group, so
// that it can depend on the replication pairs which it needs.
type ProtectionResource struct{ groupResource }

var (
	_ resource.ResourceWithConfigure   = (*ProtectionResource)(nil)
	_ resource.ResourceWithImportState = (*ProtectionResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*ProtectionResource)(nil)
)

// NewProtectionResource returns the resource before its configuration.
func NewProtectionResource() resource.Resource {
	return &ProtectionResource{groupResource{name: "protection_group_protection"}}
}

// protect chooses the operation that protects a group: a reprotection only where the group has failed over and the
// configuration allows it. Otherwise the operation is one that refuses such a group.
func protect(group sdrs.Group, reprotect bool) failover.Operation {
	if decision, _ := failover.Reprotect().Decide(group); reprotect && decision == failover.Act {
		return failover.Reprotect()
	}
	return failover.EnableProtection()
}

// Create adopts a protected group, and protects another one.
func (r *ProtectionResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan protectionModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	bounded, cancel := within(ctx, plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	result, err := r.converge(bounded, plan)
	if err != nil {
		group, _ := r.services.lookAgain(ctx, err)
		resp.Diagnostics.Append(operationFailed(err, group, applying("create")))
		return
	}
	plan.finish(result.Group)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// Read observes the group: GET server-groups/{id}, once.
func (r *ProtectionResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state protectionModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	group, found := r.refresh(ctx, state.ProtectionGroupID, state.Timeouts, resp)
	if !found {
		return
	}
	state.observe(group)
	if state.Reprotect.IsNull() { // Imported just now.
		state.Reprotect = types.BoolValue(false)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// Update protects a group again whose protection has stopped.
func (r *ProtectionResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state protectionModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.changePlanned() {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		return
	}
	bounded, cancel := within(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	result, err := r.converge(bounded, plan)
	if err != nil {
		group, known := r.services.lookAgain(ctx, err)
		resp.Diagnostics.Append(operationFailed(err, group, applying("update")))
		if known {
			state.observe(group)
			resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		}
		return
	}
	plan.finish(result.Group)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// Delete disables protection, and waits for that. A group that is gone needs nothing.
func (r *ProtectionResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state protectionModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	bounded, cancel := within(ctx, state.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	_, err := r.services.Workflow.Run(bounded, state.ProtectionGroupID.ValueString(), failover.DisableProtection(), failover.ServerPolicy{})
	if err != nil && !sdrs.IsNotFound(err) {
		group, _ := r.services.lookAgain(ctx, err)
		resp.Diagnostics.Append(operationFailed(err, group, applying("delete")))
	}
}

// ImportState imports a group by its id.
func (r *ProtectionResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if !groupID.MatchString(req.ID) {
		resp.Diagnostics.Append(diagnostic.InvalidImportID.New(fmt.Sprintf("%q %s.", req.ID, groupIDHint)))
		return
	}
	resource.ImportStatePassthroughID(ctx, path.Root("protection_group_id"), req, resp)
}

// ModifyPlan says what apply would do, and what that overwrites.
func (r *ProtectionResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state *protectionModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan == nil {
		if decision, _ := failover.DisableProtection().Decide(state.group()); decision == failover.Act {
			resp.Diagnostics.Append(disables(state.group()))
		}
		return
	}
	var group sdrs.Group
	switch {
	case state == nil:
		plan.ID = plan.ProtectionGroupID
		if r.services == nil || plan.ProtectionGroupID.IsUnknown() {
			if plan.Reprotect.ValueBool() {
				resp.Diagnostics.Append(mayOverwrite(sdrs.Group{}))
			}
			return
		}
		bounded, cancel := context.WithTimeout(ctx, defaultReadTimeout)
		defer cancel()
		var err error
		if group, err = r.services.SDRS.Group(bounded, plan.ProtectionGroupID.ValueString()); err != nil {
			resp.Diagnostics.Append(unreadable(plan.ProtectionGroupID.ValueString(), err))
			return
		}
	case !plan.ProtectionGroupID.Equal(state.ProtectionGroupID):
		return // A replacement: Terraform asks again for its creation.
	default:
		group = state.group()
	}
	plan.observe(group)
	r.planProtection(ctx, plan, group, state == nil, resp)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// planProtection marks in the plan that the group will be protected, and warns of what that means.
func (r *ProtectionResource) planProtection(
	ctx context.Context, plan *protectionModel, group sdrs.Group, creates bool, resp *resource.ModifyPlanResponse,
) {
	operation := protect(group, plan.Reprotect.ValueBool())
	decision, _ := operation.Decide(group)
	switch {
	case plan.Reprotect.IsUnknown():
		plan.planPossibleChange()
	case creates:
		plan.planChange()
		plan.ActiveSite = types.StringUnknown() // What this depends on may switch it first.
	case decision == failover.Act:
		plan.planChange()
	case decision == failover.Refuse:
		// Not a change that would fail this and each further apply, after a disaster of all times.
		resp.Diagnostics.Append(stays(group))
		return
	}
	if decision == failover.Wait && plan.Reprotect.ValueBool() && creates {
		resp.Diagnostics.Append(mayOverwrite(group))
	}
	if r.services == nil {
		return
	}
	if operation.Name == failover.Reprotect().Name {
		resp.Diagnostics.Append(overwrites(group))
	}
	resp.Diagnostics.Append(r.services.warnUnready(ctx, group, operation, failover.ServerPolicy{}, path.Root("protection_group_id"))...)
}

// converge protects the group where the plan says so.
func (r *ProtectionResource) converge(ctx context.Context, plan protectionModel) (failover.Result, error) {
	id := plan.ProtectionGroupID.ValueString()
	group, err := r.services.SDRS.Group(ctx, id)
	if err != nil {
		return failover.Result{}, &failover.LostContact{Progress: failover.Progress{GroupID: id}, Err: err}
	}
	return r.services.Workflow.Run(ctx, id, protect(group, plan.Reprotect.ValueBool()), failover.ServerPolicy{})
}
