package tfkit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// DataSource describes a data source whose configuration and state are an M.
type DataSource[M any] struct {
	// Name is the type without the provider's name, such as "quotas".
	Name        string
	Description string
	Attributes  map[string]schema.Attribute
	// Validators are what must hold between arguments.
	Validators []datasource.ConfigValidator
	// Fill completes the model, which has the arguments, from the API. What it returns, unless that is nil, is an error.
	Fill func(context.Context, *Services, *M) diag.Diagnostic
}

// Listing is the Fill of a data source that lists things of the API.
func Listing[M any](
	things diagnostic.Subject, fill func(context.Context, *sdrs.Client, *M) error,
) func(context.Context, *Services, *M) diag.Diagnostic {
	return func(ctx context.Context, services *Services, model *M) diag.Diagnostic {
		if err := fill(ctx, services.SDRS, model); err != nil {
			return Unlistable(things, err)
		}
		return nil
	}
}

// New returns the data source before its configuration.
func (d DataSource[M]) New() datasource.DataSource { return &dataSource[M]{description: d} }

// dataSource is a data source as described.
type dataSource[M any] struct {
	description DataSource[M]
	services    *Services
}

var (
	_ datasource.DataSourceWithConfigure        = (*dataSource[struct{}])(nil)
	_ datasource.DataSourceWithConfigValidators = (*dataSource[struct{}])(nil)
)

// Metadata names the data source.
func (d *dataSource[M]) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.description.Name
}

// Schema returns the schema of the data source.
func (d *dataSource[M]) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{MarkdownDescription: d.description.Description, Attributes: d.description.Attributes}
}

// ConfigValidators returns what must hold between arguments.
func (d *dataSource[M]) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return d.description.Validators
}

// Configure takes the provider's services.
func (d *dataSource[M]) Configure(
	_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse,
) {
	d.services = ServicesFrom(req.ProviderData, &resp.Diagnostics)
}

// Read decodes the configuration, has it completed from the API, and saves it.
func (d *dataSource[M]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	if d.services == nil {
		resp.Diagnostics.Append(NotConfigured())
		return
	}
	var model M
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, DefaultReadTimeout)
	defer cancel()

	if failure := d.description.Fill(ctx, d.services, &model); failure != nil {
		resp.Diagnostics.Append(failure)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// NotConfigured is the diagnostic for a plan in which the provider's own arguments are not known yet.
func NotConfigured() diag.Diagnostic {
	return Say(diagnostic.NotConfigured.Meaning, diagnostic.NotConfigured.Remedy).New(diagnostic.NotConfigured)
}

// Unlistable is the diagnostic for a list that can't be read.
func Unlistable(things diagnostic.Subject, err error) diag.Diagnostic {
	r := &Report{}
	r.Failure(err)
	if sdrs.IsForbidden(err) {
		r.Happened = fmt.Sprintf("The user may not list the %s. Nothing was changed.", things.Name)
		r.Next = diagnostic.NotPermitted.Remedy
		return r.New(diagnostic.NotPermitted.Of(things))
	}
	r.Happened = fmt.Sprintf("The %s can't be listed. Nothing was changed.", things.Name)
	r.Next = diagnostic.Remedy(code(err), diagnostic.NotReadable.Remedy)
	return r.New(diagnostic.NotReadable.Of(things))
}

// Each converts the items of a list. A null list stays null.
func Each[T, M any](items []T, convert func(T) M) []M {
	if items == nil {
		return nil
	}
	models := make([]M, 0, len(items))
	for _, item := range items {
		models = append(models, convert(item))
	}
	return models
}

// OrNull returns what the API reports as text; null where that is null, or missing, which the client reads as empty.
func OrNull[S ~string](text S) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(string(text))
}

// Timestamp returns a time as RFC 3339 in UTC, as precise as the API has it; null where that has none.
func Timestamp(t sdrs.Time) types.String {
	if t.IsZero() {
		return types.StringNull()
	}
	return types.StringValue(t.UTC().Format(time.RFC3339Nano))
}

// Filters are the arguments that the lists of groups, protected instances, and replication pairs share.
type Filters struct {
	Name                   types.String `tfsdk:"name"`
	Status                 types.String `tfsdk:"status"`
	ActiveAvailabilityZone types.String `tfsdk:"active_availability_zone"`
	QueryType              types.String `tfsdk:"query_type"`
}

// FilterAttributes returns the schema of [Filters]; queries describes the query types.
func FilterAttributes(
	things string, statuses []sdrs.Status, queries string, queryTypes []string,
) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name": schema.StringAttribute{
			MarkdownDescription: "Only " + things + " with this in their name: the API matches parts of names. Default: all.",
			Optional:            true,
		},
		"status": Enumeration("Only "+things+" in this status.", statuses),
		"active_availability_zone": schema.StringAttribute{
			MarkdownDescription: "Only " + things + " whose active site is in this availability zone now, for example " +
				"`eu-de-01`. Default: all.",
			Optional:   true,
			Validators: Zone(),
		},
		"query_type": Enumeration("Only "+things+" "+queries+".", queryTypes),
	}
}

// OfGroup is the argument that selects what belongs to a group.
func OfGroup(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description,
		Optional:            true,
		Validators:          []validator.String{GroupID()},
	}
}

// Enumeration is an argument that takes one of the values, or nothing.
func Enumeration[S ~string](description string, values []S) schema.StringAttribute {
	names := Each(values, func(value S) string { return string(value) })
	return schema.StringAttribute{
		MarkdownDescription: description + " One of `" + strings.Join(names, "`, `") + "`. Default: all.",
		Optional:            true,
		Validators:          []validator.String{stringvalidator.OneOf(names...)},
	}
}

// Reported is the attribute of a data source for text that the API reports.
func Reported(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true}
}

// ReportedNumber is Reported for a number.
func ReportedNumber(description string) schema.Int64Attribute {
	return schema.Int64Attribute{MarkdownDescription: description, Computed: true}
}

// ReportedFlag is Reported for what is or is not.
func ReportedFlag(description string) schema.BoolAttribute {
	return schema.BoolAttribute{MarkdownDescription: description, Computed: true}
}

// ReportedList is Reported for a list of objects with these attributes.
func ReportedList(description string, attributes map[string]schema.Attribute) schema.ListNestedAttribute {
	return schema.ListNestedAttribute{
		MarkdownDescription: description,
		Computed:            true,
		NestedObject:        schema.NestedAttributeObject{Attributes: attributes},
	}
}
