package tfkit

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
)

// regionAttribute is where an identity has the region.
const regionAttribute = "region"

// IdentitySchema returns the schema of the resource's identity: what tells it from all others, in whatever state it is.
func (r *Resource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			r.IDAttribute: identityschema.StringAttribute{
				Description:       fmt.Sprintf("The id of the %s, %s.", r.Subject.Name, cmp.Or(r.IDForm, "a UUID")),
				RequiredForImport: true,
			},
			regionAttribute: identityschema.StringAttribute{
				Description: fmt.Sprintf("The region of the %s, for example `eu-de`: that of the provider, which is the default.",
					r.Subject.Name),
				OptionalForImport: true,
			},
		},
	}
}

// Identify stores the identity where there is none: a new resource, or one from before there were identities. One that
// is there stays, for Terraform refuses any that changes. The region is null where the provider has none, or is not
// configured.
func (r *Resource) Identify(ctx context.Context, identity *tfsdk.ResourceIdentity, id types.String) diag.Diagnostics {
	if !identity.Raw.IsFullyNull() {
		return nil
	}
	return r.setIdentity(ctx, identity, id)
}

func (r *Resource) setIdentity(
	ctx context.Context, identity *tfsdk.ResourceIdentity, id types.String,
) diag.Diagnostics {
	region := types.StringNull()
	if r.Services != nil {
		region = OrNull(r.Services.Region)
	}
	diags := identity.SetAttribute(ctx, path.Root(r.IDAttribute), id)
	return append(diags, identity.SetAttribute(ctx, path.Root(regionAttribute), region)...)
}

// ImportState imports by id or identity. It calls no API: Terraform reads the resource next.
func (r *Resource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	if !r.Importable(&resp.Diagnostics) {
		return
	}
	id := types.StringValue(req.ID)
	if !req.Identity.Raw.IsNull() {
		var region types.String
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root(r.IDAttribute), &id)...)
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root(regionAttribute), &region)...)
		if region.ValueString() != "" && region.ValueString() != r.Services.Region {
			resp.Diagnostics.Append(r.elsewhere(id.ValueString(), region.ValueString(),
				"The identity names another region than the provider works in. Nothing was imported.",
				"Import with a provider for that region: set its region, or provider in the import block."))
		}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if !r.isID(id.ValueString()) {
		resp.Diagnostics.Append(diagnostic.InvalidImportID.New(fmt.Sprintf("%q %s.", id.ValueString(), r.idHint())))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(r.IDAttribute), id)...)
	resp.Diagnostics.Append(r.setIdentity(ctx, resp.Identity, id)...)
}

// isID reports whether a text is an id of the resource's noun: a UUID, or as many of them as its form has, with
// slashes.
func (r *Resource) isID(text string) bool {
	parts := strings.Split(text, "/")
	for _, part := range parts {
		if !IsUUID(part) {
			return false
		}
	}
	return len(parts) == 1+strings.Count(r.IDForm, "/")
}

func (r *Resource) idHint() string {
	if r.IDForm == "" {
		return idHint(r.Subject)
	}
	return fmt.Sprintf("must be the id of a %s, %s", r.Subject.Name, r.IDForm)
}

// belongsElsewhere reports whether something that a Read did not find is of another region than the provider works in,
// by its identity, and says so: a provider that is configured otherwise by mistake must not have all created once more.
func (r *Resource) belongsElsewhere(ctx context.Context, id string, resp *resource.ReadResponse) bool {
	var region types.String
	_ = resp.Identity.GetAttribute(ctx, path.Root(regionAttribute), &region) // The schema has it.
	if region.ValueString() == "" || r.Services.Region == "" || region.ValueString() == r.Services.Region {
		return false
	}
	resp.Diagnostics.Append(r.elsewhere(id, region.ValueString(),
		"It is not in the region that the provider works in, and its identity names another one. The state keeps it.",
		"Set region of the provider to that of the identity. To forget it all the same, run terraform state rm."))
	return true
}

// elsewhere is the diagnostic for an identity of another region than the provider's.
func (r *Resource) elsewhere(id, region, happened, next string) diag.Diagnostic {
	report := Say(happened, next)
	report.Object = id
	report.Fact(diagnostic.Capitalized(r.Subject.Name), id)
	report.Fact("Region of the identity", region)
	report.Fact("Region of the provider", cmp.Or(r.Services.Region, "none"))
	return report.New(inAnotherRegion.Of(r.Subject))
}
