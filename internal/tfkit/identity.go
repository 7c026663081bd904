package tfkit

import (
	"cmp"
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
)

// groupIdentity is what tells the resource of one group from those of all others, in whatever state it is.
type groupIdentity struct {
	ProtectionGroupID types.String `tfsdk:"protection_group_id"`
	Region            types.String `tfsdk:"region"`
}

// IdentitySchema returns the schema of the resource's identity.
func (r *GroupResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"protection_group_id": identityschema.StringAttribute{
				Description:       "The id of the protection group, a UUID.",
				RequiredForImport: true,
			},
			"region": identityschema.StringAttribute{
				Description:       "The region of the protection group, for example `eu-de`: that of the provider, which is the default.",
				OptionalForImport: true,
			},
		},
	}
}

// IdentityOf returns the identity of a group; the region is null where the provider has none, or is not configured.
func (r *GroupResource) IdentityOf(id types.String) groupIdentity {
	identity := groupIdentity{ProtectionGroupID: id}
	if r.Services != nil {
		identity.Region = OrNull(r.Services.Region)
	}
	return identity
}

// Identify stores the identity of the group where there is none: a new resource, or one from before there were
// identities. One that is there stays, for Terraform refuses any that changes.
func (r *GroupResource) Identify(ctx context.Context, identity *tfsdk.ResourceIdentity, id types.String) diag.Diagnostics {
	if !identity.Raw.IsFullyNull() {
		return nil
	}
	return identity.Set(ctx, r.IdentityOf(id))
}

// ImportState imports a group by its id or identity. It calls no API: Terraform reads the group next.
func (r *GroupResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if !r.Importable(&resp.Diagnostics) {
		return
	}
	id := types.StringValue(req.ID)
	if !req.Identity.Raw.IsNull() {
		var wanted groupIdentity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &wanted)...)
		if region := wanted.Region.ValueString(); region != "" && region != r.Services.Region {
			resp.Diagnostics.Append(elsewhere(wanted.ProtectionGroupID.ValueString(), region, r.Services.Region))
		}
		id = wanted.ProtectionGroupID
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if !IsUUID(id.ValueString()) {
		resp.Diagnostics.Append(diagnostic.InvalidImportID.New(fmt.Sprintf("%q %s.", id.ValueString(), GroupIDHint)))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("protection_group_id"), id)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.IdentityOf(id))...)
}

// elsewhere is the diagnostic for the import of a group from another region than the provider's.
func elsewhere(id, region, provided string) diag.Diagnostic {
	r := &Report{Message: diagnostic.Message{
		Happened: "The identity names another region than the provider works in. Nothing was imported.",
		Next:     "Import with a provider for that region: set its region, or provider in the import block.",
	}}
	r.Fact("Protection group", id)
	r.Fact("Region of the identity", region)
	r.Fact("Region of the provider", cmp.Or(provided, "none"))
	return groupInAnotherRegion.New(r.String())
}
