package protectiongroup

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// groupID matches the id of a protection group: a UUID, with or without dashes.
var groupID = regexp.MustCompile(`^([0-9a-fA-F]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$`)

const groupIDHint = "must be the id of a protection group, a UUID such as 40df180b-9fe2-471a-8c64-1b758dc84189"

var notNegative = regexp.MustCompile(`^[^-]`)

// Schema returns the schema of sdrs_protection_group_failover.
func (r *FailoverResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Chooses at which of its two sites an SDRS protection group runs, and switches it there by a " +
			"*planned failover*. Changing `priority_station` switches: the provider asks the cloud to reverse the group, " +
			"waits for the job, verifies that the wanted site is active and the group `protected`, and only then stores " +
			"the new site.\n\n" +
			"Destroying this resource changes nothing in the cloud: the group goes on running where it is.",
		Attributes: map[string]schema.Attribute{
			"protection_group_id": schema.StringAttribute{
				MarkdownDescription: "The id of the protection group, a UUID. Changing it forgets the one group and adopts the other.",
				Required:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
				Validators:          []validator.String{stringvalidator.RegexMatches(groupID, groupIDHint)},
			},
			"priority_station": schema.StringAttribute{
				MarkdownDescription: "The site that is to be in production: `source`, the production site that was named when the " +
					"group was created, or `target`, its DR site. Changing it switches the group, unless that site is active already.",
				Required:   true,
				Validators: []validator.String{stringvalidator.OneOf(string(sdrs.Source), string(sdrs.Target))},
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
				MarkdownDescription: "How long `stop_servers` waits before it stops hard, as if the power was cut, what still runs: a " +
					"duration such as `5m`. By default it never does.",
				Optional: true,
				Validators: []validator.String{
					stringvalidator.AlsoRequires(path.MatchRoot("stop_servers")),
					stringvalidator.RegexMatches(notNegative, "must not be negative"),
				},
			},
			"start_servers": schema.BoolAttribute{
				MarkdownDescription: "Whether a switch then starts the servers at the new site, and waits until all are `ACTIVE`: " +
					"only then has service resumed. Default `false`.",
				Optional: true,
				Computed: true,
				Default:  booldefault.StaticBool(false),
			},
			"id":     observed("The id of the protection group, as in `protection_group_id`."),
			"name":   observed("The name of the protection group."),
			"status": observed("The status of the protection group as of the last refresh, for example `protected` or `error-reversing`."),
			"active_site": observed("The site that is in production as of the last refresh, `source` or `target`. It differs from " +
				"`priority_station` where the group was switched elsewhere."),
			"active_availability_zone":  observed("The availability zone of the site that is in production, for example `eu-de-01`."),
			"standby_availability_zone": observed("The availability zone of the other site."),
			"source_availability_zone":  observed("The availability zone of the site `source`. It never changes."),
			"target_availability_zone":  observed("The availability zone of the site `target`. It never changes."),
			"last_failover": schema.SingleNestedAttribute{
				MarkdownDescription: "The last planned failover that this resource performed and verified, as evidence of the " +
					"recovery time; null before the first. A switch that one apply began and the next one found counts.",
				Computed: true,
				Attributes: map[string]schema.Attribute{
					"job_id":           observed("The id of the SDRS job; null where the API's answer was lost."),
					"from":             observed("The site that was left, `source` or `target`."),
					"to":               observed("The site that became active, `source` or `target`."),
					"started_at":       observed("When the API was asked to switch, RFC 3339 in UTC."),
					"finished_at":      observed("When the switch was verified, and with `start_servers` the servers were in service, RFC 3339 in UTC."),
					"duration_seconds": schema.Int64Attribute{MarkdownDescription: "The time from `started_at` to `finished_at`, in whole seconds.", Computed: true},
				},
			},
		},
		Blocks: map[string]schema.Block{
			"timeouts": timeouts.Block(ctx, timeouts.Opts{
				Create: true, Update: true, Read: true,
				CreateDescription: "How long creating waits for a switch" + resumes + "`60m`.",
				UpdateDescription: "How long updating waits for a switch" + resumes + "`60m`.",
				ReadDescription:   "How long a refresh tries to read the group. Default `5m`.",
			}),
		},
	}
}

// resumes continues the description of a timeout of a switch.
const resumes = ", a duration such as `30s` or `2h45m`. When it is over, the job goes on in the cloud, and applying again " +
	"resumes the wait. Default "

// observed returns the attribute for something that the API reports.
func observed(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true}
}
