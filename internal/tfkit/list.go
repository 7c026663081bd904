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
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// List describes the list of a resource, as terraform query shows it. M is the resource in the state, T what the API
// lists.
type List[M, T any] struct {
	Resource

	Description string
	// Attributes are the config block.
	Attributes map[string]schema.Attribute
	// Find lists what the config block asks for.
	Find func(ctx context.Context, services *Services, config tfsdk.Config) ([]T, diag.Diagnostics)
	// Identify returns the name and the id; one that has none can't be imported, and the diagnostic says so.
	Identify func(T) (name, id string, problem diag.Diagnostic)
	// Import completes the model, which has the id, as an import does.
	Import func(context.Context, *M, T)
}

// New returns the list before its configuration.
func (l List[M, T]) New() list.ListResource {
	return &listResource[M, T]{Resource: l.Resource, description: l}
}

// listResource is a list as described.
type listResource[M, T any] struct {
	Resource

	description List[M, T]
}

var _ list.ListResourceWithConfigure = (*listResource[struct{}, struct{}])(nil)

// ListResourceConfigSchema returns the schema of the config block.
func (l *listResource[M, T]) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{MarkdownDescription: l.description.Description, Attributes: l.description.Attributes}
}

// List finds what there is. The list has all that a resource needs: nothing is read by itself.
func (l *listResource[M, T]) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	if l.Services == nil {
		stream.Results = list.ListResultsStreamDiagnostics(diag.Diagnostics{NotConfigured()})
		return
	}
	bounded, cancel := context.WithTimeout(ctx, DefaultReadTimeout)
	defer cancel()
	all, diags := l.description.Find(bounded, l.Services, req.Config)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		// Before the others: Terraform does not look at what comes after its limit.
		if n := l.importable(all); req.Limit > 0 && n > req.Limit &&
			!push(list.ListResult{Diagnostics: diag.Diagnostics{l.cutOff(n, req.Limit)}}) {
			return
		}
		found := int64(0)
		for _, one := range all {
			if req.Limit > 0 && found == req.Limit {
				return
			}
			name, id, problem := l.description.Identify(one)
			result := list.ListResult{Diagnostics: diag.Diagnostics{problem}}
			if problem == nil {
				found++
				result = l.result(ctx, req, name, id, one)
			}
			if !push(result) {
				return
			}
		}
	}
}

// importable counts what has an identity.
func (l *listResource[M, T]) importable(all []T) (n int64) {
	for _, one := range all {
		if _, _, problem := l.description.Identify(one); problem == nil {
			n++
		}
	}
	return n
}

// cutOff is the diagnostic for more than Terraform asks for.
func (l *listResource[M, T]) cutOff(n, limit int64) diag.Diagnostic {
	r := Say(
		fmt.Sprintf("There are %d, and Terraform asks for %d. The others are not listed, and not imported.", n, limit),
		fmt.Sprintf("Set limit = %d or more in the list block, beside provider.", n),
	)
	r.Object = "sdrs_" + l.Name
	return r.New(listCutOff)
}

// result is what the list says of something: its identity and, where that is asked for, the state that an import would
// save.
func (l *listResource[M, T]) result(ctx context.Context, req list.ListRequest, name, id string, one T) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = cloud.Printable(fmt.Sprintf("%s (%s)", name, id))
	result.Diagnostics.Append(l.Identify(ctx, result.Identity, types.StringValue(id))...)
	if !req.IncludeResource {
		return result
	}
	var model M
	result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root(l.IDAttribute), types.StringValue(id))...)
	result.Diagnostics.Append(result.Resource.Get(ctx, &model)...)
	l.description.Import(ctx, &model, one)
	result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	return result
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

// groupFilter is the config block of a list.
type groupFilter struct {
	Name                   types.String `tfsdk:"name"`
	ActiveAvailabilityZone types.String `tfsdk:"active_availability_zone"`
}

// New returns the list before its configuration.
func (l GroupList[M]) New() list.ListResource {
	resource := NewGroupResource(l.Name).Resource
	resource.IDAttribute = cmp.Or(l.IDAttribute, resource.IDAttribute)
	return List[M, sdrs.Group]{
		Resource:    resource,
		Description: l.Description,
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
		Find: l.groups,
		Identify: func(group sdrs.Group) (name, id string, problem diag.Diagnostic) {
			if !group.PriorityStation.Valid() {
				problem = noSite(group)
			}
			return group.Name, group.ID, problem
		},
		Import: func(_ context.Context, model *M, group sdrs.Group) { l.Import(model, group) },
	}.New()
}

// groups finds protection groups (GET server-groups).
func (l GroupList[M]) groups(
	ctx context.Context,
	services *Services,
	config tfsdk.Config,
) ([]sdrs.Group, diag.Diagnostics) {
	var filter groupFilter
	if diags := config.Get(ctx, &filter); diags.HasError() {
		return nil, diags
	}
	groups, err := services.SDRS.Groups(ctx, sdrs.GroupFilter{
		Name: filter.Name.ValueString(), ActiveAvailabilityZone: filter.ActiveAvailabilityZone.ValueString(),
	})
	if err != nil {
		return nil, diag.Diagnostics{Unlistable(ProtectionGroups, err)}
	}
	if l.Imports != nil {
		groups = slices.DeleteFunc(groups, func(group sdrs.Group) bool { return !l.Imports(group) })
	}
	return groups, nil
}

// noSite is the diagnostic for a listed group that can't be imported, such as one whose creation failed.
func noSite(group sdrs.Group) diag.Diagnostic {
	r := Say("The API names no active site for this group, so it can't be imported. It is left out.", "")
	r.Group(group)
	return r.New(groupWithoutSite)
}
