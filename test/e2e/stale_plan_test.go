package e2e_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// TestAccGroupMovesAfterThePlan applies a saved plan that adopts a group, after the group was switched elsewhere: the
// title is Terraform's, and the troubleshooting guide has it.
func TestAccGroupMovesAfterThePlan(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, simulator.WithJobDuration(0))
	w.Environment = append(
		w.Environment,
		"TF_VAR_switch_on_create=true",
	) // Without it the provider's own error comes first.
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

// TestAccReplace replaces the resource on the command line, which is no way to switch, nor to finish a switch: it adopts
// the group where it runs, or is refused, and the state stays.
func TestAccReplace(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, simulator.WithJobDuration(0))
	apply := []string{"apply", "-auto-approve", "-var=priority_station=source"}
	w.Run(t, apply...)
	replace := append(slices.Clone(apply), "-replace=sdrs_protection_group_failover.test")
	if output := w.Run(t, replace...); !strings.Contains(output, "1 added, 0 changed, 1 destroyed") {
		t.Error(output)
	}
	w.wantState(t, "source", "protected", "source")
	refused := func(says string) {
		t.Helper()
		output := unwrapped(w.RunExit(t, 1, w.Terraform, append(replace, "-var=priority_station=target")...))
		if !strings.Contains(output, "Error: Creating This Resource Would Switch Sites") || !strings.Contains(output, says) {
			t.Error(output)
		}
	}
	refused("To switch it to target (eu-de-02) at once, set switch_on_create = true")
	w.UpdateGroup(simulator.DemoGroup().ID, func(g *simulator.Group) { g.Status = simulator.StatusErrorReversing })
	refused("invoke the action sdrs_planned_failover")
	w.wantState(t, "source", "protected", "source")
	if n := w.Count(simulator.RouteAction); n > 0 {
		t.Errorf("%d actions sent", n)
	}
}

// TestAccSavedPlanAfterAnInterrupt interrupts the apply of a saved plan, and applies the plan once more, as the retry
// button of a pipeline does. The state was written since, so Terraform refuses it; a new plan shows the switch in
// flight, and its apply waits for that.
func TestAccSavedPlanAfterAnInterrupt(t *testing.T) {
	t.Parallel()
	w := newPlannedWorkspace(t)
	ctx, interrupt := context.WithCancel(t.Context())
	w.when(whileTheJobRuns, interrupt)
	var output bytes.Buffer
	err := w.Execute(ctx, &output, "apply", "saved.tfplan")
	if says := "Plan again, then apply: the new plan finds what is in flight"; err == nil ||
		!strings.Contains(unwrapped(output.String()), says) {
		t.Errorf("%v\n%s", err, output.String())
	}
	actions := w.Count(simulator.RouteAction)
	retried, err := w.try(t, "apply", "saved.tfplan")
	if err == nil || !strings.Contains(retried, "Error: Saved plan is stale") ||
		w.Count(simulator.RouteAction) != actions {
		t.Errorf("%v, %d actions\n%s", err, w.Count(simulator.RouteAction)-actions, retried)
	}
	if planned := w.Run(t, "plan", "-out=saved.tfplan", "-var=priority_station=target"); !strings.Contains(
		planned,
		"0 to add, 1 to change",
	) {
		t.Errorf("the new plan does not show the switch:\n%s", planned)
	}
	w.Run(t, "apply", "saved.tfplan")
	w.applyAgain(t)
}
