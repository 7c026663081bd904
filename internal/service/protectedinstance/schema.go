package protectedinstance

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// octet is a quarter of an IPv4 address.
const octet = `(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])`

// addresses are IPv4 addresses.
var addresses = regexp.MustCompile(`^(` + octet + `\.){3}` + octet + `$`)

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
						MarkdownDescription: "The ids of its two disks, in no order. Null where the user may not read the pair.",
						Computed:            true, ElementType: types.StringType,
					},
					"source_volume_id": tfkit.Observed("The id of its disk at the site `source`, whichever site is active. It is the " +
						"one that the server there has: null where the user may not read servers (ECS)."),
					"target_volume_id": tfkit.Observed("The id of its disk at the site `target`."),
				}},
			},
			"created_at": tfkit.Lasting(tfkit.Observed("When the protected instance was created, RFC 3339 in UTC.")),
			"updated_at": tfkit.Observed("When the protected instance was last changed, RFC 3339 in UTC."),
		},
		Blocks: map[string]schema.Block{
			"timeouts": tfkit.Timeouts(ctx, timeouts.Opts{
				Create: true, Update: true, Read: true, Delete: true,
				CreateDescription: "How long creating waits until the DR server, its disks, and the pairs are there, a duration " +
					"such as `30s` or `2h45m`. When it is over, the job goes on in the cloud." + tfkit.Queue + " Default `60m`.",
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
