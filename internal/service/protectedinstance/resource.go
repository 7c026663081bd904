package protectedinstance

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

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
		GroupID: arguments.GroupID,
		Equal: func(ctx context.Context) ([]string, error) {
			equal, err := protecting(ctx, r.Services.SDRS, arguments.ServerID)
			return tfkit.Each(equal, func(instance sdrs.ProtectedInstance) string { return instance.ID }), err
		},
		Check: func(ctx context.Context) ([]failover.Check, error) {
			checks = r.fitness(ctx, arguments.GroupID, arguments.ServerID, 0)
			return checks, nil
		},
		Send:   func(ctx context.Context) (string, error) { return r.Services.SDRS.CreateInstance(ctx, arguments) },
		Made:   made,
		Status: r.status(arguments.GroupID, &instance),
	})
	promised := plan
	if err == nil {
		r.locate(bounded, &instance, plan)
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
		func(ctx context.Context, id string) (observation, error) {
			return r.observeAll(ctx, groupID, id, prior)
		},
		sdrs.IsInstanceNotFound,
	)
	if !found {
		return
	}
	state.fromAPI(instance)
	r.Services.See(instance.ID, state.ActiveSite)
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
	before := *state
	changed := func() bool { return !before.Name.Equal(state.Name) || !before.Tags.Equal(state.Tags) }
	report := func() *tfkit.Report {
		report := reportOf(state.observed())
		report.Changed = changed()
		return report
	}
	failure := r.Make(ctx, report,
		r.Settling(state.Status.ValueString() == string(sdrs.StatusCreating), id, r.status(groupID, &instance)),
		r.Changing(!plan.Name.Equal(state.Name), func(ctx context.Context) error {
			err := r.rename(ctx, groupID, id, plan.Name.ValueString())
			if err == nil {
				state.Name = plan.Name
			}
			return err
		}),
		r.Changing(!plan.Tags.Equal(state.Tags), func(ctx context.Context) error {
			return r.updateTags(ctx, state, plan)
		}),
	)
	if failure == nil && resizes(plan, *state) {
		if failure = r.resize(ctx, state, plan.FlavorID.ValueString(), changed()); failure == nil {
			state.FlavorID = plan.FlavorID
		}
	}
	if failure != nil {
		return instance, failure
	}
	return instance, r.Make(ctx, report, r.Changing(true, func(ctx context.Context) error {
		return r.Services.Look(ctx, func(ctx context.Context) (err error) {
			instance, err = r.observeAll(ctx, groupID, id, *state)
			return err
		})
	}))
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
	publicIPs := r.publicIPs(bounded, last, leftovers)
	status := tfkit.StatusOf(&last, r.Services.SDRS.ProtectedInstance, sdrs.IsInstanceNotFound,
		func(instance sdrs.ProtectedInstance) sdrs.Status { return instance.Status })
	err := r.Services.Delete(bounded, r.Subject, tfkit.Deletion{
		GroupID: groupID,
		Check: func() error {
			if leftovers != (sdrs.InstanceLeftovers{}) && last.PriorityStation != sdrs.Source {
				return errSwitched
			}
			return nil
		},
		Send:   func(ctx context.Context) (string, error) { return r.Services.SDRS.DeleteInstance(ctx, id, leftovers) },
		Status: func(ctx context.Context) (sdrs.Status, error) { return status(ctx, id) },
	})
	switch {
	case errors.Is(err, errSwitched):
		resp.Diagnostics.Append(wouldDeleteProduction(last, productionStays,
			"Nothing is deleted then, and the cloud would refuse it."))
	case err != nil:
		resp.Diagnostics.Append(tfkit.RequestFailed(err, r.Subject, r.Subject.Deletion(), reportOf(last),
			tfkit.Applying("delete")))
	default:
		resp.Diagnostics.Append(warnStaysBehind(last, leftovers, publicIPs)...)
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
