package protectiongroup

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Schema returns the schema of sdrs_protection_group_protection.
func (r *ProtectionResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Declares that an SDRS protection group is protected: creating enables protection, and destroying " +
			"disables it. It is a resource of its own, so that it can depend on the replication pairs that protection needs. If " +
			"protection was disabled elsewhere, the next apply enables it again. A group that has failed over is protected again only " +
			"with `reprotect = true`. **Destroying this resource ends replication**, and so does replacing it, with `-replace` too, until " +
			"protection is enabled again; of a group that has failed over, destroying it changes nothing. Do without " +
			"`create_before_destroy`: where an apply ends between creating the new object and destroying the old one, the next apply " +
			"disables protection, and the one after it enables it again.",
		Attributes: map[string]schema.Attribute{
			"protection_group_id": schema.StringAttribute{
				MarkdownDescription: "The id of the protection group, a UUID. Changing it disables protection of the one group, and enables that of the other.",
				Required:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
				Validators:          []validator.String{stringvalidator.RegexMatches(groupID, groupIDHint)},
			},
			"reprotect": schema.BoolAttribute{
				MarkdownDescription: "Whether apply may reprotect a group that has failed over. **That overwrites the disks of the site that " +
					"is not active.** The plan warns and names the site. Set it back to `false` afterwards: left on, the first apply after the " +
					"next failover overwrites the disks of the site that failed. Default `false`.",
				Optional: true,
				Computed: true,
				Default:  booldefault.StaticBool(false),
			},
			"id":          observed("The id of the protection group, as in `protection_group_id`."),
			"name":        observed("The name of the protection group."),
			"status":      observed("The status of the protection group as of the last refresh, for example `protected` or `failed-over`."),
			"active_site": observed("The site that is in production as of the last refresh, `source` or `target`."),
			"protected": schema.BoolAttribute{
				MarkdownDescription: "Whether the group is replicated as of the last refresh: its status is `protected`, or it is being switched from and to that.",
				Computed:            true,
			},
		},
		Blocks: map[string]schema.Block{
			"timeouts": timeouts.Block(ctx, timeouts.Opts{
				Create: true, Update: true, Read: true, Delete: true,
				CreateDescription: "How long creating waits for protection" + resumes + "`60m`.",
				UpdateDescription: "How long updating waits for protection" + resumes + "`60m`.",
				DeleteDescription: "How long destroying waits until protection is disabled" + resumes + "`60m`.",
				ReadDescription:   "How long a refresh tries to read the group. Default `5m`.",
			}),
		},
	}
}

// protectionModel is sdrs_protection_group_protection in configuration, plan, and state.
type protectionModel struct {
	ProtectionGroupID types.String   `tfsdk:"protection_group_id"`
	Reprotect         types.Bool     `tfsdk:"reprotect"`
	ID                types.String   `tfsdk:"id"`
	Name              types.String   `tfsdk:"name"`
	Status            types.String   `tfsdk:"status"`
	ActiveSite        types.String   `tfsdk:"active_site"`
	Protected         types.Bool     `tfsdk:"protected"`
	Timeouts          timeouts.Value `tfsdk:"timeouts"`
}

// observe stores what the API reports of the group.
func (m *protectionModel) observe(group sdrs.Group) {
	m.ID = m.ProtectionGroupID
	m.Name = types.StringValue(group.Name)
	m.Status = types.StringValue(string(group.Status))
	m.ActiveSite = types.StringValue(string(group.PriorityStation))
	switch group.Status {
	case sdrs.StatusProtected, sdrs.StatusReversing, sdrs.StatusErrorReversing:
		m.Protected = types.BoolValue(true)
	default:
		m.Protected = types.BoolValue(false)
	}
}

// group returns the observation in the terms of the workflow.
func (m *protectionModel) group() sdrs.Group {
	return sdrs.Group{
		ID: m.ProtectionGroupID.ValueString(), Name: m.Name.ValueString(),
		Status: sdrs.Status(m.Status.ValueString()), PriorityStation: sdrs.Station(m.ActiveSite.ValueString()),
	}
}

// planChange marks in a plan that the group will be protected.
func (m *protectionModel) planChange() {
	m.Status = types.StringUnknown()
	m.Protected = types.BoolValue(true)
}

// planPossibleChange marks in a plan what depends on values that are not known yet.
func (m *protectionModel) planPossibleChange() {
	m.Status = types.StringUnknown()
	m.ActiveSite = types.StringUnknown()
	m.Protected = types.BoolUnknown()
}

// changePlanned reports whether the plan says so.
func (m *protectionModel) changePlanned() bool { return m.Status.IsUnknown() }

// finish stores the group after apply over the plan for it. What the plan promised stays, until the next refresh.
func (m *protectionModel) finish(group sdrs.Group) {
	planned := *m
	m.observe(group)
	keep(&m.Name, planned.Name)
	keep(&m.ActiveSite, planned.ActiveSite)
}
