package tfkit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// GroupAction describes an action on a protection group.
type GroupAction struct {
	Name        string
	Description string
	Operation   func(station sdrs.Station) failover.Operation
	// Station describes priority_station; empty where the action is not about a site.
	Station string
	// Stops and Starts are set where the action can do that to servers.
	Stops, Starts bool
	// Synchronizes is set where the action can wait for the replication pairs afterwards.
	Synchronizes bool
	// Costs is what a plan says of what the action costs, and in its first paragraph what the action says before it begins;
	// MayCost is what a plan says of a group that has yet to come to rest. They are nil where it costs nothing.
	Costs, MayCost func(sdrs.Group) diag.Diagnostic
}

// groupAction is an action on a protection group.
type groupAction struct {
	GroupAction

	Services *Services
}

var (
	_ action.ActionWithConfigure  = (*groupAction)(nil)
	_ action.ActionWithModifyPlan = (*groupAction)(nil)
)

// New returns the action before its configuration.
func (a GroupAction) New() action.Action { return &groupAction{GroupAction: a} }

// Metadata names the action.
func (a *groupAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + a.Name
}

// Configure takes the provider's services.
func (a *groupAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.Services = ServicesFrom(req.ProviderData, &resp.Diagnostics)
}

// invocation is the configuration of an action. Arguments that an action lacks are at their defaults.
type invocation struct {
	groupID string
	// Of station and zone one is set, where the action is about a site.
	station sdrs.Station
	zone    string
	policy  failover.ServerPolicy
	timeout time.Duration
	// objective is the recovery time objective; nil: there is none.
	objective *time.Duration
	// requireAll is set where what could not be checked refuses.
	requireAll bool
	// synchronize is set where the replication pairs are waited for.
	synchronize bool
	// known is set where all of it is, which it is not always in a plan.
	known bool
}

// checks reports whether the operation has checks that may not be possible.
func (a *groupAction) checks() bool { return a.Operation(sdrs.Target).HasChecks() }

// decode reads the configuration of an action.
func (a *groupAction) decode(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) invocation {
	read := invocation{known: true, timeout: DefaultOperationTimeout}
	text := func(name string) string {
		var value types.String
		diags.Append(config.GetAttribute(ctx, path.Root(name), &value)...)
		read.known = read.known && !value.IsUnknown()
		return value.ValueString()
	}
	flag := func(name string) bool {
		var value types.Bool
		diags.Append(config.GetAttribute(ctx, path.Root(name), &value)...)
		read.known = read.known && !value.IsUnknown()
		return value.ValueBool()
	}
	duration := func(name string) (time.Duration, bool) {
		var value timetypes.GoDuration
		diags.Append(config.GetAttribute(ctx, path.Root(name), &value)...)
		read.known = read.known && !value.IsUnknown()
		d, invalid := value.ValueGoDuration()
		return d, !invalid.HasError()
	}

	read.groupID = text("protection_group_id")
	if a.Station != "" {
		read.station, read.zone = sdrs.Station(text(StationArgument)), text(ZoneArgument)
		if problem := NamesOneSite(read.station != "", read.zone != ""); read.known && problem != nil {
			diags.Append(problem)
		}
		if objective, set := duration("recovery_time_objective"); set {
			read.objective = &objective
		}
	}
	if a.Stops {
		read.policy.Stop = flag("stop_servers")
		if after, set := duration("force_stop_after"); set {
			read.policy.ForceStopAfter = &after
		}
	}
	if a.Starts {
		read.policy.Start = flag("start_servers")
	}
	if a.Synchronizes {
		read.synchronize = flag("wait_for_synchronization")
	}
	if a.checks() {
		read.requireAll = flag("require_all_checks")
	}
	if timeout, set := duration("timeout"); set {
		read.timeout = timeout
	}
	return read
}

// stationOf returns the site that the action is about, in the group.
func (i invocation) stationOf(group sdrs.Group) (sdrs.Station, diag.Diagnostic) {
	if i.zone == "" {
		return i.station, nil
	}
	return StationIn(group, i.zone)
}

// ModifyPlan looks at the group, and warns of what would stop the action, and of what it destroys.
func (a *groupAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	config := a.decode(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !config.known || a.Services == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, DefaultReadTimeout)
	defer cancel()
	group, err := a.Services.SDRS.Group(ctx, config.groupID)
	if err != nil {
		resp.Diagnostics.Append(Unreadable(config.groupID, err))
		return
	}
	station, problem := config.stationOf(group)
	if problem != nil {
		resp.Diagnostics.Append(problem)
		return
	}
	operation := a.Operation(station)
	decision, _ := operation.Decide(group)
	switch {
	case decision == failover.Wait && a.MayCost != nil:
		resp.Diagnostics.Append(a.MayCost(group))
	case decision == failover.Act && a.Costs != nil:
		resp.Diagnostics.Append(a.Costs(group))
	}
	resp.Diagnostics.Append(a.Services.WarnUnready(ctx, group, operation, config.policy, config.requireAll,
		path.Root("protection_group_id"))...)
}

// again is how an action is tried again.
var again = Retry{Again: "Invoke the action again", Resume: "Invoke the action again to resume the wait", Longer: "timeout"}

// Invoke runs the operation, and reports its progress.
func (a *groupAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	config := a.decode(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if a.Services == nil {
		resp.Diagnostics.Append(NotConfigured())
		return
	}
	bounded, cancel := context.WithTimeout(ctx, config.timeout)
	defer cancel()
	say := func(text string) {
		if ctx.Err() != nil { // After Ctrl-C Terraform hears one more word: that is to be the error.
			tflog.Info(ctx, text)
			return
		}
		resp.SendProgress(action.InvokeProgressEvent{Message: cloud.Printable(text)})
	}
	unchecked := 0
	workflow := a.Services.Workflow.WithAllChecks(config.requireAll).WithNotify(func(progress failover.Progress) {
		if len(progress.Unchecked) > unchecked { // Once.
			say(uncheckedText(progress))
		}
		unchecked = len(progress.Unchecked)
		say(ProgressText(progress))
	})
	station, problem := a.Services.Locate(bounded, config.groupID, config.station, config.zone)
	operation := a.Operation(station)
	if problem != nil {
		resp.Diagnostics.Append(problem)
		say(failover.NewRecord(operation, failover.Result{}, &failover.Error{
			Kind: failover.NotPossible, Progress: failover.Progress{GroupID: config.groupID},
		}).Line())
		return
	}
	if a.Costs != nil { // Terraform has shown the warning of the plan under a title of its own, or folded it.
		if group, err := a.Services.SDRS.Group(bounded, config.groupID); err == nil {
			if decision, _ := operation.Decide(group); decision == failover.Act {
				first, _, _ := strings.Cut(a.Costs(group).Detail(), "\n\n")
				say(group.Name + ": " + first)
			}
		}
	}

	defer a.Services.Turn(bounded, config.groupID)()
	result, err := workflow.Run(bounded, config.groupID, operation, config.policy)
	defer func() { say(failover.NewRecord(operation, result, err).Line()) }() // The last word, for whoever keeps records.
	if err != nil {
		resp.Diagnostics.Append(OperationFailed(err, again))
		return
	}
	say(ResultText(result))
	if config.synchronize {
		if err := a.synchronize(bounded, result, say); err != nil {
			resp.Diagnostics.Append(NotSynchronized(err, again, false))
		}
	}
	if config.objective != nil {
		if took, missed := result.Times.Missed(*config.objective); missed {
			say(fmt.Sprintf("%s: the recovery time objective was missed: %s, and not %s",
				result.Group.Name, rounded(took), *config.objective))
		}
	}
}

// ProgressText is one line on how far an operation got.
func ProgressText(progress failover.Progress) string {
	text := fmt.Sprintf("%s: %s", progress.Group.Name, progress.Group.Status)
	if progress.Group.Status.Phase() == sdrs.Moving {
		text += fmt.Sprintf(" (%d %%)", progress.Group.Progress)
	}
	if progress.JobID != "" {
		text += ", job " + progress.JobID
	}
	if len(progress.Awaited) > 0 {
		text += fmt.Sprintf(", %d servers not %s yet", len(progress.Awaited), progress.AwaitedStatus)
	}
	return fmt.Sprintf("%s, %s elapsed", text, progress.Waited.Round(time.Second))
}

// uncheckedText is one line on what could not be checked before an operation.
func uncheckedText(progress failover.Progress) string {
	texts := make([]string, 0, len(progress.Unchecked))
	for _, check := range progress.Unchecked {
		texts = append(texts, check.Name+": "+check.Detail)
	}
	return fmt.Sprintf("%s: not everything could be checked, which does not block the %s: %s",
		progress.Group.Name, progress.Operation.Name, strings.Join(texts, " "))
}

// ResultText is one line on the end of an operation.
func ResultText(result failover.Result) string {
	text := fmt.Sprintf("%s: %s, active at %s", result.Group.Name, result.Group.Status, Site(result.Group, result.Group.PriorityStation))
	if len(result.Started) > 0 {
		text += fmt.Sprintf(", %d servers started", len(result.Started))
	}
	if took, known := result.Times.Duration(); known {
		return fmt.Sprintf("%s, after %s", text, took.Round(time.Second))
	}
	if len(result.Started) > 0 {
		return text
	}
	return text + ", nothing had to be requested"
}

// Schema returns the schema of the action.
func (a *groupAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"protection_group_id": schema.StringAttribute{
			MarkdownDescription: "The id of the protection group, a UUID.",
			Required:            true,
			Validators:          []validator.String{GroupID()},
		},
		"timeout": Duration("How long to wait, a duration such as `30m`. When it is over, the job goes on in the cloud, and invoking " +
			"the action again resumes the wait. Default `60m`."),
	}
	if a.checks() {
		attributes["require_all_checks"] = schema.BoolAttribute{
			MarkdownDescription: RequireAllChecks,
			Optional:            true,
		}
	}
	if a.Station != "" {
		attributes[StationArgument] = schema.StringAttribute{
			MarkdownDescription: a.Station,
			Optional:            true,
			Validators:          Stations(),
		}
		attributes[ZoneArgument] = schema.StringAttribute{
			MarkdownDescription: "The availability zone of that site, for example `eu-de-02`." + InZone,
			Optional:            true,
		}
	}
	if a.Station != "" {
		attributes["recovery_time_objective"] = Duration(RecoveryTimeObjective("A line of progress tells where it took longer."))
	}
	if a.Stops {
		attributes["stop_servers"] = schema.BoolAttribute{
			MarkdownDescription: "Whether to stop the servers at the active site before the switch. Default `false`.",
			Optional:            true,
		}
		attributes["force_stop_after"] = Duration("How long `stop_servers` waits before it stops hard what still runs, a duration such "+
			"as `5m`. By default it never does.", OnlyWith("stop_servers"))
	}
	if a.Synchronizes {
		attributes["wait_for_synchronization"] = schema.BoolAttribute{
			MarkdownDescription: WaitForSynchronization + " Default `false`.",
			Optional:            true,
		}
	}
	if a.Starts {
		attributes["start_servers"] = schema.BoolAttribute{
			MarkdownDescription: "Whether to start the servers at the wanted site afterwards, and wait until they are in service. Default `false`.",
			Optional:            true,
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("%s\n\nNeeds Terraform 1.14 or newer. Run it with `terraform apply -invoke=action.sdrs_%s.NAME`, or "+
			"from the `action_trigger` of a resource.\n\nIts last line of progress, also where it fails or its `timeout` is over, is a record of "+
			"what it did for a pipeline to keep; after Ctrl-C it is in the log alone: `%s` and an object of JSON with the group, the sites, the job, the times, and the result.",
			a.Description, a.Name, failover.RecordPrefix),
		Attributes: attributes,
	}
}

// Duration is an argument of an action that takes a duration that is not negative.
func Duration(description string, validators ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{
		CustomType:          timetypes.GoDurationType{},
		MarkdownDescription: description,
		Optional:            true,
		Validators:          append(validators, NotNegative()),
	}
}
