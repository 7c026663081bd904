package protectedinstance

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// protectedInstance is sdrs_protected_instance: a server with its replica, from its creation to its deletion. Which of
// the two is in production is the matter of others.
type protectedInstance struct{ tfkit.Resource }

var (
	_ resource.ResourceWithConfigure   = (*protectedInstance)(nil)
	_ resource.ResourceWithIdentity    = (*protectedInstance)(nil)
	_ resource.ResourceWithImportState = (*protectedInstance)(nil)
	_ resource.ResourceWithModifyPlan  = (*protectedInstance)(nil)
	_ resource.ResourceWithMoveState   = (*protectedInstance)(nil)
)

// described is what all faces of the resource share.
func described() tfkit.Resource {
	return tfkit.Resource{
		Name: "protected_instance", IDAttribute: "id", Subject: subject,
		Otherwise: "end its protection where that was configured: a server has one protected instance.",
	}
}

// NewResource returns the resource before its configuration.
func NewResource() resource.Resource { return &protectedInstance{described()} }

// Create protects the server (POST protected-instances), and waits until the instance is whole.
func (r *protectedInstance) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	bounded, cancel := tfkit.Within(ctx, plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	arguments := plan.toAPI()
	var instance observation
	var checks []failover.Check
	created, err := r.Services.Create(bounded, tfkit.Creation{
		GroupID: arguments.GroupID, Turn: arguments.GroupID,
		Equal: func(ctx context.Context) (ids []string, err error) {
			equal, err := protecting(ctx, r.Services.SDRS, arguments.ServerID)
			for _, instance := range equal {
				ids = append(ids, instance.ID)
			}
			return ids, err
		},
		Check: func(ctx context.Context) error {
			checks = r.fitness(ctx, arguments.GroupID, arguments.ServerID)
			if failover.Ready(checks) {
				return nil
			}
			return &tfkit.Unfit{Checks: checks}
		},
		Send:   func(ctx context.Context) (string, error) { return r.Services.SDRS.CreateInstance(ctx, arguments) },
		Made:   made,
		Status: r.status(arguments.GroupID, &instance),
	})
	promised := plan
	if err == nil {
		plan.fromAPI(instance)
		resp.Diagnostics.Append(r.addTags(bounded, instance.ProtectedInstance, promised.sortedTags())...)
		resp.Diagnostics.Append(r.WarnUnchecked(arguments.Name, checks)...)
		plan.keep(promised)
	} else {
		resp.Diagnostics.Append(r.CreationFailed(created, err, reportOf(plan.observed())))
		if created == (tfkit.Created{}) {
			return
		}
		plan.accepted(created.ID)
		if resp.Diagnostics.HasError() {
			plan.keepLeftovers()
		}
	}
	resp.Diagnostics.Append(r.KeepCreated(ctx, created, plan.ID, resp)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// made returns the id of the instance that a job has made.
func made(entities sdrs.JobEntities) string { return entities.InstanceID }

// protecting lists the protected instances of a server, as the one or the other: there is one at most (GET
// protected-instances). One that is being deleted will not be there for long.
func protecting(ctx context.Context, client *sdrs.Client, serverID string) ([]sdrs.ProtectedInstance, error) {
	all, err := client.ProtectedInstances(ctx, sdrs.ProtectedInstanceFilter{})
	var found []sdrs.ProtectedInstance
	for _, instance := range all {
		if instance.Status != sdrs.StatusDeleting &&
			(cloud.SameID(instance.SourceServer, serverID) || cloud.SameID(instance.TargetServer, serverID)) {
			found = append(found, instance)
		}
	}
	return found, err
}

// addTags sets the tags that the new instance lacks. It never fails, for that would have Terraform replace the
// instance: what the cloud refuses is a warning, and the next plan has it again.
func (r *protectedInstance) addTags(
	ctx context.Context, instance sdrs.ProtectedInstance, wanted []sdrs.Tag,
) (diags diag.Diagnostics) {
	for _, tag := range wanted {
		if slices.Contains(instance.Tags, tag) {
			continue
		}
		err := r.setTag(ctx, instance.GroupID, instance.ID, tag)
		if err != nil {
			report := reportOf(instance)
			report.Fact("Tag", tag.Key)
			failed := tfkit.RequestFailed(err, r.Subject, r.Subject.Change(), report, tfkit.Applying("update"))
			diags.Append(
				tagsNotSet.About(instance.Name).New("The protected instance was created, and not all of its tags were set.\n\n" +
					failed.Detail()),
			)
			return diags
		}
	}
	return nil
}

// status returns a read of an instance and its status; empty: there is none.
func (r *protectedInstance) status(
	groupID string,
	found *observation,
) func(context.Context, string) (sdrs.Status, error) {
	return tfkit.StatusOf(found, func(ctx context.Context, id string) (observation, error) {
		return r.observe(ctx, groupID, id)
	}, sdrs.IsInstanceNotFound, func(o observation) sdrs.Status { return o.Status })
}

// observe reads an instance with its pairs (GET protected-instances, replications). A pair that the user may not read,
// or that is gone by then, has no disks.
func (r *protectedInstance) observe(ctx context.Context, groupID, id string) (observation, error) {
	instance, err := r.Services.SDRS.ObserveInstance(ctx, groupID, id)
	if err != nil {
		return observation{}, err
	}
	pairs, failures := make([]sdrs.ReplicationPair, len(instance.Attachments)), make([]error, len(instance.Attachments))
	var all sync.WaitGroup
	for n, attachment := range instance.Attachments {
		all.Go(func() {
			pairs[n], failures[n] = r.Services.SDRS.ObservePair(ctx, instance.GroupID, attachment.ReplicationPair)
			if sdrs.IsForbidden(failures[n]) || sdrs.IsPairNotFound(failures[n]) {
				failures[n] = nil
			}
		})
	}
	all.Wait()
	return observation{ProtectedInstance: instance, volumes: volumesOf(pairs)}, errors.Join(failures...)
}

// volumesOf returns the disks of pairs by the ids of these.
func volumesOf(pairs []sdrs.ReplicationPair) map[string][]string {
	volumes := map[string][]string{}
	for _, pair := range pairs {
		volumes[cloud.CanonicalID(pair.ID)] = pair.VolumeIDs()
	}
	return volumes
}

// Read observes the instance.
func (r *protectedInstance) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	prior := state
	groupID := state.ProtectionGroupID.ValueString()
	if !r.Unidentified(ctx, &state.ID, groupID, made, req, resp) {
		return
	}
	resp.Diagnostics.Append(r.Identify(ctx, resp.Identity, state.ID)...)
	instance, found := tfkit.Refreshed(
		ctx,
		&r.Resource,
		state.ID,
		state.Timeouts,
		resp,
		func(ctx context.Context, id string) (observation, error) { return r.observe(ctx, groupID, id) },
		sdrs.IsInstanceNotFound,
	)
	if !found {
		return
	}
	r.Services.Declare(instance.ID)
	state.fromAPI(instance)
	tfkit.Store(ctx, prior, state, resp)
}

// Update renames the instance, sets and removes its tags, and resizes its DR server, after the end of its creation, if
// that was not seen. What was done before something fails is in the state.
func (r *protectedInstance) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.Identify(ctx, resp.Identity, state.ID)...)
	if !plan.changePlanned() {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...) // What a deletion takes has changed, and nothing in the cloud.
		return
	}
	bounded, cancel := tfkit.Within(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	instance, failure := r.update(bounded, &state, plan)
	if failure != nil {
		resp.Diagnostics.Append(failure)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		return
	}
	promised := plan
	plan.fromAPI(instance)
	plan.keep(promised)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// update makes the changes of a plan one after the other, and notes in the state what was made.
func (r *protectedInstance) update(
	ctx context.Context,
	state *resourceModel,
	plan resourceModel,
) (observation, diag.Diagnostic) {
	id, groupID := state.ID.ValueString(), state.ProtectionGroupID.ValueString()
	var instance observation
	failed := func(err error) diag.Diagnostic {
		return tfkit.RequestFailed(err, r.Subject, r.Subject.Change(), reportOf(state.observed()), tfkit.Applying("update"))
	}
	if state.Status.ValueString() == string(sdrs.StatusCreating) {
		if err := r.Services.Settle(ctx, id, r.status(groupID, &instance)); err != nil {
			return instance, tfkit.RequestFailed(
				err,
				r.Subject,
				r.Subject.Creation(),
				reportOf(state.observed()),
				tfkit.Applying("update"),
			)
		}
	}
	if !plan.Name.Equal(state.Name) {
		if err := r.rename(ctx, groupID, id, plan.Name.ValueString()); err != nil {
			return instance, failed(err)
		}
		state.Name = plan.Name
	}
	if err := r.updateTags(ctx, state, plan); err != nil {
		return instance, failed(err)
	}
	if resizes(plan, *state) {
		if failure := r.resize(ctx, state, plan.FlavorID.ValueString()); failure != nil {
			return instance, failure
		}
		state.FlavorID = plan.FlavorID
	}
	err := r.Services.Look(ctx, func(ctx context.Context) (err error) {
		instance, err = r.observe(ctx, groupID, id)
		return err
	})
	if err != nil {
		return instance, failed(err)
	}
	return instance, nil
}

func (r *protectedInstance) rename(ctx context.Context, groupID, id, name string) error {
	return r.Services.Change(ctx, groupID, func(ctx context.Context) error {
		_, err := r.Services.SDRS.RenameInstance(ctx, id, name)
		return err
	}, func(ctx context.Context) (bool, error) {
		instance, err := r.Services.SDRS.ProtectedInstance(ctx, id)
		return instance.Name == name, err
	})
}

// updateTags sets and removes one tag after the other, and notes each in the state: whose tags they are must not be
// forgotten.
func (r *protectedInstance) updateTags(ctx context.Context, state *resourceModel, plan resourceModel) error {
	id, groupID := state.ID.ValueString(), state.ProtectionGroupID.ValueString()
	own, wanted := state.tags(), plan.tags()
	for key := range own {
		if _, stays := wanted[key]; stays {
			continue
		}
		err := r.Services.Change(
			ctx,
			groupID,
			func(ctx context.Context) error { return r.Services.SDRS.DeleteTag(ctx, id, key) },
			func(ctx context.Context) (bool, error) {
				_, found, err := r.tag(ctx, id, key)
				return !found, err
			},
		)
		if err != nil {
			return err
		}
		delete(own, key)
		state.setTags(own)
	}
	for _, tag := range plan.sortedTags() {
		if value, found := own[tag.Key]; found && value == tag.Value {
			continue
		}
		if err := r.setTag(ctx, groupID, id, tag); err != nil {
			return err
		}
		own[tag.Key] = tag.Value
		state.setTags(own)
	}
	state.Tags = plan.Tags
	return nil
}

func (r *protectedInstance) setTag(ctx context.Context, groupID, id string, tag sdrs.Tag) error {
	return r.Services.Change(ctx, groupID, func(ctx context.Context) error { return r.Services.SDRS.SetTag(ctx, id, tag) },
		func(ctx context.Context) (bool, error) {
			value, found, err := r.tag(ctx, id, tag.Key)
			return found && value == tag.Value, err
		})
}

// tag reads a tag of an instance (GET protected-instances/{id}/tags).
func (r *protectedInstance) tag(ctx context.Context, id, key string) (value string, found bool, err error) {
	tags, err := r.Services.SDRS.Tags(ctx, id)
	for _, tag := range tags {
		if tag.Key == key {
			return tag.Value, true, nil
		}
	}
	return "", false, err
}

// sameFlavor is what SDRS says of a server that has the flavor already.
const sameFlavor = "SDRS.1341"

// resize gives the DR server another flavor (POST protected-instances/{id}/resize). It never touches production, which
// must be at the site source: whether the API takes the other server for that of DR after a switch is not documented.
func (r *protectedInstance) resize(ctx context.Context, state *resourceModel, flavor string) diag.Diagnostic {
	id, groupID := state.ID.ValueString(), state.ProtectionGroupID.ValueString()
	last := state.observed()
	err := r.Services.Modify(ctx, r.Subject, tfkit.Modification{
		GroupID: groupID,
		Send: func(ctx context.Context) (string, error) {
			return r.Services.SDRS.ResizeInstance(ctx, id, sdrs.Flavors{DR: flavor})
		},
		Status: func(ctx context.Context) (_ sdrs.Status, err error) {
			last, err = r.Services.SDRS.ProtectedInstance(ctx, id)
			return last.Status, err
		},
		Check: func() error {
			if last.PriorityStation != sdrs.Source {
				return errSwitched
			}
			return nil
		},
		Made: func(ctx context.Context) (bool, error) {
			server, err := r.Services.ECS.Configuration(ctx, state.TargetServerID.ValueString())
			if err != nil && !cloud.Transient(err) {
				return false, nil // It can't be told: SDRS says whether it has that flavor.
			}
			return server.Flavor.ID == flavor, err
		},
		Already: func(err error) bool {
			refusal, ok := errors.AsType[*cloud.APIError](err)
			return ok && refusal.Code == sameFlavor
		},
	})
	switch {
	case errors.Is(err, errSwitched):
		return notResized(last, flavor, notResizedNow)
	case err != nil:
		report := reportOf(last)
		report.Fact("Wanted flavor of the DR server", flavor)
		return tfkit.RequestFailed(err, r.Subject, resizing, report, tfkit.Applying("update"))
	}
	return nil
}

// errSwitched is what keeps a change from an instance whose production is at the site target.
var errSwitched = errors.New("production is not at the site source")

// Delete ends the protection of the server (DELETE protected-instances/{id}), and waits until the instance is gone.
func (r *protectedInstance) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	bounded, cancel := tfkit.Within(ctx, state.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	groupID := state.ProtectionGroupID.ValueString()
	id, known := r.Deletable(bounded, state.ID, groupID, made, req, resp)
	if !known {
		return
	}
	leftovers := state.leftovers()
	last := state.observed()
	err := r.Services.Delete(bounded, r.Subject, tfkit.Deletion{
		GroupID: groupID,
		Check: func() error {
			if leftovers != (sdrs.InstanceLeftovers{}) && last.PriorityStation != sdrs.Source {
				return errSwitched
			}
			return nil
		},
		Send: func(ctx context.Context) (string, error) { return r.Services.SDRS.DeleteInstance(ctx, id, leftovers) },
		Status: func(ctx context.Context) (sdrs.Status, error) {
			instance, err := r.Services.SDRS.ProtectedInstance(ctx, id)
			switch {
			case sdrs.IsInstanceNotFound(err):
				return "", nil
			case err == nil:
				last = instance
			}
			return instance.Status, err
		},
	})
	switch {
	case errors.Is(err, errSwitched):
		resp.Diagnostics.Append(wouldDeleteProduction(last, productionStays))
	case err != nil:
		resp.Diagnostics.Append(tfkit.RequestFailed(err, r.Subject, r.Subject.Deletion(), reportOf(last),
			tfkit.Applying("delete")))
	case !leftovers.TargetServer:
		resp.Diagnostics.Append(warnStaysBehind(last, leftovers)...)
	}
}

// reportOf begins a report with the facts about an instance.
func reportOf(instance sdrs.ProtectedInstance) *tfkit.Report {
	r := &tfkit.Report{}
	r.Object = instance.Name
	r.Fact("Protected instance", strings.TrimSpace(instance.Name+" "+instance.ID))
	r.Fact("Protection group", instance.GroupID)
	r.Fact("Status", string(instance.Status))
	r.Fact("Active site", string(instance.PriorityStation))
	r.Fact("Server at source", instance.SourceServer)
	r.Fact("Server at target", instance.TargetServer)
	if n := len(instance.Attachments); n > 0 {
		r.Fact("Replication pairs", strconv.Itoa(n))
	}
	return r
}

// addresses are IPv4 addresses.
var addresses = regexp.MustCompile(`^([0-9]{1,3}\.){3}[0-9]{1,3}$`)

// Schema returns the schema of the resource sdrs_protected_instance.
func (r *protectedInstance) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	flag := func(description string) schema.BoolAttribute {
		return schema.BoolAttribute{
			MarkdownDescription: description, Optional: true, Computed: true, Default: booldefault.StaticBool(false),
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Protects a server by SDRS: creating makes a DR server, which is stopped, in the other " +
			"availability zone of the protection group, a DR disk for each disk of the server, and a replication pair for " +
			"each, already attached. A disk that is attached later is a matter of `sdrs_replication_pair` and " +
			"`sdrs_replication_pair_attachment`. A switch is no change of this resource.\n\nDestroying ends the protection. " +
			"The server in production and its disks are never touched; the DR server stays, as an ordinary server, unless " +
			"`delete_target_server` is set.",
		Attributes: map[string]schema.Attribute{
			"protection_group_id": tfkit.ProtectionGroupID(
				"The id of the protection group. Changing it ends the protection, and begins another one.",
			),
			"server_id": schema.StringAttribute{
				MarkdownDescription: "The id of the server, a UUID: of the one in production at creation. Later either server of " +
					"the protected instance is the same, so that a switch changes nothing. Changing it to another server ends the " +
					"protection of this one.",
				Required:      true,
				PlanModifiers: []planmodifier.String{replacesBut("server_id", "source_server_id", "target_server_id")},
				Validators:    []validator.String{tfkit.UUID("must be the id of a server, a UUID")},
			},
			"name": tfkit.Called(
				"The name of the protected instance: at most 64 letters, digits, dots, underscores, and hyphens. The " +
					"servers have their own.",
			),
			"description": tfkit.Described("protected instance"),
			"primary_subnet_id": schema.StringAttribute{
				MarkdownDescription: "The id of the network of the DR server, a UUID: what subnets call their network id. It " +
					"can't be read. Changing it ends the protection, and begins another one; to set it later, or to leave it out, " +
					"changes nothing. Default: the cloud chooses.",
				Optional:      true,
				PlanModifiers: []planmodifier.String{replacesBut("primary_subnet_id")},
				Validators:    []validator.String{tfkit.UUID("must be the id of a network, a UUID")},
			},
			"primary_ip_address": schema.StringAttribute{
				MarkdownDescription: "The IPv4 address of the DR server in that network. It needs `primary_subnet_id`, and is " +
					"changed as that is. Default: the cloud chooses.",
				Optional:      true,
				PlanModifiers: []planmodifier.String{replacesBut("primary_ip_address")},
				Validators: []validator.String{
					stringvalidator.AlsoRequires(path.MatchRoot("primary_subnet_id")),
					stringvalidator.RegexMatches(addresses, "must be an IPv4 address"),
				},
			},
			"flavor_id": schema.StringAttribute{
				MarkdownDescription: "The flavor of the DR server, for example `s3.large.2`. It can't be read. Changing it " +
					"resizes the DR server alone, while the site `source` is active: production goes on. To leave it out changes " +
					"nothing. Default: that of the server.",
				Optional:   true,
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"tags": schema.MapAttribute{
				MarkdownDescription: "The tags of the protected instance. Those of others, with other keys, are left alone; an " +
					"import takes " +
					"all. How many there may be, 10 or 20, is contradictory in the API's documentation: the cloud decides.",
				Optional:    true,
				ElementType: types.StringType,
				Validators:  []validator.Map{mapvalidator.KeysAre(stringvalidator.LengthAtLeast(1)), mapvalidator.NoNullValues()},
			},
			"delete_target_server": flag(
				"Whether destroying also deletes the DR server, with the disks that are attached to it. While the site `target` " +
					"is active that would be the server in production, and is refused. Default `false`: they stay, and nobody " +
					"manages them.",
			),
			"delete_target_eip": flag(
				"Whether destroying also releases the EIP of the DR server. It is refused while the site `target` is " +
					"active. Default `false`.",
			),
			"id":               tfkit.Lasting(tfkit.Observed("The id of the protected instance.")),
			"source_server_id": tfkit.Lasting(tfkit.Observed("The id of the server at the site `source`.")),
			"target_server_id": tfkit.Lasting(tfkit.Observed("The id of the server at the site `target`.")),
			"active_server_id": tfkit.Observed("The id of the server at the active site as of the last refresh."),
			"status": tfkit.Observed("The status of the protected instance as of the last refresh, for example `available` or " +
				"`protected`."),
			"active_site": tfkit.Observed("The active site as of the last refresh, `source` or `target`."),
			"replication_pairs": schema.ListNestedAttribute{
				MarkdownDescription: "The replication pairs of the protected instance as of the last refresh, in the order of " +
					"their devices.",
				Computed: true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":     tfkit.Observed("The id of the replication pair."),
					"device": tfkit.Observed("The name of the device, for example `/dev/vda`."),
					"volume_ids": schema.ListAttribute{
						MarkdownDescription: "The ids of its two disks, in no order: the API does not say which is at which site. Null " +
							"where the user may not read the pair.",
						Computed: true, ElementType: types.StringType,
					},
				}},
			},
			"created_at": tfkit.Lasting(tfkit.Observed("When the protected instance was created, RFC 3339 in UTC.")),
			"updated_at": tfkit.Observed("When the protected instance was last changed, RFC 3339 in UTC."),
		},
		Blocks: map[string]schema.Block{
			"timeouts": timeouts.Block(ctx, timeouts.Opts{
				Create: true, Update: true, Read: true, Delete: true,
				CreateDescription: "How long creating waits until the DR server, its disks, and the pairs are there, a duration " +
					"such as `30s` or `2h45m`. When it is over, the job goes on in the cloud. Default `60m`.",
				UpdateDescription: "How long updating waits for another change of the group, for a resize, or for the end of the " +
					"creation" +
					tfkit.Resumes + "`60m`.",
				DeleteDescription: "How long destroying waits until the protected instance is gone" + tfkit.Resumes + "`60m`.",
				ReadDescription:   "How long a refresh tries to read the protected instance. Default `5m`.",
			}),
		},
	}
}

// replacesBut replaces a protected instance for another id, unless that is one that the state has in one of the
// attributes. What is not known of the instance, since it can't be read, or what is not wanted any longer replaces
// nothing.
func replacesBut(attributes ...string) planmodifier.String { return replaceForAnother(attributes) }

type replaceForAnother []string

// Description says what the modifier does.
func (replaceForAnother) Description(context.Context) string {
	return "Another value replaces the protected instance. What is not known of it, or is left out, does not."
}

// MarkdownDescription says what the modifier does.
func (m replaceForAnother) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

// PlanModifyString keeps the value in the state where the configuration has the same.
func (m replaceForAnother) PlanModifyString(
	ctx context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse,
) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() || req.StateValue.IsNull() || req.PlanValue.IsNull() {
		return
	}
	for _, attribute := range m {
		if known := stateOf(ctx, req.State, attribute); known != "" && cloud.SameID(known, req.PlanValue.ValueString()) {
			resp.PlanValue = req.StateValue
			return
		}
	}
	resp.RequiresReplace = true
}

func stateOf(ctx context.Context, state tfsdk.State, attribute string) string {
	var value types.String
	_ = state.GetAttribute(ctx, path.Root(attribute), &value) // The schema has it.
	return value.ValueString()
}
