package tfkit

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"
	"golang.org/x/sync/errgroup"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/evacuation"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/report"
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
	// Costs is what a plan says of what the action costs, and in its first paragraph what the action says before it
	// begins; MayCost is what a plan says of a group that has yet to come to rest. They are nil where it costs nothing.
	Costs, MayCost func(sdrs.Group) diag.Diagnostic
	// Several is set for an action that takes several groups, too.
	Several bool
}

// groupsAtOnce is how many groups of one action are operated on at the same time.
const groupsAtOnce = 10

const (
	groupArgument  = "protection_group_id"
	groupsArgument = "protection_group_ids"
)

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
	// groupIDs is one, unless the action takes several.
	groupIDs []string
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
	// reportFile is where the report goes; empty: there is none.
	reportFile string
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

	if id := text(groupArgument); id != "" {
		read.groupIDs = []string{id}
	}
	if a.Several {
		var ids types.Set
		diags.Append(config.GetAttribute(ctx, path.Root(groupsArgument), &ids)...)
		read.known = read.known && !ids.IsUnknown()
		for _, id := range ids.Elements() {
			value, ok := id.(types.String)
			read.known = read.known && ok && !value.IsUnknown()
			read.groupIDs = append(read.groupIDs, value.ValueString())
		}
	}
	if a.Station != "" {
		read.station, read.zone = sdrs.Station(text(StationArgument)), text(ZoneArgument)
		if objective, set := duration("recovery_time_objective"); set {
			read.objective = &objective
		}
		read.reportFile = text(ReportArgument)
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

// ModifyPlan looks at the groups, and warns of what would stop the action, and of what it destroys.
func (a *groupAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	config := a.decode(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !config.known || a.Services == nil {
		return
	}
	if problem := ReportUnwritable(config.reportFile); problem != nil {
		resp.Diagnostics.Append(problem)
	}
	ctx, cancel := context.WithTimeout(ctx, DefaultReadTimeout)
	defer cancel()
	resp.Diagnostics.Append(each(config.groupIDs, func(id string) diag.Diagnostics { return a.plan(ctx, config, id) })...)
}

// each does something about groups, some at a time, and returns what that says, in their order.
func each(ids []string, do func(id string) diag.Diagnostics) diag.Diagnostics {
	said := make([]diag.Diagnostics, len(ids))
	var limited errgroup.Group
	limited.SetLimit(groupsAtOnce)
	for n, id := range ids {
		limited.Go(func() error {
			said[n] = do(id)
			return nil
		})
	}
	_ = limited.Wait() // What failed is said.
	return slices.Concat(said...)
}

// plan is ModifyPlan for one group.
func (a *groupAction) plan(ctx context.Context, config invocation, id string) diag.Diagnostics {
	group, err := a.Services.SDRS.Group(ctx, id)
	if err != nil {
		return diag.Diagnostics{Unreadable(id, err)}
	}
	station, problem := config.stationOf(group)
	if problem != nil {
		return diag.Diagnostics{problem}
	}
	operation := a.Operation(station)
	var diags diag.Diagnostics
	decision, _ := operation.Decide(group)
	switch {
	case decision == failover.Wait && a.MayCost != nil:
		diags.Append(a.MayCost(group))
	case decision == failover.Act && a.Costs != nil:
		diags.Append(a.Costs(group))
	}
	at := path.Root(groupArgument)
	if len(config.groupIDs) > 1 {
		at = path.Root(groupsArgument)
	}
	return append(diags, a.Services.WarnUnready(ctx, group, operation, config.policy, config.requireAll, at)...)
}

// Teller returns what says a line of an action's progress. After Ctrl-C Terraform hears one more word, and that is to
// be the error: then lines go to the log.
func Teller(ctx context.Context, resp *action.InvokeResponse) func(text string) {
	return func(text string) {
		if ctx.Err() != nil {
			tflog.Info(ctx, text)
			return
		}
		resp.SendProgress(action.InvokeProgressEvent{Message: cloud.Printable(text)})
	}
}

// Invoke runs the operation on each group, and reports its progress.
func (a *groupAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	config := a.decode(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if a.Services == nil {
		resp.Diagnostics.Append(NotConfigured())
		return
	}
	say := Teller(ctx, resp)
	resp.Diagnostics.Append(
		each(config.groupIDs, func(id string) diag.Diagnostics { return a.run(ctx, config, id, say) })...)
}

// run is Invoke for one group.
func (a *groupAction) run(ctx context.Context, config invocation, id string, say func(string)) (diags diag.Diagnostics) {
	bounded, cancel := context.WithTimeout(ctx, config.timeout)
	defer cancel()
	station, problem := a.Services.Locate(bounded, id, config.station, config.zone)
	operation := a.Operation(station)
	file, unwritable := a.report(bounded, config, id, operation, say)
	if unwritable != nil {
		return diag.Diagnostics{unwritable}
	}
	var result failover.Result
	var err error
	defer func() {
		record := failover.NewRecord(operation, result, err)
		end := report.End{Record: record, Times: result.Times, GoesOn: evacuation.InFlight(err)}
		if err != nil {
			end.Times, end.Summary, end.Detail = Reached(err).Times, diags[0].Summary(), diags[0].Detail()
		}
		if end.GoesOn { // To say error would be too much.
			end.Record.Result = evacuation.ResultInFlight
		}
		file.End(id, end)
		diags.Append(CloseReport(ctx, file, diags, say)...)
		say(record.Line()) // The last word, for whoever keeps records.
	}()
	if problem != nil {
		err = &failover.Error{Kind: failover.NotPossible, Progress: failover.Progress{GroupID: id}}
		return diag.Diagnostics{problem}
	}
	unchecked := 0
	workflow := a.Services.Workflow.WithAllChecks(config.requireAll).WithNotify(func(progress failover.Progress) {
		file.Progress(progress)
		if len(progress.Unchecked) > unchecked { // Once.
			say(uncheckedText(progress))
		}
		unchecked = len(progress.Unchecked)
		say(ProgressText(progress))
	})
	if a.Costs != nil { // Terraform has shown the warning of the plan under a title of its own, or folded it.
		if group, err := a.Services.SDRS.Group(bounded, id); err == nil {
			if decision, _ := operation.Decide(group); decision == failover.Act {
				first, _, _ := strings.Cut(a.Costs(group).Detail(), "\n\n")
				say(group.Name + ": " + first)
			}
		}
	}

	file.Begin(id)
	defer a.Services.Turn(bounded, id)()
	if result, err = workflow.Run(bounded, id, operation, config.policy); err != nil {
		return diag.Diagnostics{OperationFailed(err, Invoking)}
	}
	say(ResultText(result))
	if config.synchronize {
		if err := a.synchronize(bounded, result, say); err != nil {
			diags.Append(NotSynchronized(err, Invoking, false))
		}
	}
	if config.objective != nil {
		if took, missed := result.Times.Missed(*config.objective); missed {
			say(fmt.Sprintf("%s: the recovery time objective was missed: %s, and not %s",
				result.Group.Name, rounded(took), *config.objective))
		}
	}
	return diags
}

// report begins the report, if there is to be one. What the group is called is read for that; where it can't be, its id
// will do.
func (a *groupAction) report(
	ctx context.Context,
	config invocation,
	id string,
	operation failover.Operation,
	say func(string),
) (*report.File, diag.Diagnostic) {
	if config.reportFile == "" {
		return nil, nil
	}
	group := sdrs.Group{ID: id, Name: id}
	if found, err := a.Services.SDRS.Group(ctx, id); err == nil {
		group = found
	}
	now := a.Services.Workflow.Waiter().Clock.Now
	return a.Services.NewReport(config.reportFile, report.About{
		Action: "sdrs_" + a.Name, Title: fmt.Sprintf("%s of %s", diagnostic.Capitalized(operation.Name), group.Name),
		Starts: config.policy.Start, Objective: config.objective, ObjectivePerGroup: true, Now: now, Began: now(),
	}, []report.Subject{{Group: group, Operation: operation}}, say)
}

// fewReads is how many reads in a row must have failed to be worth a word.
const fewReads = 3

// ProgressText is one line on how far an operation got.
func ProgressText(progress failover.Progress) string {
	text := fmt.Sprintf("%s: %s", cmp.Or(progress.Group.Name, progress.GroupID),
		cmp.Or(progress.Group.Status, "could not be read yet"))
	if progress.Group.Status.Phase() == sdrs.Moving {
		text += fmt.Sprintf(" (%d %%)", progress.Group.Progress)
	}
	if progress.JobID != "" {
		text += ", job " + progress.JobID
	}
	if progress.Sent == failover.Unanswered {
		text += ", the request was not answered: looking whether it was accepted"
	}
	if len(progress.Awaited) > 0 {
		text += fmt.Sprintf(", %d servers not %s yet", len(progress.Awaited), progress.AwaitedStatus)
	}
	if progress.FailedReads >= fewReads && progress.Group.Status != "" {
		text += fmt.Sprintf(", as of before the last %d reads, which failed", progress.FailedReads)
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
	text := fmt.Sprintf(
		"%s: %s, active at %s",
		result.Group.Name,
		result.Group.Status,
		Site(result.Group, result.Group.PriorityStation),
	)
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
		groupArgument: schema.StringAttribute{
			MarkdownDescription: "The id of the protection group, a UUID.",
			Required:            true,
			Validators:          []validator.String{GroupID()},
		},
		"timeout": ActionTimeout(
			"How long to wait, a duration such as `30m`. When it is over, the job goes on in the cloud, and invoking " +
				"the action again resumes the wait. Default `60m`.",
		),
	}
	if a.Several {
		attributes[groupArgument] = schema.StringAttribute{
			MarkdownDescription: "The id of the protection group, a UUID. One of this and `protection_group_ids` must be set.",
			Optional:            true,
			Validators: []validator.String{
				GroupID(), stringvalidator.ExactlyOneOf(path.MatchRoot(groupArgument), path.MatchRoot(groupsArgument)),
			},
		}
		attributes[groupsArgument] = schema.SetAttribute{
			MarkdownDescription: fmt.Sprintf(
				"The ids of several protection groups, each a UUID. %d of them are worked on at the same time, "+
					"each with a timeout of its own; where one fails, the others go on.",
				groupsAtOnce,
			),
			ElementType: types.StringType,
			Optional:    true,
			Validators: []validator.Set{
				setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(), setvalidator.ValueStringsAre(GroupID()),
			},
		}
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
			Validators:          Zone(),
		}
	}
	if a.Station != "" {
		attributes["recovery_time_objective"] = Duration(
			RecoveryTimeObjective("A line of progress tells where it took longer."),
		)
		attributes[ReportArgument] = ReportFile()
	}
	if a.Stops {
		attributes["stop_servers"] = schema.BoolAttribute{
			MarkdownDescription: "Whether to stop the servers at the active site before the switch. Default `false`.",
			Optional:            true,
		}
		attributes["force_stop_after"] = Duration(
			"How long `stop_servers` waits before it stops hard what still runs, a duration such "+
				"as `5m`. By default it never does.",
			OnlyWith("stop_servers"),
		)
	}
	if a.Synchronizes {
		attributes["wait_for_synchronization"] = schema.BoolAttribute{
			MarkdownDescription: WaitForSynchronization + " Default `false`.",
			Optional:            true,
		}
	}
	if a.Starts {
		attributes["start_servers"] = schema.BoolAttribute{
			MarkdownDescription: "Whether to start the servers at the wanted site afterwards, and wait until they are in " +
				"service. Default `false`.",
			Optional: true,
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf(
			"%s\n\nNeeds Terraform 1.14 or newer. Run it with `terraform apply -invoke=action.sdrs_%s.NAME`, or from the "+
				"`action_trigger` of a resource.\n\nIts last line of progress, also where it fails or its `timeout` is over, is "+
				"a record of what it did for a pipeline to keep; after Ctrl-C it is in the log alone: `%s` and an object of JSON "+
				"with the group, the sites, the job, the times, and the result.",
			a.Description,
			a.Name,
			failover.RecordPrefix,
		),
		Attributes: attributes,
	}
}

// ActionTimeout is the timeout of an action. None may be zero: it would mean no time, or no limit.
func ActionTimeout(description string) schema.StringAttribute {
	return Duration(description, longerThanNothing{})
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
