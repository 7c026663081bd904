package protectiongroup

import (
	"context"
	"errors"
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

// protect chooses the operation that protects a group: a reprotection only where the group has failed over and that is
// allowed. Otherwise the operation is one that refuses such a group.
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
	// The plan of a creation with reprotect warns whatever the group is like: it can't tell apply what it has seen.
	result, err := r.converge(bounded, plan, func(sdrs.Group) bool { return true })
	if err != nil {
		resp.Diagnostics.Append(operationFailed(err, applying("create")))
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
	// The plan has named the site whose disks a reprotection overwrites only where the group had failed over by then.
	announced := func(group sdrs.Group) bool {
		return protect(state.group(), true).Kind == failover.KindReprotect && group.PriorityStation == state.group().PriorityStation
	}
	result, err := r.converge(bounded, plan, announced)
	if err != nil {
		resp.Diagnostics.Append(operationFailed(err, applying("update")))
		if group := reached(err).Group; group.ID != "" {
			state.observe(group)
			resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		}
		return
	}
	plan.finish(result.Group)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// Delete disables protection, and waits for that. A group that is gone needs nothing, and one that this apply has protected
// for another resource stays protected: with create_before_destroy the old object is destroyed last.
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
	defer r.services.memory.turn(bounded, state.ProtectionGroupID.ValueString())()
	if r.services.memory.protects(state.ProtectionGroupID.ValueString()) {
		resp.Diagnostics.Append(staysEnabled(state.group()))
		return
	}
	_, err := r.services.Workflow.Run(bounded, state.ProtectionGroupID.ValueString(), failover.DisableProtection(), failover.ServerPolicy{})
	// Only the look at the group tells that it is gone: an action can go astray.
	if failure, ok := errors.AsType[*failover.Error](err); ok && failure.Kind == failover.LostContact && sdrs.IsNotFound(failure.Err) {
		return
	}
	if err != nil {
		resp.Diagnostics.Append(operationFailed(err, applying("delete")))
	}
}

// ImportState imports a group by its id.
func (r *ProtectionResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if !r.importable(&resp.Diagnostics) {
		return
	}
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
		warnDisables(state.group(), resp)
		return
	}
	switch {
	case state == nil:
		r.planCreate(ctx, plan, resp)
	case !plan.ProtectionGroupID.Equal(state.ProtectionGroupID):
		// A replacement. Terraform plans its creation in a further call, of which it shows no warnings.
		creation := *plan
		warnDisables(state.group(), resp)
		r.planCreate(ctx, &creation, resp)
		return
	default:
		r.planUpdate(ctx, plan, state.group(), resp)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// warnDisables warns of a destruction that ends replication, at once or when the group has come to rest.
func warnDisables(group sdrs.Group, resp *resource.ModifyPlanResponse) {
	if decision, _ := failover.DisableProtection().Decide(group); decision == failover.Act || decision == failover.Wait {
		resp.Diagnostics.Append(disables(group))
	}
}

// planCreate looks at the group (GET server-groups/{id}), and marks in the plan that it will be protected. Terraform plans a
// creation once more right before applying it, and shows no warnings then: so this one warns of a reprotection whatever the
// group is like.
func (r *ProtectionResource) planCreate(ctx context.Context, plan *protectionModel, resp *resource.ModifyPlanResponse) {
	plan.ID = plan.ProtectionGroupID
	mayReprotect := plan.Reprotect.IsUnknown() || plan.Reprotect.ValueBool()
	if r.services == nil || plan.ProtectionGroupID.IsUnknown() {
		if mayReprotect {
			resp.Diagnostics.Append(mayOverwrite(sdrs.Group{}))
		}
		return
	}
	group, found := r.planned(ctx, plan.ProtectionGroupID, &resp.Diagnostics)
	if !found {
		return
	}
	operation := protect(group, mayReprotect)
	plan.observe(group)
	plan.Name = types.StringUnknown() // Terraform plans a creation once more before it applies it, and names may change until then.
	if plan.Reprotect.IsUnknown() {
		plan.planPossibleChange()
	} else {
		plan.planChange()
		plan.ActiveSite = types.StringUnknown() // What this depends on may switch it first.
	}
	if mayReprotect && operation.Kind != failover.KindReprotect {
		resp.Diagnostics.Append(mayOverwrite(group))
	}
	r.warn(ctx, group, operation, resp)
}

// planUpdate marks in the plan that the group will be protected, where the last refresh found it otherwise.
func (r *ProtectionResource) planUpdate(ctx context.Context, plan *protectionModel, group sdrs.Group, resp *resource.ModifyPlanResponse) {
	operation := protect(group, plan.Reprotect.IsUnknown() || plan.Reprotect.ValueBool())
	decision, _ := operation.Decide(group)
	plan.observe(group)
	switch {
	case plan.Reprotect.IsUnknown():
		plan.planPossibleChange()
	case decision == failover.Act:
		plan.planChange()
	case decision == failover.Refuse:
		// Not a change that would fail this and each further apply, after a disaster of all times.
		resp.Diagnostics.Append(stays(group))
		return
	}
	r.warn(ctx, group, operation, resp)
}

// warn says in a plan what the operation overwrites, and what would stop it.
func (r *ProtectionResource) warn(
	ctx context.Context, group sdrs.Group, operation failover.Operation, resp *resource.ModifyPlanResponse,
) {
	if operation.Kind == failover.KindReprotect {
		resp.Diagnostics.Append(overwrites(group))
	}
	if r.services != nil {
		resp.Diagnostics.Append(r.services.warnUnready(ctx, group, operation, failover.ServerPolicy{}, path.Root("protection_group_id"))...)
	}
}

// converge protects the group as the plan says. It reprotects only a group for which the plan has announced that.
func (r *ProtectionResource) converge(
	ctx context.Context, plan protectionModel, announced func(sdrs.Group) bool,
) (failover.Result, error) {
	id := plan.ProtectionGroupID.ValueString()
	defer r.services.memory.turn(ctx, id)()
	group, err := r.services.SDRS.Group(ctx, id)
	if err != nil {
		return failover.Result{}, &failover.Error{Kind: failover.LostContact, Progress: failover.Progress{GroupID: id}, Err: err}
	}
	allowed := plan.Reprotect.ValueBool()
	result, err := r.services.Workflow.Run(ctx, id, protect(group, allowed && announced(group)), failover.ServerPolicy{})
	refusal, ok := errors.AsType[*failover.Error](err)
	if ok && refusal.Kind == failover.NotPossible && protect(refusal.Group, allowed).Kind == failover.KindReprotect {
		refusal.Advice.WayOut = "The plan did not say that. Plan again, to see which site that is, before you apply."
	}
	if err == nil {
		r.services.memory.protect(id)
	}
	return result, err
}
