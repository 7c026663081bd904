package protectiongroup

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// dataSources is sdrs_protection_groups: the groups of the project (GET server-groups).
type dataSources struct{ tfkit.DataSource }

var _ datasource.DataSourceWithConfigure = (*dataSources)(nil)

// NewDataSources returns the data source before its configuration.
func NewDataSources() datasource.DataSource {
	return &dataSources{tfkit.DataSource{Name: "protection_groups"}}
}

type groupsModel struct {
	tfkit.Filters

	Groups []groupModel `tfsdk:"protection_groups"`
}

// Schema returns the schema of sdrs_protection_groups.
func (d *dataSources) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := tfkit.FilterAttributes("groups", sdrs.GroupStatuses,
		"in an abnormal status (`status_abnormal`), with protection off (`stop_protected`), or without a DR drill for some time, "+
			"three months unless the service is set otherwise (`period_no_dr_drill`)", sdrs.GroupQueryTypes)
	attributes["protection_groups"] = tfkit.ReportedList("The protection groups, in the order of the API.", groupAttributes())
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the SDRS protection groups of the project, all or those that match every argument.",
		Attributes:          attributes,
	}
}

// Read lists the groups.
func (d *dataSources) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	tfkit.Read(ctx, d.DataSource, req, resp, func(ctx context.Context, client *sdrs.Client, model *groupsModel) diag.Diagnostic {
		groups, err := client.Groups(ctx, sdrs.GroupFilter{
			Name:                   model.Name.ValueString(),
			Status:                 sdrs.Status(model.Status.ValueString()),
			ActiveAvailabilityZone: model.ActiveAvailabilityZone.ValueString(),
			QueryType:              model.QueryType.ValueString(),
		})
		if err != nil {
			return tfkit.Unlistable(diagnostic.ProtectionGroups, err)
		}
		model.Groups = tfkit.Each(groups, fromAPI)
		return nil
	})
}
