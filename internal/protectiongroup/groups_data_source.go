package protectiongroup

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// GroupsDataSource is sdrs_protection_groups: the groups of the project (GET server-groups).
type GroupsDataSource struct{ dataSource }

var _ datasource.DataSourceWithConfigure = (*GroupsDataSource)(nil)

// NewGroupsDataSource returns the data source before its configuration.
func NewGroupsDataSource() datasource.DataSource {
	return &GroupsDataSource{dataSource{name: "protection_groups"}}
}

type groupsModel struct {
	filters

	Groups []groupModel `tfsdk:"protection_groups"`
}

// Schema returns the schema of sdrs_protection_groups.
func (d *GroupsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := filterAttributes("groups", sdrs.GroupStatuses,
		"in an abnormal status (`status_abnormal`), with protection off (`stop_protected`), or without a DR drill for some time, "+
			"three months unless the service is set otherwise (`period_no_dr_drill`)", sdrs.GroupQueryTypes)
	attributes["protection_groups"] = reportedList("The protection groups, in the order of the API.", groupAttributes())
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the SDRS protection groups of the project, all or those that match every argument.",
		Attributes:          attributes,
	}
}

// Read lists the groups.
func (d *GroupsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	read(ctx, d.dataSource, req, resp, func(ctx context.Context, client *sdrs.Client, model *groupsModel) diag.Diagnostic {
		groups, err := client.Groups(ctx, sdrs.GroupFilter{
			Name:                   model.Name.ValueString(),
			Status:                 sdrs.Status(model.Status.ValueString()),
			ActiveAvailabilityZone: model.ActiveAvailabilityZone.ValueString(),
			QueryType:              model.QueryType.ValueString(),
		})
		if err != nil {
			return unlistable(diagnostic.ProtectionGroups, err)
		}
		model.Groups = each(groups, newGroupModel)
		return nil
	})
}
