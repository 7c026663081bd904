package failover_test

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"
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
				if result.JobID == "" || !result.StartedAt.Equal(began) || result.FinishedAt.Sub(result.StartedAt) < 12*time.Second {
					t.Errorf("job %q from %s to %s, began at %s", result.JobID, result.StartedAt, result.FinishedAt, began)
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

func TestLostAnswers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault    simulator.Fault
		accepted int
	}{
		"cut after the effect":  {fault: simulator.Fault{Cut: simulator.CutAfter}, accepted: 1},
		"502 after the effect":  {fault: simulator.Fault{Status: 502, AfterEffect: true, Body: "<html>"}, accepted: 1},
		"408 after the effect":  {fault: simulator.Fault{Status: 408, AfterEffect: true}, accepted: 1},
		"no job in the answer":  {fault: simulator.Fault{Status: 200, AfterEffect: true, Body: "{}"}, accepted: 1},
		"truncated":             {fault: simulator.Fault{Truncate: 3}, accepted: 1},
		"cut before the effect": {fault: simulator.Fault{Cut: simulator.CutBefore}},
		"502 before the effect": {fault: simulator.Fault{Status: 502}},
		"500":                   {fault: simulator.Fault{Status: 500}},
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
			failure, ok := errors.AsType[*failover.NotStarted](err)
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
		failure, ok := errors.AsType[*failover.Refused](err)
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
	t.Run("unreachable", func(t *testing.T) {
		t.Parallel()
		s := newScene(t)
		s.Inject(simulator.Fault{Route: simulator.RouteAction, Status: 429})
		_, err := s.switchTo(t.Context(), sdrs.Target)
		if _, ok := errors.AsType[*failover.Refused](err); !ok {
			t.Errorf("got %v, want Refused", err)
		}
		s.wantAccepted(t, 0)
	})
}

func TestFailedJobs(t *testing.T) {
	t.Parallel()
	startServer := func(s *scene) {
		s.clock.then[5] = func() { s.SetServerStatus(simulator.DemoGroup().Instances[1].TargetServer.ID, "ACTIVE") }
	}
	for name, test := range map[string]struct {
		prepare      func(*scene)
		code, reason string
		subJobs      bool
		noJob        bool
	}{
		"a server was started": {prepare: startServer, code: "SDRS.1352", subJobs: true},
		"the job fails": {
			prepare: func(s *scene) { s.FailNextJob("SDRS.1029", "the array is on fire") },
			code:    "SDRS.1029", reason: "on fire", subJobs: true,
		},
		"its id was lost": {
			prepare: func(s *scene) {
				s.Inject(simulator.Fault{Route: simulator.RouteAction, Cut: simulator.CutAfter})
				startServer(s)
			},
			code: "SDRS.1352", subJobs: true,
		},
		"it can't be read": {
			prepare: func(s *scene) {
				s.FailNextJob("SDRS.1029", "the array is on fire")
				s.Inject(simulator.Fault{Route: simulator.RouteJob, Status: 403, Body: `{"error":{"code":"SDRS.0005","message":"no"}}`})
			},
			code: "SDRS.1029", reason: "on fire",
		},
		"neither job nor task center can be read": {
			prepare: func(s *scene) {
				s.FailNextJob("SDRS.1029", "")
				s.Inject(simulator.Fault{Route: simulator.RouteAction, Cut: simulator.CutAfter})
				s.Inject(simulator.Fault{Route: simulator.RouteFailureJobs, Status: 403})
			},
			noJob: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			// A failure of last week must not be taken for this one.
			s.FailNextJob("SDRS.0000", "last week")
			if _, err := s.Switch(groupID, "target"); err != nil {
				t.Fatal(err)
			}
			s.clock.Advance(7 * 24 * time.Hour)
			s.AddGroup(simulator.DemoGroup())

			test.prepare(s)
			_, err := s.switchTo(t.Context(), sdrs.Target)
			failure, ok := errors.AsType[*failover.JobFailed](err)
			if !ok {
				t.Fatalf("got %v, want JobFailed", err)
			}
			if failure.Code != test.code || !strings.Contains(failure.Reason, test.reason) || (len(failure.FailedSubJobs) > 0) != test.subJobs {
				t.Errorf("got %+v", failure)
			}
			if (failure.JobID == "") != test.noJob || failure.Group.Status != sdrs.StatusErrorReversing || failure.Sent != failover.Accepted {
				t.Errorf("got %+v", failure.Progress)
			}
			s.wantAccepted(t, 1)

			// The documented way on.
			for _, instance := range simulator.DemoGroup().Instances {
				s.SetServerStatus(instance.TargetServer.ID, simulator.ServerStopped)
			}
			if result, err := s.switchTo(t.Context(), sdrs.Target); err != nil && !test.noJob || err == nil && !result.Acted() {
				t.Errorf("finishing it: %+v, %v", result, err)
			}
		})
	}
}

func TestJobThatIsGone(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.clock.then[4] = s.ForgetJobs
	result, err := s.switchTo(t.Context(), sdrs.Target)
	if err != nil || result.JobID == "" {
		t.Errorf("got %+v, %v", result, err)
	}
	s.wantActive(t, sdrs.Target)
}

func TestSuccessMustShow(t *testing.T) {
	t.Parallel()
	s := newScene(t, simulator.WithStatusLag(100*time.Hour))
	// The job succeeds, and somebody puts the group back before it shows.
	s.clock.then[14] = func() { s.set(sdrs.StatusProtected, sdrs.Source) }
	_, err := s.switchTo(t.Context(), sdrs.Target)
	failure, ok := errors.AsType[*failover.NotVerified](err)
	if !ok || failure.JobID == "" || failure.Group.PriorityStation != sdrs.Source {
		t.Errorf("got %v, want NotVerified", err)
	}
	s.wantAccepted(t, 1)
}

func TestFailedOverMeanwhile(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.ForgetJobs()
	s.StallJobs()
	s.clock.then[3] = func() { s.set(sdrs.StatusFailedOver, sdrs.Target) }
	_, err := s.switchTo(t.Context(), sdrs.Target)
	failure, ok := errors.AsType[*failover.NotVerified](err)
	if !ok || failure.Group.Status != sdrs.StatusFailedOver {
		t.Errorf("got %v, want NotVerified: the site is active, but nothing is replicated", err)
	}
}

func TestTransientErrorsHaveABudgetThatResets(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		route string
		skip  []int // Requests that pass before each fault; a failed read is two requests.
		times int
		lost  bool
	}{
		"job, twice nine times": {route: simulator.RouteJob, skip: []int{2, 4}, times: 18},
		"job, ten times":        {route: simulator.RouteJob, skip: []int{2}, times: 20},
		"job, for ever":         {route: simulator.RouteJob, skip: []int{2}}, // The group tells.
		"group, nine times":     {route: simulator.RouteGroup, skip: []int{2}, times: 18},
		"group, for ever":       {route: simulator.RouteGroup, skip: []int{2}, lost: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, simulator.WithJobDuration(10*time.Minute))
			for _, skip := range test.skip {
				s.Inject(simulator.Fault{Route: test.route, Skip: skip, Times: test.times, Status: 502, Body: "<html>"})
			}
			_, err := s.switchTo(t.Context(), sdrs.Target)
			s.wantAccepted(t, 1)
			if !test.lost {
				if err != nil {
					t.Errorf("got %v", err)
				}
				return
			}
			failure, ok := errors.AsType[*failover.LostContact](err)
			if !ok || failure.JobID == "" || failure.Sent != failover.Accepted {
				t.Errorf("got %v, want LostContact", err)
			}
		})
	}
}

// TestJobOfUnknownStatus has a job say nothing that can be understood: the group tells how it ended.
func TestJobOfUnknownStatus(t *testing.T) {
	t.Parallel()
	for name, code := range map[string]string{"succeeds": "", "fails": "SDRS.1029"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, simulator.WithJobDuration(10*time.Minute))
			if code != "" {
				s.FailNextJob(code, "no")
			}
			s.Inject(simulator.Fault{Route: simulator.RouteJob, Status: 200, Body: `{"job_id":"1","status":"PONDERING"}`})
			began := s.clock.Now()
			_, err := s.switchTo(t.Context(), sdrs.Target)
			if took := s.clock.Now().Sub(began); took < 10*time.Minute || took > 11*time.Minute {
				t.Errorf("took %s of an hour for a job of 10 minutes", took)
			}
			failure, failed := errors.AsType[*failover.JobFailed](err)
			if failed != (code != "") || failed && failure.Code != code {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestGroupThatIsGone(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.DeleteGroup(groupID)
	_, err := s.switchTo(t.Context(), sdrs.Target)
	failure, ok := errors.AsType[*failover.LostContact](err)
	if !ok || failure.Sent != failover.NotSent || !sdrs.IsNotFound(err) {
		t.Errorf("got %v", err)
	}
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.StallJobs()
	ctx, cancel := s.clock.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	_, err := s.workflow.Switch(ctx, groupID, sdrs.Target, s.policy)
	failure, ok := errors.AsType[*failover.TimedOut](err)
	if !ok || failure.JobID == "" || failure.Waited != 90*time.Second || failure.Sent != failover.Accepted {
		t.Fatalf("got %v, want TimedOut", err)
	}
	s.ResumeJobs()
	if result, err := s.switchTo(t.Context(), sdrs.Target); err != nil || result.Acted() {
		t.Errorf("resuming: %+v, %v", result, err)
	}
	s.wantAccepted(t, 1)
	s.wantActive(t, sdrs.Target)
}

func TestInterrupt(t *testing.T) {
	t.Parallel()
	for name, interrupt := range map[string]func(*scene, context.CancelFunc){
		"while waiting": func(s *scene, cancel context.CancelFunc) { s.clock.then[5] = cancel },
		"while the action is on the wire": func(s *scene, cancel context.CancelFunc) {
			s.Inject(simulator.Fault{Route: simulator.RouteAction, Match: func(*http.Request) bool { cancel(); return true }})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			interrupt(s, cancel)
			_, err := s.workflow.Switch(ctx, groupID, sdrs.Target, s.policy)
			failure, ok := errors.AsType[*failover.Interrupted](err)
			if !ok || failure.JobID == "" || failure.Sent != failover.Accepted {
				t.Fatalf("got %v, want Interrupted with a job", err)
			}
			if result, err := s.switchTo(t.Context(), sdrs.Target); err != nil || result.Acted() {
				t.Errorf("resuming: %+v, %v", result, err)
			}
			s.wantAccepted(t, 1)
			s.wantActive(t, sdrs.Target)
		})
	}
	t.Run("before the action", func(t *testing.T) {
		t.Parallel()
		s := newScene(t)
		ctx, cancel := context.WithCancel(t.Context())
		s.Inject(simulator.Fault{Route: simulator.RouteGroup, Match: func(*http.Request) bool { cancel(); return true }})
		_, err := s.workflow.Switch(ctx, groupID, sdrs.Target, s.policy)
		if failure, ok := errors.AsType[*failover.Interrupted](err); !ok || failure.Sent != failover.NotSent {
			t.Errorf("got %v, want Interrupted", err)
		}
		if n := s.Count(simulator.RouteAction); n != 0 {
			t.Errorf("%d actions sent", n)
		}
	})
}

func TestErrorsSayWhatHappened(t *testing.T) {
	t.Parallel()
	progress := failover.Progress{
		Operation: "planned failover", GroupID: groupID, Station: sdrs.Target, JobID: "j1", Waited: time.Minute,
		Group: sdrs.Group{ID: groupID, Status: sdrs.StatusReversing, PriorityStation: sdrs.Source},
	}
	refusal := errors.New("SDRS.1319")
	for want, err := range map[string]error{
		"no planned failover from status reversing: why":                                              &failover.NotPossible{Progress: progress, Advice: failover.Advice{Reason: "why"}},
		"the planned failover was refused: SDRS.1319":                                                 &failover.Refused{Progress: progress, Err: refusal},
		"the planned failover did not start (3 reads unchanged) after its answer was lost: SDRS.1319": &failover.NotStarted{Progress: progress, Reads: 3, Err: refusal},
		"job j1 failed: SDRS.1352 running":                                                            &failover.JobFailed{Progress: progress, Code: "SDRS.1352", Reason: "running"},
		"the group ended reversing at source":                                                         &failover.NotVerified{Progress: progress},
		`timed out after 1m0s, job "j1", last status "reversing"`:                                     &failover.TimedOut{Progress: progress},
		`interrupted after 1m0s, job "j1", last status "reversing"`:                                   &failover.Interrupted{Progress: progress},
		"the protection group can't be read: SDRS.1319":                                               &failover.LostContact{Progress: progress, Err: refusal},
	} {
		if err.Error() != want {
			t.Errorf("got  %s\nwant %s", err, want)
		}
		if got, ok := failover.ProgressOf(err); !ok || !reflect.DeepEqual(got, progress) {
			t.Errorf("%T has progress %+v", err, got)
		}
	}
	if _, ok := failover.ProgressOf(refusal); ok {
		t.Error("any error has progress")
	}
}
