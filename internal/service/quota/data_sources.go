// Package quota is the quotas of SDRS in Terraform.
package quota

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

type quotasModel struct {
	Quotas []quotaModel `tfsdk:"quotas"`
}

type quotaModel struct {
	Type  types.String `tfsdk:"type"`
	Used  types.Int64  `tfsdk:"used"`
	Quota types.Int64  `tfsdk:"quota"`
	Min   types.Int64  `tfsdk:"min"`
	Max   types.Int64  `tfsdk:"max"`
}

func fromAPI(quota sdrs.Quota) quotaModel {
	return quotaModel{
		Type:  tfkit.OrNull(quota.Type),
		Used:  types.Int64Value(quota.Used),
		Quota: types.Int64Value(quota.Quota),
		Min:   types.Int64Value(quota.Min),
		Max:   types.Int64Value(quota.Max),
	}
}

// NewDataSources returns sdrs_quotas: how many groups and pairs the project may have (GET sdrs/quotas).
func NewDataSources() datasource.DataSource {
	return tfkit.DataSource[quotasModel]{
		Name: "quotas",
		Description: "Lists the SDRS quotas of the project: how many protection groups and replication pairs it has, and " +
			"may have.",
		Attributes: map[string]schema.Attribute{
			"quotas": tfkit.ReportedList("The quotas, in the order of the API.", map[string]schema.Attribute{
				"type": tfkit.Reported("What the quota is for: `server_groups` (protection groups) or `replications` " +
					"(replication pairs)."),
				"used":  tfkit.ReportedNumber("How many there are."),
				"quota": tfkit.ReportedNumber("How many there may be; `-1` stands for no limit."),
				"min":   tfkit.ReportedNumber("The smallest value that the quota can be set to."),
				"max":   tfkit.ReportedNumber("The largest value that the quota can be set to; `-1` stands for no limit."),
			}),
		},
		Fill: tfkit.Listing(subject, func(ctx context.Context, client *sdrs.Client, model *quotasModel) error {
			quotas, err := client.Quotas(ctx)
			model.Quotas = tfkit.Each(quotas, fromAPI)
			return err
		}),
	}.New()
}
