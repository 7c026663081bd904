package attachment

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// filter is the config block of a list.
type filter struct {
	ProtectionGroupID   types.String `tfsdk:"protection_group_id"`
	ProtectedInstanceID types.String `tfsdk:"protected_instance_id"`
}

// found is a pair at one of the instances that have it.
type found struct {
	pair       sdrs.ReplicationPair
	instanceID string
}

// NewListResource returns the list of the resource before its configuration.
func NewListResource() list.ListResource {
	return tfkit.List[resourceModel, found]{
		Resource: described(),
		Description: "Finds what SDRS replication pairs are attached to in the project, all or those that match every " +
			"argument, so that it can be imported. Disks of which SDRS made the pair with the protected instance are among " +
			"that: they need no resource of their own.",
		Attributes: map[string]schema.Attribute{
			"protection_group_id": schema.StringAttribute{
				MarkdownDescription: "Only pairs of the protection group with this id. Default: all.", Optional: true,
				Validators: []validator.String{tfkit.GroupID()},
			},
			"protected_instance_id": schema.StringAttribute{
				MarkdownDescription: "Only what is attached to the protected instance with this id. Default: all.", Optional: true,
				Validators: []validator.String{tfkit.UUID("must be the id of a protected instance, a UUID")},
			},
		},
		Find: func(ctx context.Context, services *tfkit.Services, config tfsdk.Config) ([]found, diag.Diagnostics) {
			var wanted filter
			if diags := config.Get(ctx, &wanted); diags.HasError() {
				return nil, diags
			}
			pairs, err := services.SDRS.ReplicationPairs(ctx, sdrs.ReplicationPairFilter{
				GroupID: wanted.ProtectionGroupID.ValueString(), ProtectedInstanceID: wanted.ProtectedInstanceID.ValueString(),
			})
			if err != nil {
				return nil, diag.Diagnostics{tfkit.Unlistable(subjects, err)}
			}
			var all []found
			for _, pair := range pairs {
				for _, a := range pair.Attachments {
					if wanted.ProtectedInstanceID.IsNull() ||
						cloud.SameID(a.ProtectedInstance, wanted.ProtectedInstanceID.ValueString()) {
						all = append(all, found{pair, a.ProtectedInstance})
					}
				}
			}
			return all, nil
		},
		Identify: func(one found) (name, id string, problem diag.Diagnostic) {
			return one.pair.Name, one.instanceID + "/" + one.pair.ID, nil
		},
		Import: func(_ context.Context, model *resourceModel, one found) { model.fromAPI(one.pair) },
	}.New()
}
