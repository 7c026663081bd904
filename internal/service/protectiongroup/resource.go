package protectiongroup

import (
	"context"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// protectionGroup is sdrs_protection_group: a group, from its creation to its deletion. Which of its sites is active is
// the matter of others.
type protectionGroup struct{ tfkit.Resource }

var (
	_ resource.ResourceWithConfigure   = (*protectionGroup)(nil)
	_ resource.ResourceWithIdentity    = (*protectionGroup)(nil)
	_ resource.ResourceWithImportState = (*protectionGroup)(nil)
	_ resource.ResourceWithModifyPlan  = (*protectionGroup)(nil)
	_ resource.ResourceWithMoveState   = (*protectionGroup)(nil)
)

const (
	resourceName = "protection_group"
	// onlyType is the one deployment model that there is.
	onlyType = "migration"
)

// NewResource returns the resource before its configuration.
func NewResource() resource.Resource {
	return &protectionGroup{tfkit.Resource{Name: resourceName, IDAttribute: "id", Subject: tfkit.ProtectionGroup}}
}

// Create makes the group (POST server-groups), and waits until it is available.
func (r *protectionGroup) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	bounded, cancel := tfkit.Within(ctx, plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()
	if plan.DomainID.IsUnknown() {
		r.resolveDomain(bounded, &plan, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	arguments := plan.toAPI()
	var group sdrs.Group
	created, err := r.Services.Create(bounded, tfkit.Creation{
		Turn: arguments.Name + " in " + arguments.SourceVPCID,
		Equal: func(ctx context.Context) ([]string, error) {
			equal, err := equals(ctx, r.Services.SDRS, arguments)
			return tfkit.Each(equal, func(group sdrs.Group) string { return group.ID }), err
		},
		Check: func(ctx context.Context) ([]failover.Check, error) {
			return []failover.Check{r.Services.GroupsLeft(ctx)}, nil
		},
		Send:   func(ctx context.Context) (string, error) { return r.Services.SDRS.CreateGroup(ctx, arguments) },
		Made:   made,
		Status: r.status(&group),
	})
	promised := plan
	if err == nil {
		plan.fromAPI(group)
		plan.keep(promised)
	} else {
		resp.Diagnostics.Append(r.CreationFailed(created, err, reportOf(plan.group())))
		if created == (tfkit.Created{}) {
			return
		}
		plan.accepted(created.ID)
	}
	resp.Diagnostics.Append(r.KeepCreated(ctx, created, plan.ID, resp)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// made returns the id of the group that a job has made.
func made(entities sdrs.JobEntities) string { return entities.GroupID }

// status returns a read of a group and its status; empty: there is none.
func (r *protectionGroup) status(group *sdrs.Group) func(context.Context, string) (sdrs.Status, error) {
	return tfkit.StatusOf(group, r.Services.SDRS.Group, sdrs.IsNotFound,
		func(group sdrs.Group) sdrs.Status { return group.Status })
}

// equals lists the groups that have the name, the AZs, and the VPC of another: nothing else tells one from the other
// (GET server-groups). One that is being deleted will not be there for long.
func equals(ctx context.Context, client *sdrs.Client, arguments sdrs.GroupArguments) ([]sdrs.Group, error) {
	similar, err := client.Groups(ctx, sdrs.GroupFilter{Name: arguments.Name})
	var equal []sdrs.Group
	for _, group := range similar {
		if group.Name == arguments.Name && group.Status != sdrs.StatusDeleting &&
			group.SourceAvailabilityZone == arguments.SourceAvailabilityZone &&
			group.TargetAvailabilityZone == arguments.TargetAvailabilityZone &&
			cloud.SameID(group.SourceVPCID, arguments.SourceVPCID) {
			equal = append(equal, group)
		}
	}
	return equal, err
}

// Read observes the group (GET server-groups/{id}).
func (r *protectionGroup) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	prior := state
	if !r.Unidentified(ctx, &state.ID, "", made, req, resp) {
		return
	}
	resp.Diagnostics.Append(r.Identify(ctx, resp.Identity, state.ID)...)
	group, found := r.Refresh(ctx, state.ID, state.Timeouts, resp)
	if !found {
		return
	}
	state.fromAPI(group)
	tfkit.Store(ctx, prior, state, resp)
}

// Update gives the group another name (PUT server-groups/{id}), after the end of its creation, if that was not seen.
func (r *protectionGroup) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.Identify(ctx, resp.Identity, state.ID)...)
	if !plan.changePlanned() {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...) // How to wait has changed, and nothing in the cloud.
		return
	}
	bounded, cancel := tfkit.Within(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	var group sdrs.Group
	id := state.ID.ValueString()
	resp.Diagnostics.Append(r.Make(bounded, func() *tfkit.Report { return reportOf(state.group()) },
		r.Settling(plan.Status.IsUnknown(), id, r.status(&group)),
		r.Changing(!plan.Name.Equal(state.Name), func(ctx context.Context) (err error) {
			group, err = r.rename(ctx, id, plan.Name.ValueString())
			return err
		}),
	))
	if resp.Diagnostics.HasError() {
		return
	}
	promised := plan
	plan.fromAPI(group)
	plan.keep(promised)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

func (r *protectionGroup) rename(ctx context.Context, id, name string) (group sdrs.Group, err error) {
	err = r.Services.Change(ctx, id, func(ctx context.Context) (err error) {
		group, err = r.Services.SDRS.RenameGroup(ctx, id, name)
		return err
	}, func(ctx context.Context) (_ bool, err error) {
		group, err = r.Services.SDRS.Group(ctx, id)
		return group.Name == name, err
	})
	return group, err
}

// Delete deletes the group, which must be empty (DELETE server-groups/{id}), and waits until it is gone.
func (r *protectionGroup) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
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
	id, known := r.Deletable(bounded, state.ID, "", made, req, resp)
	if !known {
		return
	}
	group := state.group()
	status := r.status(&group)
	err := r.Services.Delete(bounded, r.Subject, tfkit.Deletion{
		GroupID: id,
		Send:    func(ctx context.Context) (string, error) { return r.Services.SDRS.DeleteGroup(ctx, id) },
		Status:  func(ctx context.Context) (sdrs.Status, error) { return status(ctx, id) },
	})
	if err != nil {
		resp.Diagnostics.Append(
			tfkit.RequestFailed(err, r.Subject, r.Subject.Deletion(), reportOf(group), tfkit.Applying("delete")),
		)
	}
}

// reportOf begins a report with the facts about a group, and what is in it.
func reportOf(group sdrs.Group) *tfkit.Report {
	r := &tfkit.Report{}
	r.Group(group)
	contents(r, group)
	return r
}

// contents adds what is in a group, and reports whether there is anything.
func contents(r *tfkit.Report, group sdrs.Group) (found bool) {
	add := func(name string, count int) {
		if count > 0 {
			found = r.Fact(name, strconv.Itoa(count))
		}
	}
	add("Protected instances", group.ProtectedInstances)
	add("Replication pairs", group.ReplicationPairs)
	add("DR drills", group.Drills)
	return found
}

// Schema returns the schema of the resource sdrs_protection_group.
func (r *protectionGroup) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	number := func(description string) schema.Int64Attribute {
		return schema.Int64Attribute{MarkdownDescription: description, Computed: true}
	}
	zone := func(description string) schema.StringAttribute {
		return schema.StringAttribute{
			MarkdownDescription: description + " Changing it deletes the group and creates another one.",
			Required:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			Validators:          tfkit.Zone(),
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Creates an SDRS protection group: the servers of one VPC that switch sites together. " +
			"Creating makes an empty group; protected instances and replication pairs are resources of their own, and so is " +
			"protection, which needs them (`sdrs_protection_group_protection`), and the active site " +
			"(`sdrs_protection_group_failover`). A switch is no change of this resource.\n\nOnly the name can be changed. " +
			"Destroying deletes the group, which must be empty, with protection disabled.",
		Attributes: map[string]schema.Attribute{
			"name": tfkit.Called(
				"The name of the protection group: at most 64 letters, digits, dots, underscores, and hyphens. A group of the " +
					"same name, availability zones, and VPC can't be created twice.",
			),
			"description": tfkit.Described("protection group"),
			"source_availability_zone": zone(
				"The availability zone of the site `source`, which is active at first, for example `eu-de-01`.",
			),
			"target_availability_zone": zone(
				"The availability zone of the site `target`, for example `eu-de-02`. Both are those of one " +
					"active-active domain, either way round.",
			),
			"vpc_id": schema.StringAttribute{
				MarkdownDescription: "The id of the VPC of the servers, a UUID. Changing it deletes the group and creates " +
					"another one.",
				Required:      true,
				PlanModifiers: []planmodifier.String{tfkit.AnotherIDReplaces()},
				Validators:    []validator.String{tfkit.UUID("must be the id of a VPC, a UUID")},
			},
			"domain_id": schema.StringAttribute{
				MarkdownDescription: "The id of the active-active domain, see `sdrs_active_domains`. Changing it deletes the " +
					"group and creates another one. Default: the only one of the two availability zones.",
				Optional:      true,
				Computed:      true,
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown(), tfkit.AnotherIDReplaces()},
				Validators:    []validator.String{tfkit.UUID("must be the id of an active-active domain, a UUID")},
			},
			"dr_type": schema.StringAttribute{
				MarkdownDescription: "The deployment model. There is one, `migration`: within one VPC. Default `migration`.",
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString(onlyType),
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
				Validators:          []validator.String{stringvalidator.OneOf(onlyType)},
			},
			"id": tfkit.Lasting(tfkit.Observed("The id of the protection group.")),
			"status": tfkit.Observed(
				"The status of the protection group as of the last refresh, for example `available` or `protected`.",
			),
			"active_site":                 tfkit.Observed("The active site as of the last refresh, `source` or `target`."),
			"active_availability_zone":    tfkit.Observed("The availability zone of the active site."),
			"standby_availability_zone":   tfkit.Observed("The availability zone of the other site."),
			"target_vpc_id":               tfkit.Lasting(tfkit.Observed("The id of the VPC at the site `target`: the same.")),
			"protected_instance_num":      number("The number of protected instances in the group as of the last refresh."),
			"replication_num":             number("The number of replication pairs in the group as of the last refresh."),
			"disaster_recovery_drill_num": number("The number of DR drills in the group as of the last refresh."),
			"created_at":                  tfkit.Lasting(tfkit.Observed("When the group was created, RFC 3339 in UTC.")),
			"updated_at":                  tfkit.Observed("When the group was last changed, RFC 3339 in UTC."),
		},
		Blocks: map[string]schema.Block{
			"timeouts": tfkit.Timeouts(ctx, timeouts.Opts{
				Create: true, Update: true, Read: true, Delete: true,
				CreateDescription: "How long creating waits until the group is available, a duration such as `30s` or `2h45m`. " +
					"When it is over, the job goes on in the cloud. Default `60m`.",
				UpdateDescription: "How long updating waits for another change of the group, or for the end of its creation" +
					tfkit.Resumes + "`60m`.",
				DeleteDescription: "How long destroying waits until the group is gone" +
					tfkit.Resumes + "`60m`.",
				ReadDescription: "How long a refresh tries to read the group. Default `5m`.",
			}),
		},
	}
}
