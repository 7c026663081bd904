package groupfailover

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

type readinessModel struct {
	ProtectionGroupID types.String         `tfsdk:"protection_group_id"`
	PriorityStation   types.String         `tfsdk:"priority_station"`
	PriorityZone      types.String         `tfsdk:"priority_availability_zone"`
	StopServers       types.Bool           `tfsdk:"stop_servers"`
	MaxDrillAge       timetypes.GoDuration `tfsdk:"max_drill_age"`
	Name              types.String         `tfsdk:"name"`
	ActiveSite        types.String         `tfsdk:"active_site"`
	Ready             types.Bool           `tfsdk:"ready"`
	FullyChecked      types.Bool           `tfsdk:"fully_checked"`
	Problems          []string             `tfsdk:"problems"`
	Checks            []checkModel         `tfsdk:"checks"`
}

type checkModel struct {
	Name   types.String `tfsdk:"name"`
	Status types.String `tfsdk:"status"`
	Detail types.String `tfsdk:"detail"`
	Remedy types.String `tfsdk:"remedy"`
}

func newCheckModel(check failover.Check) checkModel {
	// These are sentences to be shown, with names of the cloud in them.
	return checkModel{
		Name:   types.StringValue(check.Name),
		Status: types.StringValue(string(check.Verdict)),
		Detail: types.StringValue(cloud.Printable(check.Detail)),
		Remedy: tfkit.OrNull(cloud.Printable(check.Remedy)),
	}
}

// NewDataSource returns sdrs_failover_readiness: whether a planned failover could start now (GET server-groups/{id},
// protected-instances, replications, and cloudservers/{id} for each server; see [failover.Workflow.RecentDrill]).
func NewDataSource() datasource.DataSource {
	return tfkit.DataSource[readinessModel]{
		Name: "failover_readiness",
		Description: "Checks whether a planned failover of a protection group could start now. It changes nothing, and a " +
			"group that is not ready does not fail the plan: use it in a `check` block, or show it on a dashboard.",
		Attributes: map[string]schema.Attribute{
			"protection_group_id": schema.StringAttribute{
				MarkdownDescription: "The id of the protection group, a UUID.",
				Required:            true,
				Validators:          []validator.String{tfkit.GroupID()},
			},
			"priority_station": schema.StringAttribute{
				MarkdownDescription: "The site to switch to, `source` or `target`. Default: the one that is not active.",
				Optional:            true,
				Computed:            true,
				Validators:          tfkit.OtherSite(),
			},
			"priority_availability_zone": schema.StringAttribute{
				MarkdownDescription: "The availability zone of the site to switch to, for example `eu-de-02`." + tfkit.InZone,
				Optional:            true,
				Validators:          tfkit.Zone(),
			},
			"stop_servers": schema.BoolAttribute{
				MarkdownDescription: "Whether the switch is to stop the servers at the active site itself, as with " +
					"`stop_servers` of the resource: then they may run, as they do on any day without a switch. Default: `false`.",
				Optional: true,
			},
			"max_drill_age": schema.StringAttribute{
				CustomType:          timetypes.GoDurationType{},
				MarkdownDescription: maxDrillAge,
				Optional:            true,
				Validators:          []validator.String{tfkit.NotNegative()},
			},
			"name":        tfkit.Reported("The name of the protection group."),
			"active_site": tfkit.Reported("The active site, `source` or `target`."),
			"ready": tfkit.ReportedFlag(
				"Whether a planned failover could start now: the group rests, no check failed, and all checks were possible.",
			),
			"fully_checked": tfkit.ReportedFlag(
				"Whether all checks were possible. What could not be checked is `unknown` in `checks`: " +
					"for lack of permissions, or since an API did not answer.",
			),
			"problems": schema.ListAttribute{
				MarkdownDescription: "What stands in the way of `ready`, one sentence each; empty where that is `true`.",
				ElementType:         types.StringType,
				Computed:            true,
			},
			"checks": tfkit.ReportedList(
				"The checks: `group_status`, `replication_pairs`, `replication_health`, `replication_synchronized`, "+
					"`protected_instances`, `servers_stopped`, and `permissions`; only the first where the site is active already; "+
					"and with `max_drill_age` also `recent_drill`.",
				map[string]schema.Attribute{
					"name": tfkit.Reported("The name of the check."),
					"status": tfkit.Reported(
						"`pass`, `warn` (does not block, but is worth a look), `fail` (apply refuses), or `unknown` (could not be " +
							"checked; does not block).",
					),
					"detail": tfkit.Reported("What was found, with the names of the culprits."),
					"remedy": tfkit.Reported("What to do about it; null where there is nothing to do."),
				},
			),
		},
		Fill: readiness,
	}.New()
}

// maxDrillAge describes the argument of that name.
const maxDrillAge = "How old the newest DR drill of the group may be, a duration such as `2160h`: the check " +
	"`recent_drill` warns where it is older, or where there is none, and never blocks. A drill that was deleted counts " +
	"for three months, as far as the service tells. By default this is not checked."

// readiness runs the checks.
func readiness(ctx context.Context, services *tfkit.Services, model *readinessModel) diag.Diagnostic {
	report, problem := check(
		ctx,
		services,
		model.ProtectionGroupID,
		model.PriorityStation,
		model.PriorityZone,
		model.StopServers,
		model.MaxDrillAge,
	)
	if problem != nil {
		return problem
	}
	model.PriorityStation = types.StringValue(string(report.Station))
	model.Name = types.StringValue(report.Group.Name)
	model.ActiveSite = types.StringValue(string(report.Group.PriorityStation))
	model.Ready = types.BoolValue(report.Ready())
	model.FullyChecked = types.BoolValue(report.FullyChecked())
	model.Problems = tfkit.Each(report.Problems(), cloud.Printable)
	model.Checks = tfkit.Each(report.Checks, newCheckModel)
	return nil
}

// check runs the checks towards a site that is named in one way, or not at all.
func check(
	ctx context.Context, services *tfkit.Services, group, station, zone types.String, stopServers types.Bool,
	maxDrillAge timetypes.GoDuration,
) (failover.Readiness, diag.Diagnostic) {
	id := group.ValueString()
	if !station.IsNull() && !zone.IsNull() {
		return failover.Readiness{}, tfkit.NamesOneSite(true, true)
	}
	wanted, problem := services.Locate(ctx, id, sdrs.Station(station.ValueString()), zone.ValueString())
	if problem != nil {
		return failover.Readiness{}, problem
	}
	found, err := services.Workflow.Readiness(ctx, id, wanted, failover.ServerPolicy{Stop: stopServers.ValueBool()})
	if err != nil {
		return failover.Readiness{}, tfkit.Unreadable(id, err)
	}
	if age, unset := maxDrillAge.ValueGoDuration(); !unset.HasError() {
		found.Checks = append(found.Checks, services.Workflow.RecentDrill(ctx, found.Group, age))
	}
	return found, nil
}
