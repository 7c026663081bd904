package protectiongroup

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
)

// FailoverResource is sdrs_protection_group_failover: the intent priority_station, and the observation active_site.
type FailoverResource struct{ groupResource }

var (
	_ resource.ResourceWithConfigure   = (*FailoverResource)(nil)
	_ resource.ResourceWithIdentity    = (*FailoverResource)(nil)
	_ resource.ResourceWithImportState = (*FailoverResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*FailoverResource)(nil)
)

// NewFailoverResource returns the resource before its configuration.
func NewFailoverResource() resource.Resource { return newFailoverResource() }

func newFailoverResource() *FailoverResource {
	return &FailoverResource{groupResource{name: "protection_group_failover"}}
}

// Create adopts the group, switching it where the wanted site is not active. Nothing is saved where that fails: the next
// apply looks at the group anew.
func (r *FailoverResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan failoverModel
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
		resp.Diagnostics.Append(operationFailed(err, applying("create")))
		return
	}
	if result.Warning != nil {
		resp.Diagnostics.Append(notProtected(result.Group, *result.Warning))
	}
	plan.ID = plan.ProtectionGroupID
	plan.finish(result, noFailover())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identityOf(plan.ID))...)
}

// importedKey is where the private state says that the group was imported by the last refresh.
const importedKey = "imported"

// Read observes the group: GET server-groups/{id}, once.
func (r *FailoverResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state failoverModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.identify(ctx, resp.Identity, state.ProtectionGroupID)...)
	group, found := r.refresh(ctx, state.ProtectionGroupID, state.Timeouts, resp)
	if !found {
		return
	}
	state.observe(group)
	imported, diags := req.Private.GetKey(ctx, importedKey)
	resp.Diagnostics.Append(diags...)
	if state.PriorityStation.IsNull() { // Imported just now.
		state.adopt()
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, []byte("true"))...)
	} else if string(imported) == "true" {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, []byte("false"))...)
	}
	resp.Diagnostics.Append(outlived(ctx, req.Private, resp.Private, group)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// Update switches the group where the plan says so. Where that fails, the old priority_station stays, beside what the
// API reports now, so that the next plan shows the switch again.
func (r *FailoverResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state failoverModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.identify(ctx, resp.Identity, plan.ProtectionGroupID)...)
	if !plan.workPlanned() && plan.PriorityStation.Equal(state.PriorityStation) {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...) // How to wait has changed, and nothing in the cloud.
		return
	}
	bounded, cancel := within(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}

	result, err := r.converge(bounded, plan)
	if err != nil {
		resp.Diagnostics.Append(operationFailed(err, applying("update")))
		resp.Diagnostics.Append(remember(ctx, resp.Private, err)...)
		if group := reached(err).Group; group.ID != "" {
			state.observe(group)
			resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		}
		return
	}
	if result.Warning != nil {
		resp.Diagnostics.Append(notProtected(result.Group, *result.Warning))
	}
	unfinished, diags := recall(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(forget(ctx, resp.Private)...)
	if !result.Acted() && unfinished.To == plan.station() {
		result = r.completed(bounded, unfinished, result)
	}
	plan.finish(result, state.LastFailover)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// Delete forgets the group. It calls no API.
func (r *FailoverResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state failoverModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(keepsRunning(state.group()))
}

// converge does what the plan shows, and nothing else: a group that would need a switch which the plan does not show is an
// error.
func (r *FailoverResource) converge(ctx context.Context, plan failoverModel) (failover.Result, error) {
	id, operation, policy := plan.ProtectionGroupID.ValueString(), failover.PlannedFailover(plan.station()), failover.ServerPolicy{}
	switch {
	case plan.workPlanned():
		policy = plan.policy()
	case plan.StartServers.ValueBool():
		// What can't be read is not touched.
		servers, err := r.services.Workflow.OutOfService(ctx, id, plan.station())
		policy.Start = err == nil && len(servers) > 0
	}
	if !plan.switchPlanned() {
		return r.services.Workflow.Confirm(ctx, id, operation, policy)
	}
	return r.services.Workflow.Run(ctx, id, operation, policy)
}
