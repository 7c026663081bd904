package protectedinstance

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// NewListResource returns the list of the resource before its configuration.
func NewListResource() list.ListResource {
	return tfkit.List[resourceModel, observation]{
		Resource: described(),
		Description: "Finds the SDRS protected instances of the project, all or those that match every argument, so that " +
			"they can be imported.",
		Attributes: map[string]schema.Attribute{
			"protection_group_id": schema.StringAttribute{
				MarkdownDescription: "Only protected instances of the protection group with this id. Default: all.",
				Optional:            true,
				Validators:          []validator.String{tfkit.GroupID()},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Only protected instances with this in their name: the API matches parts of names. Default: " +
					"all.",
				Optional: true,
			},
		},
		Find: find,
		Identify: func(o observation) (name, id string, problem diag.Diagnostic) {
			return o.Name, o.ID, nil
		},
		Import: func(_ context.Context, model *resourceModel, o observation) { model.fromAPI(o) },
	}.New()
}

// find lists instances with their pairs (GET protected-instances, replications).
func find(ctx context.Context, services *tfkit.Services, config tfsdk.Config) ([]observation, diag.Diagnostics) {
	var filter struct {
		GroupID types.String `tfsdk:"protection_group_id"`
		Name    types.String `tfsdk:"name"`
	}
	if diags := config.Get(ctx, &filter); diags.HasError() {
		return nil, diags
	}
	found, err := services.SDRS.ProtectedInstances(ctx, sdrs.ProtectedInstanceFilter{
		GroupID: filter.GroupID.ValueString(), Name: filter.Name.ValueString(),
	})
	if err != nil {
		return nil, diag.Diagnostics{tfkit.Unlistable(instances, err)}
	}
	pairs, err := services.SDRS.ReplicationPairs(ctx, sdrs.ReplicationPairFilter{GroupID: filter.GroupID.ValueString()})
	if err != nil && !sdrs.IsForbidden(err) {
		return nil, diag.Diagnostics{tfkit.Unlistable(instances, err)}
	}
	volumes := volumesOf(pairs)
	return tfkit.Each(found, func(instance sdrs.ProtectedInstance) observation {
		return observation{ProtectedInstance: instance, volumes: volumes}
	}), nil
}
