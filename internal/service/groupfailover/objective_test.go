package groupfailover_test

import (
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// A switch that takes longer than its objective says so, and is done; one that does not, or that was not needed, says
// nothing.
func TestRecoveryTimeObjective(t *testing.T) {
	t.Parallel()
	for objective, missed := range map[string]bool{"1ns": true, "1h": false} {
		t.Run(objective, func(t *testing.T) {
			t.Parallel()
			s, policy := newLiveStage(t)
			policy["recovery_time_objective"] = objective
			applied := s.Apply(t.Context(), t, s.Plan(t, s.adopt(t, policy), s.config("target", policy)))
			text := tftest.Text(applied.Diagnostics)
			const title = `WARNING on AttributeName("recovery_time_objective"): Recovery Time Objective Missed: web-shop`
			if strings.HasPrefix(text, title) != missed || len(applied.Diagnostics) > 1 || tftest.Failed(applied.Diagnostics) {
				t.Errorf("got %s", text)
			}
			tftest.Want(t, applied.Attributes, tftest.Attributes{"active_site": "target", "recovery_time_objective": objective})

			for i := range 2 { // The second time there is nothing to do.
				messages, _ := s.NewAction(t, "sdrs_unplanned_failover").Invoke(t.Context(), t, tftest.Attributes{
					"protection_group_id": s.GroupID, "priority_station": "source", "recovery_time_objective": objective,
				})
				const line = "web-shop: the recovery time objective was missed: "
				if said := strings.Contains(strings.Join(messages, "\n"), line); said != (missed && i == 0) {
					t.Errorf("run %d: %q", i, messages)
				}
			}
		})
	}
}
