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

// ActiveDomainsDataSource is sdrs_active_domains: the pairs of AZs for protection groups (GET active-domains).
type ActiveDomainsDataSource struct{ dataSource }

var _ datasource.DataSourceWithConfigure = (*ActiveDomainsDataSource)(nil)

// NewActiveDomainsDataSource returns the data source before its configuration.
func NewActiveDomainsDataSource() datasource.DataSource {
	return &ActiveDomainsDataSource{dataSource{name: "active_domains"}}
}

type activeDomainsModel struct {
	Domains []activeDomainModel `tfsdk:"active_domains"`
}

type activeDomainModel struct {
	ID                     types.String `tfsdk:"id"`
	Name                   types.String `tfsdk:"name"`
	Description            types.String `tfsdk:"description"`
	SoldOut                types.Bool   `tfsdk:"sold_out"`
	LocalAvailabilityZone  types.String `tfsdk:"local_availability_zone"`
	RemoteAvailabilityZone types.String `tfsdk:"remote_availability_zone"`
}

func newActiveDomainModel(domain sdrs.ActiveDomain) activeDomainModel {
	return activeDomainModel{
		ID:                     orNull(domain.ID),
		Name:                   orNull(domain.Name),
		Description:            types.StringPointerValue(domain.Description),
		SoldOut:                types.BoolValue(domain.SoldOut),
		LocalAvailabilityZone:  orNull(domain.Local.AvailabilityZone),
		RemoteAvailabilityZone: orNull(domain.Remote.AvailabilityZone),
	}
}

// Schema returns the schema of sdrs_active_domains.
func (d *ActiveDomainsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the active-active domains of SDRS: the pairs of availability zones between which protection groups " +
			"can be created.",
		Attributes: map[string]schema.Attribute{
			"active_domains": reportedList("The active-active domains, in the order of the API.", map[string]schema.Attribute{
				"id":          reported("The id of the domain."),
				"name":        reported("The name of the domain."),
				"description": reported("The description of the domain; null where it has none."),
				"sold_out":    reportedFlag("Whether the resources of the domain are sold out."),
				"local_availability_zone": reported("One of the two availability zones, for example `eu-de-01`. Either may become the " +
					"production site of a group."),
				"remote_availability_zone": reported("The other availability zone, for example `eu-de-02`."),
			}),
		},
	}
}

// Read lists the domains.
func (d *ActiveDomainsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	read(ctx, d.dataSource, req, resp, func(ctx context.Context, client *sdrs.Client, model *activeDomainsModel) diag.Diagnostic {
		domains, err := client.ActiveDomains(ctx)
		if err != nil {
			return unlistable(diagnostic.ActiveActiveDomains, err)
		}
		model.Domains = each(domains, newActiveDomainModel)
		return nil
	})
}
