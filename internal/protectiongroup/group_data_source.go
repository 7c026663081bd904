package protectiongroup

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// GroupDataSource is sdrs_protection_group: one group, by its id (GET server-groups/{id}) or its exact name (GET
// server-groups).
type GroupDataSource struct{ dataSource }

var (
	_ datasource.DataSourceWithConfigure        = (*GroupDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*GroupDataSource)(nil)
)

// NewGroupDataSource returns the data source before its configuration.
func NewGroupDataSource() datasource.DataSource {
	return &GroupDataSource{dataSource{name: "protection_group"}}
}

// groupModel is a protection group.
type groupModel struct {
	ID                      types.String `tfsdk:"id"`
	Name                    types.String `tfsdk:"name"`
	Description             types.String `tfsdk:"description"`
	Status                  types.String `tfsdk:"status"`
	Progress                types.Int64  `tfsdk:"progress"`
	ActiveSite              types.String `tfsdk:"active_site"`
	ActiveAvailabilityZone  types.String `tfsdk:"active_availability_zone"`
	StandbyAvailabilityZone types.String `tfsdk:"standby_availability_zone"`
	SourceAvailabilityZone  types.String `tfsdk:"source_availability_zone"`
	TargetAvailabilityZone  types.String `tfsdk:"target_availability_zone"`
	DomainID                types.String `tfsdk:"domain_id"`
	DomainName              types.String `tfsdk:"domain_name"`
	ProtectedInstances      types.Int64  `tfsdk:"protected_instance_num"`
	ReplicationPairs        types.Int64  `tfsdk:"replication_num"`
	Drills                  types.Int64  `tfsdk:"disaster_recovery_drill_num"`
	SourceVPCID             types.String `tfsdk:"source_vpc_id"`
	TargetVPCID             types.String `tfsdk:"target_vpc_id"`
	TestVPCID               types.String `tfsdk:"test_vpc_id"`
	DRType                  types.String `tfsdk:"dr_type"`
	ServerType              types.String `tfsdk:"server_type"`
	ProtectionType          types.String `tfsdk:"protection_type"`
	ReplicationModel        types.String `tfsdk:"replication_model"`
	ProtectedStatus         types.String `tfsdk:"protected_status"`
	ReplicationStatus       types.String `tfsdk:"replication_status"`
	HealthStatus            types.String `tfsdk:"health_status"`
	CreatedAt               types.String `tfsdk:"created_at"`
	UpdatedAt               types.String `tfsdk:"updated_at"`
}

func newGroupModel(group sdrs.Group) groupModel {
	model := groupModel{
		ID:                     orNull(group.ID),
		Name:                   orNull(group.Name),
		Description:            types.StringPointerValue(group.Description),
		Status:                 orNull(group.Status),
		Progress:               types.Int64Value(int64(group.Progress)),
		ActiveSite:             orNull(group.PriorityStation),
		SourceAvailabilityZone: orNull(group.SourceAvailabilityZone),
		TargetAvailabilityZone: orNull(group.TargetAvailabilityZone),
		DomainID:               orNull(group.DomainID),
		DomainName:             orNull(group.DomainName),
		ProtectedInstances:     types.Int64Value(int64(group.ProtectedInstances)),
		ReplicationPairs:       types.Int64Value(int64(group.ReplicationPairs)),
		Drills:                 types.Int64Value(int64(group.Drills)),
		SourceVPCID:            orNull(group.SourceVPCID),
		TargetVPCID:            orNull(group.TargetVPCID),
		TestVPCID:              types.StringPointerValue(group.TestVPCID),
		DRType:                 orNull(group.DRType),
		ServerType:             orNull(group.ServerType),
		ProtectionType:         types.StringPointerValue(group.ProtectionType),
		ReplicationModel:       types.StringPointerValue(group.ReplicationModel),
		ProtectedStatus:        types.StringPointerValue(group.ProtectedStatus),
		ReplicationStatus:      types.StringPointerValue(group.ReplicationStatus),
		HealthStatus:           types.StringPointerValue(group.HealthStatus),
		CreatedAt:              timestamp(group.CreatedAt),
		UpdatedAt:              timestamp(group.UpdatedAt),
	}
	// A list may hold a group without a site, and that is in neither zone.
	if group.PriorityStation.Valid() {
		model.ActiveAvailabilityZone = orNull(group.AvailabilityZone(group.PriorityStation))
		model.StandbyAvailabilityZone = orNull(group.AvailabilityZone(group.PriorityStation.Other()))
	}
	return model
}

// groupAttributes returns the schema of [groupModel].
func groupAttributes() map[string]schema.Attribute {
	const formerly = " Null on all but old groups, from before an upgrade of the service; see `status` instead."
	return map[string]schema.Attribute{
		"id":                          reported("The id of the protection group."),
		"name":                        reported("The name of the protection group."),
		"description":                 reported("The description of the protection group; null where it has none."),
		"status":                      reported("The status of the protection group, for example `protected` or `error-reversing`."),
		"progress":                    reportedNumber("The progress of the synchronization, in percent."),
		"active_site":                 reported("The site that is in production, `source` or `target`."),
		"active_availability_zone":    reported("The availability zone of the site that is in production, for example `eu-de-01`."),
		"standby_availability_zone":   reported("The availability zone of the other site."),
		"source_availability_zone":    reported("The availability zone of the site `source`. It never changes."),
		"target_availability_zone":    reported("The availability zone of the site `target`. It never changes."),
		"domain_id":                   reported("The id of the group's active-active domain."),
		"domain_name":                 reported("The name of the group's active-active domain."),
		"protected_instance_num":      reportedNumber("The number of protected instances in the group."),
		"replication_num":             reportedNumber("The number of replication pairs in the group."),
		"disaster_recovery_drill_num": reportedNumber("The number of DR drills in the group."),
		"source_vpc_id":               reported("The id of the VPC at the site `source`."),
		"target_vpc_id":               reported("The id of the VPC at the site `target`."),
		"test_vpc_id":                 reported("The id of the VPC for DR drills; null, since the service does not use it."),
		"dr_type":                     reported("The deployment model: `migration`, within one VPC."),
		"server_type":                 reported("The type of the servers: `ECS`."),
		"protection_type": reported("What is synchronized as one: `replication-pair`, or null where that is a whole replication " +
			"consistency group."),
		"replication_model":  reported("Reserved by the service; null."),
		"protected_status":   reported("Whether protection is on: `started` or `stopped`." + formerly),
		"replication_status": reported("The state of the synchronization: `active`, `inactive`, `copying`, or `active-stopped`." + formerly),
		"health_status":      reported("The health of the group: `normal` or `abnormal`." + formerly),
		"created_at":         reported("When the group was created, RFC 3339 in UTC."),
		"updated_at":         reported("When the group was last changed, RFC 3339 in UTC."),
	}
}

// Schema returns the schema of sdrs_protection_group.
func (d *GroupDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := groupAttributes()
	attributes["id"] = schema.StringAttribute{
		MarkdownDescription: "The id of the protection group, a UUID. Exactly one of `id` and `name` must be set.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{stringvalidator.RegexMatches(groupID, groupIDHint)},
	}
	attributes["name"] = schema.StringAttribute{
		MarkdownDescription: "The name of the protection group, all of it, in upper and lower case as it is. No group or several " +
			"groups of that name are an error. Exactly one of `id` and `name` must be set.",
		Optional:   true,
		Computed:   true,
		Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads one SDRS protection group, by its id or its name: which of its sites is in production, and in " +
			"what status it is.",
		Attributes: attributes,
	}
}

// ConfigValidators wants either an id or a name.
func (d *GroupDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"))}
}

// Read reads the group.
func (d *GroupDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	read(ctx, d.dataSource, req, resp, func(ctx context.Context, client *sdrs.Client, model *groupModel) diag.Diagnostic {
		var group sdrs.Group
		var failure diag.Diagnostic
		if model.Name.IsNull() {
			group, failure = groupByID(ctx, client, model.ID.ValueString())
		} else {
			group, failure = groupByName(ctx, client, model.Name.ValueString())
		}
		*model = newGroupModel(group)
		return failure
	})
}

func groupByID(ctx context.Context, client *sdrs.Client, id string) (sdrs.Group, diag.Diagnostic) {
	group, err := client.Group(ctx, id)
	if sdrs.IsNotFound(err) {
		r := &report{diagnostic.Message{
			Happened: "There is no such protection group in this project.",
			Next:     "Check id, and the region and project (tenant_name) of the provider.",
		}}
		r.Fact("Protection group", id)
		r.failure(err)
		return group, diagnostic.GroupNotFound.On(path.Root("id"), r.String())
	}
	if err != nil {
		return group, unreadable(id, err)
	}
	return group, nil
}

// groupByName asks the API for the groups whose names are like name, and takes the one that has it.
func groupByName(ctx context.Context, client *sdrs.Client, name string) (sdrs.Group, diag.Diagnostic) {
	const shown = 10 // Of the groups with similar names.

	similar, err := client.Groups(ctx, sdrs.GroupFilter{Name: name})
	if err != nil {
		return sdrs.Group{}, unlistable(diagnostic.ProtectionGroups, err)
	}
	var exact []sdrs.Group
	for _, group := range similar {
		if group.Name == name {
			exact = append(exact, group)
		}
	}
	r := &report{}
	switch len(exact) {
	case 1:
		return exact[0], nil
	case 0:
		r.Happened = fmt.Sprintf("There is no protection group named %q in this project.", name)
		for _, group := range similar[:min(len(similar), shown)] {
			r.candidate("Similar name", group)
		}
		if more := len(similar) - shown; more > 0 {
			r.Fact("Similar names not shown", fmt.Sprint(more))
		}
		r.Next = "Check name, and the region and project (tenant_name) of the provider."
		return sdrs.Group{}, diagnostic.GroupNotFound.On(path.Root("name"), r.String())
	default:
		r.Happened = fmt.Sprintf("There are %d protection groups named %q in this project.", len(exact), name)
		for _, group := range exact {
			r.candidate("Protection group", group)
		}
		r.Next = "Set id to that of the group that is meant, in place of name."
		return sdrs.Group{}, diagnostic.GroupNotUnique.On(path.Root("name"), r.String())
	}
}

// candidate adds a group that may be the one that is meant.
func (r *report) candidate(fact string, group sdrs.Group) {
	r.Fact(fact, fmt.Sprintf("%s %s, %s, active at %s", group.Name, group.ID, group.Status, site(group, group.PriorityStation)))
}
