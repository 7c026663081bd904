package protectiongroup

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

type groupsModel struct {
	tfkit.Filters

	Groups []groupModel `tfsdk:"protection_groups"`
}

// NewDataSources returns sdrs_protection_groups: the groups of the project (GET server-groups).
func NewDataSources() datasource.DataSource {
	attributes := tfkit.FilterAttributes("groups", sdrs.GroupStatuses,
		"in an abnormal status (`status_abnormal`), with protection off (`stop_protected`), or without a DR drill for some "+
			"time, three months unless the service is set otherwise (`period_no_dr_drill`)", sdrs.GroupQueryTypes)
	attributes["protection_groups"] = tfkit.ReportedList(
		"The protection groups, in the order of the API.",
		groupAttributes(),
	)
	return tfkit.DataSource[groupsModel]{
		Name:        "protection_groups",
		Description: "Lists the SDRS protection groups of the project, all or those that match every argument.",
		Attributes:  attributes,
		Fill: tfkit.Listing(tfkit.ProtectionGroups, func(ctx context.Context, client *sdrs.Client, model *groupsModel) error {
			groups, err := client.Groups(ctx, sdrs.GroupFilter{
				Name:                   model.Name.ValueString(),
				Status:                 sdrs.Status(model.Status.ValueString()),
				ActiveAvailabilityZone: model.ActiveAvailabilityZone.ValueString(),
				QueryType:              model.QueryType.ValueString(),
			})
			model.Groups = tfkit.Each(groups, fromAPI)
			return err
		}),
	}.New()
}
