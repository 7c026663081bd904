package e2e_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// TestAccConsoleFaults has somebody change the group while an apply is switching it.
func TestAccConsoleFaults(t *testing.T) {
	t.Parallel()
	group := simulator.DemoGroup()
	server := group.Instances[0].TargetServer.ID
	for _, test := range []struct {
		name    string
		at      moment
		happens func(*testing.T, *workspace)
		// want is in the output; for a failure it is the summary of the error.
		want     string
		fails    bool
		accepted int
		// intent, status, and site are in the state afterwards; an empty intent: nothing is.
		intent, status, site string
		// again is the second apply.
		again func(*testing.T, *workspace)
	}{
		{
			name: "switched in the console", at: beforeTheAction, want: "1 changed",
			intent: "target", status: "protected", site: "target",
			happens: func(t *testing.T, w *workspace) { console(t)(w.Switch(group.ID, simulator.StationTarget)) },
			again:   func(t *testing.T, w *workspace) { w.applyAgain(t, 0) },
		},
		{
			name: "failed over in the console", at: beforeTheAction, want: "1 changed",
			intent: "target", status: "failed-over", site: "target",
			happens: func(t *testing.T, w *workspace) { console(t)(w.Failover(group.ID)) },
			again: func(t *testing.T, w *workspace) {
				w.Run(t, "apply", "-auto-approve", "-var=priority_station=target")
				w.wantState(t, "target", "failed-over", "target")
			},
		},
		{
			// The cloud refuses it, as it refuses any operation while one is running.
			name: "failed over in the console", at: whileTheJobRuns, want: "1 changed", accepted: 1,
			intent: "target", status: "protected", site: "target",
			happens: func(t *testing.T, w *workspace) {
				if _, err := w.Failover(group.ID); err == nil {
					t.Error("the cloud accepted a failover in the middle of a switch")
				}
			},
			again: func(t *testing.T, w *workspace) { w.applyAgain(t, 1) },
		},
		{
			name: "failed over in the console", at: afterTheJob, want: "Planned Failover Not Verified", fails: true, accepted: 1,
			intent: "source", status: "failed-over", site: "source",
			happens: func(t *testing.T, w *workspace) { console(t)(w.Failover(group.ID)) },
			again: func(t *testing.T, w *workspace) {
				console(t)(w.Protect(group.ID))
				w.applyAgain(t, 2)
			},
		},
		{
			name: "switched back in the console", at: afterTheJob, want: "Planned Failover Not Verified", fails: true, accepted: 1,
			intent: "source", status: "protected", site: "source",
			happens: func(t *testing.T, w *workspace) { console(t)(w.Switch(group.ID, simulator.StationSource)) },
			again:   func(t *testing.T, w *workspace) { w.applyAgain(t, 2) },
		},
		{
			name: "deleted in the console", at: beforeTheAction, want: "Protection Group Not Found", fails: true,
			intent: "source", status: "protected", site: "source",
			happens: func(_ *testing.T, w *workspace) { w.DeleteGroup(group.ID) },
			again:   func(t *testing.T, w *workspace) { w.wantGone(t) },
		},
		{
			name: "deleted in the console", at: whileTheJobRuns, fails: true, accepted: 1,
			intent: "source", want: "The protection group has been deleted",
			happens: func(_ *testing.T, w *workspace) { w.DeleteGroup(group.ID) },
			again:   func(t *testing.T, w *workspace) { w.wantGone(t) },
		},
		{
			name: "deleted in the console", at: afterTheJob, fails: true, accepted: 1, intent: "source", want: "Protection Group Not Found",
			happens: func(_ *testing.T, w *workspace) { w.DeleteGroup(group.ID) },
			again:   func(t *testing.T, w *workspace) { w.wantGone(t) },
		},
		{
			name: "a server started", at: whileTheJobRuns, want: "SDRS.1352", fails: true, accepted: 1,
			intent: "source", status: "error-reversing", site: "source",
			happens: func(_ *testing.T, w *workspace) { w.SetServerStatus(server, "ACTIVE") },
			again: func(t *testing.T, w *workspace) {
				w.SetServerStatus(server, simulator.ServerStopped)
				w.applyAgain(t, 2)
			},
		},
	} {
		t.Run(test.name+"/"+test.at.name, func(t *testing.T) {
			t.Parallel()
			w := newPlannedWorkspace(t)
			w.when(test.at, false, func() { test.happens(t, w) })
			got := w.apply(t)
			if failed := got.err != nil; failed != test.fails || !strings.Contains(unwrapped(got.output), test.want) {
				t.Errorf("failed: %t, want %t, with %q:\n%s", failed, test.fails, test.want, got.output)
			}
			accepted := w.Accepted(simulator.ActionReverse)
			if accepted != test.accepted {
				t.Errorf("%d planned failovers accepted, want %d", accepted, test.accepted)
			}
			if test.status != "" {
				w.wantState(t, test.intent, test.status, test.site)
			} else if intent := w.state(t)["priority_station"]; intent != test.intent {
				t.Errorf("the state has intent %v, want %s", intent, test.intent)
			}
			test.again(t, w)
			end := "switched"
			if test.fails {
				end = "error: " + test.want
			}
			row(t, test.at.name, test.name, end, accepted)
		})
	}
}

// console checks that the cloud accepted what somebody did.
func console(t *testing.T) func(string, error) {
	t.Helper()
	return func(_ string, err error) {
		if err != nil {
			t.Error(err)
		}
	}
}

// wantGone applies to a group that does not exist any longer.
func (w *workspace) wantGone(t *testing.T) {
	t.Helper()
	output, err := w.try(t, "apply", "-auto-approve", "-var=priority_station=target")
	if err == nil || !strings.Contains(unwrapped(output), "Protection Group Not Found") {
		t.Errorf("applied to a group that is gone: %v\n%s", err, output)
	}
}

// TestAccTwoApplies applies the same switch from two workspaces, so that no lock is between them, and lets both ask for it
// at the same moment.
func TestAccTwoApplies(t *testing.T) {
	t.Parallel()
	w := newPlannedWorkspace(t)
	other := &workspace{w.Sibling(t)}
	for _, name := range []string{"main.tf", "terraform.tfstate", "saved.tfplan"} {
		other.Write(t, name, w.Read(t, name))
	}
	var asking sync.WaitGroup
	asking.Add(2)
	w.Inject(simulator.Fault{Route: simulator.RouteAction, Match: func(*http.Request) bool {
		asking.Done()
		asking.Wait()
		return false
	}})
	var applies sync.WaitGroup
	for _, one := range []*workspace{w, other} {
		applies.Go(func() {
			if got := one.apply(t); got.err != nil {
				t.Errorf("%v\n%s", got.err, got.output)
			}
			one.wantState(t, "target", "protected", "target")
		})
	}
	applies.Wait()
	accepted := w.Accepted(simulator.ActionReverse)
	if accepted != 1 {
		t.Errorf("%d planned failovers accepted, want 1", accepted)
	}
	w.applyAgain(t, 1)
	row(t, "the action", "two applies at once, without a lock", "switched, both", accepted)
}
