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
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// List describes the list of a resource, as terraform query shows it. T is what the API reports, and M the resource in the state.
type List[T, M any] struct {
	// Resource is the resource; Things are what it lists.
	Resource    Resource
	Things      diagnostic.Subject
	Description string
	// Arguments are the filters, in the config block, and Find what lists that.
	Arguments map[string]schema.Attribute
	Find      func(context.Context, *sdrs.Client, tfsdk.Config) ([]T, diag.Diagnostics, error)
	// Object returns the id and the name.
	Object func(T) (id, name string)
	// Import completes the model, which has the id, as an import does.
	Import func(*M, T)
	// Refuses says why something can't be imported; nil: all can.
	Refuses func(T) diag.Diagnostic
}

// New returns the list before its configuration.
func (l List[T, M]) New() list.ListResource {
	return &listed[T, M]{Resource: l.Resource, description: l}
}

// listed is a list as described.
type listed[T, M any] struct {
	Resource

	description List[T, M]
}

var _ list.ListResourceWithConfigure = (*listed[struct{}, struct{}])(nil)

// ListResourceConfigSchema returns the schema of the filters.
func (l *listed[T, M]) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{MarkdownDescription: l.description.Description, Attributes: l.description.Arguments}
}

// List finds what is described, in one list of the API: that has all that a resource needs, nothing is read by itself.
func (l *listed[T, M]) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	items, diags := l.find(ctx, req)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		found := int64(0)
		for _, item := range items {
			if req.Limit > 0 && found == req.Limit {
				return
			}
			result, imports := l.result(ctx, req, item)
			if imports {
				found++
			}
			if !push(result) {
				return
			}
		}
	}
}

func (l *listed[T, M]) find(ctx context.Context, req list.ListRequest) ([]T, diag.Diagnostics) {
	if l.Services == nil {
		return nil, diag.Diagnostics{NotConfigured()}
	}
	ctx, cancel := context.WithTimeout(ctx, DefaultReadTimeout)
	defer cancel()
	items, diags, err := l.description.Find(ctx, l.Services.SDRS, req.Config)
	if err != nil {
		diags.Append(Unlistable(l.description.Things, err))
	}
	return items, diags
}

// result is what the list says of something: its identity and, where that is asked for, the state that an import would save; and
// whether it can be imported.
func (l *listed[T, M]) result(ctx context.Context, req list.ListRequest, item T) (list.ListResult, bool) {
	if l.description.Refuses != nil {
		if refusal := l.description.Refuses(item); refusal != nil {
			return list.ListResult{Diagnostics: diag.Diagnostics{refusal}}, false
		}
	}
	result := req.NewListResult(ctx)
	text, name := l.description.Object(item)
	result.DisplayName = cloud.Printable(fmt.Sprintf("%s (%s)", name, text))
	id := types.StringValue(text)
	result.Diagnostics.Append(l.Identify(ctx, result.Identity, id)...)
	if !req.IncludeResource {
		return result, true
	}
	var model M
	result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root(l.IDAttribute), id)...)
	result.Diagnostics.Append(result.Resource.Get(ctx, &model)...)
	l.description.Import(&model, item)
	result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	return result, true
}

// GroupList describes the list of a resource of protection groups. M is the resource in the state.
type GroupList[M any] struct {
	// Name is that of the resource. IDAttribute has the group's id; empty: protection_group_id.
	Name, IDAttribute string
	Description       string
	// Imports reports whether a group is one to import; nil where all are.
	Imports func(sdrs.Group) bool
	// Import completes the model, which has the group's id, as an import does.
	Import func(*M, sdrs.Group)
}

// groupFilter is the config block of a list of groups.
type groupFilter struct {
	Name                   types.String `tfsdk:"name"`
	ActiveAvailabilityZone types.String `tfsdk:"active_availability_zone"`
}

// New returns the list before its configuration (GET server-groups).
func (l GroupList[M]) New() list.ListResource {
	resource := NewGroupResource(l.Name).Resource
	resource.IDAttribute = cmp.Or(l.IDAttribute, resource.IDAttribute)
	return List[sdrs.Group, M]{
		Resource: resource, Things: ProtectionGroups, Description: l.Description,
		Arguments: map[string]schema.Attribute{
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
		Find: func(ctx context.Context, client *sdrs.Client, config tfsdk.Config) ([]sdrs.Group, diag.Diagnostics, error) {
			var filter groupFilter
			if diags := config.Get(ctx, &filter); diags.HasError() {
				return nil, diags, nil
			}
			groups, err := client.Groups(ctx, sdrs.GroupFilter{
				Name: filter.Name.ValueString(), ActiveAvailabilityZone: filter.ActiveAvailabilityZone.ValueString(),
			})
			if l.Imports != nil {
				groups = slices.DeleteFunc(groups, func(group sdrs.Group) bool { return !l.Imports(group) })
			}
			return groups, nil, err
		},
		Object: func(group sdrs.Group) (id, name string) { return group.ID, group.Name },
		Import: l.Import,
		Refuses: func(group sdrs.Group) diag.Diagnostic {
			if group.PriorityStation.Valid() {
				return nil
			}
			return noSite(group)
		},
	}.New()
}

// noSite is the diagnostic for a listed group that can't be imported, such as one whose creation failed.
func noSite(group sdrs.Group) diag.Diagnostic {
	r := Say("The API names no active site for this group, so it can't be imported. It is left out.", "")
	r.Group(group)
	return r.New(groupWithoutSite)
}
