// Package groupfailover is the active site of a protection group in Terraform: the resource that chooses it, its list,
// the actions that change it, and the checks before.
package groupfailover

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// groupFailover is sdrs_protection_group_failover: the intent priority_station, and the observation active_site.
type groupFailover struct{ tfkit.GroupResource }

var (
	_ resource.ResourceWithConfigure   = (*groupFailover)(nil)
	_ resource.ResourceWithIdentity    = (*groupFailover)(nil)
	_ resource.ResourceWithImportState = (*groupFailover)(nil)
	_ resource.ResourceWithModifyPlan  = (*groupFailover)(nil)
)

// NewResource returns the resource before its configuration.
func NewResource() resource.Resource { return &groupFailover{tfkit.NewGroupResource(resourceName)} }

const resourceName = "protection_group_failover"

// Create adopts the group where it runs; with switch_on_create it switches it where the wanted site is not active.
// Nothing is saved where that fails: the next creation finds the switch in flight, or done, while one of a tainted
// resource would be a replacement, which prevent_destroy forbids.
func (r *groupFailover) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan failoverModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	bounded, cancel := tfkit.Within(ctx, plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}

	result, err := r.converge(bounded, plan, !plan.SwitchOnCreate.ValueBool())
	if err != nil {
		resp.Diagnostics.Append(creating.failed(err, plan, "create"))
		resp.Diagnostics.Append(warnUnchecked(plan, failover.Result{}, err)...)
		return
	}
	resp.Diagnostics.Append(warnUnchecked(plan, result, nil)...)
	if result.Warning != nil {
		resp.Diagnostics.Append(tfkit.WarnNotProtected(result.Group, *result.Warning))
	}
	plan.ID = plan.ProtectionGroupID
	resp.Diagnostics.Append(warnMissed(plan, result)...)
	plan.finish(result, noFailover())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(r.Identify(ctx, resp.Identity, plan.ID)...)
}

// importedKey is where the private state says that the group was imported by the last refresh.
const importedKey = "imported"

// Read observes the group: GET server-groups/{id}, once.
func (r *groupFailover) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state failoverModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	prior := state
	resp.Diagnostics.Append(r.Identify(ctx, resp.Identity, state.ProtectionGroupID)...)
	group, found := r.Refresh(ctx, state.ProtectionGroupID, state.Timeouts, resp)
	if !found {
		return
	}
	state.fromAPI(group)
	imported, diags := req.Private.GetKey(ctx, importedKey)
	resp.Diagnostics.Append(diags...)
	if state.PriorityStation.IsNull() { // Imported just now.
		state.adopt()
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, []byte("true"))...)
	} else if string(imported) == "true" {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, []byte("false"))...)
	}
	resp.Diagnostics.Append(outlived(ctx, req.Private, resp.Private, group)...)
	tfkit.Store(ctx, prior, state, resp)
}

// Update switches the group where the plan says so. Where that fails, the old priority_station stays, beside what the
// API reports now, so that the next plan shows the switch again.
func (r *groupFailover) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state failoverModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.Identify(ctx, resp.Identity, plan.ProtectionGroupID)...)
	if plan.planned() == nothing && plan.PriorityStation.Equal(state.PriorityStation) {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...) // How to wait has changed, and nothing in the cloud.
		return
	}
	bounded, cancel := tfkit.Within(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}

	imported, diags := req.Private.GetKey(ctx, importedKey)
	resp.Diagnostics.Append(diags...)
	adopts := string(imported) == "true" && !plan.SwitchOnCreate.ValueBool()
	result, err := r.converge(bounded, plan, adopts)
	if err != nil {
		failure := tfkit.OperationFailed(err, tfkit.Applying("update"))
		if adopts {
			failure = importing.failed(err, plan, "update")
		}
		resp.Diagnostics.Append(failure)
		resp.Diagnostics.Append(warnUnchecked(plan, failover.Result{}, err)...)
		resp.Diagnostics.Append(remember(ctx, resp.Private, err)...)
		if group := tfkit.Reached(err).Group; group.ID != "" {
			state.fromAPI(group)
			resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		}
		return
	}
	resp.Diagnostics.Append(warnUnchecked(plan, result, nil)...)
	if result.Warning != nil {
		resp.Diagnostics.Append(tfkit.WarnNotProtected(result.Group, *result.Warning))
	}
	unfinished, diags := recall(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(forget(ctx, resp.Private)...)
	switch {
	case result.Acted() && plan.StopServers.ValueBool():
		result.Times = unfinished.sinceFirstStop(result.Times)
	case result.Acted(): // It stopped none, be it that they were down.
	case unfinished.To == plan.station() && plan.planned() != nothing: // Which promises no record.
		result = r.completed(bounded, unfinished, result)
	}
	resp.Diagnostics.Append(warnMissed(plan, result)...)
	plan.finish(result, state.LastFailover)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// Delete forgets the group. It calls no API.
func (r *groupFailover) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state failoverModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(warnKeepsRunning(state.toAPI()))
}

// converge does what the plan shows, and nothing else: a group that would need a switch which the plan does not show,
// or which an adoption does not make, is an error.
func (r *groupFailover) converge(ctx context.Context, plan failoverModel, adopts bool) (failover.Result, error) {
	id, operation, policy := plan.ProtectionGroupID.ValueString(), failover.PlannedFailover(
		plan.station(),
	), failover.ServerPolicy{}
	defer r.Services.Turn(ctx, id)()
	switch plan.planned() {
	case possibleSwitch, siteSwitch:
		if !adopts {
			return r.Services.Workflow.WithAllChecks(plan.RequireAllChecks.ValueBool()).Run(ctx, id, operation, plan.policy())
		}
		policy = plan.policy()
	case completion:
		policy = plan.policy()
	case nothing:
		if plan.StartServers.ValueBool() {
			// What can't be read is not touched.
			servers, err := r.Services.Workflow.OutOfService(ctx, id, plan.station())
			policy.Start = err == nil && len(servers) > 0
		}
	}
	if adopts {
		return r.Services.Workflow.Adopt(ctx, id, operation, policy)
	}
	return r.Services.Workflow.Confirm(ctx, id, operation, policy)
}

// Schema returns the schema of sdrs_protection_group_failover.
func (r *groupFailover) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Chooses at which of its two sites an SDRS protection group runs, and switches it there by a " +
			"*planned failover*. Changing `priority_station` switches: the provider asks the cloud to reverse the group, " +
			"waits for the job, verifies that the wanted site is active and the group `protected`, and only then stores " +
			"that.\n\nDestroying this resource changes nothing in the cloud: the group goes on running where it is.",
		Attributes: map[string]schema.Attribute{
			"protection_group_id": tfkit.ProtectionGroupID(
				"The id of the protection group, a UUID. Changing it forgets the one group and adopts the other.",
			),
			"priority_station": schema.StringAttribute{
				MarkdownDescription: "The site that is to be active: `source`, the production site that was named when the group " +
					"was created, or `target`, its DR site. Changing it switches the group, unless that site is active already. " +
					"Exactly one of this and `priority_availability_zone` is set; with that one, this is the site in it.",
				Optional:   true,
				Computed:   true,
				Validators: tfkit.Stations(),
			},
			"priority_availability_zone": schema.StringAttribute{
				MarkdownDescription: "The availability zone of the site that is to be active, for example " +
					"`eu-de-02`." + tfkit.InZone +
					" To name the same site in the other way switches nothing.",
				Optional:   true,
				Validators: tfkit.Zone(),
			},
			"switch_on_create": schema.BoolAttribute{
				MarkdownDescription: "Whether creating this resource may switch the group. By default creating adopts a group " +
					"where it runs, and a plan to create is an error where that is not `priority_station`; a replacement, a tainted " +
					"resource, and an `import` block are creations, too. Remove it once the resource is there. Default `false`.",
				Optional: true,
				Computed: true,
				Default:  booldefault.StaticBool(false),
			},
			"correct_drift": schema.BoolAttribute{
				MarkdownDescription: "Whether the next apply switches back a group whose active site was changed elsewhere, for " +
					"example in the console. By default it only warns: after an emergency nobody wants an unrelated apply to " +
					"fail back. Default `false`.",
				Optional: true,
				Computed: true,
				Default:  booldefault.StaticBool(false),
			},
			"stop_servers": schema.BoolAttribute{
				MarkdownDescription: "Whether a switch first stops the servers at the site that it leaves, by their operating " +
					"systems, and waits until all are `SHUTOFF`. If the switch then fails, they stay stopped. Default `false`.",
				Optional: true,
				Computed: true,
				Default:  booldefault.StaticBool(false),
			},
			"force_stop_after": schema.StringAttribute{
				CustomType: timetypes.GoDurationType{},
				MarkdownDescription: "How long `stop_servers` waits before it stops hard, as if the power was cut, what still " +
					"runs: a duration such as `5m`. By default it never does.",
				Optional:   true,
				Validators: []validator.String{tfkit.OnlyWith("stop_servers"), tfkit.NotNegative()},
			},
			"start_servers": schema.BoolAttribute{
				MarkdownDescription: "Whether a switch then starts the servers at the wanted site, and waits until all are " +
					"`ACTIVE`: only then has the infrastructure recovered. Default `false`.",
				Optional: true,
				Computed: true,
				Default:  booldefault.StaticBool(false),
			},
			"recovery_time_objective": schema.StringAttribute{
				CustomType:          timetypes.GoDurationType{},
				MarkdownDescription: tfkit.RecoveryTimeObjective("A switch that took longer is followed by a warning."),
				Optional:            true,
				Validators:          []validator.String{tfkit.NotNegative()},
			},
			"require_all_checks": schema.BoolAttribute{
				MarkdownDescription: tfkit.RequireAllChecks,
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(false),
			},
			"id":   tfkit.Observed("The id of the protection group, as in `protection_group_id`."),
			"name": tfkit.Observed("The name of the protection group."),
			"status": tfkit.Observed(
				"The status of the protection group as of the last refresh, for example `protected` or `error-reversing`.",
			),
			"active_site": tfkit.Observed("The active site as of the last refresh, `source` or `target`. It differs from " +
				"`priority_station` where the group was switched elsewhere."),
			"active_availability_zone":  tfkit.Observed("The availability zone of the active site, for example `eu-de-01`."),
			"standby_availability_zone": tfkit.Observed("The availability zone of the site that is not active."),
			"source_availability_zone":  tfkit.Observed("The availability zone of the site `source`. It never changes."),
			"target_availability_zone":  tfkit.Observed("The availability zone of the site `target`. It never changes."),
			"last_failover": schema.SingleNestedAttribute{
				MarkdownDescription: "The last planned failover that this resource performed and verified, as evidence of the " +
					"recovery time of the infrastructure; null before the first. `ACTIVE` is a server's power: when the " +
					"applications answer again, only they know. All times are RFC 3339 in UTC, by the clock of the machine that " +
					"runs Terraform. A switch that one apply began and the next one found counts.",
				Computed: true,
				Attributes: map[string]schema.Attribute{
					"job_id":                 tfkit.Observed("The id of the SDRS job; null where the API's answer was lost."),
					"from":                   tfkit.Observed("The site that was left, `source` or `target`."),
					"from_availability_zone": tfkit.Observed("The availability zone of that site."),
					"to":                     tfkit.Observed("The site that became active, `source` or `target`."),
					"to_availability_zone":   tfkit.Observed("The availability zone of that site."),
					"servers_stop_requested_at": tfkit.Observed(
						"When `stop_servers` first asked servers to stop; null where it was not set, or found them stopped.",
					),
					"requested_at": tfkit.Observed("When the API was asked to switch."),
					"job_finished_at": tfkit.Observed(
						"When the job was seen finished, or, where a later apply found it so, `requested_at` and " +
							"the time that the API says the job took; null where neither is known.",
					),
					"verified_at": tfkit.Observed("When the group was seen `protected` at the wanted site."),
					"servers_active_at": tfkit.Observed("When the last server at the wanted site was seen `ACTIVE`; null without " +
						"`start_servers`."),
					"duration_seconds": schema.Int64Attribute{Computed: true, MarkdownDescription: "The time from `requested_at` to " +
						"`servers_active_at`, or without `start_servers` to `verified_at` (to `job_finished_at` where a later apply " +
						"found the switch), in whole seconds. Null where an end is not known."},
					"downtime_seconds": schema.Int64Attribute{
						Computed: true,
						MarkdownDescription: "How long the servers were down: the time from `servers_stop_requested_at`, or from " +
							"`requested_at` where that is null, to `servers_active_at`, in whole seconds. Null without `start_servers`: " +
							"the provider does not know then when the servers came up.",
					},
				},
			},
		},
		Blocks: map[string]schema.Block{
			"timeouts": tfkit.Timeouts(ctx, timeouts.Opts{
				Create: true, Update: true, Read: true,
				CreateDescription: "How long creating waits for a switch, its own or one in flight" + tfkit.Resumes + "`60m`.",
				UpdateDescription: "How long updating waits for a switch" + tfkit.Resumes + "`60m`.",
				ReadDescription:   "How long a refresh tries to read the group. Default `5m`.",
			}),
		},
	}
}
