package failover_test

import (
	"context"
	"net/http"
	"testing"
	"time"

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
				if result.Group.PriorityStation != station || result.Group.Status != sdrs.StatusProtected ||
					result.From != station.Other() || result.Warning != nil {
					t.Errorf("got %+v", result)
				}
				if took, known := result.Times.Duration(); result.JobID == "" || !result.Times.Requested.Equal(began) || !known ||
					took < 12*time.Second {
					t.Errorf("job %q, times %+v, began at %s", result.JobID, result.Times, began)
				}
			}
		})
	}
}

// Somebody disabling protection at that moment is no sign that the planned failover was accepted.
func TestAnotherOperationIsNoEvidence(t *testing.T) {
	t.Parallel()
	for _, status := range []sdrs.Status{sdrs.StatusStopping, sdrs.StatusAvailable} {
		s := newScene(t)
		s.Inject(simulator.Fault{Route: simulator.RouteAction, Times: 1, Status: 502, Match: func(*http.Request) bool {
			s.set(status, sdrs.Source)
			return true
		}})
		_, err := s.switchTo(t.Context(), sdrs.Target)
		if failure, ok := failed(err, failover.NotStarted); !ok || failure.Sent != failover.Unanswered {
			t.Errorf("%s: got %v, want NotStarted", status, err)
		}
		s.wantAccepted(t, 0)
	}
}

// Where the cloud refuses what somebody else has made impossible the error says what leads on, once that has ended.
func TestRefusedWhileAnotherOperationBegins(t *testing.T) {
	t.Parallel()
	for status, kind := range map[sdrs.Status]failover.Kind{
		sdrs.StatusStopping: failover.NotPossible, sdrs.StatusAvailable: failover.Refused,
	} {
		s := newScene(t)
		s.Inject(simulator.Fault{Route: simulator.RouteAction, Times: 1, Status: 409, Match: func(*http.Request) bool {
			s.set(status, sdrs.Source)
			s.clock.then[s.clock.sleeps+3] = func() { s.set(sdrs.StatusAvailable, sdrs.Source) }
			return true
		}})
		_, err := s.switchTo(t.Context(), sdrs.Target)
		if failure, ok := failed(err, kind); !ok || failure.Advice.Next != failover.NextEnable {
			t.Errorf("%s: got %v, want kind %v that advises to enable protection", status, err, kind)
		}
	}
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
	s.set(sdrs.StatusAvailable, sdrs.Target)
	result, err := s.workflow.Confirm(t.Context(), groupID, wanted, failover.ServerPolicy{Start: true})
	if err != nil || result.Warning == nil || len(result.Started) > 0 {
		t.Errorf("got %+v, %v, want a warning that it is not protected", result, err)
	}
	s.set(sdrs.StatusProtected, sdrs.Target)
	s.wantLogged(t, func(ctx context.Context) {
		stopped, err := s.workflow.OutOfService(ctx, groupID, sdrs.Target)
		if err != nil || len(stopped) != 2 {
			t.Errorf("got %v, %v", stopped, err)
		}
		result, err := s.workflow.Confirm(ctx, groupID, wanted, failover.ServerPolicy{Start: true})
		if err != nil || len(result.Started) != 2 {
			t.Errorf("got %v, %v, want the servers started", result, err)
		}
	})
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

// An action that was throttled for long is preceded by the checks again.
func TestThrottledForLong(t *testing.T) {
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
}

func TestInterruptWhileTheActionIsOnTheWire(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s.Inject(simulator.Fault{Route: simulator.RouteAction, Match: func(*http.Request) bool { cancel(); return true }})
	_, err := s.switchTo(ctx, sdrs.Target)
	if failure, ok := failed(err, failover.Interrupted); !ok || failure.JobID == "" || failure.Sent != failover.Accepted ||
		failure.Group.Status != sdrs.StatusReversing { // It looks once more.
		t.Fatalf("got %v, want Interrupted with a job, and reversing", err)
	}
	if result, err := s.switchTo(t.Context(), sdrs.Target); err != nil || result.Acted() {
		t.Errorf("resuming: %+v, %v", result, err)
	}
}
