package protectiongroup

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

// dataSource is what all data sources have in common: a name, and the provider's services.
type dataSource struct {
	name     string
	services *Services
}

// Metadata names the data source.
func (d *dataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.name
}

// Configure takes the provider's services.
func (d *dataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.services = servicesFrom(req.ProviderData, &resp.Diagnostics)
}

// read is the Read of a data source: it decodes the configuration as a model, has fill complete that from the API, and
// saves it.
func read[M any](
	ctx context.Context, d dataSource, req datasource.ReadRequest, resp *datasource.ReadResponse,
	fill func(context.Context, *sdrs.Client, *M) diag.Diagnostic,
) {
	if d.services == nil {
		resp.Diagnostics.Append(notConfigured())
		return
	}
	var model M
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultReadTimeout)
	defer cancel()

	if failure := fill(ctx, d.services.SDRS, &model); failure != nil {
		resp.Diagnostics.Append(failure)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// notConfigured is the diagnostic for a read in a plan in which the provider's own arguments are not known yet.
func notConfigured() diag.Diagnostic {
	r := &report{diagnostic.Message{
		Happened: "The configuration of the provider is not known before apply, so nothing can be read.",
		Next: "Add depends_on with what the arguments of the provider come from, so that this data source is read during " +
			"apply, or apply that first with -target.",
	}}
	return diagnostic.NotConfigured.New(r.String())
}

// unlistable is the diagnostic for a list that can't be read.
func unlistable(things diagnostic.List, err error) diag.Diagnostic {
	r := &report{}
	r.failure(err)
	if sdrs.IsForbidden(err) {
		r.Happened = fmt.Sprintf("The user may not list the %s. Nothing was changed.", things)
		r.Next = "Give the user the permissions for SDRS in this project."
		return diagnostic.ListNotPermitted.Of(things.String()).New(r.String())
	}
	r.Happened = fmt.Sprintf("The %s can't be listed. Nothing was changed.", things)
	r.Next = diagnostic.Remedy(code(err), "Check that the API can be reached, and region and endpoints of the provider. Then try again.")
	return diagnostic.ListNotReadable.Of(things.String()).New(r.String())
}

// each converts the items of a list. A null list stays null.
func each[T, M any](items []T, convert func(T) M) []M {
	if items == nil {
		return nil
	}
	models := make([]M, 0, len(items))
	for _, item := range items {
		models = append(models, convert(item))
	}
	return models
}

// orNull returns what the API reports as text; null where that is null, or missing, which the client reads as empty.
func orNull[S ~string](text S) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(string(text))
}

// timestamp returns a time as RFC 3339 in UTC, as precise as the API has it; null where that has none.
func timestamp(t sdrs.Time) types.String {
	if t.IsZero() {
		return types.StringNull()
	}
	return types.StringValue(t.UTC().Format(time.RFC3339Nano))
}

// filters are the arguments that the lists of groups, protected instances, and replication pairs share.
type filters struct {
	Name                   types.String `tfsdk:"name"`
	Status                 types.String `tfsdk:"status"`
	ActiveAvailabilityZone types.String `tfsdk:"active_availability_zone"`
	QueryType              types.String `tfsdk:"query_type"`
}

// filterAttributes returns the schema of [filters]; queries describes the query types.
func filterAttributes(things string, statuses []sdrs.Status, queries string, queryTypes []string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name": schema.StringAttribute{
			MarkdownDescription: "Only " + things + " with this in their name: the API matches parts of names. Default: all.",
			Optional:            true,
		},
		"status": enumeration("Only "+things+" in this status.", statuses),
		"active_availability_zone": schema.StringAttribute{
			MarkdownDescription: "Only " + things + " in production in this availability zone now, for example `eu-de-01`. Default: all.",
			Optional:            true,
		},
		"query_type": enumeration("Only "+things+" "+queries+".", queryTypes),
	}
}

// ofGroup is the argument that selects what belongs to a group.
func ofGroup(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description,
		Optional:            true,
		Validators:          []validator.String{stringvalidator.RegexMatches(groupID, groupIDHint)},
	}
}

// enumeration is an argument that takes one of the values, or nothing.
func enumeration[S ~string](description string, values []S) schema.StringAttribute {
	names := each(values, func(value S) string { return string(value) })
	return schema.StringAttribute{
		MarkdownDescription: description + " One of `" + strings.Join(names, "`, `") + "`. Default: all.",
		Optional:            true,
		Validators:          []validator.String{stringvalidator.OneOf(names...)},
	}
}

// The attributes for what the API reports.

func reported(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true}
}

func reportedNumber(description string) schema.Int64Attribute {
	return schema.Int64Attribute{MarkdownDescription: description, Computed: true}
}

func reportedFlag(description string) schema.BoolAttribute {
	return schema.BoolAttribute{MarkdownDescription: description, Computed: true}
}

func reportedList(description string, attributes map[string]schema.Attribute) schema.ListNestedAttribute {
	return schema.ListNestedAttribute{
		MarkdownDescription: description,
		Computed:            true,
		NestedObject:        schema.NestedAttributeObject{Attributes: attributes},
	}
}
