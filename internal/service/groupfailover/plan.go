package groupfailover

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// ModifyPlan says in the plan what apply would do: which sites, when they are known, and whether it switches at all.
func (r *groupFailover) ModifyPlan(
	ctx context.Context,
	req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse,
) {
	var plan, state *failoverModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	undecided := plan != nil && r.mayNameTwoSites(ctx, req.Config, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	switch {
	case plan == nil:
		resp.Diagnostics.Append(warnKeepsRunning(state.toAPI()))
		return
	case undecided && state == nil:
		plan.ID = plan.ProtectionGroupID
	case undecided && plan.ProtectionGroupID.Equal(state.ProtectionGroupID):
		plan.ID = state.ID
		plan.fromAPI(state.toAPI())
		plan.plan(possibleSwitch)
	case state == nil:
		r.planCreate(ctx, plan, resp)
	case !plan.ProtectionGroupID.Equal(state.ProtectionGroupID):
		// A replacement. Terraform plans its creation in a further call, of which it shows no warnings.
		creation := *plan
		resp.Diagnostics.Append(warnKeepsRunning(state.toAPI()))
		if !undecided {
			r.planCreate(ctx, &creation, resp)
		}
		return
	default:
		unfinished, diags := recall(ctx, req.Private)
		resp.Diagnostics.Append(diags...)
		imported, diags := req.Private.GetKey(ctx, importedKey)
		resp.Diagnostics.Append(diags...)
		r.planUpdate(ctx, plan, state, unfinished, string(imported) == "true", resp)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// mayNameTwoSites says that the configuration does not name a site in one way, and reports whether that is not known
// yet: then one of the two has to turn out to be null, and neither is the wanted site until then.
func (r *groupFailover) mayNameTwoSites(
	ctx context.Context, config tfsdk.Config, resp *resource.ModifyPlanResponse,
) bool {
	var station, zone types.String
	resp.Diagnostics.Append(config.GetAttribute(ctx, path.Root(tfkit.StationArgument), &station)...)
	resp.Diagnostics.Append(config.GetAttribute(ctx, path.Root(tfkit.ZoneArgument), &zone)...)
	unknown := station.IsUnknown() || zone.IsUnknown()
	if problem := tfkit.NamesOneSite(!station.IsNull(), !zone.IsNull()); problem != nil && !unknown {
		resp.Diagnostics.Append(problem)
	}
	return unknown && !station.IsNull() && !zone.IsNull()
}

// planCreate looks at the group (GET server-groups/{id}): creating adopts it where it is, and switches it only with
// switch_on_create.
func (r *groupFailover) planCreate(ctx context.Context, plan *failoverModel, resp *resource.ModifyPlanResponse) {
	plan.ID = plan.ProtectionGroupID
	named := !plan.PriorityStation.IsUnknown() ||
		!plan.PriorityAvailabilityZone.IsNull() && !plan.PriorityAvailabilityZone.IsUnknown()
	if r.Services == nil || plan.ProtectionGroupID.IsUnknown() || !named {
		return
	}
	group, found := r.Planned(ctx, plan.ProtectionGroupID, &resp.Diagnostics)
	if !found {
		return
	}
	if problem := plan.locate(group); problem != nil {
		resp.Diagnostics.Append(problem)
		return
	}
	plan.fromAPI(group)
	// They may change before apply, and Terraform plans a creation once more then.
	plan.Name, plan.Status = types.StringUnknown(), types.StringUnknown()
	operation, adopts := failover.PlannedFailover(plan.station()), !plan.SwitchOnCreate.ValueBool()
	decision, _ := operation.DecideConfirmation(group)
	if adopts {
		decision, _ = operation.DecideAdoption(group)
	}
	if decision == failover.NoAction {
		// Should it move before apply, Terraform refuses the plan as inconsistent: null is what says that this plan switches
		// nothing.
		plan.LastFailover = noFailover()
		// A creation that was interrupted before it had started the servers saved nothing: this one goes on.
		r.warnStarts(ctx, plan, group, &resp.Diagnostics)
		if group.Status == sdrs.StatusErrorReversing {
			resp.Diagnostics.Append(warnUnfinishedReversal(group))
		}
		return
	}
	if adopts {
		r.planAdoption(ctx, creating, group, plan, resp)
		return
	}
	plan.plan(siteSwitch)
	if decision != failover.Refuse {
		resp.Diagnostics.Append(warnAdoptionSwitches(creating, group, plan, decision))
	}
	r.checkReadiness(ctx, group, plan, resp)
}

// planAdoption plans to take over a group that is not at rest at the wanted site, without a switch.
func (r *groupFailover) planAdoption(
	ctx context.Context, by adoption, group sdrs.Group, plan *failoverModel, resp *resource.ModifyPlanResponse,
) {
	decision, _ := failover.PlannedFailover(plan.station()).DecideAdoption(group)
	switch {
	case plan.SwitchOnCreate.IsUnknown():
		plan.plan(possibleSwitch) // Terraform plans once more when it is known.
	case decision == failover.Wait:
		plan.plan(siteSwitch)
		resp.Diagnostics.Append(warnAdoptionWaits(by, group, plan))
	case group.PriorityStation == plan.station():
		plan.plan(siteSwitch)
		r.checkReadiness(ctx, group, plan, resp)
	default:
		resp.Diagnostics.Append(by.refused(group, plan))
	}
}

// warnStarts warns of the servers at the wanted site that apply would start. It marks nothing in the plan: they may
// come up or go down before apply, which looks again.
func (r *groupFailover) warnStarts(
	ctx context.Context,
	plan *failoverModel,
	group sdrs.Group,
	diags *diag.Diagnostics,
) {
	if !plan.StartServers.ValueBool() || group.Status != sdrs.StatusProtected {
		return
	}
	if servers := r.outOfService(ctx, group.ID, plan.station()); len(servers) > 0 {
		diags.Append(warnStarting(group, servers))
	}
}

// outOfService reads, for a plan, the servers at a site that do not run; none where they can't be read.
func (r *groupFailover) outOfService(ctx context.Context, groupID string, station sdrs.Station) []ecs.Server {
	if r.Services == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, tfkit.DefaultReadTimeout)
	defer cancel()
	servers, err := r.Services.Workflow.OutOfService(ctx, groupID, station)
	if err != nil {
		return nil
	}
	return servers
}

// planUpdate compares the wanted site with the one that the refresh just found active.
func (r *groupFailover) planUpdate(
	ctx context.Context,
	plan, state *failoverModel,
	unfinished unfinishedSwitch,
	imported bool,
	resp *resource.ModifyPlanResponse,
) {
	group := state.toAPI()
	plan.ID = state.ID
	plan.fromAPI(group)
	plan.LastFailover = state.LastFailover
	if problem := plan.locate(group); problem != nil {
		resp.Diagnostics.Append(problem)
		return
	}
	if plan.PriorityStation.IsUnknown() || plan.CorrectDrift.IsUnknown() {
		plan.plan(possibleSwitch)
		return
	}
	drifted := group.PriorityStation != plan.station()
	changed := !plan.PriorityStation.Equal(state.PriorityStation)
	decision, _ := failover.PlannedFailover(plan.station()).DecideConfirmation(group)
	// After a disaster, a switch that the cloud would refuse must not make each apply fail that nobody meant it for.
	corrected := drifted && plan.CorrectDrift.ValueBool() && decision != failover.Refuse
	switch {
	case imported && changed && !plan.SwitchOnCreate.ValueBool():
		r.planAdoption(ctx, importing, group, plan, resp)
	case (changed || corrected) && decision != failover.NoAction:
		plan.plan(siteSwitch)
		if imported && decision != failover.Refuse {
			resp.Diagnostics.Append(warnAdoptionSwitches(importing, group, plan, decision))
		}
		r.checkReadiness(ctx, group, plan, resp)
	case unfinished.To == plan.station() && !drifted && group.Status == sdrs.StatusProtected:
		plan.plan(completion) // It is done, but for what comes after it.
	case unfinished.To == plan.station() && !drifted && !stuck(plan.station(), group):
		plan.plan(siteSwitch)
	case drifted:
		resp.Diagnostics.Append(warnSwitchedElsewhere(group, plan, unfinished.To == group.PriorityStation))
	case changed: // By an apply that could not save anything, or by somebody else.
		r.warnStarts(ctx, plan, group, &resp.Diagnostics)
	case group.Status == sdrs.StatusErrorReversing:
		resp.Diagnostics.Append(warnUnfinishedReversal(group))
	case len(unfinished.Stopped) > 0:
		r.warnLeftStopped(ctx, group, unfinished, &resp.Diagnostics)
	}
}

// warnLeftStopped warns of servers that are off since an apply asked them to stop: no change of the plan is about them.
func (r *groupFailover) warnLeftStopped(
	ctx context.Context,
	group sdrs.Group,
	unfinished unfinishedSwitch,
	diags *diag.Diagnostics,
) {
	servers := r.outOfService(ctx, group.ID, group.PriorityStation)
	servers = slices.DeleteFunc(servers, func(server ecs.Server) bool {
		return !slices.Contains(unfinished.Stopped, server.ID) // Others may be off as ever.
	})
	if len(servers) > 0 {
		diags.Append(warnOfStopped(group, servers, unfinished.Times.ServersStopRequested))
	}
}

// checkReadiness warns of what would stop the planned switch.
func (r *groupFailover) checkReadiness(
	ctx context.Context,
	group sdrs.Group,
	plan *failoverModel,
	resp *resource.ModifyPlanResponse,
) {
	if r.Services != nil {
		resp.Diagnostics.Append(r.Services.WarnUnready(
			ctx, group, failover.PlannedFailover(plan.station()), plan.policy(), plan.RequireAllChecks.ValueBool(),
			path.Root(plan.siteArgument()))...)
	}
}

// stuck reports whether a group rests where no planned failover can start, nor needs to.
func stuck(station sdrs.Station, group sdrs.Group) bool {
	decision, _ := failover.PlannedFailover(station).Decide(group)
	return decision == failover.Refuse
}
