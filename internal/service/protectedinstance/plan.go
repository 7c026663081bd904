package protectedinstance

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// ModifyPlan says what apply would do, and what stands in its way.
func (r *protectedInstance) ModifyPlan(
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
		resp.Diagnostics.Append(r.warnDeletion(ctx, state)...)
		return
	case state == nil:
		resp.Diagnostics.Append(r.planCreate(ctx, plan, &resourceModel{})...)
		return
	case plan.another(state):
		// Terraform plans the creation in a further call, of which it shows no warnings.
		resp.Diagnostics.Append(
			replaces(state.observed(), state.leftovers(), tfkit.Another(
				"Another group, server, or network is another protected instance.",
				plan.ProtectionGroupID, plan.ServerID, plan.PrimarySubnetID, plan.PrimaryIPAddress)),
		)
		resp.Diagnostics.Append(r.warnDeletion(ctx, state)...)
		resp.Diagnostics.Append(r.planCreate(ctx, plan, state)...)
		return
	}
	r.planUpdate(ctx, plan, state, resp)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// another reports whether the plan has another instance than the state: an argument differs that replaces.
func (m *resourceModel) another(state *resourceModel) bool {
	changed := func(planned, is types.String) bool { return !planned.IsNull() && !is.IsNull() && !planned.Equal(is) }
	return changed(m.ProtectionGroupID, state.ProtectionGroupID) || changed(m.ServerID, state.ServerID) ||
		changed(m.PrimarySubnetID, state.PrimarySubnetID) || changed(m.PrimaryIPAddress, state.PrimaryIPAddress)
}

// planCreate warns of what the creation lacks, and of a protected instance that the server has already, other than the
// one that is replaced, of which the pairs go.
func (r *protectedInstance) planCreate(ctx context.Context, plan, replaced *resourceModel) (diags diag.Diagnostics) {
	if r.Services == nil {
		return nil
	}
	var checks []failover.Check
	going := len(replaced.ReplicationPairs.Elements())
	if !plan.ServerID.IsUnknown() {
		found, err := protecting(ctx, r.Services.SDRS, plan.ServerID.ValueString())
		if err != nil {
			checks = append(checks, tfkit.Unread("protected_instances", "protected instances", err))
		}
		for _, instance := range found {
			switch {
			case cloud.SameID(instance.ID, replaced.ID.ValueString()):
			case r.Services.Declared(instance.ID): // Terraform plans a creation where that is tainted, or has another address.
				going = len(instance.Attachments)
				diags.Append(replaces(instance, sdrs.InstanceLeftovers{}, tfkit.CreatedAnew))
			default:
				diags.Append(existsYet(instance))
			}
		}
	}
	groupID, serverID := plan.ProtectionGroupID.ValueString(), plan.ServerID.ValueString()
	checks = append(checks, r.fitness(ctx, groupID, serverID, going)...)
	return append(diags, r.WarnUnfit(plan.Name.ValueString(), checks)...)
}

// planUpdate refuses what can't be changed, and keeps what a change does not touch.
func (r *protectedInstance) planUpdate(
	ctx context.Context, plan, state *resourceModel, resp *resource.ModifyPlanResponse,
) {
	if r.DescriptionStays(plan.Description, state.Description, reportOf(state.observed()), &resp.Diagnostics) {
		return
	}
	for i, value := range plan.observations() {
		*value = *state.observations()[i]
	}
	plan.ReplicationPairs = state.ReplicationPairs
	switch status := sdrs.Status(state.Status.ValueString()); {
	case status == sdrs.StatusError && !plan.takesOther(state): // That is applied first: it counts from then on.
		plan.Status = types.StringUnknown()
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("status"))
		resp.Diagnostics.Append(replaces(state.observed(), state.leftovers(), "Its creation failed."))
		resp.Diagnostics.Append(r.warnDeletion(ctx, state)...)
	case status == sdrs.StatusCreating:
		plan.planUnfinished()
	case plan.changes(state):
		plan.UpdatedAt = types.StringUnknown()
		if status == sdrs.StatusErrorResizing && resizes(*plan, *state) {
			plan.Status = types.StringUnknown()
		}
	}
	if resizes(*plan, *state) && state.ActiveSite.ValueString() != string(sdrs.Source) && !state.ActiveSite.IsNull() {
		resp.Diagnostics.Append(notResized(state.observed(), plan.FlavorID.ValueString(), notResizedYet))
	}
	if state.PrimarySubnetID.IsNull() && !plan.PrimarySubnetID.IsNull() ||
		state.PrimaryIPAddress.IsNull() && !plan.PrimaryIPAddress.IsNull() {
		resp.Diagnostics.Append(warnNetworkTaken(state.observed()))
	}
}

// planUnfinished marks in a plan that the end of the creation is waited for.
func (m *resourceModel) planUnfinished() {
	id := m.ID
	for _, value := range m.observations() {
		*value = types.StringUnknown()
	}
	m.ID, m.ReplicationPairs = id, types.ListUnknown(pairType)
}

// takesOther reports whether a plan has a deletion take something else with it.
func (m *resourceModel) takesOther(state *resourceModel) bool {
	return !m.DeleteTargetServer.IsUnknown() && !m.DeleteTargetEIP.IsUnknown() && m.leftovers() != state.leftovers()
}

// changes reports whether a plan changes anything in the cloud.
func (m *resourceModel) changes(state *resourceModel) bool {
	return !m.Name.Equal(state.Name) || !m.Tags.Equal(state.Tags) || resizes(*m, *state)
}

// changePlanned reports whether a plan changes anything in the cloud, or waits for it.
func (m *resourceModel) changePlanned() bool { return m.UpdatedAt.IsUnknown() }

// fitness holds what the protection of a server needs against what can be read: its group, the server, its disks, and
// the quota, where so many replication pairs that are there now will be gone. An id that is not known yet is empty.
func (r *protectedInstance) fitness(
	ctx context.Context, groupID, serverID string, going int,
) (checks []failover.Check) {
	var group sdrs.Group
	if groupID != "" {
		var err error
		group, err = r.Services.SDRS.Group(ctx, groupID)
		checks = append(checks, tfkit.GroupFitness(group, err)...)
	}
	if serverID == "" {
		return checks
	}
	server, err := r.Services.ECS.Configuration(ctx, serverID)
	if err != nil {
		return append(checks, unreadServer(err))
	}
	checks = append(checks, serverFitness(server)...)
	if group.ID != "" {
		checks = append(checks, placeFitness(server, group)...)
	}
	checks = append(append(checks, flavorFitness(server.Flavor.ID)...), r.diskFitness(ctx, server)...)
	return append(checks, r.Services.PairsLeft(ctx, len(server.Volumes)-going))
}

// replaces warns of a plan that ends a protection and begins another one, and of what goes with it.
func replaces(instance sdrs.ProtectedInstance, leftovers sdrs.InstanceLeftovers, why string) diag.Diagnostic {
	report := reportOf(instance)
	if leftovers.TargetServer && instance.PriorityStation != sdrs.Target { // There it is refused.
		report.Fact("Deleted with it", "the DR server with its disks: delete_target_server counts as it was applied last")
	}
	report.Happened = "Apply deletes the protected instance, and creates another one. " + why + " Until that is " +
		"synchronized, the server has no replica."
	report.Next = "Unless that is wanted, change the configuration back."
	return report.New(willBeReplaced)
}

// existsYet warns of a protected instance that the server has.
func existsYet(instance sdrs.ProtectedInstance) diag.Diagnostic {
	report := reportOf(instance)
	report.Happened = "The server has a protected instance. Apply won't create a second one."
	report.Next = "If an earlier apply made it and was killed, import it. Otherwise end its protection where that was " +
		"configured."
	return report.New(instanceIsThere)
}

// warnDeletion says of a plan that deletes an instance what goes and what stays.
func (r *protectedInstance) warnDeletion(ctx context.Context, state *resourceModel) diag.Diagnostics {
	leftovers, instance := state.leftovers(), state.observed()
	if leftovers != (sdrs.InstanceLeftovers{}) && instance.PriorityStation == sdrs.Target {
		return diag.Diagnostics{wouldDeleteProduction(instance, productionNeeded, tfkit.FailsMidway)}
	}
	return warnStaysBehind(instance, leftovers, r.publicIPs(ctx, instance, leftovers))
}

// publicIPs returns the EIPs of the DR server that stay when it is deleted, as text; empty: there are none (GET
// cloudservers/{id}).
func (r *protectedInstance) publicIPs(
	ctx context.Context, instance sdrs.ProtectedInstance, leftovers sdrs.InstanceLeftovers,
) string {
	if !leftovers.TargetServer || leftovers.TargetEIP || instance.TargetServer == "" || r.Services == nil {
		return ""
	}
	server, err := r.Services.ECS.AddressedServer(ctx, instance.TargetServer)
	if err != nil && !ecs.IsNotFound(err) {
		return "not known, there may be none: " + err.Error()
	}
	return strings.Join(server.PublicIPs(), ", ")
}

// warnStaysBehind says what a deletion leaves behind; nothing where there is nothing of that. Of a DR server that is
// deleted its EIPs stay, which are given.
func warnStaysBehind(
	instance sdrs.ProtectedInstance, leftovers sdrs.InstanceLeftovers, publicIPs string,
) diag.Diagnostics {
	report := reportOf(instance)
	switch {
	case instance.TargetServer == "" || instance.SourceServer == "":
		return nil
	case publicIPs != "":
		report.Happened = "The DR server is deleted with the protected instance, and an EIP of it is not: it stays, " +
			"managed by nobody, and costs what it costs."
		report.Fact("EIP", publicIPs)
		report.Next = "Import it where it is wanted, or release it in the console. To have it released with the next " +
			"protected instance, set delete_target_eip, in an apply of its own."
		return diag.Diagnostics{report.New(eipStays)}
	case leftovers.TargetServer:
		return nil
	case instance.PriorityStation == sdrs.Target:
		report.Happened = "With the protected instance nothing but the protection ends, and the server at the site target " +
			"is in production. It goes on as an ordinary server, which nobody manages unless its id is in a configuration. " +
			"The server at the site source stays, too, with its disks; it is stopped, or has no network cards."
		report.Next = "Do not delete the server at the site target. Import it where it is wanted, or bring production back " +
			"by a planned failover first."
		return diag.Diagnostics{report.New(staysBehind)}
	}
	stays := "the DR server, stopped, its disks, and its network card with the address"
	if !leftovers.TargetEIP {
		stays += "; its EIP, if it has one"
	}
	report.Happened = "With the protected instance nothing but the protection ends. What stays is managed by nobody, " +
		"and costs what it costs; its subnet and its VPC can't be deleted before it: " + stays + "."
	report.Next = "Import that where it is wanted, or delete it in the console. To delete it with the next protected " +
		"instance, set delete_target_server, in an apply of its own."
	return diag.Diagnostics{report.New(staysBehind)}
}

// wouldDeleteProduction is the diagnostic for a deletion of an instance whose production is at the target, with what
// happens then.
func wouldDeleteProduction(instance sdrs.ProtectedInstance, kind diagnostic.Kind, then string) diag.Diagnostic {
	report := reportOf(instance)
	report.Happened = "delete_target_server or delete_target_eip is set, and the server at the site target is in " +
		"production, or may be: that is what would be deleted. " + then
	report.Next = "Bring production back to the site source by a planned failover, or set both to false, which is an " +
		"apply of its own. Then destroy."
	return report.New(kind)
}

// warnNetworkTaken says that what the configuration now has of the network is not looked at.
func warnNetworkTaken(instance sdrs.ProtectedInstance) diag.Diagnostic {
	report := reportOf(instance)
	report.Happened = "primary_subnet_id or primary_ip_address is set, and was not before. They can't be read, and " +
		"count at creation only: apply notes them, and changes nothing."
	report.Next = fmt.Sprintf("Make sure that they are those of the DR server, %s.", instance.TargetServer)
	return report.New(networkTaken)
}
