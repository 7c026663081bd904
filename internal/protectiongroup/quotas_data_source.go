package protectiongroup

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// QuotasDataSource is sdrs_quotas: how many groups and pairs the project may have (GET sdrs/quotas).
type QuotasDataSource struct{ dataSource }

var _ datasource.DataSourceWithConfigure = (*QuotasDataSource)(nil)

// NewQuotasDataSource returns the data source before its configuration.
func NewQuotasDataSource() datasource.DataSource {
	return &QuotasDataSource{dataSource{name: "quotas"}}
}

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

func newQuotaModel(quota sdrs.Quota) quotaModel {
	return quotaModel{
		Type:  orNull(quota.Type),
		Used:  types.Int64Value(quota.Used),
		Quota: types.Int64Value(quota.Quota),
		Min:   types.Int64Value(quota.Min),
		Max:   types.Int64Value(quota.Max),
	}
}

// Schema returns the schema of sdrs_quotas.
func (d *QuotasDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the SDRS quotas of the project: how many protection groups and replication pairs it has, and may have.",
		Attributes: map[string]schema.Attribute{
			"quotas": reportedList("The quotas, in the order of the API.", map[string]schema.Attribute{
				"type":  reported("What the quota is for: `server_groups` (protection groups) or `replications` (replication pairs)."),
				"used":  reportedNumber("How many there are."),
				"quota": reportedNumber("How many there may be; `-1` stands for no limit."),
				"min":   reportedNumber("The smallest value that the quota can be set to."),
				"max":   reportedNumber("The largest value that the quota can be set to; `-1` stands for no limit."),
			}),
		},
	}
}

// Read lists the quotas.
func (d *QuotasDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	read(ctx, d.dataSource, req, resp, func(ctx context.Context, client *sdrs.Client, model *quotasModel) diag.Diagnostic {
		quotas, err := client.Quotas(ctx)
		if err != nil {
			return unlistable(diagnostic.Quotas, err)
		}
		model.Quotas = each(quotas, newQuotaModel)
		return nil
	})
}
