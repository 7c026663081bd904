// Package activedomain is the active-active domains of SDRS in Terraform: the pairs of availability zones for groups.
package activedomain

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

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

func fromAPI(domain sdrs.ActiveDomain) activeDomainModel {
	return activeDomainModel{
		ID:                     tfkit.OrNull(domain.ID),
		Name:                   tfkit.OrNull(domain.Name),
		Description:            types.StringPointerValue(domain.Description),
		SoldOut:                types.BoolValue(domain.SoldOut),
		LocalAvailabilityZone:  tfkit.OrNull(domain.Local.AvailabilityZone),
		RemoteAvailabilityZone: tfkit.OrNull(domain.Remote.AvailabilityZone),
	}
}

// NewDataSources returns sdrs_active_domains: the pairs of AZs for protection groups (GET active-domains).
func NewDataSources() datasource.DataSource {
	return tfkit.DataSource[activeDomainsModel]{
		Name: "active_domains",
		Description: "Lists the active-active domains of SDRS: the pairs of availability zones between which protection " +
			"groups can be created.",
		Attributes: map[string]schema.Attribute{
			"active_domains": tfkit.ReportedList(
				"The active-active domains, in the order of the API.",
				map[string]schema.Attribute{
					"id":          tfkit.Reported("The id of the domain."),
					"name":        tfkit.Reported("The name of the domain."),
					"description": tfkit.Reported("The description of the domain; null where it has none."),
					"sold_out":    tfkit.ReportedFlag("Whether the resources of the domain are sold out."),
					"local_availability_zone": tfkit.Reported(
						"One of the two availability zones, for example `eu-de-01`. Either may become the production site of a group.",
					),
					"remote_availability_zone": tfkit.Reported("The other availability zone, for example `eu-de-02`."),
				},
			),
		},
		Fill: tfkit.Listing(subject, func(ctx context.Context, client *sdrs.Client, model *activeDomainsModel) error {
			domains, err := client.ActiveDomains(ctx)
			model.Domains = tfkit.Each(domains, fromAPI)
			return err
		}),
	}.New()
}
