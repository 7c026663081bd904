package protectiongroup

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// groupResource is what the resources of a protection group have in common: a name, and the provider's services.
type groupResource struct {
	name     string
	services *Services
}

// Metadata names the resource.
func (r *groupResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.name
}

// Configure takes the provider's services.
func (r *groupResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.services = servicesFrom(req.ProviderData, &resp.Diagnostics)
}

// within bounds an operation by its timeout in the configuration, an hour by default.
func within(
	ctx context.Context, timeout func(context.Context, time.Duration) (time.Duration, diag.Diagnostics), diags *diag.Diagnostics,
) (context.Context, context.CancelFunc) {
	limit, problems := timeout(ctx, defaultSwitchTimeout)
	diags.Append(problems...)
	return context.WithTimeout(ctx, limit)
}

// refresh reads the group for a Read: GET server-groups/{id}, once. It reports false where there is nothing to store: the
// group is gone, and so is the state of it, or it can't be read now.
func (r *groupResource) refresh(ctx context.Context, id types.String, limits timeouts.Value, resp *resource.ReadResponse) (sdrs.Group, bool) {
	if r.services == nil {
		resp.Diagnostics.Append(notRefreshed())
		return sdrs.Group{}, false
	}
	timeout, diags := limits.Read(ctx, defaultReadTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return sdrs.Group{}, false
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	group, err := r.services.SDRS.Group(ctx, id.ValueString())
	switch {
	case sdrs.IsNotFound(err):
		resp.State.RemoveResource(ctx)
		return sdrs.Group{}, false
	case err != nil:
		resp.Diagnostics.Append(unreadable(id.ValueString(), err))
		return sdrs.Group{}, false
	}
	return group, true
}
