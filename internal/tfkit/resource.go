package tfkit

import (
	"context"
	"reflect"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Resource is what all resources have in common: a name, an id, and the provider's services.
type Resource struct {
	Name string
	// IDAttribute has the id, in state and identity, and Subject is what it is the id of.
	IDAttribute string
	Subject     diagnostic.Subject
	// IDForm describes the id where it is several ids, with a slash for each between two of them; empty: it is a UUID.
	IDForm string
	// Otherwise is what to do, at the end of a sentence, where somebody else made what was to be created; empty: choose
	// another name.
	Otherwise string
	Services  *Services
}

// GroupResource is what the resources about a protection group have in common.
type GroupResource struct{ Resource }

// NewGroupResource returns a resource about a protection group, whose id is protection_group_id.
func NewGroupResource(name string) GroupResource {
	return GroupResource{Resource{Name: name, IDAttribute: "protection_group_id", Subject: ProtectionGroup}}
}

// Metadata names the resource.
func (r *Resource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.Name
}

// Configure takes the provider's services.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.Services = ServicesFrom(req.ProviderData, &resp.Diagnostics)
}

// Timeout is a timeout in the configuration; it takes what holds where there is none.
type Timeout func(context.Context, time.Duration) (time.Duration, diag.Diagnostics)

// Within bounds an operation by its timeout in the configuration, an hour by default. What it waits for its turn does
// not count.
func Within(ctx context.Context, timeout Timeout, diags *diag.Diagnostics) (context.Context, context.CancelFunc) {
	by, problems := timeout(ctx, DefaultOperationTimeout)
	diags.Append(problems...)
	return limit(ctx, by)
}

// Planned reads the group for the plan of a creation, GET server-groups/{id}, and reports false where that is not
// possible. A group that the refresh just found deleted is a warning: Terraform also makes this plan to destroy what is
// left, and gone is what a destruction wants.
func (r *GroupResource) Planned(ctx context.Context, id types.String, diags *diag.Diagnostics) (sdrs.Group, bool) {
	ctx, cancel := context.WithTimeout(ctx, DefaultReadTimeout)
	defer cancel()
	group, err := r.Services.SDRS.Group(ctx, id.ValueString())
	switch {
	case err == nil:
		return group, true
	case sdrs.IsNotFound(err) && r.Services.missed(id.ValueString()):
		diags.Append(warnGone(id.ValueString(), err))
	default:
		diags.Append(Unreadable(id.ValueString(), err))
	}
	return sdrs.Group{}, false
}

// Importable reports whether the provider can look at what is to be imported: Terraform would keep what it can't look
// at as if it was there.
func (r *Resource) Importable(diags *diag.Diagnostics) bool {
	if r.Services == nil {
		diags.Append(NotConfigured())
	}
	return r.Services != nil
}

// Refresh reads the group for a Read: GET server-groups/{id}, or GET server-groups for several at the same time. It
// reports false where there is nothing to store: the group is gone, and so is the state of it, or it can't be read now.
func (r *Resource) Refresh(
	ctx context.Context, id types.String, limits timeouts.Value, resp *resource.ReadResponse,
) (sdrs.Group, bool) {
	return Refreshed(ctx, r, id, limits, resp, func(ctx context.Context, id string) (sdrs.Group, error) {
		return r.Services.SDRS.ObserveGroup(ctx, id)
	}, sdrs.IsNotFound)
}

// Refreshed is Refresh for any noun, which read reads; gone reports whether an error of that says that there is none.
func Refreshed[T any](
	ctx context.Context, r *Resource, id types.String, limits timeouts.Value, resp *resource.ReadResponse,
	read func(ctx context.Context, id string) (T, error), gone func(error) bool,
) (found T, ok bool) {
	if r.Services == nil {
		resp.Diagnostics.Append(r.warnNotRefreshed(id.ValueString()))
		return found, false
	}
	timeout, diags := limits.Read(ctx, DefaultReadTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return found, false
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	look := func(ctx context.Context) (err error) {
		found, err = read(r.Services.SDRS.Asked(ctx), id.ValueString())
		return err
	}
	err := look(ctx)
	if gone(err) && unfinished(ctx, resp) {
		err = r.Services.untilSeen(ctx, look, gone)
	}
	switch {
	case gone(err) && r.belongsElsewhere(ctx, id.ValueString(), resp):
		return found, false
	case gone(err):
		r.Services.miss(id.ValueString())
		resp.State.RemoveResource(ctx)
		if r.IDAttribute == "id" {
			resp.Diagnostics.Append(r.warnNotThere(id.ValueString()))
		}
		return found, false
	case err != nil:
		resp.Diagnostics.Append(UnreadableNoun(r.Subject, r.IDAttribute, id.ValueString(), err))
		return found, false
	}
	if r.IDAttribute == "id" { // It is the thing itself, and not something about it.
		r.Services.Declare(id.ValueString())
	}
	return found, true
}

// unfinished reports whether the state has something of which no apply has seen the end of the creation.
func unfinished(ctx context.Context, resp *resource.ReadResponse) bool {
	var status types.String
	_ = resp.State.GetAttribute(ctx, path.Root("status"), &status) // Without one it is none.
	return status.ValueString() == string(sdrs.StatusCreating) || status.ValueString() == string(sdrs.StatusAttaching)
}

// untilSeen reads something that may show late, and returns the error of the last read. To take it for gone would have
// it created once more.
func (s *Services) untilSeen(ctx context.Context, read func(context.Context) error, gone func(error) bool) error {
	w := s.beginWait()
	for range jobs.StaleReads {
		if err := w.PauseShortest(ctx); err != nil {
			return err
		}
		if err := read(ctx); !gone(err) {
			return err
		}
	}
	return read(ctx)
}

// Store stores what a Read found, where that is not the prior state, which stays by itself: for the framework it is
// much work to store a state, and most refreshes find nothing new.
func Store[Model any](ctx context.Context, prior, found Model, resp *resource.ReadResponse) {
	if !reflect.DeepEqual(prior, found) {
		resp.Diagnostics.Append(resp.State.Set(ctx, found)...)
	}
}
