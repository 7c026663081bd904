package groupfailover

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/evacuation"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/report"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// checkReadiness is sdrs_check_readiness: the checks of sdrs_failover_readiness, as an error where they do not pass.
type checkReadiness struct{ services *tfkit.Services }

var _ action.ActionWithConfigure = (*checkReadiness)(nil)

func newCheckReadiness() action.Action { return &checkReadiness{} }

type checkReadinessModel struct {
	ProtectionGroupID types.String         `tfsdk:"protection_group_id"`
	PriorityStation   types.String         `tfsdk:"priority_station"`
	PriorityZone      types.String         `tfsdk:"priority_availability_zone"`
	StopServers       types.Bool           `tfsdk:"stop_servers"`
	MaxDrillAge       timetypes.GoDuration `tfsdk:"max_drill_age"`
	RequireAllChecks  types.Bool           `tfsdk:"require_all_checks"`
	ReportFile        types.String         `tfsdk:"report_file"`
}

// Metadata names the action.
func (a *checkReadiness) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_check_readiness"
}

// Configure takes the provider's services.
func (a *checkReadiness) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.services = tfkit.ServicesFrom(req.ProviderData, &resp.Diagnostics)
}

// Schema returns the schema of sdrs_check_readiness.
func (a *checkReadiness) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Checks whether a planned failover of a protection group could start now, and fails where it " +
			"could not: an exit code for a pipeline, and a gate before an update. It changes nothing, and sends nothing but " +
			"reads. The data source `sdrs_failover_readiness` has the same checks, and never fails for them.\n\nAs a gate, " +
			"have a `sdrs_protection_group_failover` trigger it with `events = [before_update]`: where it fails, Terraform " +
			"does not update the resource. The switch makes the same checks itself: the gate is for `require_all_checks`, and " +
			"for what is to be checked before other things are changed.\n\nNeeds Terraform 1.14 or newer. Run it with " +
			"`terraform apply -invoke=action.sdrs_check_readiness.NAME`, or from the `action_trigger` of a resource.",
		Attributes: map[string]schema.Attribute{
			"protection_group_id": schema.StringAttribute{
				MarkdownDescription: "The id of the protection group, a UUID.",
				Required:            true,
				Validators:          []validator.String{tfkit.GroupID()},
			},
			"priority_station": schema.StringAttribute{
				MarkdownDescription: "The site to switch to, `source` or `target`. Default: the one that is not active.",
				Optional:            true,
				Validators:          tfkit.OtherSite(),
			},
			"priority_availability_zone": schema.StringAttribute{
				MarkdownDescription: "The availability zone of the site to switch to, for example `eu-de-02`." + tfkit.InZone,
				Optional:            true,
				Validators:          tfkit.Zone(),
			},
			"stop_servers": schema.BoolAttribute{
				MarkdownDescription: "Whether the switch is to stop the servers at the active site itself: then they may run. " +
					"Default `false`.",
				Optional: true,
			},
			"max_drill_age": schema.StringAttribute{
				CustomType:          timetypes.GoDurationType{},
				MarkdownDescription: maxDrillAge,
				Optional:            true,
				Validators:          []validator.String{tfkit.NotNegative()},
			},
			"require_all_checks": schema.BoolAttribute{
				MarkdownDescription: "Whether to fail where a check is not possible, too: for lack of permissions, or since an " +
					"API does not answer. Default `true`.",
				Optional: true,
			},
			tfkit.ReportArgument: tfkit.ReportFile(),
		},
	}
}

// Invoke runs the checks (GET server-groups/{id}, protected-instances, replications, and cloudservers/{id} for each
// server).
func (a *checkReadiness) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config checkReadinessModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if a.services == nil {
		resp.Diagnostics.Append(tfkit.NotConfigured())
		return
	}
	say := tfkit.Teller(ctx, resp)
	now := a.services.Workflow.Waiter().Clock.Now
	id := config.ProtectionGroupID.ValueString()
	file, problem := a.services.NewReport(config.ReportFile.ValueString(), report.About{
		Action: "sdrs_check_readiness", Title: "Readiness for a planned failover", DryRun: true, Now: now, Began: now(),
	}, []report.Subject{{Group: sdrs.Group{ID: id, Name: id}, Operation: failover.PlannedFailover("")}}, say)
	if problem != nil {
		resp.Diagnostics.Append(problem)
		return
	}
	file.Begin(id)
	found, problem := a.check(ctx, config, say)
	if problem != nil {
		resp.Diagnostics.Append(problem)
	}
	file.End(id, checked(id, found, problem))
	resp.Diagnostics.Append(tfkit.CloseReport(ctx, file, resp.Diagnostics, say)...)
}

// check makes the checks, and says what they found; the problem is that they did not pass, or could not be made.
func (a *checkReadiness) check(
	ctx context.Context,
	config checkReadinessModel,
	say func(string),
) (failover.Readiness, diag.Diagnostic) {
	bounded, cancel := context.WithTimeout(ctx, tfkit.DefaultReadTimeout)
	defer cancel()
	began := a.services.Workflow.Waiter().Clock.Now()
	found, problem := check(
		bounded,
		a.services,
		config.ProtectionGroupID,
		config.PriorityStation,
		config.PriorityZone,
		config.StopServers,
		config.MaxDrillAge,
	)
	if problem == nil {
		problem = tfkit.NotReady(found, config.RequireAllChecks.IsNull() || config.RequireAllChecks.ValueBool())
	}
	if problem == nil && ctx.Err() != nil && !found.FullyChecked() { // What Ctrl-C left unread is no word on the group.
		problem = tfkit.OperationFailed(&failover.Error{Kind: failover.Interrupted, Progress: failover.Progress{
			Operation: failover.PlannedFailover(found.Station), Station: found.Station, Group: found.Group,
			Waited: a.services.Workflow.Waiter().Clock.Now().Sub(began),
		}}, tfkit.Invoking)
	}
	if problem != nil {
		return found, problem
	}
	for _, check := range found.Checks {
		if check.Verdict != failover.Pass {
			say(fmt.Sprintf("%s: %s: %s: %s", found.Group.Name, check.Name, check.Verdict, check.Detail))
		}
	}
	say(readyText(found))
	return found, nil
}

// checked is what the report has of a check.
func checked(id string, found failover.Readiness, problem diag.Diagnostic) report.End {
	if found.Group.ID == "" {
		found.Group.ID, found.Group.Name = id, id
	}
	operation := failover.PlannedFailover(found.Station)
	end := report.End{Record: failover.NewRecord(operation, failover.Result{
		Group: found.Group, From: found.Group.PriorityStation,
	}, nil)}
	end.Record.Result = evacuation.ResultReady
	if problem != nil {
		end.Record.Result, end.Summary, end.Detail = failover.ResultError, problem.Summary(), problem.Detail()
	} else if decision, _ := operation.Decide(found.Group); decision == failover.NoAction {
		end.Record.Result = failover.ResultNothingToDo
	}
	for _, check := range found.Checks {
		end.Checks = append(end.Checks, report.Check{
			Name: check.Name, Verdict: string(check.Verdict), Detail: cloud.Printable(check.Detail),
			Remedy: cloud.Printable(check.Remedy),
		})
	}
	return end
}

// readyText is one line on a group that is ready.
func readyText(found failover.Readiness) string {
	wanted := tfkit.Site(found.Group, found.Station)
	if decision, _ := failover.PlannedFailover(found.Station).Decide(found.Group); decision == failover.NoAction {
		return fmt.Sprintf("%s: %s, active at %s already", found.Group.Name, found.Group.Status, wanted)
	}
	return fmt.Sprintf("%s: a planned failover from %s to %s could start now",
		found.Group.Name, tfkit.Site(found.Group, found.Group.PriorityStation), wanted)
}
