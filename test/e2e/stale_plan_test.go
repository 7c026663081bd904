package e2e_test

import (
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// TestAccGroupMovesAfterThePlan applies a saved plan that adopts a group, after the group was switched elsewhere: the
// title is Terraform's, and the troubleshooting guide has it.
func TestAccGroupMovesAfterThePlan(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, simulator.WithJobDuration(0))
	w.Environment = append(w.Environment, "TF_VAR_switch_on_create=true") // Without it the provider's own error comes first.
	w.Run(t, "plan", "-out=saved.tfplan", "-var=priority_station=source")
	if _, err := w.Switch(simulator.DemoGroup().ID, simulator.StationTarget); err != nil {
		t.Fatal(err)
	}
	w.ResetRequests()
	output, err := w.try(t, "apply", "saved.tfplan")
	if err == nil || !strings.Contains(output, "Error: Provider produced inconsistent final plan") {
		t.Errorf("%v\n%s", err, output)
	}
	if n := w.Count(simulator.RouteAction); n > 0 {
		t.Errorf("%d actions sent", n)
	}
}
