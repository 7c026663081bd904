package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// defaultMaxRetries is the default of max_retries.
const defaultMaxRetries = 5

// Schema returns the schema of the provider.
func (p *Provider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"insecure": schema.BoolAttribute{
			MarkdownDescription: "Whether to accept any server certificate. Environment: `OS_INSECURE`. Default `false`.",
			Optional:            true,
		},
		"max_retries": schema.Int64Attribute{
			MarkdownDescription: "How often a read is repeated after a connection error, HTTP 500, 502, 503, or 504, with " +
				"growing waits from 0.5 to 10 seconds; after HTTP 429, ten times as often, and as late as `Retry-After` says, a " +
				"minute at most. An action is never repeated where it may have taken effect. 0 to 20, default `5`.",
			Optional:   true,
			Validators: []validator.Int64{int64validator.Between(0, cloud.MostRetries)},
		},
		"endpoints": schema.SingleNestedAttribute{
			MarkdownDescription: "Endpoints that replace those of the catalog, for private clouds and Huawei Cloud. The id of " +
				"the project is appended.",
			Optional: true,
			Attributes: map[string]schema.Attribute{
				"sdrs": endpoint("SDRS, for example `https://sdrs.eu-de.otc.t-systems.com/v1`."),
				"ecs":  endpoint("ECS, for example `https://ecs.eu-de.otc.t-systems.com/v1`."),
				"evs":  endpoint("EVS, for example `https://evs.eu-de.otc.t-systems.com/v2`."),
				"iam":  endpoint("IAM, instead of `auth_url`."),
			},
		},
	}
	for _, argument := range arguments {
		attributes[argument.name] = schema.StringAttribute{
			MarkdownDescription: argument.description + " Environment: `" + strings.Join(argument.environment, "`, `") + "`.",
			Optional:            true,
			Sensitive:           argument.sensitive,
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Switches protection groups of the Storage Disaster Recovery Service (SDRS) of Open Telekom " +
			"Cloud and Huawei Cloud between their sites.",
		Attributes: attributes,
	}
}

func endpoint(description string) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: description, Optional: true}
}
