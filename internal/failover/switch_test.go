package failover_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

func TestSwitchThereAndBack(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]simulator.Option{
		"":                                nil,
		"the site flips early":            {simulator.WithStationFlipsEarly()},
		"the API lags behind its job":     {simulator.WithStatusLag(20 * time.Second)},
		"the API lags and flips the site": {simulator.WithStatusLag(20 * time.Second), simulator.WithStationFlipsEarly()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, options...)
			for i, station := range []sdrs.Station{sdrs.Target, sdrs.Source} {
				began := s.clock.Now()
				result, err := s.switchTo(t.Context(), station)
				if err != nil {
					t.Fatal(err)
				}
				s.wantActive(t, station)
				s.wantAccepted(t, i+1)
				if result.Group.PriorityStation != station || result.Group.Status != sdrs.StatusProtected || result.From != station.Other() || result.Warning != nil {
					t.Errorf("got %+v", result)
				}
				if took, known := result.Times.Duration(); result.JobID == "" || !result.Times.Requested.Equal(began) || !known || took < 12*time.Second {
					t.Errorf("job %q, times %+v, began at %s", result.JobID, result.Times, began)
				}
			}
		})
	}
}

func TestSwitchTwiceActsOnce(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for range 2 {
		if _, err := s.switchTo(t.Context(), sdrs.Target); err != nil {
			t.Fatal(err)
		}
	}
	s.wantAccepted(t, 1)
}

func TestConsoleSwitchInFlightIsAdopted(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	if _, err := s.Switch(groupID, "target"); err != nil {
		t.Fatal(err)
	}
	result, err := s.switchTo(t.Context(), sdrs.Target)
	if err != nil || result.Acted() || result.JobID != "" || result.From != sdrs.Source {
		t.Errorf("got %+v, %v", result, err)
	}
	s.wantAccepted(t, 0)
	s.wantActive(t, sdrs.Target)
}

// The matrix has each way to lose the answer; here is what is said of it.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault    simulator.Fault
		accepted int
	}{
		"cut after the effect":  {fault: simulator.Fault{Cut: simulator.CutAfter}, accepted: 1},
		"cut before the effect": {fault: simulator.Fault{Cut: simulator.CutBefore}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			test.fault.Route, test.fault.Times = simulator.RouteAction, 1
			s.Inject(test.fault)
			result, err := s.switchTo(t.Context(), sdrs.Target)
			s.wantAccepted(t, test.accepted)
			if n := s.Count(simulator.RouteAction); n != 1 {
				t.Errorf("sent %d times", n)
			}
			if test.accepted == 1 {
				s.wantActive(t, sdrs.Target)
				if err != nil || result.JobID != "" || !result.Acted() {
					t.Errorf("got %+v, %v", result, err)
				}
				return
			}
			failure, ok := failed(err, failover.NotStarted)
			if !ok || failure.Reads != 30 || failure.Group.Status != sdrs.StatusProtected || failure.Sent != failover.Unanswered {
				t.Errorf("got %v, want NotStarted", err)
			}
			if !cloud.OutcomeUnknown(err) {
				t.Errorf("%v does not wrap how the answer was lost", err)
			}
			if _, err := s.switchTo(t.Context(), sdrs.Target); err != nil {
				t.Errorf("the next switch: %v", err)
			}
			s.wantAccepted(t, 1)
		})
	}
}

// Somebody disabling protection at that moment is no sign that the planned failover was accepted.
func TestAnotherOperationIsNoEvidence(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Inject(simulator.Fault{Route: simulator.RouteAction, Times: 1, Status: 502, Match: func(*http.Request) bool {
		s.set(sdrs.StatusAvailable, sdrs.Source)
		return true
	}})
	_, err := s.switchTo(t.Context(), sdrs.Target)
	if failure, ok := failed(err, failover.NotStarted); !ok || failure.Sent != failover.Unanswered {
		t.Errorf("got %v, want NotStarted", err)
	}
	s.wantAccepted(t, 0)
}

func TestConfirm(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	wanted := failover.PlannedFailover(sdrs.Target)
	_, err := s.workflow.Confirm(t.Context(), groupID, wanted, failover.ServerPolicy{Stop: true, Start: true})
	if _, ok := failed(err, failover.NotAsPlanned); !ok {
		t.Errorf("got %v, want Changed", err)
	}
	s.wantServers(t, "SHUTOFF", "SHUTOFF")
	s.set(sdrs.StatusProtected, sdrs.Target)
	result, err := s.workflow.Confirm(t.Context(), groupID, wanted, failover.ServerPolicy{Start: true})
	if err != nil || len(result.Started) != 2 {
		t.Errorf("got %v, %v, want the servers started", result, err)
	}
	s.wantAccepted(t, 0)
}

// A job that starts late is found, since the group is looked at for a while.
func TestLateStartAfterALostAnswer(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Inject(simulator.Fault{Route: simulator.RouteAction, Status: 504})
	s.clock.then[10] = func() {
		if _, err := s.Switch(groupID, "target"); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.switchTo(t.Context(), sdrs.Target); err != nil {
		t.Error(err)
	}
	if n := s.Count(simulator.RouteAction); n != 1 {
		t.Errorf("sent %d times", n)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	t.Run("servers are running, and only the cloud knows", func(t *testing.T) {
		t.Parallel()
		s := newScene(t)
		s.Inject(simulator.Fault{Route: simulator.RouteServer, Status: http.StatusForbidden})
		s.SetServerStatus(simulator.DemoGroup().Instances[0].SourceServer.ID, "ACTIVE")
		_, err := s.switchTo(t.Context(), sdrs.Target)
		failure, ok := failed(err, failover.Refused)
		if !ok || failure.Sent != failover.NotSent {
			t.Fatalf("got %v, want Refused", err)
		}
		if refusal, ok := errors.AsType[*cloud.APIError](err); !ok || refusal.Code != "SDRS.1319" {
			t.Errorf("got %v, want SDRS.1319", err)
		}
		s.wantAccepted(t, 0)
		s.wantActive(t, sdrs.Source)
	})
	t.Run("somebody else was faster", func(t *testing.T) {
		t.Parallel()
		s := newScene(t)
		s.Inject(simulator.Fault{Route: simulator.RouteAction, Times: 1, Match: func(*http.Request) bool {
			_, _ = s.Switch(groupID, "target")
			return true
		}})
		result, err := s.switchTo(t.Context(), sdrs.Target)
		if err != nil || result.Acted() {
			t.Errorf("got %+v, %v", result, err)
		}
		s.wantAccepted(t, 0)
		s.wantActive(t, sdrs.Target)
	})
	t.Run("throttled for long", func(t *testing.T) { // The checks are made again before the action is sent again.
		t.Parallel()
		s := newScene(t)
		s.Inject(simulator.Fault{Route: simulator.RouteAction, Times: 25, Status: 429})
		if _, err := s.switchTo(t.Context(), sdrs.Target); err != nil {
			t.Error(err)
		}
		s.wantAccepted(t, 1)
		if checked := s.Count(simulator.RoutePairs); checked != 3 {
			t.Errorf("checked %d times, want 3", checked)
		}
	})
}

func TestGroupThatIsGone(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.DeleteGroup(groupID)
	_, err := s.switchTo(t.Context(), sdrs.Target)
	failure, ok := failed(err, failover.LostContact)
	if !ok || failure.Sent != failover.NotSent || !sdrs.IsNotFound(err) {
		t.Errorf("got %v", err)
	}
}
