package tfkit

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// GroupList describes the list of a resource of protection groups, as terraform query shows it. M is the resource in
// the state.
type GroupList[M any] struct {
	// Name is that of the resource. IDAttribute has the group's id; empty: protection_group_id.
	Name, IDAttribute string
	Description       string
	// Imports reports whether a group is one to import; nil where all are.
	Imports func(sdrs.Group) bool
	// Import completes the model, which has the group's id, as an import does.
	Import func(*M, sdrs.Group)
}

// New returns the list before its configuration.
func (l GroupList[M]) New() list.ListResource {
	listed := &groupList[M]{GroupResource: NewGroupResource(l.Name), description: l}
	listed.IDAttribute = cmp.Or(l.IDAttribute, listed.IDAttribute)
	return listed
}

// groupList is a list as described.
type groupList[M any] struct {
	GroupResource

	description GroupList[M]
}

var _ list.ListResourceWithConfigure = (*groupList[struct{}])(nil)

// groupFilter is the config block of a list.
type groupFilter struct {
	Name                   types.String `tfsdk:"name"`
	ActiveAvailabilityZone types.String `tfsdk:"active_availability_zone"`
}

// ListResourceConfigSchema returns the schema of [groupFilter].
func (l *groupList[M]) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: l.description.Description,
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				MarkdownDescription: "Only groups with this in their name: the API matches parts of names. Default: all.",
				Optional:            true,
			},
			"active_availability_zone": schema.StringAttribute{
				MarkdownDescription: "Only groups whose active site is in this availability zone now, for example `eu-de-01`. " +
					"Default: all.",
				Optional: true,
			},
		},
	}
}

// List finds protection groups (GET server-groups). The list has all that a resource needs: no group is read by itself.
func (l *groupList[M]) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	groups, diags := l.groups(ctx, req)
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
			if !push(l.result(ctx, req, group)) {
				return
			}
		}
	}
}

func (l *groupList[M]) groups(ctx context.Context, req list.ListRequest) ([]sdrs.Group, diag.Diagnostics) {
	if l.Services == nil {
		return nil, diag.Diagnostics{NotConfigured()}
	}
	var filter groupFilter
	if diags := req.Config.Get(ctx, &filter); diags.HasError() {
		return nil, diags
	}
	ctx, cancel := context.WithTimeout(ctx, DefaultReadTimeout)
	defer cancel()
	groups, err := l.Services.SDRS.Groups(ctx, sdrs.GroupFilter{
		Name: filter.Name.ValueString(), ActiveAvailabilityZone: filter.ActiveAvailabilityZone.ValueString(),
	})
	if err != nil {
		return nil, diag.Diagnostics{Unlistable(ProtectionGroups, err)}
	}
	if l.description.Imports != nil {
		groups = slices.DeleteFunc(groups, func(group sdrs.Group) bool { return !l.description.Imports(group) })
	}
	return groups, nil
}

// result is what the list says of a group: its identity and, where that is asked for, the state that an import would
// save.
func (l *groupList[M]) result(ctx context.Context, req list.ListRequest, group sdrs.Group) list.ListResult {
	if !group.PriorityStation.Valid() {
		return list.ListResult{Diagnostics: diag.Diagnostics{noSite(group)}}
	}
	result := req.NewListResult(ctx)
	result.DisplayName = cloud.Printable(fmt.Sprintf("%s (%s)", group.Name, group.ID))
	id := types.StringValue(group.ID)
	result.Diagnostics.Append(l.Identify(ctx, result.Identity, id)...)
	if !req.IncludeResource {
		return result
	}
	var model M
	result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root(l.IDAttribute), id)...)
	result.Diagnostics.Append(result.Resource.Get(ctx, &model)...)
	l.description.Import(&model, group)
	result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	return result
}

// noSite is the diagnostic for a listed group that can't be imported, such as one whose creation failed.
func noSite(group sdrs.Group) diag.Diagnostic {
	r := Say("The API names no active site for this group, so it can't be imported. It is left out.", "")
	r.Group(group)
	return r.New(groupWithoutSite)
}
