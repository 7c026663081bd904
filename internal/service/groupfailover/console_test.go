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
	tftest.Want(t, applied.Attributes, tftest.Attributes{
		"priority_station": "target", "status": "protected",
		"active_site": "target",
	})
	s.wantServers(t, "SHUTOFF", "ACTIVE")
	s.wantAccepted(t, accepted)
}

// Somebody changes the group while an apply is switching it.
func TestConsoleFaults(t *testing.T) {
	t.Parallel()
	group := simulator.DemoGroup()
	of := func(_ string, err error) error { return err }
	server := func(status string) func(stage) error {
		return func(s stage) error { s.SetServerStatus(group.Instances[0].TargetServer.ID, status); return nil }
	}
	for name, test := range map[string]struct {
		at      string
		happens func(stage) error
		fails   string // The summary of the error, or a part of it; empty: it succeeds.
		saved   tftest.Attributes
		// accepted is how many planned failovers are, and again how many once the next apply has succeeded after a repair.
		accepted, again int
		repair          func(stage) error
	}{
		"switched before the action": {
			at: beforeTheAction, happens: func(s stage) error { return of(s.Switch(group.ID, "target")) },
			saved: tftest.Attributes{"priority_station": "target", "status": "protected", "active_site": "target"},
		},
		"failed over after the job": {
			at: afterTheJob, happens: func(s stage) error { return of(s.Failover(group.ID)) },
			fails:    "Planned Failover Not Verified",
			saved:    tftest.Attributes{"priority_station": "source", "status": "failed-over", "active_site": "source"},
			accepted: 1, again: 2,
			repair: func(s stage) error { return of(s.Protect(group.ID)) },
		},
		"deleted while the job runs": {
			at: whileTheJobRuns, happens: func(s stage) error { s.DeleteGroup(group.ID); return nil },
			fails: "The protection group has been deleted",
			saved: tftest.Attributes{"priority_station": "source"}, accepted: 1,
		},
		"a server started while the job runs": {
			at: whileTheJobRuns, happens: server("ACTIVE"), fails: "SDRS.1352",
			saved:    tftest.Attributes{"priority_station": "source", "status": "error-reversing", "active_site": "source"},
			accepted: 1, again: 2, repair: server(simulator.ServerStopped),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, policy := newLiveStage(t, simulator.WithJobDuration(time.Second)) // Long enough for what happens meanwhile.
			plan := s.Plan(t, s.adopt(t, policy), s.config("target", policy))
			s.at(test.at, func() {
				if err := test.happens(s); err != nil {
					t.Error(err)
				}
			})
			applied := s.Apply(t.Context(), t, plan)
			text := tftest.Text(applied.Diagnostics)
			if failed := tftest.Failed(applied.Diagnostics); failed != (test.fails != "") ||
				!strings.Contains(text, test.fails) {
				t.Errorf("got %s, want %q", text, test.fails)
			}
			tftest.Want(t, applied.Attributes, test.saved)
			s.wantAccepted(t, test.accepted)
			if test.repair != nil {
				if err := test.repair(s); err != nil {
					t.Error(err)
				}
			}
			_, exists := s.Group(s.GroupID)
			if refreshed := s.Refresh(t, applied); !exists {
				gone := s.Apply(t.Context(), t, s.Plan(t, refreshed.Attributes, s.config("target", policy)))
				if text := tftest.Text(gone.Diagnostics); refreshed.Attributes != nil ||
					!strings.Contains(text, "Protection Group Not Found") {
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
			tftest.Want(t, applied.Attributes, tftest.Attributes{
				"priority_station": "target", "status": "protected",
				"active_site": "target",
			})
		})
	}
	applies.Wait()
	s.wantAccepted(t, 1)
	s.wantServers(t, "SHUTOFF", "ACTIVE")
}
