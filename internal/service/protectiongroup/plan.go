package protectiongroup

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// ModifyPlan says what apply would do, and what stands in its way.
func (r *protectionGroup) ModifyPlan(
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
	var domain types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("domain_id"), &domain)...)
	switch {
	case plan == nil:
		warnNotEmpty(state.group(), &resp.Diagnostics)
		return
	case state == nil:
		r.planCreate(ctx, plan, domain, "", &resp.Diagnostics)
	case plan.another(state):
		// Terraform plans the creation in a further call, of which it shows no warnings.
		resp.Diagnostics.Append(replaces(state.group(), tfkit.Another("Its name alone can be changed.",
			plan.SourceAvailabilityZone, plan.TargetAvailabilityZone, plan.VPCID, plan.DomainID)))
		creation := *plan
		if domain.IsNull() {
			creation.DomainID = types.StringUnknown()
		}
		r.planCreate(ctx, &creation, domain, state.ID.ValueString(), &resp.Diagnostics)
		return
	default:
		r.planUpdate(plan, state, resp)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// another reports whether the plan has another group than the state: an argument differs that replaces.
func (m *resourceModel) another(state *resourceModel) bool {
	return !m.SourceAvailabilityZone.Equal(state.SourceAvailabilityZone) ||
		!m.TargetAvailabilityZone.Equal(state.TargetAvailabilityZone) ||
		!m.VPCID.Equal(state.VPCID) || !m.DomainID.Equal(state.DomainID) || !m.DRType.Equal(state.DRType)
}

// planCreate fills in the domain, unless the configuration has one, if only later, and warns of a group that is there
// already, other than the one that is replaced, and of a quota that is used up (GET active-domains, server-groups,
// sdrs/quotas).
func (r *protectionGroup) planCreate(
	ctx context.Context,
	plan *resourceModel,
	domain types.String,
	replaced string,
	diags *diag.Diagnostics,
) {
	if r.Services == nil {
		return
	}
	if !domain.IsUnknown() {
		r.resolveDomain(ctx, plan, diags)
	}
	if plan.Name.IsUnknown() || plan.VPCID.IsUnknown() || zonesUnknown(plan) || diags.HasError() {
		return
	}
	equal, err := equals(ctx, r.Services.SDRS, plan.toAPI())
	for _, group := range equal {
		switch {
		case err != nil || cloud.SameID(group.ID, replaced):
		case r.Services.Declared(group.ID): // Terraform plans a creation where that is tainted, or has another address.
			diags.Append(replaces(group, tfkit.CreatedAnew))
		default:
			diags.Append(existsYet(group))
		}
	}
	if len(equal) == 0 && replaced == "" { // What is replaced makes room.
		diags.Append(r.WarnUnfit(plan.Name.ValueString(), []failover.Check{r.Services.GroupsLeft(ctx)})...)
	}
}

// planUpdate refuses what can't be changed, and keeps what a change of the name does not touch.
func (r *protectionGroup) planUpdate(plan, state *resourceModel, resp *resource.ModifyPlanResponse) {
	if r.DescriptionStays(plan.Description, state.Description, reportOf(state.group()), &resp.Diagnostics) {
		return
	}
	for i, value := range plan.observations() {
		*value = *state.observations()[i]
	}
	for i, value := range plan.counts() {
		*value = *state.counts()[i]
	}
	switch sdrs.Status(state.Status.ValueString()) {
	case sdrs.StatusError:
		plan.Status = types.StringUnknown()
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("status"))
		resp.Diagnostics.Append(replaces(state.group(), "Its creation failed."))
	case sdrs.StatusCreating:
		plan.planUnfinished()
	default:
		if !plan.Name.Equal(state.Name) {
			plan.UpdatedAt = types.StringUnknown()
		}
	}
}

// planUnfinished marks in a plan that the end of the creation is waited for.
func (m *resourceModel) planUnfinished() {
	id, domain := m.ID, m.DomainID
	for _, value := range m.observations() {
		*value = types.StringUnknown()
	}
	for _, value := range m.counts() {
		*value = types.Int64Unknown()
	}
	m.ID, m.DomainID = id, domain
}

// changePlanned reports whether a plan changes anything in the cloud, or waits for it.
func (m *resourceModel) changePlanned() bool { return m.UpdatedAt.IsUnknown() }

func zonesUnknown(plan *resourceModel) bool {
	return plan.SourceAvailabilityZone.IsUnknown() || plan.TargetAvailabilityZone.IsUnknown()
}

// resolveDomain fills in the only active-active domain of the AZs, or checks the one that is configured (GET
// active-domains).
func (r *protectionGroup) resolveDomain(ctx context.Context, plan *resourceModel, diags *diag.Diagnostics) {
	if zonesUnknown(plan) {
		return
	}
	domains, err := r.Services.SDRS.ActiveDomains(ctx)
	switch {
	case err != nil && plan.DomainID.IsUnknown():
		diags.Append(tfkit.Unlistable(activeDomains, err))
		return
	case err != nil:
		report := tfkit.Say(
			"Whether the domain is of these two availability zones could not be checked. This does not block the group.",
			"",
		)
		report.Failure(err)
		diags.Append(domainNotChecked.New(report.String()))
		return
	}
	var matching []sdrs.ActiveDomain
	for _, domain := range domains {
		one, other := plan.SourceAvailabilityZone.ValueString(), plan.TargetAvailabilityZone.ValueString()
		local, remote := domain.Local.AvailabilityZone, domain.Remote.AvailabilityZone
		if (one == local && other == remote || one == remote && other == local) &&
			(plan.DomainID.IsUnknown() || tfkit.SameID(plan.DomainID, types.StringValue(domain.ID)).Equal(plan.DomainID)) {
			matching = append(matching, domain)
		}
	}
	if len(matching) != 1 {
		diags.Append(noDomain(plan, domains, len(matching)))
		return
	}
	if plan.DomainID.IsUnknown() {
		plan.DomainID = types.StringValue(matching[0].ID)
	}
	if matching[0].SoldOut {
		diags.Append(soldOut(matching[0]))
	}
}

func warnNotEmpty(group sdrs.Group, diags *diag.Diagnostics) {
	report := tfkit.Say(
		"The group was not empty at the last refresh. Unless this apply deletes first what is in it, the cloud refuses to "+
			"delete the group.",
		"Disable protection, and delete its protected instances, replication pairs, and DR drills first.",
	)
	report.Group(group)
	if contents(report, group) {
		diags.Append(notEmpty.About(group.Name).New(report.String()))
	}
}

// replaces warns of a plan that deletes a group and creates another one.
func replaces(group sdrs.Group, why string) diag.Diagnostic {
	report := tfkit.Say(
		fmt.Sprintf("Apply deletes the protection group, and creates another one. %s", why),
		"Unless that is wanted, change the configuration back. What is in the group must be deleted first, and its "+
			"disaster recovery ends with that.",
	)
	report.Group(group)
	contents(report, group)
	return willBeReplaced.About(group.Name).New(report.String())
}

// existsYet warns of a group that equals the one to be created.
func existsYet(group sdrs.Group) diag.Diagnostic {
	report := tfkit.Say("There is a group of this name, VPC, and availability zones. Apply won't create a second one.",
		"If an earlier apply made it and was killed, import it. Otherwise choose another name.")
	report.Group(group)
	return equalGroup.About(group.Name).New(report.String())
}

// noDomain is the diagnostic for AZs that have no active-active domain, or several.
func noDomain(plan *resourceModel, domains []sdrs.ActiveDomain, matching int) diag.Diagnostic {
	report := tfkit.Say("No active-active domain is of these two availability zones.",
		"Set source_availability_zone and target_availability_zone to those of a domain, either way round.")
	at := path.Root("source_availability_zone")
	switch {
	case matching > 1:
		report = tfkit.Say(
			"Several active-active domains are of these two availability zones.",
			"Set domain_id to one of them.",
		)
		at = path.Root("domain_id")
	case !plan.DomainID.IsUnknown():
		report = tfkit.Say(
			"The domain is not there, or not of these two availability zones.",
			"Set domain_id to another one, or leave it out.",
		)
		at = path.Root("domain_id")
	}
	report.Fact(
		"Availability zones",
		plan.SourceAvailabilityZone.ValueString()+", "+plan.TargetAvailabilityZone.ValueString(),
	)
	for _, domain := range domains {
		report.Fact("Active-active domain", fmt.Sprintf("%s %s: %s, %s",
			domain.Name, domain.ID, domain.Local.AvailabilityZone, domain.Remote.AvailabilityZone))
	}
	return domainNotFound.On(at, report.String())
}

func soldOut(domain sdrs.ActiveDomain) diag.Diagnostic {
	report := tfkit.Say(
		"The active-active domain is sold out: the cloud may refuse the group.",
		"Ask the cloud's support for capacity.",
	)
	report.Fact("Active-active domain", domain.Name+" "+domain.ID)
	return domainSoldOut.New(report.String())
}
