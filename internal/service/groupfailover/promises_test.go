package groupfailover_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// A plan promises what can't change before apply, and nothing else: whatever becomes of the group meanwhile, the final
// plan agrees with the plan, the result with the final plan, and nothing is switched that was not to be.
func TestPlansKeepTheirPromises(t *testing.T) {
	t.Parallel()
	for change, happen := range tftest.Meanwhile() {
		for _, servers := range []string{"ACTIVE", simulator.ServerStopped} {
			for _, from := range []string{"creation", "import", "accepted drift"} {
				t.Run(change+"/"+servers+"/"+from, func(t *testing.T) {
					t.Parallel()
					s := newStage(t)
					more := tftest.Attributes{"start_servers": true}
					var prior tftest.State
					switch from {
					case "import":
						prior = s.Import(t, s.GroupID)
					case "accepted drift":
						s.Console("target")
						prior = tftest.State{Attributes: s.adopt(t, more)}
						s.Console("source")
						prior = s.Refresh(t, prior)
					}
					s.SetServers(servers)
					plan := s.PlanAfter(t, prior, prior.Attributes, s.config("source", more))
					if text := tftest.Text(plan.Diagnostics); strings.Contains(text, "ERROR") {
						t.Fatal(text)
					}
					happen(s.Cloud)
					holdToPlan(t, s, plan, change, from == "creation")
					s.wantAccepted(t, 0)
				})
			}
		}
	}
}

// holdToPlan applies a plan that switches nothing, after a change.
func holdToPlan(t *testing.T, s stage, plan tftest.Planned, change string, creation bool) {
	t.Helper()
	group, exists := s.Group(s.GroupID)
	decision, _ := failover.PlannedFailover(sdrs.Source).DecideConfirmation(sdrs.Group{
		Status: sdrs.Status(group.Status), PriorityStation: sdrs.Station(group.PriorityStation),
	})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if exists && decision == failover.Wait {
		cancel() // Nobody ends this wait.
	}
	text := tftest.Text(s.Apply(ctx, t, plan).Diagnostics)
	switch {
	case !exists && strings.Contains(text, "ERROR") && !strings.Contains(text, "Protection Group Not Found"):
		t.Errorf("got %s", text)
	case !strings.Contains(text, tftest.InconsistentFinalPlan):
	case creation && change == "other zones":
		// A group keeps its zones for life: those of a plan are promised, since what depends on them would be replaced
		// otherwise.
	case creation && exists && decision != failover.NoAction:
		// The group has been switched, or is moving, since.
	default:
		t.Errorf("got %s", text)
	}
}
