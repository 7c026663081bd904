package drill

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// drillResource is sdrs_drill: a drill, from its creation to its deletion.
type drillResource struct{ tfkit.Resource }

var (
	_ resource.ResourceWithConfigure   = (*drillResource)(nil)
	_ resource.ResourceWithIdentity    = (*drillResource)(nil)
	_ resource.ResourceWithImportState = (*drillResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*drillResource)(nil)
	_ resource.ResourceWithMoveState   = (*drillResource)(nil)
)

func newResource() *drillResource {
	return &drillResource{tfkit.Resource{Name: "drill", IDAttribute: "id", Subject: subject}}
}

// NewResource returns the resource before its configuration.
func NewResource() resource.Resource { return newResource() }

// givenVPC is where private state notes that the VPC was given, and not made by the service.
const givenVPC = "given_vpc"

// Create makes the drill (POST disaster-recovery-drills), and waits until it is available. What it lacks is an error
// before that.
func (r *drillResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
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
	var drill sdrs.Drill
	var checks []failover.Check
	created, err := r.Services.Create(bounded, tfkit.Creation{
		GroupID: arguments.GroupID,
		Equal: func(ctx context.Context) ([]string, error) {
			equal, err := equals(ctx, r.Services.SDRS, arguments)
			return tfkit.Each(equal, func(drill sdrs.Drill) string { return drill.ID }), err
		},
		Check: func(ctx context.Context) ([]failover.Check, error) {
			checks = r.checks(ctx, arguments, "")
			return checks, nil
		},
		Send:   func(ctx context.Context) (string, error) { return r.Services.SDRS.CreateDrill(ctx, arguments) },
		Made:   made,
		Status: r.status(&drill),
	})
	promised := plan
	if err == nil {
		plan.fromAPI(ctx, drill, r.servers(bounded, drill, nil))
		plan.keep(promised)
		resp.Diagnostics.Append(r.WarnUnchecked(arguments.Name, checks)...)
	} else {
		resp.Diagnostics.Append(r.CreationFailed(created, err, plan.report()))
		if created == (tfkit.Created{}) {
			return
		}
		plan.accepted(created.ID)
	}
	resp.Diagnostics.Append(r.KeepCreated(ctx, created, plan.ID, resp)...)
	if arguments.VPCID != "" {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, givenVPC, []byte("true"))...)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// made returns the id of the drill that a job has made.
func made(entities sdrs.JobEntities) string { return entities.DrillID }

// status returns a read of a drill and its status; empty: there is none.
func (r *drillResource) status(drill *sdrs.Drill) func(context.Context, string) (sdrs.Status, error) {
	return tfkit.StatusOf(drill, r.Services.SDRS.Drill, sdrs.IsDrillNotFound,
		func(drill sdrs.Drill) sdrs.Status { return drill.Status })
}

// servers returns the servers of a drill with what ECS knows of them, or what is known.
func (r *drillResource) servers(ctx context.Context, drill sdrs.Drill, known []serverModel) []serverModel {
	servers := fromAPI(drill).Servers
	address(ctx, r.Services, servers, known)
	return servers
}

// equals lists the drills of a group that have the name and, where that is given, the VPC of another (GET
// disaster-recovery-drills). One that is being deleted will not be there for long.
func equals(ctx context.Context, client *sdrs.Client, arguments sdrs.DrillArguments) ([]sdrs.Drill, error) {
	similar, err := client.Drills(
		ctx,
		sdrs.DrillFilter{GroupID: arguments.GroupID, Name: arguments.Name, VPCID: arguments.VPCID},
	)
	var equal []sdrs.Drill
	for _, drill := range similar {
		if drill.Name == arguments.Name && drill.Status != sdrs.StatusDeleting {
			equal = append(equal, drill)
		}
	}
	return equal, err
}

// Read observes the drill (GET disaster-recovery-drills/{id}) and its servers (GET cloudservers/{id}).
func (r *drillResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	prior := state
	if !r.Unidentified(ctx, &state.ID, state.ProtectionGroupID.ValueString(), made, req, resp) {
		return
	}
	resp.Diagnostics.Append(r.Identify(ctx, resp.Identity, state.ID)...)
	var servers []serverModel
	drill, found := tfkit.Refreshed(ctx, &r.Resource, state.ID, state.Timeouts, resp,
		func(ctx context.Context, id string) (sdrs.Drill, error) {
			drill, err := r.Services.SDRS.Drill(ctx, id)
			servers = r.servers(ctx, drill, state.servers(ctx))
			return drill, err
		}, sdrs.IsDrillNotFound)
	if !found {
		return
	}
	state.fromAPI(ctx, drill, servers)
	tfkit.Store(ctx, prior, state, resp)
}

// Update gives the drill another name (PUT disaster-recovery-drills/{id}), after the end of its creation, if that was
// not seen.
func (r *drillResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.Identify(ctx, resp.Identity, state.ID)...)
	if !plan.UpdatedAt.IsUnknown() { // How to wait has changed, and nothing in the cloud.
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		return
	}
	bounded, cancel := tfkit.Within(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	var drill sdrs.Drill
	id, name := state.ID.ValueString(), plan.Name.ValueString()
	resp.Diagnostics.Append(r.Make(bounded, state.report,
		r.Settling(plan.Status.IsUnknown(), id, r.status(&drill)),
		r.Changing(!plan.Name.Equal(state.Name), func(ctx context.Context) error {
			return r.Services.Change(ctx, state.ProtectionGroupID.ValueString(), func(ctx context.Context) (err error) {
				drill, err = r.Services.SDRS.RenameDrill(ctx, id, name)
				return err
			}, func(ctx context.Context) (_ bool, err error) {
				drill, err = r.Services.SDRS.Drill(ctx, id)
				return drill.Name == name, err
			})
		}),
	))
	if resp.Diagnostics.HasError() {
		return
	}
	promised := plan
	plan.fromAPI(ctx, drill, r.servers(bounded, drill, state.servers(ctx)))
	plan.keep(promised)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// Delete deletes the drill with its servers and their disks (DELETE disaster-recovery-drills/{id}), waits until it is
// gone, and says what is not.
func (r *drillResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	given, diags := req.Private.GetKey(ctx, givenVPC)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	bounded, cancel := tfkit.Within(ctx, state.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	id, known := r.Deletable(bounded, state.ID, state.ProtectionGroupID.ValueString(), made, req, resp)
	if !known {
		return
	}
	vpcID := state.DrillVPCID
	var drill sdrs.Drill
	status := r.status(&drill)
	err := r.Services.Delete(bounded, r.Subject, tfkit.Deletion{
		GroupID: state.ProtectionGroupID.ValueString(),
		Send:    func(ctx context.Context) (string, error) { return r.Services.SDRS.DeleteDrill(ctx, id) },
		Status: func(ctx context.Context) (sdrs.Status, error) {
			now, err := status(ctx, id)
			if drill.VPCID != "" {
				vpcID = types.StringValue(drill.VPCID)
			}
			return now, err
		},
	})
	if err != nil {
		resp.Diagnostics.Append(
			tfkit.RequestFailed(err, r.Subject, r.Subject.Deletion(), state.report(), tfkit.Applying("delete")),
		)
		return
	}
	if given == nil && vpcID.ValueString() != "" {
		report := tfkit.Say(
			"The DR drill is gone, with its servers, their disks, and their network cards. Its VPC and the subnets in it stay.",
			"Delete them, unless something else uses them, or set drill_vpc_id of the next drill to this VPC.",
		)
		report.Object = vpcID.ValueString()
		report.Fact("VPC", vpcID.ValueString())
		resp.Diagnostics.Append(report.New(vpcStays))
	}
}

const vpcHint = "must be the id of a VPC, a UUID"

// Schema returns the schema of the resource sdrs_drill.
func (r *drillResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Creates an SDRS DR drill: for each protected instance of a group a running server in another " +
			"VPC, with copies of the disks at the site that is not active. Production and replication go on, and are not " +
			"touched. What the servers of the drill do tells whether those of a switch would: see the guide [A drill as a " +
			"test](../guides/a-drill-as-a-test.md).\n\nA drill is refused before it is requested unless every replication " +
			"pair is fully synchronized. It has the data of the moment of its creation, and nothing is synchronized any more. " +
			"Only the name can be changed. Destroying deletes the servers, their disks, and their network cards. **The VPC " +
			"stays**, also one that the service made.",
		Attributes: map[string]schema.Attribute{
			"protection_group_id": tfkit.ProtectionGroupID(
				"The id of the protection group to drill, a UUID. Changing it deletes the drill and creates another one.",
			),
			"name": tfkit.Called(
				"The name of the DR drill: at most 64 letters, digits, dots, underscores, and hyphens. A drill of the same " +
					"group and name can't be created twice. The servers keep theirs when it changes.",
			),
			"drill_vpc_id": schema.StringAttribute{
				MarkdownDescription: "The id of the VPC for the drill's servers, a UUID: not that of the group, with the same " +
					"CIDR block and subnets, and without another drill. Changing it deletes the drill and creates another one. By " +
					"default the service makes one, **which stays behind** when the drill is deleted; then this has its id.",
				Optional:      true,
				Computed:      true,
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown(), tfkit.AnotherIDReplaces()},
				Validators:    []validator.String{tfkit.UUID(vpcHint)},
			},
			"id":     tfkit.Lasting(tfkit.Observed("The id of the DR drill.")),
			"status": tfkit.Observed(statusText),
			"servers": schema.ListNestedAttribute{
				MarkdownDescription: serversText,
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"protected_instance_id": tfkit.Observed(instanceText),
					"server_id":             tfkit.Observed(serverText),
					"name":                  tfkit.Observed(nameText),
					"private_ips": schema.ListAttribute{
						MarkdownDescription: ipsText, Computed: true, ElementType: types.StringType,
					},
				}},
			},
			"created_at": tfkit.Lasting(tfkit.Observed(createdText)),
			"updated_at": tfkit.Observed(updatedText),
		},
		Blocks: map[string]schema.Block{
			"timeouts": tfkit.Timeouts(ctx, timeouts.Opts{
				Create: true, Update: true, Read: true, Delete: true,
				CreateDescription: "How long creating waits until the drill is available, a duration such as `30s` or `2h45m`. " +
					"When it is over, the job goes on in the cloud." + tfkit.Queue + " Default `60m`.",
				UpdateDescription: "How long updating waits for another change of the group, or for the end of the drill's " +
					"creation" +
					tfkit.Resumes + "`60m`.",
				DeleteDescription: "How long destroying waits until the drill is gone" + tfkit.Resumes + "`60m`.",
				ReadDescription:   "How long a refresh tries to read the drill and its servers. Default `5m`.",
			}),
		},
	}
}
