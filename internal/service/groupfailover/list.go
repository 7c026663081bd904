package groupfailover

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

var _ list.ListResourceWithConfigure = (*groupFailover)(nil)

// NewListResource returns the list of the resource before its configuration.
func NewListResource() list.ListResource { return newGroupFailover() }

// failoverFilter is the config block of a list of sdrs_protection_group_failover.
type failoverFilter struct {
	Name                   types.String `tfsdk:"name"`
	ActiveAvailabilityZone types.String `tfsdk:"active_availability_zone"`
}

// ListResourceConfigSchema returns the schema of [failoverFilter].
func (r *groupFailover) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds the SDRS protection groups of the project, all or those that match every argument, so that " +
			"they can be imported.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				MarkdownDescription: "Only groups with this in their name: the API matches parts of names. Default: all.",
				Optional:            true,
			},
			"active_availability_zone": schema.StringAttribute{
				MarkdownDescription: "Only groups in production in this availability zone now, for example `eu-de-01`. Default: all.",
				Optional:            true,
			},
		},
	}
}

// List finds protection groups (GET server-groups). The list has all that a resource needs: no group is read by itself.
func (r *groupFailover) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	groups, diags := r.groups(ctx, req)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		found := int64(0)
		for _, group := range groups {
			if req.Limit > 0 && found == req.Limit {
				return
			}
			if group.PriorityStation.Valid() {
				found++
			}
			if !push(r.result(ctx, req, group)) {
				return
			}
		}
	}
}

func (r *groupFailover) groups(ctx context.Context, req list.ListRequest) ([]sdrs.Group, diag.Diagnostics) {
	if r.Services == nil {
		return nil, diag.Diagnostics{diagnostic.NotConfigured.New("The configuration of the provider is not " +
			"known, so nothing can be listed.\n\nApply what its arguments come from first.")}
	}
	var filter failoverFilter
	if diags := req.Config.Get(ctx, &filter); diags.HasError() {
		return nil, diags
	}
	ctx, cancel := context.WithTimeout(ctx, tfkit.DefaultReadTimeout)
	defer cancel()
	groups, err := r.Services.SDRS.Groups(ctx, sdrs.GroupFilter{
		Name: filter.Name.ValueString(), ActiveAvailabilityZone: filter.ActiveAvailabilityZone.ValueString(),
	})
	if err != nil {
		return nil, diag.Diagnostics{tfkit.Unlistable(diagnostic.ProtectionGroups, err)}
	}
	return groups, nil
}

// result is what the list says of a group: its identity and, where that is asked for, the state that an import would save.
func (r *groupFailover) result(ctx context.Context, req list.ListRequest, group sdrs.Group) list.ListResult {
	if !group.PriorityStation.Valid() {
		return list.ListResult{Diagnostics: diag.Diagnostics{noSite(group)}}
	}
	result := req.NewListResult(ctx)
	result.DisplayName = cloud.Printable(fmt.Sprintf("%s (%s)", group.Name, group.ID))
	id := types.StringValue(group.ID)
	result.Diagnostics.Append(result.Identity.Set(ctx, r.identityOf(id))...)
	if !req.IncludeResource {
		return result
	}
	var model failoverModel
	result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root("protection_group_id"), id)...)
	result.Diagnostics.Append(result.Resource.Get(ctx, &model)...)
	model.fromAPI(group)
	model.adopt()
	result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	return result
}

// noSite is the diagnostic for a listed group that can't be imported, such as one whose creation failed.
func noSite(group sdrs.Group) diag.Diagnostic {
	r := tfkit.Say("The API names no active site for this group, so it can't be imported. It is left out.", "")
	r.Group(group)
	return diagnostic.GroupWithoutSite.New(r.String())
}
