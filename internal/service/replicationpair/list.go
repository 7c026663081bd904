package replicationpair

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

// pairFilter is the config block of a list.
type pairFilter struct {
	Name                types.String `tfsdk:"name"`
	ProtectionGroupID   types.String `tfsdk:"protection_group_id"`
	ProtectedInstanceID types.String `tfsdk:"protected_instance_id"`
}

// NewListResource returns the list of the resource before its configuration.
func NewListResource() list.ListResource {
	return tfkit.List[resourceModel, sdrs.ReplicationPair]{
		Resource: described(),
		Description: "Finds the SDRS replication pairs of the project, all or those that match every argument, so that " +
			"they can be imported. " +
			"Pairs that SDRS made with a protected instance are among them: they need no resource of their own.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				MarkdownDescription: "Only pairs with this in their name: the API matches parts of names. Default: " +
					"all.", Optional: true,
			},
			"protection_group_id": schema.StringAttribute{
				MarkdownDescription: "Only pairs of the protection group with this id. Default: all.", Optional: true,
				Validators: []validator.String{tfkit.GroupID()},
			},
			"protected_instance_id": schema.StringAttribute{
				MarkdownDescription: "Only pairs that are attached to the protected instance with this id. Default: " +
					"all.", Optional: true,
				Validators: []validator.String{tfkit.UUID("must be the id of a protected instance, a UUID")},
			},
		},
		Find: func(ctx context.Context, services *tfkit.Services, config tfsdk.Config) ([]sdrs.ReplicationPair,
			diag.Diagnostics,
		) {
			var filter pairFilter
			if diags := config.Get(ctx, &filter); diags.HasError() {
				return nil, diags
			}
			pairs, err := services.SDRS.ReplicationPairs(ctx, sdrs.ReplicationPairFilter{
				Name: filter.Name.ValueString(), GroupID: filter.ProtectionGroupID.ValueString(),
				ProtectedInstanceID: filter.ProtectedInstanceID.ValueString(),
			})
			if err != nil {
				return nil, diag.Diagnostics{tfkit.Unlistable(subject, err)}
			}
			return pairs, nil
		},
		Identify: func(pair sdrs.ReplicationPair) (name, id string, problem diag.Diagnostic) {
			return pair.Name, pair.ID, nil
		},
		Import: func(ctx context.Context, model *resourceModel, pair sdrs.ReplicationPair) { model.fromAPI(ctx, pair) },
	}.New()
}
