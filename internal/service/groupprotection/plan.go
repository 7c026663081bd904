package groupprotection

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// protect chooses the operation that protects a group: a reprotection only where the group has failed over and that is
// allowed. Otherwise the operation is one that refuses such a group.
func protect(group sdrs.Group, reprotect bool) failover.Operation {
	if decision, _ := failover.Reprotect().Decide(group); reprotect && decision == failover.Act {
		return failover.Reprotect()
	}
	return failover.EnableProtection()
}

// ModifyPlan says what apply would do, and what that overwrites.
func (r *groupProtection) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state *protectionModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan == nil {
		warnDisables(state.toAPI(), resp)
		return
	}
	switch {
	case state == nil:
		r.planCreate(ctx, plan, resp)
	case !plan.ProtectionGroupID.Equal(state.ProtectionGroupID):
		// A replacement. Terraform plans its creation in a further call, of which it shows no warnings.
		creation := *plan
		warnDisables(state.toAPI(), resp)
		r.planCreate(ctx, &creation, resp)
		return
	default:
		r.planUpdate(ctx, plan, state.toAPI(), resp)
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
func (r *groupProtection) planCreate(ctx context.Context, plan *protectionModel, resp *resource.ModifyPlanResponse) {
	plan.ID = plan.ProtectionGroupID
	mayReprotect := plan.Reprotect.IsUnknown() || plan.Reprotect.ValueBool()
	if r.Services == nil || plan.ProtectionGroupID.IsUnknown() {
		if mayReprotect {
			resp.Diagnostics.Append(mayOverwrite(sdrs.Group{}))
		}
		return
	}
	group, found := r.Planned(ctx, plan.ProtectionGroupID, &resp.Diagnostics)
	if !found {
		return
	}
	operation := protect(group, mayReprotect)
	plan.fromAPI(group)
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
func (r *groupProtection) planUpdate(ctx context.Context, plan *protectionModel, group sdrs.Group, resp *resource.ModifyPlanResponse) {
	operation := protect(group, plan.Reprotect.IsUnknown() || plan.Reprotect.ValueBool())
	decision, _ := operation.Decide(group)
	plan.fromAPI(group)
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
func (r *groupProtection) warn(
	ctx context.Context, group sdrs.Group, operation failover.Operation, resp *resource.ModifyPlanResponse,
) {
	if operation.Kind == failover.KindReprotect {
		resp.Diagnostics.Append(overwrites(group))
	}
	if r.Services != nil {
		resp.Diagnostics.Append(r.Services.WarnUnready(ctx, group, operation, failover.ServerPolicy{}, path.Root("protection_group_id"))...)
	}
}
