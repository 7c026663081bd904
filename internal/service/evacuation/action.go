// Package evacuation is the action that moves all protection groups out of an availability zone.
package evacuation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/boolvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/evacuation"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

const (
	planned             = "planned"
	unplanned           = "unplanned"
	onFailureContinue   = "continue"
	onFailureHalt       = "halt"
	defaultMaxParallel  = 10
	argumentStopServers = "stop_servers"
)

// evacuate is sdrs_evacuate_availability_zone.
type evacuate struct{ services *tfkit.Services }

var (
	_ action.ActionWithConfigure  = (*evacuate)(nil)
	_ action.ActionWithModifyPlan = (*evacuate)(nil)
)

// New returns the action before its configuration.
func New() action.Action { return &evacuate{} }

type model struct {
	AvailabilityZone types.String         `tfsdk:"availability_zone"`
	Mode             types.String         `tfsdk:"mode"`
	ProtectionGroups types.Set            `tfsdk:"protection_groups"`
	Waves            types.List           `tfsdk:"waves"`
	MaxParallel      types.Int64          `tfsdk:"max_parallel"`
	OnFailure        types.String         `tfsdk:"on_failure"`
	StopServers      types.Bool           `tfsdk:"stop_servers"`
	ForceStopAfter   timetypes.GoDuration `tfsdk:"force_stop_after"`
	StartServers     types.Bool           `tfsdk:"start_servers"`
	RequireAllChecks types.Bool           `tfsdk:"require_all_checks"`
	StopAllFirst     types.Bool           `tfsdk:"stop_all_first"`
	DryRun           types.Bool           `tfsdk:"dry_run"`
	Objective        timetypes.GoDuration `tfsdk:"recovery_time_objective"`
	ReportFile       types.String         `tfsdk:"report_file"`
	Timeout          timetypes.GoDuration `tfsdk:"timeout"`
}

// known reports whether all that decides which groups move, and how, is known, which it is not always in a plan.
func (m model) known(ctx context.Context) bool {
	for _, value := range []interface{ IsUnknown() bool }{
		m.AvailabilityZone, m.Mode, m.ProtectionGroups, m.Waves, m.StopServers, m.ForceStopAfter, m.StartServers, m.DryRun,
	} {
		if value.IsUnknown() {
			return false
		}
	}
	for _, list := range append(m.Waves.Elements(), m.ProtectionGroups) {
		value, err := list.ToTerraformValue(ctx)
		if err != nil || !value.IsFullyKnown() {
			return false
		}
	}
	return true
}

// request is what the configuration asks for.
func (m model) request(ctx context.Context, diags *diag.Diagnostics) evacuation.Request {
	request := evacuation.Request{
		Zone: m.AvailabilityZone.ValueString(), Planned: m.Mode.ValueString() == planned, MaxParallel: defaultMaxParallel,
		Halt: m.OnFailure.ValueString() == onFailureHalt, StopAllFirst: m.StopAllFirst.ValueBool(),
		DryRun: m.DryRun.ValueBool(),
		Policy: failover.ServerPolicy{Stop: m.StopServers.ValueBool(), Start: m.StartServers.ValueBool()},
	}
	if !m.MaxParallel.IsNull() {
		request.MaxParallel = int(m.MaxParallel.ValueInt64())
	}
	if after, unset := m.ForceStopAfter.ValueGoDuration(); !unset.HasError() {
		request.Policy.ForceStopAfter = &after
	}
	if !m.ProtectionGroups.IsNull() {
		request.Groups = []string{} // None are none, and not all.
		diags.Append(m.ProtectionGroups.ElementsAs(ctx, &request.Groups, false)...)
	}
	diags.Append(m.Waves.ElementsAs(ctx, &request.Waves, false)...)
	return request
}

// Metadata names the action.
func (a *evacuate) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_evacuate_availability_zone"
}

// Configure takes the provider's services.
func (a *evacuate) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.services = tfkit.ServicesFrom(req.ProviderData, &resp.Diagnostics)
}

// Schema returns the schema of sdrs_evacuate_availability_zone.
func (a *evacuate) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	texts := types.SetType{ElemType: types.StringType}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Moves all protection groups out of an availability zone, or those that it names, each to its " +
			"other site, whichever that is: in waves, some at a time. Each group is switched as by `sdrs_planned_failover` or " +
			"`sdrs_unplanned_failover`: checked first, at most once, waited for, and verified. It needs no resource and no " +
			"state.\n\nThe plan lists the groups, as a warning. They are read again when it starts, and the first lines of " +
			"progress name those that move. Terraform keeps the arguments of an action with its plan, and nothing else: with " +
			"`protection_groups` from the data source `sdrs_protection_groups`, as below, groups that the plan did not list " +
			"are reported, and stay. Without it a group that has come to run in the zone since the plan moves, too.\n\n" +
			"Invoke it again after it failed or was interrupted: groups that have left stay where they are, jobs that go on " +
			"are waited for, and the others move. Nothing is switched twice, or back.\n\nNeeds Terraform 1.14 or newer. Run it with " +
			"`terraform apply -invoke=action.sdrs_evacuate_availability_zone.NAME`.\n\nThere is a line of progress for each " +
			"change of a group, at most one every ten seconds. The last lines are a table, and a record for each group for a " +
			"pipeline to keep: `" + failover.RecordPrefix + "` and an object of JSON. Its `result` is " +
			"`done`, `nothing_to_do`, `error`, `in_flight` (the wait ended, and the job may go on), `not_begun`, or after a " +
			"dry run `ready` or `would_wait` (something moves the group now).",
		Attributes: map[string]schema.Attribute{
			"availability_zone": schema.StringAttribute{
				MarkdownDescription: "The availability zone to leave, for example `eu-de-01`.",
				Required:            true,
				Validators:          tfkit.Zone(),
			},
			"mode": schema.StringAttribute{
				MarkdownDescription: "One of `planned`, `unplanned`. By planned failovers servers are stopped first, and nothing " +
					"is lost. Unplanned ones are for a disaster in the zone: servers there are stopped by force, replication ends, " +
					"and data that was not replicated is lost. The groups end `failed-over`: `sdrs_reprotect` replicates them again.",
				Required:   true,
				Validators: []validator.String{stringvalidator.OneOf(planned, unplanned)},
			},
			"protection_groups": schema.SetAttribute{
				MarkdownDescription: "The ids or exact names of the groups that leave; an empty set is none. Others that run in " +
					"the zone are reported, and stay. Default: all groups of the project whose active site is in the zone when the " +
					"action starts, and those that a switch is moving between it and another zone by then, or has left half-way " +
					"(`error-reversing`, `error-failing-over`).",
				ElementType: types.StringType,
				Optional:    true,
				Validators:  []validator.Set{setvalidator.NoNullValues()},
			},
			"waves": schema.ListAttribute{
				MarkdownDescription: "Sets of ids or exact names: a wave begins when the one before has ended. Groups in no wave " +
					"go last. What is not to leave the zone is reported, and stays. By default all go at once.",
				ElementType: texts,
				Optional:    true,
				Validators: []validator.List{
					listvalidator.NoNullValues(), listvalidator.ValueSetsAre(setvalidator.NoNullValues()),
				},
			},
			"max_parallel": schema.Int64Attribute{
				MarkdownDescription: "How many groups move at the same time, within a wave. Default `10`.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.AtLeast(1)},
			},
			"on_failure": schema.StringAttribute{
				MarkdownDescription: "What comes after a group has failed. One of `continue`, `halt`. With `continue` every " +
					"other group still " +
					"goes, and the action fails at the end. With `halt` no further group is begun. Default `continue`.",
				Optional:   true,
				Validators: []validator.String{stringvalidator.OneOf(onFailureContinue, onFailureHalt)},
			},
			argumentStopServers: schema.BoolAttribute{
				MarkdownDescription: "Whether to stop the servers of each group in the zone before its planned failover. An " +
					"unplanned one stops them itself, so that this has no effect. Default `false`.",
				Optional: true,
			},
			"force_stop_after": tfkit.Duration(
				"How long `stop_servers` waits before it stops hard what still runs, a duration such "+
					"as `5m`. By default it never does.",
				tfkit.OnlyWith(argumentStopServers),
			),
			"start_servers": schema.BoolAttribute{
				MarkdownDescription: "Whether to start the servers of each group at its new site, and wait until they are in " +
					"service, before the next wave begins. Default `false`.",
				Optional: true,
			},
			"stop_all_first": schema.BoolAttribute{
				MarkdownDescription: "Whether to stop the servers of all groups before any group moves, those of the last wave " +
					"first: so that applications stop before their databases. They are started in the order of the waves. For " +
					"planned failovers, with `stop_servers = true`. Default `false`.",
				Optional:   true,
				Validators: []validator.Bool{boolvalidator.AlsoRequires(path.MatchRoot(argumentStopServers))},
			},
			"require_all_checks": schema.BoolAttribute{
				MarkdownDescription: tfkit.RequireAllChecks,
				Optional:            true,
			},
			"dry_run": schema.BoolAttribute{
				MarkdownDescription: "Whether to check all and move nothing: it prints the same table, and fails where the " +
					"action would. Default `false`.",
				Optional: true,
			},
			"recovery_time_objective": tfkit.Duration(
				"The recovery time objective, a duration such as `30m`: how long after the start of the action each group " +
					"should be at its new site, with its servers in service where `start_servers` starts them. A line of progress " +
					"names those that took longer, and the report has it as a line. Nothing fails for it.",
			),
			tfkit.ReportArgument: tfkit.ReportFile(),
			"timeout": tfkit.ActionTimeout(
				"How long to wait for each group, a duration such as `30m`. When it is over, its job goes on in the " +
					"cloud, and the next group begins. Default `60m`.",
			),
		},
	}
}

// ModifyPlan lists the groups that would move.
func (a *evacuate) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || a.services == nil || !config.known(ctx) {
		return
	}
	request := config.request(ctx, &resp.Diagnostics)
	ctx, cancel := context.WithTimeout(ctx, tfkit.DefaultReadTimeout)
	defer cancel()
	if selection, ok := a.selected(ctx, request, &resp.Diagnostics); ok {
		resp.Diagnostics.Append(warnLeaving(request, selection))
	}
	if problem := tfkit.ReportUnwritable(config.ReportFile.ValueString()); problem != nil {
		resp.Diagnostics.Append(problem)
	}
}

// selected finds the groups that a request is about. It reports false, with an error, where they can't be read, or
// where there is no such zone.
func (a *evacuate) selected(
	ctx context.Context,
	request evacuation.Request,
	diags *diag.Diagnostics,
) (evacuation.Selection, bool) {
	groups, err := a.services.SDRS.Groups(ctx, sdrs.GroupFilter{})
	if err != nil {
		diags.Append(tfkit.Unlistable(tfkit.ProtectionGroups, err))
		return evacuation.Selection{}, false
	}
	zones := evacuation.Zones(groups, nil)
	if !slices.Contains(zones, request.Zone) {
		domains, err := a.services.SDRS.ActiveDomains(ctx)
		// Where these can't be read, it is not known that there is no such zone, and nothing to leave in any case.
		if zones = evacuation.Zones(groups, domains); err == nil && !slices.Contains(zones, request.Zone) {
			diags.Append(notFound(request.Zone, zones))
			return evacuation.Selection{}, false
		}
	}
	return evacuation.Select(groups, request), true
}

// Invoke moves the groups, and reports how that gets on.
func (a *evacuate) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	request := config.request(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if a.services == nil {
		resp.Diagnostics.Append(tfkit.NotConfigured())
		return
	}
	now := a.services.Workflow.Waiter().Clock.Now
	began := now()
	selection, ok := a.selected(ctx, request, &resp.Diagnostics)
	if !ok {
		return
	}
	say := tfkit.Teller(ctx, resp)
	about, subjects := a.reported(config, request, selection, began)
	file, problem := a.services.NewReport(config.ReportFile.ValueString(), about, subjects, say)
	if problem != nil {
		resp.Diagnostics.Append(problem)
		return
	}
	for _, line := range opening(request, selection) {
		say(line)
	}
	timeout, unset := config.Timeout.ValueGoDuration()
	if unset.HasError() {
		timeout = tfkit.DefaultOperationTimeout
	}
	requireAll := config.RequireAllChecks.ValueBool()
	outcomes := evacuation.Evacuation{
		Workflow: a.services.Workflow.WithAllChecks(
			requireAll,
		), RequireAllChecks: requireAll, Timeout: timeout,
		Turn: a.services.Turn, Say: say, Progress: tfkit.ProgressText, Ended: endedText, Watcher: watcher{file},
	}.Run(ctx, request, selection)

	if len(outcomes) > 0 {
		for _, line := range evacuation.Table(outcomes) {
			say(line)
		}
		for _, outcome := range outcomes {
			say(outcome.Record().Line())
		}
	}
	if missed := late(outcomes, about); missed != "" {
		say(missed)
	}
	say(request.Zone + ": " + evacuation.Summary(outcomes, now().Sub(began)))
	resp.Diagnostics.Append(unfinished(request, selection, outcomes)...)
	resp.Diagnostics.Append(warnStaying(request, selection)...)
	for _, outcome := range outcomes {
		watcher{file}.Ended(outcome) // Those that were not begun have not.
	}
	resp.Diagnostics.Append(tfkit.CloseReport(ctx, file, resp.Diagnostics, say)...)
}

// opening are the first lines of progress: which groups are to move, and what else there is to say of the request.
func opening(request evacuation.Request, selection evacuation.Selection) []string {
	members := selection.Leaving()
	if len(members) == 0 {
		return append([]string{nothing(request, selection)}, remarks(request, selection)...)
	}
	lines := []string{fmt.Sprintf("%s: %s to move, in %s, by %s", request.Zone, failover.Counted(len(members), "group"),
		failover.Counted(len(selection.Waves), "wave"), strings.ToLower(operations(request.Planned)))}
	if request.DryRun {
		lines[0] += ", of which none is moved: dry_run = true"
	}
	for n, wave := range selection.Waves {
		lines = append(lines, fmt.Sprintf("wave %d: %s", n+1, evacuation.Names(wave)))
	}
	return append(lines, remarks(request, selection)...)
}

// remarks are what there is to say of a request besides the groups that are to move.
func remarks(request evacuation.Request, selection evacuation.Selection) []string {
	lines := slices.Concat(selection.Problems, selection.Notes)
	if left := selection.Left(); len(left) > 0 {
		lines = append(lines, strings.ToLower(haveLeft)+": "+evacuation.Names(left))
	}
	for _, member := range selection.Away {
		lines = append(lines, fmt.Sprintf("%s runs in %s already: nothing to do", member.Group.Name, member.To()))
	}
	if len(selection.Staying) > 0 {
		lines = append(lines, fmt.Sprintf("not asked for, so they stay in %s: %s", request.Zone, names(selection.Staying)))
	}
	return lines
}

// endedText is one line on the end of a group.
func endedText(o evacuation.Outcome) string {
	switch {
	case o.Err != nil:
		return fmt.Sprintf("%s: %s: %s", o.Group.Name, o.Verdict, tfkit.OperationFailed(o.Err, tfkit.Invoking).Summary())
	case o.Result.Group.ID == "":
		return fmt.Sprintf("%s: %s", o.Group.Name, o.Verdict)
	}
	return tfkit.ResultText(o.Result)
}
