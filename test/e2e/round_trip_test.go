package e2e_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// roundTrip is what the runbook for a disaster uses.
const roundTrip = `
action "sdrs_unplanned_failover" "web_shop_to_target" {
  config {
    protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
    priority_station    = "target"
  }
}

action "sdrs_reprotect" "web_shop" {
  config {
    protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
  }
}
`

// recordLine is what a pipeline looks for in the output of an action.
var recordLine = regexp.MustCompile(`(?m)^.*sdrs-record: (.*)$`)

// TestAccRoundTrip is the runbook of the guide "Disaster, and the way back": failover, acceptance, reprotection,
// failback.
func TestAccRoundTrip(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, simulator.WithJobDuration(time.Second))
	w.Needs(t, "actions", tfversion.Version1_14_0)
	w.Write(t, "actions.tf", roundTrip)
	group := simulator.DemoGroup().ID
	step := func(name, wantStatus, wantSite string, wantActions []string, wantOutput string, arguments ...string) {
		t.Helper()
		w.ResetRequests()
		output := w.Run(t, arguments...)
		transcript(t, name, output)
		if !strings.Contains(unwrapped(output), wantOutput) {
			t.Errorf("%s: %q is not in\n%s", name, wantOutput, output)
		}
		if found, _ := w.Group(group); found.Status != wantStatus || found.PriorityStation != wantSite {
			t.Errorf("%s: the group is %s at %s, want %s at %s",
				name, found.Status, found.PriorityStation, wantStatus, wantSite)
		}
		var actions []string
		for _, request := range w.Requests() {
			if request.Route == simulator.RouteAction {
				actions = append(actions, request.Action)
			}
		}
		if !slices.Equal(actions, wantActions) {
			t.Errorf("%s: actions %v, want %v", name, actions, wantActions)
		}
		if kept := recordLine.FindStringSubmatch(output); strings.Contains(strings.Join(arguments, " "), "-invoke=") {
			var record struct{ Status, To string }
			if kept == nil || json.Unmarshal([]byte(kept[1]), &record) != nil || record.Status != wantStatus || record.To != wantSite {
				t.Errorf("%s: no record of that to keep in\n%s", name, output)
			}
		}
	}
	atSource, atTarget := "-var=priority_station=source", "-var=priority_station=target"

	failOver := []string{"apply", "-auto-approve", "-invoke=action.sdrs_unplanned_failover.web_shop_to_target", atSource}
	reprotect := []string{"apply", "-auto-approve", "-invoke=action.sdrs_reprotect.web_shop", atTarget}

	step("adopt", "protected", "source", nil, "1 added", "apply", "-auto-approve", atSource)
	for _, instance := range simulator.DemoGroup().Instances {
		w.SetServerStatus(instance.SourceServer.ID, "ACTIVE") // Production runs, until the disaster.
	}
	step("fail over", "failed-over", "target", []string{simulator.ActionFailover},
		"web-shop: failed-over, active at target", failOver...)
	step("fail over again", "failed-over", "target", nil, "nothing had to be requested", failOver...)
	step("an unrelated apply", "failed-over", "target", nil,
		"Active Site Changed Elsewhere", "apply", "-auto-approve", atSource)
	step("accept", "failed-over", "target", nil, "1 changed", "apply", "-auto-approve", atTarget)
	step("reprotect", "protected", "target", []string{simulator.ActionStart},
		"overwrites the disks at source (eu-de-01) with those at target (eu-de-02)", reprotect...)
	step("nothing to do", "protected", "target", nil, "No changes", "plan", atTarget)
	step("fail back", "protected", "source", []string{simulator.ActionReverse},
		"1 changed", "apply", "-auto-approve", atSource)
}

// TestAccFailoverThatIsNotDone invokes a failover again that failed half-way, where the API names its site as active by then:
// all that could be sent would fail back. A pipeline must not read that as done.
func TestAccFailoverThatIsNotDone(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, simulator.WithJobDuration(time.Second))
	w.Needs(t, "actions", tfversion.Version1_14_0)
	w.Write(t, "actions.tf", roundTrip)
	w.UpdateGroup(simulator.DemoGroup().ID, func(g *simulator.Group) {
		g.Status, g.PriorityStation = simulator.StatusErrorFailingOver, simulator.StationTarget
	})
	output := unwrapped(w.RunExit(t, 1, w.Terraform, "apply", "-auto-approve",
		"-invoke=action.sdrs_unplanned_failover.web_shop_to_target", "-var=priority_station=target"))
	for _, part := range []string{"Unplanned Failover Not Possible", "it would leave the wanted site", "Open a service ticket"} {
		if !strings.Contains(output, part) {
			t.Errorf("%q is not in\n%s", part, output)
		}
	}
	if strings.Contains(output, "Action complete") || w.Count(simulator.RouteAction) > 0 {
		t.Errorf("%d actions sent\n%s", w.Count(simulator.RouteAction), output)
	}
}
