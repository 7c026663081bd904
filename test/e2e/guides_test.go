package e2e_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// guides run the pages whose commands are run as they are printed, and whose outputs are compared with what that prints.
var guides = map[string]func(*testing.T, page){
	"guides/alerts-and-records.md":                alertsAndRecords,
	"guides/disaster-and-the-way-back.md":         runbook,
	"guides/modules-and-tests.md":                 modulesAndTests,
	"guides/permissions.md":                       permissions,
	"guides/pipelines.md":                         pipelines,
	"guides/planned-failover.md":                  plannedFailover,
	"guides/reading-a-plan.md":                    planOfThree,
	"list-resources/protection_group_failover.md": queryAndImport,
}

// TestAccGuides is a new user who has nothing but the page.
func TestAccGuides(t *testing.T) {
	t.Parallel()
	for name, run := range guides {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := readPage(t, name)
			p.needs(t, "curl", "jq")
			run(t, p)
		})
	}
}

// scenesOfRunbook are what happens in the world before the part of the runbook with this heading.
var scenesOfRunbook = map[string]func(*workspace){
	"## 1. Planned or not?":                  func(w *workspace) { w.SetZoneDown("eu-de-01", true) },
	"## 6. When the site is back: reprotect": func(w *workspace) { w.SetZoneDown("eu-de-01", false) },
	"## A whole availability zone":           func(w *workspace) { w.SetZoneDown("eu-de-01", true) },
	"### The way back of a zone":             func(w *workspace) { w.SetZoneDown("eu-de-01", false) },
	"## When Terraform is not there":         func(w *workspace) { w.AddGroup(demo) }, // Before anybody has done anything.
}

// runbook runs a disaster, and the way back, in the folders that the page names.
func runbook(t *testing.T, page page) {
	t.Helper()
	emergency := newWorkspace(
		t,
		simulator.WithJobDuration(time.Second),
		simulator.WithServerJobDuration(100*time.Millisecond),
	)
	emergency.Needs(t, "actions", tfversion.Version1_14_0)
	emergency.Write(t, "main.tf", readRepository(t, "examples/disaster/main.tf"))
	zone := &workspace{emergency.Sibling(t)}
	zone.Write(t, "main.tf", readRepository(t, "examples/emergency/main.tf"))
	declared := &workspace{emergency.Sibling(t)}
	declared.Write(t, "main.tf", readRepository(t, "examples/planned-failover/main.tf"))
	declared.Run(t, "apply", "-auto-approve")
	inProduction(t, emergency) // Until the disaster.
	emergency.ResetRequests()

	page.run(t, func(heading string) *workspace {
		if heading == "## The emergency folder" { // The way back has ended.
			for _, instance := range demo.Instances {
				if server, _ := emergency.CloudServer(instance.SourceServer.ID); server.Status != "ACTIVE" {
					t.Errorf("after the way back %s is %s", server.Name, server.Status)
				}
			}
		}
		if scene := scenesOfRunbook[heading]; scene != nil {
			scene(emergency)
		}
		switch heading {
		case "### Where a resource declares the group":
			return declared
		case "## A whole availability zone", "### The way back of a zone":
			return zone
		}
		return emergency
	})
	var actions []string
	for _, request := range emergency.Requests() {
		if request.Route == simulator.RouteAction && request.Accepted {
			actions = append(actions, request.Action)
		}
	}
	want := []string{
		simulator.ActionFailover, simulator.ActionStart, simulator.ActionReverse, // The disaster, and the way back.
		simulator.ActionFailover, simulator.ActionStart, // The next one, by the folder for a zone.
		simulator.ActionFailover, // By curl.
	}
	if !slices.Equal(actions, want) {
		t.Errorf("the cloud accepted %v, want %v", actions, want)
	}
}

// plannedFailover switches the group that the guide adopts.
func plannedFailover(t *testing.T, page page) {
	t.Helper()
	w := exampleInProduction(t, "planned-failover")
	page.run(t, func(string) *workspace { return w })
	if accepted := w.Accepted(simulator.ActionReverse); accepted != 1 {
		t.Errorf("%d switches were accepted", accepted)
	}
}

// pipelines switches there, and plans the way back.
func pipelines(t *testing.T, page page) {
	t.Helper()
	w := exampleInProduction(t, "planned-failover")
	w.Run(t, "apply", "-auto-approve")
	page.run(t, func(string) *workspace { return w })
	if accepted := w.Accepted(simulator.ActionReverse); accepted != 1 {
		t.Errorf("%d switches were accepted", accepted)
	}
}

// planOfThree plans a switch of three groups, of which one is not ready, and another one was switched elsewhere.
func planOfThree(t *testing.T, page page) {
	t.Helper()
	w := exampleInProduction(t, "three-groups")
	w.Run(t, "apply", "-auto-approve", "-var=site=source")
	w.UpdateGroup(orders().ID, func(group *simulator.Group) {
		pair := &group.Instances[0].Pairs[0]
		pair.ReplicationStatus, pair.Progress = simulator.ReplicationCopying, 40
	})
	if _, err := w.Switch(archive().ID, simulator.StationSource); err != nil {
		t.Fatal(err)
	}
	page.run(t, func(string) *workspace { return w })
}

// permissions plans a switch by a user who may not read servers.
func permissions(t *testing.T, page page) {
	t.Helper()
	w := exampleInProduction(t, "drift-alert")
	w.Run(t, "apply", "-auto-approve")
	w.Write(t, "main.tf", strings.Replace(w.Read(t, "main.tf"), `= "source"`, `= "target"`, 1))
	w.Inject(simulator.Fault{Route: simulator.RouteServer, Status: http.StatusForbidden})
	page.run(t, func(string) *workspace { return w })
}

// alertsAndRecords keeps the record of an action.
func alertsAndRecords(t *testing.T, page page) {
	t.Helper()
	w := exampleInProduction(t, "disaster")
	w.Needs(t, "actions", tfversion.Version1_14_0)
	page.run(t, func(string) *workspace { return w })
}

// modulesAndTests runs the tests of a module.
func modulesAndTests(t *testing.T, page page) {
	t.Helper()
	w := exampleInProduction(t, "mocks")
	w.Needs(t, "mocks in files", tfversion.Version1_7_0)
	page.run(t, func(string) *workspace { return w })
}

// queryAndImport finds an estate, and imports it.
func queryAndImport(t *testing.T, page page) {
	t.Helper()
	w := exampleInProduction(t, "list-resources/sdrs_protection_group_failover")
	w.Needs(t, "terraform query", tfversion.Version1_14_0)
	w.Write(t, "main.tf", required)
	page.run(t, func(heading string) *workspace {
		if heading == "## Import all of them" { // The page says to leave this list alone.
			w.Write(t, "list-resource.tfquery.hcl", "list \"sdrs_protection_group_failover\" \"estate\" {\n  provider = sdrs\n}\n")
		}
		return w
	})
}

// exampleInProduction returns a folder with an example, whose groups are in production.
func exampleInProduction(t *testing.T, name string) *workspace {
	t.Helper()
	w := newWorkspace(t, simulator.WithJobDuration(0), simulator.WithServerJobDuration(0),
		simulator.WithGroups(orders(), archive()))
	if err := os.Remove(filepath.Join(w.Dir, "main.tf")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(w.Dir, os.DirFS("../../examples/"+name)); err != nil {
		t.Fatal(err)
	}
	inProduction(t, w)
	return w
}

// TestAccFailoverThatIsNotDone invokes a failover again that failed half-way, where the API names its site as active by
// then: all that could be sent would fail back. A pipeline must not read that as done.
func TestAccFailoverThatIsNotDone(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, simulator.WithJobDuration(time.Second))
	w.Needs(t, "actions", tfversion.Version1_14_0)
	w.Write(t, "main.tf", readRepository(t, "examples/disaster/main.tf"))
	w.UpdateGroup(simulator.DemoGroup().ID, func(g *simulator.Group) {
		g.Status, g.PriorityStation = simulator.StatusErrorFailingOver, simulator.StationTarget
	})
	output := unwrapped(w.RunExit(t, 1, w.Terraform, "apply", "-auto-approve",
		"-invoke=action.sdrs_unplanned_failover.web_shop"))
	for _, part := range []string{
		"Unplanned Failover Not Possible", "it would leave the wanted site",
		"Open a service ticket",
	} {
		if !strings.Contains(output, part) {
			t.Errorf("%q is not in\n%s", part, output)
		}
	}
	if strings.Contains(output, "Action complete") || w.Count(simulator.RouteAction) > 0 {
		t.Errorf("%d actions sent\n%s", w.Count(simulator.RouteAction), output)
	}
}
