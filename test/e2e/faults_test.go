package e2e_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// moment is a request of an apply at which something happens.
type moment struct {
	name  string
	route string
	// matches is a further condition; nil: the first request to the route.
	matches func(*workspace) bool
	// accepted is how many planned failovers the cloud has accepted by then.
	accepted int
}

var (
	// Terraform plans once more before it applies, and the servers are stopped between two checks: the last check is the
	// one that finds them stopped.
	beforeTheAction = moment{name: "before the action", route: simulator.RoutePairs, matches: func(w *workspace) bool {
		group, _ := w.Group(simulator.DemoGroup().ID)
		return !slices.ContainsFunc(group.Instances, func(i simulator.Instance) bool {
			return i.SourceServer.Status != simulator.ServerStopped
		})
	}}
	whileTheJobRuns = moment{name: "after acceptance", route: simulator.RouteJob, accepted: 1}
	afterTheJob     = moment{
		name: "after the job's end", route: simulator.RouteGroup, accepted: 1,
		matches: func(w *workspace) bool {
			group, _ := w.Group(simulator.DemoGroup().ID)
			return w.Accepted(simulator.ActionReverse) > 0 && group.Status == simulator.StatusProtected
		},
	}
)

// planned is the state of an adopted group, and a plan to switch it to target: made once, to spare each case two runs.
type planned struct{ state, plan string }

var (
	planOnce sync.Mutex
	plan     planned
)

// newPlannedWorkspace returns a workspace that is about to switch the group to target, with its servers, which run at
// source.
func newPlannedWorkspace(t *testing.T) *workspace {
	t.Helper()
	w := newWorkspace(t, simulator.WithJobDuration(2*time.Second), simulator.WithServerJobDuration(200*time.Millisecond))
	w.Environment = append(w.Environment, "TF_VAR_with_servers=true")
	for _, instance := range simulator.DemoGroup().Instances {
		w.SetServerStatus(instance.SourceServer.ID, "ACTIVE")
	}
	planOnce.Lock()
	defer planOnce.Unlock()
	if plan.plan == "" {
		w.Run(t, "apply", "-auto-approve", "-var=priority_station=source")
		w.Run(t, "plan", "-out=saved.tfplan", "-var=priority_station=target")
		plan = planned{state: w.Read(t, "terraform.tfstate"), plan: w.Read(t, "saved.tfplan")}
		w.ResetRequests()
		return w
	}
	w.Write(t, "terraform.tfstate", plan.state)
	w.Write(t, "saved.tfplan", plan.plan)
	return w
}

// when lets something happen at a moment of the apply, whose request is held up until its client leaves.
func (w *workspace) when(m moment, happens func()) {
	var once sync.Once
	w.Inject(simulator.Fault{Route: m.route, Delay: time.Minute, Match: func(*http.Request) bool {
		due := false
		if m.matches == nil || m.matches(w) {
			once.Do(func() { due = true; happens() })
		}
		return due
	}})
}

// outcome is how an apply ended.
type outcome struct {
	err    error
	output string
	// left is the time from the moment to the exit.
	left time.Duration
}

// applyAgain applies without any fault: the group must end at target with its servers running there and nowhere else,
// the state must say so, and the cloud has accepted one switch in all.
func (w *workspace) applyAgain(t *testing.T) {
	t.Helper()
	w.Run(t, "apply", "-auto-approve", "-var=priority_station=target")
	if n := w.Accepted(simulator.ActionReverse); n != 1 {
		t.Errorf("%d planned failovers accepted in all, want 1", n)
	}
	group, _ := w.Group(simulator.DemoGroup().ID)
	if group.Status != simulator.StatusProtected || group.PriorityStation != simulator.StationTarget {
		t.Errorf("the group is %s at %s", group.Status, group.PriorityStation)
	}
	for _, instance := range group.Instances {
		source, target := instance.SourceServer, instance.TargetServer
		if source.Status != simulator.ServerStopped || target.Status != "ACTIVE" {
			t.Errorf("%s is %s at source, and %s at target", instance.Name, source.Status, target.Status)
		}
	}
	w.wantState(t, "target", "protected", "target")
}

// rows serializes the rows that several tests write.
var rows sync.Mutex

// row leaves a line for the report of `make faults`.
func row(t *testing.T, where, what, end string, accepted int) {
	t.Helper()
	path := os.Getenv("SDRS_FAULTS_ROWS")
	if path == "" {
		return
	}
	line, err := json.Marshal(map[string]any{
		"Where": "Terraform: " + where, "What": what, "End": end, "Accepted": accepted, "Extra": -1, "Survived": !t.Failed(),
	})
	if err != nil {
		t.Fatal(err)
	}
	rows.Lock()
	defer rows.Unlock()
	old, err := os.ReadFile(path) //nolint:gosec // The path is the developer's.
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	// Tests end in any order; the report does not.
	lines := append(bytes.SplitAfter(old, []byte("\n")), append(line, '\n'))
	slices.SortFunc(lines, bytes.Compare)
	if err := os.WriteFile(path, bytes.Join(lines, nil), 0o600); err != nil { //nolint:gosec // The path is the developer's.
		t.Fatal(err)
	}
}
