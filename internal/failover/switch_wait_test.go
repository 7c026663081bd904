package failover_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

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
			failure, ok := failed(err, failover.JobFailed)
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
	failure, ok := failed(err, failover.NotVerified)
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
	failure, ok := failed(err, failover.NotVerified)
	if !ok || failure.Group.Status != sdrs.StatusFailedOver {
		t.Errorf("got %v, want NotVerified: the site is active, but nothing is replicated", err)
	}
}

func TestTransientErrorsHaveABudgetThatResets(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		route string
		skip  []int // Requests that pass before each fault.
		times int
		lost  bool
	}{
		"job, twice 60 times":   {route: simulator.RouteJob, skip: []int{2, 4}, times: 60},
		"job, for ever":         {route: simulator.RouteJob, skip: []int{2}}, // The group tells.
		"group, twice 60 times": {route: simulator.RouteGroup, skip: []int{2, 4}, times: 60},
		"group, 61 times":       {route: simulator.RouteGroup, skip: []int{2}, times: 61, lost: true},
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
			failure, ok := failed(err, failover.LostContact)
			if !ok || failure.JobID == "" || failure.Sent != failover.Accepted {
				t.Errorf("got %v, want LostContact", err)
			}
		})
	}
}

// While the repetition of a failed switch is queued, the group still shows the failure of the first one.
func TestJobOfUnknownStatusBeforeItMoves(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.set(sdrs.StatusErrorReversing, sdrs.Source)
	s.Inject(simulator.Fault{Route: simulator.RouteJob, Times: 60, Status: 200, Body: `{"status":"QUEUED"}`})
	s.Inject(simulator.Fault{Route: simulator.RouteGroup, Skip: 2, Times: 60, Status: 200, Body: `{"server_group":{"id":"` + groupID +
		`","name":"web-shop","status":"error-reversing","priority_station":"source"}}`})
	if _, err := s.switchTo(t.Context(), sdrs.Target); err != nil {
		t.Errorf("got %v", err)
	}
	s.wantAccepted(t, 1)
}

// A job that is denied is no failure of the switch: from there on the group tells.
func TestJobThatIsDenied(t *testing.T) {
	t.Parallel()
	s := newScene(t, simulator.WithJobDuration(5*time.Minute))
	s.Inject(simulator.Fault{Route: simulator.RouteJob, Status: 404, Body: `{"error":{"code":"SDRS.0015","message":"no job"}}`})
	result, err := s.switchTo(t.Context(), sdrs.Target)
	if err != nil || result.JobID == "" || s.Count(simulator.RouteJob) != 1 {
		t.Errorf("got %v, %v after %d looks at the job", result, err, s.Count(simulator.RouteJob))
	}
}

// A read that fails inside a wait is repeated at the wait's interval, not by the session: that would sleep on while the
// cloud answers again.
func TestFailedPollsAreRepeatedAtTheInterval(t *testing.T) {
	t.Parallel()
	for _, at := range []*place{polling, verification, stopLook, startList, startLook, startJob} {
		for _, status := range []int{http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway} {
			t.Run(fmt.Sprint(at.name, status), func(t *testing.T) {
				t.Parallel()
				undisturbed, s := trials[0].undisturbed(t), trials[0].newScene(t)
				s.logIn(t, func(c *cloud.Config) { c.MaxRetries = 5 })
				k := &strike{scene: s, at: at, times: 5}
				s.Inject(simulator.Fault{Route: at.route, Status: status, Match: func(r *http.Request) bool { return k.hit(r.URL.Path) }})
				began := s.clock.Now()
				if _, err := s.switchTo(t.Context(), sdrs.Target); err != nil {
					t.Fatal(err)
				}
				if late := s.clock.Now().Sub(began) - undisturbed; late > 6*time.Second {
					t.Errorf("it took %s longer", late)
				}
				var failed []time.Time
				for _, request := range s.Requests() {
					if request.Status == status {
						failed = append(failed, request.Time)
					}
				}
				for i := 1; i < len(failed); i++ {
					if wait := failed[i].Sub(failed[i-1]); wait < time.Second || wait > 5*time.Second {
						t.Errorf("read again after %s", wait)
					}
				}
				if at != startJob && len(failed) != 5 { // What the servers say ends the wait sooner.
					t.Errorf("%d reads failed", len(failed))
				}
			})
		}
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
			s.Inject(simulator.Fault{Route: simulator.RouteJob, Status: 200, Body: `{"status":"PONDERING"}`})
			began := s.clock.Now()
			_, err := s.switchTo(t.Context(), sdrs.Target)
			if took := s.clock.Now().Sub(began); took < 10*time.Minute || took > 11*time.Minute {
				t.Errorf("took %s of an hour for a job of 10 minutes", took)
			}
			failure, failed := failed(err, failover.JobFailed)
			if failed != (code != "") || failed && failure.Code != code {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.StallJobs()
	ctx, cancel := s.clock.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	_, err := s.workflow.Run(ctx, groupID, failover.PlannedFailover(sdrs.Target), s.policy)
	failure, ok := failed(err, failover.TimedOut)
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
			_, err := s.workflow.Run(ctx, groupID, failover.PlannedFailover(sdrs.Target), s.policy)
			failure, ok := failed(err, failover.Interrupted)
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
		_, err := s.workflow.Run(ctx, groupID, failover.PlannedFailover(sdrs.Target), s.policy)
		if failure, ok := failed(err, failover.Interrupted); !ok || failure.Sent != failover.NotSent {
			t.Errorf("got %v, want Interrupted", err)
		}
		if n := s.Count(simulator.RouteAction); n != 0 {
			t.Errorf("%d actions sent", n)
		}
	})
}
