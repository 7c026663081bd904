package tfkit

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
)

// MovedByID takes over resources of other providers, by a moved block: of each provider, by its namespace and type, the
// named type of resource. Kept are their id and the named attributes, each under the first of its names elsewhere:
// those that can't be read. Terraform reads the resource next. The provider may be of any registry.
func MovedByID(r *Resource, sources map[string]string, kept map[string][]string) []resource.StateMover {
	return MovedByIDs(r, sources, []string{"id"}, kept)
}

// MovedByIDs is [MovedByID] for an id that some of their attributes make up, with slashes.
func MovedByIDs(r *Resource, sources map[string]string, ids []string, kept map[string][]string) []resource.StateMover {
	return []resource.StateMover{
		{StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
			_, provider, _ := strings.Cut(req.SourceProviderAddress, "/")
			if sources[provider] == "" || sources[provider] != req.SourceTypeName || req.SourceRawState == nil {
				return
			}
			var source map[string]any
			err := json.Unmarshal(req.SourceRawState.JSON, &source)
			var parts []string
			for _, attribute := range ids {
				part, _ := source[attribute].(string)
				parts = append(parts, part)
			}
			id := strings.Join(parts, "/")
			if err != nil || !r.isID(id) {
				resp.Diagnostics.Append(diagnostic.InvalidImportID.New(
					fmt.Sprintf("The state of %s has the id %q, which %s.", req.SourceTypeName, id, r.idHint())))
				return
			}
			// The identity has the region, which is not known before the provider is configured: Read stores it.
			resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root(r.IDAttribute), types.StringValue(id))...)
			for attribute, names := range kept {
				for _, name := range names {
					if value := source[name]; value != nil && value != "" {
						resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root(attribute), value)...)
					}
				}
			}
		}},
	}
}

// NeverRead reports whether a plan is to change what a moved block took over, and no refresh has read, and says so: each
// argument would count as another one than what is not known, and replace it.
func (r *Resource) NeverRead(ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics) bool {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() {
		return false
	}
	var id, status types.String
	diags.Append(req.State.GetAttribute(ctx, path.Root(r.IDAttribute), &id)...)
	diags.Append(req.State.GetAttribute(ctx, path.Root("status"), &status)...)
	if diags.HasError() || !status.IsNull() {
		return diags.HasError()
	}
	report := Say("A moved block has taken it over, and it has not been read yet: what would change is not known. Nothing "+
		"was changed.", neverRead.Remedy)
	report.Object = id.ValueString()
	report.Fact(diagnostic.Capitalized(r.Subject.Name), id.ValueString())
	diags.Append(report.New(neverRead.Of(r.Subject)))
	return true
}
