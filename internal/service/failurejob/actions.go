package failurejob

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/boolvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// Actions are the actions on failed jobs.
func Actions() []func() action.Action {
	return []func() action.Action{func() action.Action { return &clearing{} }}
}

// clearing is sdrs_clear_failure_jobs.
type clearing struct{ services *tfkit.Services }

var (
	_ action.ActionWithConfigure  = (*clearing)(nil)
	_ action.ActionWithModifyPlan = (*clearing)(nil)
)

type clearingModel struct {
	ProtectionGroupID types.String `tfsdk:"protection_group_id"`
	All               types.Bool   `tfsdk:"all"`
}

// Metadata names the action.
func (a *clearing) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_clear_failure_jobs"
}

// Configure takes the provider's services.
func (a *clearing) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.services = tfkit.ServicesFrom(req.ProviderData, &resp.Diagnostics)
}

// ModifyPlan looks whether there is such a group (GET server-groups/{id}).
func (a *clearing) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	var config clearingModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	id := config.ProtectionGroupID.ValueString()
	if resp.Diagnostics.HasError() || a.services == nil || id == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, tfkit.DefaultReadTimeout)
	defer cancel()
	if _, err := a.services.SDRS.Group(ctx, id); err != nil {
		resp.Diagnostics.Append(tfkit.Unreadable(id, err))
	}
}

// scope is whose failed jobs are cleared.
type scope struct{ id, name string }

// Invoke clears the lists, one request for each that is not empty, and says first what was in them: nobody can read it
// again.
func (a *clearing) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config clearingModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if a.services == nil {
		resp.Diagnostics.Append(tfkit.NotConfigured())
		return
	}
	ctx, cancel := context.WithTimeout(ctx, tfkit.DefaultReadTimeout)
	defer cancel()
	var scopes []scope
	if id := config.ProtectionGroupID.ValueString(); id != "" {
		group, err := a.services.SDRS.Group(ctx, id)
		if err != nil {
			resp.Diagnostics.Append(tfkit.Unreadable(id, err))
			return
		}
		scopes = []scope{{group.ID, group.Name}}
	} else {
		groups, err := a.services.SDRS.Groups(ctx, sdrs.GroupFilter{})
		if err != nil {
			resp.Diagnostics.Append(tfkit.Unlistable(tfkit.ProtectionGroup, err))
			return
		}
		scopes = []scope{{"", "project"}}
		for _, group := range groups {
			scopes = append(scopes, scope{group.ID, group.Name})
		}
	}
	say := tfkit.Teller(ctx, resp)
	for _, s := range scopes {
		if err := a.clear(ctx, s, say); err != nil {
			report := tfkit.Say(
				fmt.Sprintf(
					"The list of failed jobs of %s was not cleared, or that can't be told. What the lines of progress call "+
						"cleared is.",
					s.name,
				),
				notCleared.Remedy,
			)
			report.Object = s.name
			report.Fact("Protection group", s.id)
			report.Failure(err)
			resp.Diagnostics.Append(report.New(notCleared))
			return
		}
	}
}

// clear clears one list (DELETE task-center/{id}/failure-jobs/batch), and looks at it before and after (GET
// task-center/failure-jobs): a job that fails meanwhile may be on it then.
func (a *clearing) clear(ctx context.Context, s scope, say func(string)) error {
	before, err := a.services.SDRS.FailureJobs(ctx, sdrs.FailureJobFilter{GroupID: s.id})
	if err != nil {
		return err
	}
	if len(before) == 0 {
		say(s.name + ": no failed jobs, nothing had to be requested")
		return nil
	}
	for _, job := range before {
		say(strings.Join(strings.Fields(fmt.Sprintf("%s: clearing %s of %s (%s), job %s: %s %s",
			s.name, job.FailureStatus, job.ResourceName, job.ResourceID, job.JobID, job.ErrorCode, job.FailReason)), " "))
	}
	lost := a.services.SDRS.DeleteFailureJobs(ctx, s.id)
	if lost != nil && !cloud.OutcomeUnknown(lost) {
		return lost
	}
	after, err := a.services.SDRS.FailureJobs(ctx, sdrs.FailureJobFilter{GroupID: s.id})
	if err != nil {
		return err
	}
	listed := map[string]bool{}
	for _, job := range after {
		listed[job.JobID] = true
	}
	for _, job := range before {
		if !listed[job.JobID] {
			continue
		}
		if lost != nil {
			return lost
		}
		return fmt.Errorf("the job %s is still on it", job.JobID)
	}
	say(fmt.Sprintf("%s: %d failed jobs cleared", s.name, len(before)))
	return nil
}

// Schema returns the schema of sdrs_clear_failure_jobs.
func (a *clearing) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Clears the list of failed jobs of a protection group, or all lists of the project " +
			"(`task-center`). It removes the records, and **nothing of what a failed job left behind**: look at " +
			"`sdrs_failure_jobs` first. The lines of progress repeat each record before it goes.\n\nNeeds Terraform 1.14 or " +
			"newer. Run it with `terraform apply -invoke=action.sdrs_clear_failure_jobs.NAME`.",
		Attributes: map[string]schema.Attribute{
			"protection_group_id": schema.StringAttribute{
				MarkdownDescription: "The id of the protection group, a UUID. Its own failed jobs go, and those of its instances " +
					"and pairs.",
				Optional: true,
				Validators: []validator.String{
					tfkit.GroupID(), stringvalidator.ExactlyOneOf(path.MatchRoot("protection_group_id"), path.MatchRoot("all")),
				},
			},
			"all": schema.BoolAttribute{
				MarkdownDescription: "`true`: the failed jobs of all protection groups go, and those of groups that could not be " +
					"created.",
				Optional:   true,
				Validators: []validator.Bool{boolvalidator.Equals(true)},
			},
		},
	}
}
