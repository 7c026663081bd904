package drill

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

// filter is the config block of the list.
type filter struct {
	ProtectionGroupID types.String `tfsdk:"protection_group_id"`
	Name              types.String `tfsdk:"name"`
}

// NewListResource returns the list of the resource before its configuration (GET disaster-recovery-drills).
func NewListResource() list.ListResource {
	return tfkit.List[resourceModel, sdrs.Drill]{
		Resource: newResource().Resource,
		Description: "Finds the SDRS DR drills of the project, all or those that match every argument, so that they can be " +
			"imported.",
		Attributes: map[string]schema.Attribute{
			"protection_group_id": schema.StringAttribute{
				MarkdownDescription: "Only DR drills of the protection group with this id. Default: all.",
				Optional:            true,
				Validators:          []validator.String{tfkit.GroupID()},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Only DR drills with this in their name: the API matches parts of names. Default: all.",
				Optional:            true,
			},
		},
		Find: func(ctx context.Context, services *tfkit.Services, config tfsdk.Config) ([]sdrs.Drill, diag.Diagnostics) {
			var asked filter
			if diags := config.Get(ctx, &asked); diags.HasError() {
				return nil, diags
			}
			drills, err := services.SDRS.Drills(ctx, sdrs.DrillFilter{
				GroupID: asked.ProtectionGroupID.ValueString(), Name: asked.Name.ValueString(),
			})
			if err != nil {
				return nil, diag.Diagnostics{tfkit.Unlistable(subjects, err)}
			}
			return drills, nil
		},
		Identify: func(drill sdrs.Drill) (name, id string, problem diag.Diagnostic) { return drill.Name, drill.ID, nil },
		Import: func(ctx context.Context, model *resourceModel, drill sdrs.Drill) {
			model.fromAPI(ctx, drill, fromAPI(drill).Servers)
		},
	}.New()
}
