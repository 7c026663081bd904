package replicationpair

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// replicationPair is sdrs_replication_pair: a disk and its replica, from its creation to its deletion.
type replicationPair struct{ tfkit.Resource }

var (
	_ resource.ResourceWithConfigure   = (*replicationPair)(nil)
	_ resource.ResourceWithIdentity    = (*replicationPair)(nil)
	_ resource.ResourceWithImportState = (*replicationPair)(nil)
	_ resource.ResourceWithModifyPlan  = (*replicationPair)(nil)
	_ resource.ResourceWithMoveState   = (*replicationPair)(nil)
)

// described is what the resource and its list have in common.
func described() tfkit.Resource {
	return tfkit.Resource{
		Name: "replication_pair", IDAttribute: "id", Subject: tfkit.ReplicationPair, Otherwise: "choose another disk.",
	}
}

// NewResource returns the resource before its configuration.
func NewResource() resource.Resource { return &replicationPair{described()} }

// Create makes the pair (POST replications), waits until it is whole, and grows it where the configuration has a larger
// size.
func (r *replicationPair) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
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
	var pair sdrs.ReplicationPair
	var checks []failover.Check
	created, err := r.Services.Create(bounded, tfkit.Creation{
		GroupID: arguments.GroupID,
		Equal: func(ctx context.Context) ([]string, error) {
			equal, err := withDisk(ctx, r.Services.SDRS, arguments.VolumeID)
			return tfkit.Each(equal, func(pair sdrs.ReplicationPair) string { return pair.ID }), err
		},
		Check: func(ctx context.Context) ([]failover.Check, error) {
			checks = r.checks(ctx, arguments.GroupID, arguments.VolumeID)
			return checks, nil
		},
		Send:   func(ctx context.Context) (string, error) { return r.Services.SDRS.CreatePair(ctx, arguments) },
		Made:   made,
		Status: r.status(&pair),
	})
	resp.Diagnostics.Append(r.WarnUnchecked(arguments.Name, checks)...)
	promised := plan
	if err == nil {
		if size := plan.Size.ValueInt64(); size > 0 {
			pair = r.afterCreation(bounded, pair, size, resp)
		}
		plan.fromAPI(ctx, pair)
		plan.keep(promised)
	} else {
		resp.Diagnostics.Append(r.CreationFailed(created, err, reportOf(plan.pair())))
		if created == (tfkit.Created{}) {
			return
		}
		if plan.accepted(created.ID); resp.Diagnostics.HasError() {
			plan.DeleteTargetVolume = types.BoolValue(false) // Terraform replaces it, and must not take a disk for that.
		}
	}
	resp.Diagnostics.Append(r.KeepCreated(ctx, created, plan.ID, resp)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// afterCreation grows a new pair to the size that is configured. What does not work is a warning: the pair is whole,
// and an error would have Terraform replace it. The next plan shows the size, and grows it, or says that it can't.
func (r *replicationPair) afterCreation(
	ctx context.Context, pair sdrs.ReplicationPair, size int64, resp *resource.CreateResponse,
) sdrs.ReplicationPair {
	has := fromAPI(pair).VolumeSize.ValueInt64()
	if has < size {
		grown, err := r.extend(ctx, pair, size)
		if err == nil {
			return grown
		}
		report := reportOf(pair)
		report.Failure(err)
		resp.Diagnostics.Append(warnNotGrown(report, has, size))
	} else if has > size {
		resp.Diagnostics.Append(warnNotGrown(reportOf(pair), has, size))
	}
	return pair
}

// made returns the id of the pair that a job has made.
func made(entities sdrs.JobEntities) string { return entities.PairID }

// status returns a read of a pair and its status; empty: there is none.
func (r *replicationPair) status(pair *sdrs.ReplicationPair) func(context.Context, string) (sdrs.Status, error) {
	return tfkit.StatusOf(pair, r.Services.SDRS.ReplicationPair, sdrs.IsPairNotFound,
		func(pair sdrs.ReplicationPair) sdrs.Status { return pair.Status })
}

// withDisk lists the pairs that have a disk at either site: there is one at most (GET replications). One that is being
// deleted will not be there for long.
func withDisk(ctx context.Context, client *sdrs.Client, volumeID string) ([]sdrs.ReplicationPair, error) {
	pairs, err := client.ReplicationPairs(ctx, sdrs.ReplicationPairFilter{})
	var found []sdrs.ReplicationPair
	for _, pair := range pairs {
		if pair.Status != sdrs.StatusDeleting && pair.Has(volumeID) {
			found = append(found, pair)
		}
	}
	return found, err
}

// Read observes the pair (GET replications/{id}).
func (r *replicationPair) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
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
	pair, found := tfkit.Refreshed(ctx, &r.Resource, state.ID, state.Timeouts, resp,
		func(ctx context.Context, id string) (sdrs.ReplicationPair, error) {
			return r.Services.SDRS.ObservePair(ctx, groupID, id)
		}, sdrs.IsPairNotFound)
	if !found {
		return
	}
	state.fromAPI(ctx, pair)
	r.Services.See(pair.ID, state.ActiveSite)
	tfkit.Store(ctx, prior, state, resp)
}

// Update gives the pair another name (PUT replications/{id}) and a larger size (POST replications/{id}/action), after
// the end of its creation or an earlier growth, if that was not seen.
func (r *replicationPair) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.Identify(ctx, resp.Identity, state.ID)...)
	if !plan.changePlanned() {
		// What deleting or waiting is like has changed, and nothing in the cloud.
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		return
	}
	bounded, cancel := tfkit.Within(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	pair, size := state.pair(), plan.Size.ValueInt64()
	resp.Diagnostics.Append(r.Make(bounded, func() *tfkit.Report { return reportOf(pair) },
		r.Settling(plan.Status.IsUnknown(), pair.ID, r.status(&pair)),
		r.Changing(!plan.Name.Equal(state.Name), func(ctx context.Context) (err error) {
			pair, err = r.rename(ctx, pair, plan.Name.ValueString())
			return err
		}),
		r.Changing(size > state.Size.ValueInt64(), func(ctx context.Context) (err error) {
			pair, err = r.extend(ctx, pair, size)
			return err
		}),
	))
	if resp.Diagnostics.HasError() {
		return
	}
	promised := plan
	plan.fromAPI(ctx, pair)
	plan.keep(promised)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *replicationPair) rename(
	ctx context.Context,
	pair sdrs.ReplicationPair,
	name string,
) (sdrs.ReplicationPair, error) {
	renamed := pair
	err := r.Services.Change(ctx, pair.GroupID, func(ctx context.Context) error {
		_, err := r.Services.SDRS.RenamePair(ctx, pair.ID, name)
		return err
	}, func(ctx context.Context) (_ bool, err error) {
		renamed, err = r.Services.SDRS.ReplicationPair(ctx, pair.ID)
		return renamed.Name == name, err
	})
	if err == nil { // The answer to a change is of another form than that to a read.
		err = r.Services.Look(ctx, func(ctx context.Context) error {
			_, err := r.status(&renamed)(ctx, pair.ID)
			return err
		})
	}
	return renamed, err
}

func (r *replicationPair) extend(
	ctx context.Context,
	pair sdrs.ReplicationPair,
	size int64,
) (sdrs.ReplicationPair, error) {
	grown := pair
	err := r.Services.Modify(ctx, r.Subject, tfkit.Modification{
		GroupID: pair.GroupID,
		Send:    func(ctx context.Context) (string, error) { return r.Services.SDRS.ExtendPair(ctx, pair.ID, int(size)) },
		Status:  func(ctx context.Context) (sdrs.Status, error) { return r.status(&grown)(ctx, pair.ID) },
		Made: func(context.Context) (bool, error) {
			return fromAPI(grown).VolumeSize.ValueInt64() >= size, nil // Status has just read it.
		},
		Already: func(error) bool { return false },
	})
	return grown, err
}

// Delete ends the replication of the disk (DELETE replications/{id}), and waits until the pair is gone.
func (r *replicationPair) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
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
	pair, deletesDisk := state.pair(), state.DeleteTargetVolume.ValueBool()
	err := r.Services.Delete(bounded, r.Subject, tfkit.Deletion{
		GroupID: groupID,
		Check: func() error {
			if deletesDisk && pair.PriorityStation != sdrs.Source { // It may not be known.
				return errDiskInProduction
			}
			return nil
		},
		Send: func(ctx context.Context) (string, error) {
			return r.Services.SDRS.DeletePair(ctx, cmp.Or(pair.GroupID, groupID), id, deletesDisk)
		},
		Status: func(ctx context.Context) (sdrs.Status, error) { return r.status(&pair)(ctx, id) },
	})
	switch {
	case errors.Is(err, errDiskInProduction):
		resp.Diagnostics.Append(diskInProduction(pair))
	case err != nil:
		resp.Diagnostics.Append(
			tfkit.RequestFailed(err, r.Subject, r.Subject.Deletion(), reportOf(pair), tfkit.Applying("delete")),
		)
	case !deletesDisk: // A plan to replace what is tainted, or by -replace, could not say so.
		resp.Diagnostics.Append(warnDiskStays(pair))
	}
}

// errDiskInProduction is what keeps a pair from being deleted together with the disk at the site target, which is in
// production, or may be.
var errDiskInProduction = errors.New("the disk at the site target is in production, or may be")

// reportOf begins a report with the facts about a pair.
func reportOf(pair sdrs.ReplicationPair) *tfkit.Report {
	r := &tfkit.Report{}
	r.Object = cmp.Or(pair.Name, pair.ID)
	r.Fact("Replication pair", strings.TrimSpace(pair.Name+" "+pair.ID))
	r.Fact("Status", string(pair.Status))
	r.Fact("Active site", string(pair.PriorityStation))
	r.Fact("Protection group", pair.GroupID)
	r.Fact("Disks", strings.Join(pair.VolumeIDs(), ", "))
	for _, attachment := range pair.Attachments {
		r.Fact("Attached to the protected instance", attachment.ProtectedInstance+" as "+attachment.Device)
	}
	return r
}

// Schema returns the schema of the resource sdrs_replication_pair.
func (r *replicationPair) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Replicates a disk that is attached to no server: SDRS makes a replica of it, its DR disk, at " +
			"the other site. The disks that a server has when it becomes a protected instance need no such resource: SDRS " +
			"makes their pairs with the instance. To attach the pair to a protected instance, use " +
			"`sdrs_replication_pair_attachment`.\n\nA switch is no change of this resource. Destroying ends the replication. " +
			"Both disks stay, unless `delete_target_volume` is set: then the DR disk is deleted, too.",
		Attributes: map[string]schema.Attribute{
			"protection_group_id": tfkit.ProtectionGroupID(
				"The id of the protection group. Changing it deletes the pair and creates another one.",
			),
			"volume_id": schema.StringAttribute{
				MarkdownDescription: "The id of the disk to replicate, a UUID. At creation it must be attached to no server, not " +
					"be encrypted, and be in the availability zone of the active site. Later, the id of either disk of the pair " +
					"will do. Changing it to another disk deletes the pair and creates another one.",
				Required:      true,
				PlanModifiers: []planmodifier.String{eitherDisk{}},
				Validators:    []validator.String{tfkit.UUID("must be the id of a disk, a UUID")},
			},
			"name": tfkit.Called(
				"The name of the replication pair: at most 64 letters, digits, dots, underscores, and hyphens. " +
					"The DR disk has the name of the other disk.",
			),
			"description": tfkit.Described("replication pair"),
			"size": schema.Int64Attribute{
				MarkdownDescription: "The size of each disk, in GB. A larger one grows both disks; they never shrink, and the " +
					"file system on them does not grow by itself. Default: as it is.",
				Optional:   true,
				Computed:   true,
				Validators: []validator.Int64{int64validator.AtLeast(1)},
			},
			"delete_target_volume": schema.BoolAttribute{
				MarkdownDescription: "Whether destroying deletes the DR disk, at the site `target`, too. While production is at " +
					"`target` that is the disk in production, and destroying fails. Default `false`.",
				Optional: true,
				Computed: true,
				Default:  booldefault.StaticBool(false),
			},
			"id": tfkit.Lasting(tfkit.Observed("The id of the replication pair.")),
			"target_volume_id": tfkit.Lasting(
				tfkit.Observed("The id of the disk that is not the one of `volume_id`: the DR disk, unless " +
					"`volume_id` names that."),
			),
			"status": tfkit.Observed(
				"The status of the replication pair as of the last refresh, for example `available` or `protected`.",
			),
			"active_site": tfkit.Observed("The active site as of the last refresh, `source` or `target`."),
			"progress": schema.Int64Attribute{
				MarkdownDescription: "The progress of the synchronization as of the last refresh, in percent.", Computed: true,
			},
			"replication_status": tfkit.Observed(
				"The state of the synchronization as of the last refresh: `active` (done, where " +
					"`status` is `protected`), `inactive`, `copying`, or `active-stopped`.",
			),
			"fault_level": tfkit.Observed(
				"The fault of the replication pair as of the last refresh: `0`, none; `2`, the disk at the active " +
					"site can't be read or written; `5`, the link is down, and a failover is not allowed.",
			),
			"attachments": schema.ListNestedAttribute{
				MarkdownDescription: "The protected instances that the pair is attached to, as of the last refresh.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"protected_instance_id": tfkit.Observed("The id of the protected instance."),
					"device":                tfkit.Observed("The name of the device, for example `/dev/vdb`."),
				}},
			},
			"created_at": tfkit.Lasting(tfkit.Observed("When the replication pair was created, RFC 3339 in UTC.")),
			"updated_at": tfkit.Observed("When the replication pair was last changed, RFC 3339 in UTC."),
		},
		Blocks: map[string]schema.Block{
			"timeouts": tfkit.Timeouts(ctx, timeouts.Opts{
				Create: true, Update: true, Read: true, Delete: true,
				CreateDescription: "How long creating waits for another change of the group, and until the pair is there, a " +
					"duration such as `30s` or `2h45m`. When it is over, the job goes on in the cloud." + tfkit.Queue +
					" Default `60m`.",
				UpdateDescription: "How long updating waits for another change of the group, and until the disks have grown" +
					tfkit.Resumes + "`60m`.",
				DeleteDescription: "How long destroying waits for another change of the group, and until the pair is gone" +
					tfkit.Resumes + "`60m`.",
				ReadDescription: "How long a refresh tries to read the pair. Default `5m`.",
			}),
		},
	}
}

// eitherDisk replaces a pair for another disk, and not for the other one of its two.
type eitherDisk struct{}

// Description says what the modifier does.
func (eitherDisk) Description(context.Context) string {
	return "Another disk replaces the resource. The id of the other disk of the pair, or the same id in another form, " +
		"does not."
}

// MarkdownDescription says what the modifier does.
func (m eitherDisk) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

// PlanModifyString keeps the id in the state where the configuration has either of the two.
func (eitherDisk) PlanModifyString(
	ctx context.Context,
	req planmodifier.StringRequest,
	resp *planmodifier.StringResponse,
) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() {
		return
	}
	var other types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("target_volume_id"), &other)...)
	planned := req.PlanValue.ValueString()
	if req.StateValue.IsNull() {
		return // An import found a pair without its disks: what they are is not known yet.
	}
	if !req.PlanValue.IsUnknown() &&
		(cloud.SameID(planned, req.StateValue.ValueString()) || cloud.SameID(planned, other.ValueString())) {
		resp.PlanValue = req.StateValue
		return
	}
	resp.RequiresReplace = true
}
