package groupfailover_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// Moments of an apply that switches, by a request of it.
const (
	beforeTheAction = simulator.RoutePairs
	whileTheJobRuns = simulator.RouteJob
	afterTheJob     = simulator.RouteGroup
)

// at lets something happen once, at a moment of an apply.
func (s stage) at(moment string, happens func()) {
	var once sync.Once
	s.Inject(simulator.Fault{Route: moment, Match: func(*http.Request) bool {
		group, _ := s.Group(s.GroupID)
		due := true
		switch moment {
		case beforeTheAction: // The servers are stopped between two checks: the last one finds them stopped.
			for _, instance := range group.Instances {
				due = due && instance.SourceServer.Status == simulator.ServerStopped
			}
		case afterTheJob:
			due = s.Accepted(simulator.ActionReverse) > 0 && group.Status == simulator.StatusProtected
		}
		if due {
			once.Do(happens)
		}
		return false
	}})
}

// applyAgain applies without any fault: the group must end at target with its servers running there and nowhere else.
func (s stage) applyAgain(t *testing.T, earlier tftest.State, policy tftest.Attributes, accepted int) {
	t.Helper()
	refreshed := s.Refresh(t, earlier)
	applied := s.Apply(t.Context(), t, s.PlanAfter(t, refreshed, refreshed.Attributes, s.config("target", policy)))
	if text := tftest.Text(applied.Diagnostics); strings.Contains(text, "ERROR") {
		t.Error(text)
	}
	tftest.Want(t, applied.Attributes, tftest.Attributes{"priority_station": "target", "status": "protected", "active_site": "target"})
	s.wantServers(t, "SHUTOFF", "ACTIVE")
	s.wantAccepted(t, accepted)
}

// Somebody changes the group while an apply is switching it.
func TestConsoleFaults(t *testing.T) {
	t.Parallel()
	group := simulator.DemoGroup()
	must := func(t *testing.T) func(string, error) {
		t.Helper()
		return func(_ string, err error) {
			if err != nil {
				t.Error(err)
			}
		}
	}
	failOver := func(t *testing.T, s stage) { t.Helper(); must(t)(s.Failover(group.ID)) }
	reprotect := func(t *testing.T, s stage) {
		t.Helper()
		must(t)(s.Protect(group.ID))
		s.Await(t, simulator.StatusProtected)
	}
	remove := func(_ *testing.T, s stage) { s.DeleteGroup(group.ID) }
	for name, test := range map[string]struct {
		at      string
		happens func(*testing.T, stage)
		fails   string // The summary of the error, or a part of it; empty: it succeeds.
		saved   tftest.Attributes
		// accepted is how many planned failovers are, and again how many once the next apply has succeeded after a repair.
		accepted, again int
		repair          func(*testing.T, stage)
	}{
		"switched before the action": {
			at: beforeTheAction, happens: func(t *testing.T, s stage) { t.Helper(); must(t)(s.Switch(group.ID, "target")) },
			saved: tftest.Attributes{"priority_station": "target", "status": "protected", "active_site": "target"},
		},
		"failed over before the action": {
			at: beforeTheAction, happens: failOver, fails: "Planned Failover Not Possible",
			saved:  tftest.Attributes{"priority_station": "source", "status": "failed-over", "active_site": "target"},
			repair: reprotect,
		},
		"failed over while the job runs": { // The cloud refuses it, as it refuses any operation while one is running.
			at: whileTheJobRuns, happens: func(t *testing.T, s stage) {
				t.Helper()
				if _, err := s.Failover(group.ID); err == nil {
					t.Error("the cloud accepted a failover in the middle of a switch")
				}
			},
			saved:    tftest.Attributes{"priority_station": "target", "status": "protected", "active_site": "target"},
			accepted: 1, again: 1,
		},
		"failed over after the job": {
			at: afterTheJob, happens: failOver, fails: "Planned Failover Not Verified",
			saved:    tftest.Attributes{"priority_station": "source", "status": "failed-over", "active_site": "source"},
			accepted: 1, again: 2,
			repair: reprotect,
		},
		"switched back after the job": {
			at: afterTheJob, happens: func(t *testing.T, s stage) { t.Helper(); must(t)(s.Switch(group.ID, "source")) },
			fails:    "Planned Failover Not Verified",
			saved:    tftest.Attributes{"priority_station": "source", "status": "protected", "active_site": "source"},
			accepted: 1, again: 2,
		},
		"deleted before the action": {
			at: beforeTheAction, happens: remove, fails: "Protection Group Not Found",
			saved: tftest.Attributes{"priority_station": "source", "status": "protected", "active_site": "source"},
		},
		"deleted while the job runs": {
			at: whileTheJobRuns, happens: remove, fails: "The protection group has been deleted",
			saved: tftest.Attributes{"priority_station": "source"}, accepted: 1,
		},
		"deleted after the job": {
			at: afterTheJob, happens: remove, fails: "Protection Group Not Found",
			saved: tftest.Attributes{"priority_station": "source"}, accepted: 1,
		},
		"a server started while the job runs": {
			at: whileTheJobRuns, happens: func(_ *testing.T, s stage) {
				s.SetServerStatus(group.Instances[0].TargetServer.ID, "ACTIVE")
			},
			fails:    "SDRS.1352",
			saved:    tftest.Attributes{"priority_station": "source", "status": "error-reversing", "active_site": "source"},
			accepted: 1, again: 2,
			repair: func(_ *testing.T, s stage) {
				s.SetServerStatus(group.Instances[0].TargetServer.ID, simulator.ServerStopped)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, policy := newLiveStage(t, simulator.WithJobDuration(time.Second)) // Long enough for what happens meanwhile.
			plan := s.Plan(t, s.adopt(t, policy), s.config("target", policy))
			s.at(test.at, func() { test.happens(t, s) })
			applied := s.Apply(t.Context(), t, plan)
			text := tftest.Text(applied.Diagnostics)
			if failed := tftest.Failed(applied.Diagnostics); failed != (test.fails != "") || !strings.Contains(text, test.fails) {
				t.Errorf("got %s, want %q", text, test.fails)
			}
			tftest.Want(t, applied.Attributes, test.saved)
			s.wantAccepted(t, test.accepted)
			if test.repair != nil {
				test.repair(t, s)
			}
			_, exists := s.Group(s.GroupID)
			if refreshed := s.Refresh(t, applied); !exists {
				gone := s.Apply(t.Context(), t, s.Plan(t, refreshed.Attributes, s.config("target", policy)))
				if text := tftest.Text(gone.Diagnostics); refreshed.Attributes != nil || !strings.Contains(text, "Protection Group Not Found") {
					t.Errorf("applied to a group that is gone: %v, %s", refreshed.Attributes, text)
				}
			} else {
				s.applyAgain(t, applied, policy, test.again)
			}
		})
	}
}

// The same switch is applied twice at once, with no lock between the two, and both ask for it at the same moment.
func TestTwoApplies(t *testing.T) {
	t.Parallel()
	s, policy := newLiveStage(t)
	state := s.adopt(t, policy)
	var asking sync.WaitGroup
	asking.Add(2)
	s.Inject(simulator.Fault{Route: simulator.RouteAction, Match: func(*http.Request) bool {
		asking.Done()
		asking.Wait()
		return false
	}})
	var applies sync.WaitGroup
	for range 2 {
		resource, _ := s.NewResource(t, typeName, nil)
		plan := resource.Plan(t, state, s.config("target", policy))
		applies.Go(func() {
			applied := resource.Apply(t.Context(), t, plan)
			if text := tftest.Text(applied.Diagnostics); strings.Contains(text, "ERROR") {
				t.Error(text)
			}
			tftest.Want(t, applied.Attributes, tftest.Attributes{"priority_station": "target", "status": "protected", "active_site": "target"})
		})
	}
	applies.Wait()
	s.wantAccepted(t, 1)
	s.wantServers(t, "SHUTOFF", "ACTIVE")
}
