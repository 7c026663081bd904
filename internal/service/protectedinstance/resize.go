package protectedinstance

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// resizes reports whether a plan has another flavor. To leave it out is no wish for another one.
func resizes(plan, state resourceModel) bool {
	return !plan.FlavorID.IsNull() && !plan.FlavorID.Equal(state.FlavorID)
}

// sameFlavor is what SDRS says of a server that has the flavor already.
const sameFlavor = "SDRS.1341"

// resize gives the DR server another flavor (POST protected-instances/{id}/resize). It never touches production, which
// must be at the site source: whether the API takes the other server for that of DR after a switch is not documented.
func (r *protectedInstance) resize(
	ctx context.Context, state *resourceModel, flavor string, changed bool,
) diag.Diagnostic {
	id, groupID := state.ID.ValueString(), state.ProtectionGroupID.ValueString()
	last := state.observed()
	err := r.Services.Modify(ctx, r.Subject, tfkit.Modification{
		GroupID: groupID,
		Send: func(ctx context.Context) (string, error) {
			return r.Services.SDRS.ResizeInstance(ctx, id, sdrs.Flavors{DR: flavor})
		},
		Status: func(ctx context.Context) (_ sdrs.Status, err error) {
			last, err = r.Services.SDRS.ProtectedInstance(ctx, id)
			return last.Status, err
		},
		Check: func() error {
			if last.PriorityStation != sdrs.Source {
				return errSwitched
			}
			return nil
		},
		Made: func(ctx context.Context) (bool, error) {
			server, err := r.Services.ECS.Configuration(ctx, state.TargetServerID.ValueString())
			if err != nil && !cloud.Transient(err) {
				return false, nil // It can't be told: SDRS says whether it has that flavor.
			}
			return server.Flavor.ID == flavor, err
		},
		Already: func(err error) bool {
			refusal, ok := errors.AsType[*cloud.APIError](err)
			return ok && refusal.Code == sameFlavor
		},
	})
	switch {
	case errors.Is(err, errSwitched):
		return notResized(last, flavor, notResizedNow)
	case err != nil:
		report := reportOf(last)
		report.Changed = changed
		report.Fact("Wanted flavor of the DR server", flavor)
		return tfkit.RequestFailed(err, r.Subject, resizing, report, tfkit.Applying("update"))
	}
	return nil
}

// notResized is the diagnostic for a flavor that can't be changed while production is at the target.
func notResized(instance sdrs.ProtectedInstance, flavor string, kind diagnostic.Kind) diag.Diagnostic {
	report := reportOf(instance)
	report.Happened = "The flavor of the DR server can be changed while the site source is active only: otherwise the " +
		"server at the site target is in production, and to resize it would need an outage. It is not resized."
	report.Fact("Wanted flavor of the DR server", flavor)
	report.Next = "Bring production back to the site source by a planned failover, or set flavor_id to what it was."
	return report.New(kind)
}
