package e2e_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// scenesOfRunbook are what happens in the world before the part of the runbook with this heading.
var scenesOfRunbook = map[string]func(*workspace){
	"## 1. Planned or not?":                  func(w *workspace) { w.SetZoneDown("eu-de-01", true) },
	"## 6. When the site is back: reprotect": func(w *workspace) { w.SetZoneDown("eu-de-01", false) },
	"## A whole availability zone":           func(w *workspace) { w.SetZoneDown("eu-de-01", true) },
	"## When Terraform is not there":         func(w *workspace) { w.AddGroup(demo) }, // Before anybody has done anything.
}

// TestAccRunbook is the disaster of a new user who has nothing but the page: its commands are run as they are printed,
// in the folders that it names, and each says what the page says. What stays undone has its reason next to it.
func TestAccRunbook(t *testing.T) {
	t.Parallel()
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

	page := readPage(t, "disaster-and-the-way-back.md.tmpl")
	page.needs(t, "curl", "jq")
	ran := page.run(t, func(heading string) *workspace {
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
		case "## A whole availability zone":
			return zone
		}
		return emergency
	})
	if ran < 8 {
		t.Errorf("only %d commands were run", ran)
	}
	var actions []string
	for _, request := range emergency.Requests() {
		if request.Route == simulator.RouteAction && request.Accepted {
			actions = append(actions, request.Action)
		}
	}
	want := []string{
		simulator.ActionFailover, simulator.ActionStart, simulator.ActionReverse, // The disaster, and the way back.
		simulator.ActionFailover, simulator.ActionFailover, // The next one, by the folder for a zone, and by curl.
	}
	if !slices.Equal(actions, want) {
		t.Errorf("the cloud accepted %v, want %v", actions, want)
	}
}

// TestAccPlannedFailoverGuide runs that guide as it is printed, but for its last part, which has a test of its own.
func TestAccPlannedFailoverGuide(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, simulator.WithJobDuration(0), simulator.WithServerJobDuration(0))
	w.Write(t, "main.tf", readRepository(t, "examples/planned-failover/main.tf"))
	inProduction(t, w)
	ran := readPage(t, "planned-failover.md.tmpl").run(t, func(heading string) *workspace {
		if heading == "## A plan of three groups" {
			return nil
		}
		return w
	})
	if accepted := w.Accepted(simulator.ActionReverse); ran != 5 || accepted != 1 {
		t.Errorf("%d blocks were run, and %d switches accepted", ran, accepted)
	}
}

// TestAccPipelines runs the guide for pipelines as it is printed.
func TestAccPipelines(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, simulator.WithJobDuration(0), simulator.WithServerJobDuration(0))
	w.Write(t, "main.tf", readRepository(t, "examples/planned-failover/main.tf"))
	w.Run(t, "apply", "-auto-approve")
	inProduction(t, w)
	page := readPage(t, "pipelines.md.tmpl")
	page.needs(t, "jq")
	if ran := page.run(t, func(string) *workspace { return w }); ran != 5 {
		t.Errorf("%d blocks were run", ran)
	}
	if accepted := w.Accepted(simulator.ActionReverse); accepted != 1 {
		t.Errorf("%d switches were accepted", accepted)
	}
}

// TestAccGuideCommands runs the commands of the smaller guides as they are printed.
func TestAccGuideCommands(t *testing.T) {
	t.Parallel()
	for name, folder := range map[string]string{
		"alerts-and-records.md.tmpl": "disaster",
		"modules-and-tests.md.tmpl":  "mocks",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t, simulator.WithJobDuration(0), simulator.WithServerJobDuration(0))
			w.Needs(t, "actions, and mocks in files", tfversion.Version1_14_0)
			if err := os.Remove(filepath.Join(w.Dir, "main.tf")); err != nil {
				t.Fatal(err)
			}
			if err := os.CopyFS(w.Dir, os.DirFS("../../examples/"+folder)); err != nil {
				t.Fatal(err)
			}
			page := readPage(t, name)
			page.needs(t, "jq")
			if ran := page.run(t, func(string) *workspace { return w }); ran != 1 {
				t.Errorf("%d blocks were run", ran)
			}
		})
	}
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
