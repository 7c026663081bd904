package drill

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
func (r *drillResource) ModifyPlan(
	ctx context.Context,
	req resource.ModifyPlanRequest,
	resp *resource.ModifyPlanResponse,
) {
	var plan, state *resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || plan == nil || r.NeverRead(ctx, req, &resp.Diagnostics) {
		return
	}
	var vpcID types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("drill_vpc_id"), &vpcID)...)
	ctx, cancel := context.WithTimeout(ctx, tfkit.DefaultReadTimeout)
	defer cancel()
	switch {
	case state == nil:
		r.warnCreate(ctx, *plan, vpcID, "", &resp.Diagnostics)
	case plan.another(state):
		// Terraform plans the creation in a further call, of which it shows no warnings.
		resp.Diagnostics.Append(replaces(state, "Its name alone can be changed."))
		r.warnCreate(ctx, *plan, vpcID, state.ID.ValueString(), &resp.Diagnostics)
		return
	default:
		planUpdate(plan, state, resp)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// another reports whether the plan has another drill than the state: an argument differs that replaces.
func (m *resourceModel) another(state *resourceModel) bool {
	return !m.ProtectionGroupID.Equal(state.ProtectionGroupID) || !m.DrillVPCID.Equal(state.DrillVPCID)
}

// warnCreate warns of what the creation of a drill lacks, and what it leaves behind. A drill that is replaced is not in
// the way.
func (r *drillResource) warnCreate(
	ctx context.Context,
	plan resourceModel,
	vpcID types.String,
	replaced string,
	diags *diag.Diagnostics,
) {
	if vpcID.IsNull() {
		diags.Append(willStay(&plan))
	}
	if r.Services == nil || plan.ProtectionGroupID.IsUnknown() || plan.Name.IsUnknown() || vpcID.IsUnknown() {
		return
	}
	plan.DrillVPCID = vpcID
	arguments := plan.toAPI()
	equal, _ := equals(ctx, r.Services.SDRS, arguments)
	for _, drill := range equal {
		known := resourceModel{}
		known.fromAPI(ctx, drill, nil)
		switch {
		case cloud.SameID(drill.ID, replaced):
		case r.Services.Declared(drill.ID): // Terraform plans a creation where that is tainted, or has another address.
			replaced = drill.ID
			diags.Append(replaces(&known, tfkit.CreatedAnew))
		default:
			diags.Append(existsYet(&known))
			return
		}
	}
	diags.Append(r.WarnUnfit(arguments.Name, r.checks(ctx, arguments, replaced))...)
}

// checks are those of a drill that is to be created (GET server-groups/{id}, replications, disaster-recovery-drills).
// The drill that is replaced is gone by then.
func (r *drillResource) checks(ctx context.Context, arguments sdrs.DrillArguments, replaced string) []failover.Check {
	group, err := r.Services.SDRS.Group(ctx, arguments.GroupID)
	if err != nil {
		return []failover.Check{failover.UnreadGroup(err)}
	}
	checks := r.Services.Workflow.DrillReadiness(ctx, group)
	if arguments.VPCID == "" {
		return checks
	}
	check := failover.Check{Name: "drill_vpc", Verdict: failover.Pass}
	there, err := r.Services.SDRS.Drills(ctx, sdrs.DrillFilter{VPCID: arguments.VPCID})
	switch {
	case cloud.SameID(group.SourceVPCID, arguments.VPCID):
		check.Verdict, check.Detail = failover.Fail, "The VPC is that of the protection group."
		check.Remedy = "Set drill_vpc_id to another VPC with the same subnets, or leave it out."
	case err != nil:
		check.Verdict, check.Detail = failover.Unknown, fmt.Sprintf("The DR drills in the VPC could not be read: %s.", err)
	default:
		for _, drill := range there {
			if drill.Status != sdrs.StatusDeleting && !cloud.SameID(drill.ID, replaced) {
				check.Verdict = failover.Fail
				check.Detail = fmt.Sprintf(
					"The VPC has the DR drill %s (%s) already, of the protection group %s.",
					drill.Name,
					drill.ID,
					drill.GroupID,
				)
				check.Remedy = "Set drill_vpc_id to another VPC, or delete that drill. If it is yours, import it."
			}
		}
	}
	return append(checks, check)
}

// planUpdate keeps what a change of the name does not touch.
func planUpdate(plan, state *resourceModel, resp *resource.ModifyPlanResponse) {
	for i, value := range plan.observations() {
		*value = *state.observations()[i]
	}
	plan.Servers = state.Servers
	switch sdrs.Status(state.Status.ValueString()) {
	case sdrs.StatusError:
		plan.Status = types.StringUnknown()
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("status"))
		resp.Diagnostics.Append(replaces(state, "Its creation failed."))
	case sdrs.StatusCreating: // Its end is waited for.
		plan.Status, plan.Servers = types.StringUnknown(), types.ListUnknown(serverType)
		plan.CreatedAt, plan.UpdatedAt = types.StringUnknown(), types.StringUnknown()
		if plan.DrillVPCID.IsNull() {
			plan.DrillVPCID = types.StringUnknown()
		}
	default:
		if !plan.Name.Equal(state.Name) {
			plan.UpdatedAt = types.StringUnknown()
		}
	}
}

// replaces warns of a plan that deletes a drill and creates another one.
func replaces(drill *resourceModel, why string) diag.Diagnostic {
	report := drill.report()
	report.Happened = "Apply deletes the DR drill with its servers, and creates another one, with the data of then. " + why
	report.Next = "Unless that is wanted, change the configuration back."
	return report.New(willBeReplaced)
}

// existsYet warns of a drill that equals the one to be created.
func existsYet(drill *resourceModel) diag.Diagnostic {
	report := drill.report()
	report.Happened = "There is a DR drill of this name and group. Apply won't create a second one."
	report.Next = "If an earlier apply made it and was killed, import it. Otherwise choose another name."
	return report.New(equalDrill)
}

// willStay warns of a drill that comes with a VPC.
func willStay(drill *resourceModel) diag.Diagnostic {
	report := drill.report()
	report.Happened = "drill_vpc_id is not set: the service makes a VPC with subnets for the DR drill, and does not " +
		"delete them with it."
	report.Next = "Set drill_vpc_id to a VPC of your own, with the same subnets as the group's. Otherwise delete that " +
		"VPC yourself after the drill."
	return report.New(vpcWillStay)
}
