// Package attachment is replication pairs as disks of protected instances in Terraform.
package attachment

import (
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// attachment is sdrs_replication_pair_attachment: both disks of a pair, each at its server of a protected instance.
type attachment struct{ tfkit.Resource }

var (
	_ resource.ResourceWithConfigure   = (*attachment)(nil)
	_ resource.ResourceWithIdentity    = (*attachment)(nil)
	_ resource.ResourceWithImportState = (*attachment)(nil)
	_ resource.ResourceWithModifyPlan  = (*attachment)(nil)
	_ resource.ResourceWithMoveState   = (*attachment)(nil)
)

// described is what the resource and its list have in common.
func described() tfkit.Resource {
	return tfkit.Resource{
		Name: "replication_pair_attachment", IDAttribute: "id", Subject: subject, Otherwise: "choose another pair.",
		IDForm: "the ids of the protected instance and of the replication pair, as in `instance/pair`",
	}
}

// NewResource returns the resource before its configuration.
func NewResource() resource.Resource { return &attachment{described()} }

// Create attaches the pair (POST protected-instances/{id}/attachreplication), and waits until it is.
func (r *attachment) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
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
	plan.identify()
	instanceID, pairID, id := plan.ProtectedInstanceID.ValueString(), plan.ReplicationPairID.ValueString(),
		plan.ID.ValueString()
	instance, err := r.Services.SDRS.ProtectedInstance(bounded, instanceID)
	if err != nil {
		resp.Diagnostics.Append(tfkit.UnreadableNoun(instanceSubject, "protected_instance_id", instanceID, err))
		return
	}
	plan.ProtectionGroupID = types.StringValue(instance.GroupID)
	sent := false
	created, err := r.Services.Create(bounded, tfkit.Creation{
		GroupID: instance.GroupID,
		Equal: func(ctx context.Context) ([]string, error) {
			status, err := r.status(instanceID, pairID)(ctx, id)
			if err != nil || status == "" || status == sdrs.StatusDeleting || status == sdrs.StatusError && !sent {
				return nil, err // What could not be attached before is for Check to say.
			}
			return []string{id}, nil
		},
		Check: func(ctx context.Context) ([]failover.Check, error) { return r.checks(ctx, plan, true) },
		Send: func(ctx context.Context) (string, error) {
			sent = true
			return r.Services.SDRS.AttachPair(ctx, instanceID, pairID, plan.Device.ValueString())
		},
		Made:   func(sdrs.JobEntities) string { return id },
		Status: r.status(instanceID, pairID),
	})
	plan.Status = types.StringValue(statusAttached)
	if err != nil {
		resp.Diagnostics.Append(r.CreationFailed(created, err, plan.report()))
		if created == (tfkit.Created{}) {
			return
		}
		plan.Status = types.StringValue(string(sdrs.StatusAttaching))
	}
	resp.Diagnostics.Append(r.Identify(ctx, resp.Identity, plan.ID)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// status returns a read of whether a pair is attached to an instance, as the status of something that is created and
// deleted; empty: it is not (GET replications/{id}).
func (r *attachment) status(instanceID, pairID string) func(context.Context, string) (sdrs.Status, error) {
	return func(ctx context.Context, _ string) (sdrs.Status, error) {
		pair, err := r.Services.SDRS.ReplicationPair(ctx, pairID)
		if sdrs.IsPairNotFound(err) {
			return "", nil
		}
		return statusOf(pair, instanceID), err
	}
}

// statusOf is what a pair is at an instance.
func statusOf(pair sdrs.ReplicationPair, instanceID string) sdrs.Status {
	_, attached := pair.DeviceAt(instanceID)
	switch {
	case pair.Status == sdrs.StatusDetaching:
		return sdrs.StatusDeleting
	case attached && pair.Status == sdrs.StatusErrorDetaching:
		return sdrs.StatusErrorDeleting
	case attached && pair.Status.Phase() == sdrs.Moving:
		return pair.Status
	case attached:
		return sdrs.StatusAvailable
	case pair.Status == sdrs.StatusAttaching:
		return sdrs.StatusCreating
	case pair.Status == sdrs.StatusErrorAttaching:
		return sdrs.StatusError
	}
	return ""
}

// errNotAttached is a pair that is there, and not at the instance.
var errNotAttached = errors.New("the replication pair is not attached to the protected instance")

// Read observes the attachment (GET replications/{id}).
func (r *attachment) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	prior := state
	resp.Diagnostics.Append(r.Identify(ctx, resp.Identity, state.ID)...)
	instanceID, pairID, _ := strings.Cut(state.ID.ValueString(), "/")
	pair, found := tfkit.Refreshed(ctx, &r.Resource, state.ID, state.Timeouts, resp,
		func(ctx context.Context, _ string) (sdrs.ReplicationPair, error) {
			pair, err := r.Services.SDRS.ObservePair(ctx, state.ProtectionGroupID.ValueString(), pairID)
			if err == nil && statusOf(pair, instanceID) == "" {
				err = errNotAttached
			}
			return pair, err
		}, func(err error) bool { return sdrs.IsPairNotFound(err) || errors.Is(err, errNotAttached) })
	if !found {
		return
	}
	state.fromAPI(pair)
	tfkit.Store(ctx, prior, state, resp)
}

// Update waits for the end of a creation that an earlier apply did not see: nothing else of an attachment can be
// changed.
func (r *attachment) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.Identify(ctx, resp.Identity, plan.ID)...)
	if plan.Status.IsUnknown() {
		bounded, cancel := tfkit.Within(ctx, plan.Timeouts.Update, &resp.Diagnostics)
		defer cancel()
		status := r.status(plan.ProtectedInstanceID.ValueString(), plan.ReplicationPairID.ValueString())
		resp.Diagnostics.Append(r.Make(bounded, plan.report, r.Settling(true, plan.ID.ValueString(), status)))
		if resp.Diagnostics.HasError() {
			return
		}
		plan.Status = types.StringValue(statusAttached)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// Delete detaches the pair (DELETE protected-instances/{id}/detachreplication/{pair}), and waits until it is.
func (r *attachment) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
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
	instanceID, pairID := state.ProtectedInstanceID.ValueString(), state.ReplicationPairID.ValueString()
	status, stuck := r.status(instanceID, pairID), false
	err := r.Services.Delete(bounded, r.Subject, tfkit.Deletion{
		GroupID: state.ProtectionGroupID.ValueString(),
		Send: func(ctx context.Context) (string, error) {
			jobID, err := r.Services.SDRS.DetachPair(ctx, instanceID, pairID)
			stuck = sdrs.IsNotAttached(err)
			return jobID, err
		},
		Status: func(ctx context.Context) (sdrs.Status, error) {
			now, err := status(ctx, "")
			if stuck && now == sdrs.StatusError {
				now = "" // What could not be attached is not: the pair alone is in error then.
			}
			return now, err
		},
	})
	if err != nil {
		resp.Diagnostics.Append(
			tfkit.RequestFailed(err, r.Subject, r.Subject.Deletion(), state.report(), tfkit.Applying("delete")),
		)
	}
}

// Schema returns the schema of the resource sdrs_replication_pair_attachment.
func (r *attachment) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	id := func(what string) schema.StringAttribute {
		return schema.StringAttribute{
			MarkdownDescription: "The id of the " + what + ", a UUID. Changing it detaches the pair and attaches it anew.",
			Required:            true,
			PlanModifiers:       []planmodifier.String{tfkit.AnotherIDReplaces()},
			Validators:          []validator.String{tfkit.UUID("must be the id of a " + what + ", a UUID")},
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Attaches a replication pair to a protected instance: each of its disks to the server at its " +
			"site. Pairs that SDRS made with the instance are attached already.\n\nA switch is no change of this resource. " +
			"Destroying detaches both disks; the pair stays. Unmount the file system first: the disk is taken from a server " +
			"that may be running.",
		Attributes: map[string]schema.Attribute{
			"protected_instance_id": id("protected instance"),
			"replication_pair_id":   id("replication pair"),
			"device": schema.StringAttribute{
				MarkdownDescription: "The name of the device, for example `/dev/vdb`. The hypervisor has its own family of " +
					"names, so that `/dev/sdb` " +
					"becomes `/dev/vdb`: what counts is the last letter. An attached disk can't get another one.",
				Required: true,
				Validators: []validator.String{
					stringvalidator.RegexMatches(devices, "must be the name of a device such as /dev/vdb"),
				},
			},
			"id": tfkit.Lasting(
				tfkit.Observed("The ids of the protected instance and the replication pair, with a slash between them."),
			),
			"protection_group_id": tfkit.Lasting(tfkit.Observed("The id of their protection group.")),
			"status": tfkit.Observed(
				"`attached`, or as of the last refresh `attaching`, `detaching`, or an error: `error-attaching` or " +
					"`error-detaching`.",
			),
		},
		Blocks: map[string]schema.Block{
			"timeouts": tfkit.Timeouts(ctx, timeouts.Opts{
				Create: true, Update: true, Read: true, Delete: true,
				CreateDescription: "How long creating waits for another change of the group, and until the pair is attached, a " +
					"duration such as `30s` or `2h45m`. When it is over, the job goes on in the cloud." + tfkit.Queue +
					" Default `60m`.",
				UpdateDescription: "How long updating waits for the end of the creation" +
					tfkit.Resumes + "`60m`.",
				DeleteDescription: "How long destroying waits for another change of the group, and until the pair is detached" +
					tfkit.Resumes + "`60m`.",
				ReadDescription: "How long a refresh tries to read the pair. Default `5m`.",
			}),
		},
	}
}
