package groupprotection

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// ModifyPlan says what apply would do, and refuses a protection that would overwrite disks.
func (r *groupProtection) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
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
	kept, diags := keptOf(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(keep(ctx, resp.Private, kept.planned(plan, state != nil))...)
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
		r.planUpdate(ctx, plan, state.toAPI(), kept.Unsynchronized || !state.waits(), resp)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// warnDisables warns of a destruction that ends replication, at once or when the group has come to rest.
func warnDisables(group sdrs.Group, resp *resource.ModifyPlanResponse) {
	if decision, _ := failover.DisableProtection().Decide(group); decision == failover.Act || decision == failover.Wait {
		resp.Diagnostics.Append(warnDisabling(group))
	}
}

// planCreate looks at the group (GET server-groups/{id}), and marks in the plan that it will be protected. It refuses a
// group that has failed over: nothing in a plan protects that one again.
func (r *groupProtection) planCreate(ctx context.Context, plan *protectionModel, resp *resource.ModifyPlanResponse) {
	plan.ID = plan.ProtectionGroupID
	if r.Services == nil || plan.ProtectionGroupID.IsUnknown() {
		return
	}
	group, found := r.Planned(ctx, plan.ProtectionGroupID, &resp.Diagnostics)
	if !found {
		return
	}
	if decision, _ := failover.Reprotect().Decide(group); decision == failover.Act {
		resp.Diagnostics.Append(refuses(group))
		return
	}
	plan.fromAPI(group)
	plan.plan(enabling)
	// What this depends on may switch it first, and Terraform plans a creation once more before it applies it.
	plan.Name, plan.ActiveSite = types.StringUnknown(), types.StringUnknown()
	r.warnUnready(ctx, plan, group, resp)
}

// planUpdate marks in the plan that the group will be protected, where the last refresh found it otherwise, or that its
// pairs are waited for, where that has not been done and is wanted.
func (r *groupProtection) planUpdate(
	ctx context.Context, plan *protectionModel, group sdrs.Group, unsynchronized bool, resp *resource.ModifyPlanResponse,
) {
	plan.fromAPI(group)
	switch decision, _ := failover.EnableProtection().Decide(group); decision {
	case failover.Act:
		plan.plan(enabling)
		r.warnUnready(ctx, plan, group, resp)
	case failover.Refuse:
		// Not a change that would fail this and each further apply, after a disaster of all times.
		resp.Diagnostics.Append(warnUnprotected(group))
	case failover.NoAction, failover.Wait:
		if !unsynchronized || !plan.waits() {
			return
		}
		plan.plan(enabling)
		if plan.WaitForSync.IsUnknown() { // Then nothing may be to be done, and the group be as it is.
			plan.Protected = types.BoolUnknown()
		}
	}
}

// warnUnready says in a plan what would stop the enabling.
func (r *groupProtection) warnUnready(
	ctx context.Context, plan *protectionModel, group sdrs.Group, resp *resource.ModifyPlanResponse,
) {
	if r.Services != nil {
		resp.Diagnostics.Append(r.Services.WarnUnready(
			ctx,
			group,
			failover.EnableProtection(),
			failover.ServerPolicy{},
			plan.RequireAllChecks.ValueBool(),
			path.Root("protection_group_id"),
		)...)
	}
}
