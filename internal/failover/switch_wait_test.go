package failover_test

import (
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

// What is known of a job that failed, where it can't be read; the matrix has those that can.
func TestFailedJobs(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prepare      func(*scene)
		code, reason string
		noJob        bool
	}{
		"it can't be read": {
			prepare: func(s *scene) {
				s.FailNextJob("SDRS.1029", "the array is on fire")
				s.Inject(simulator.Fault{
					Route: simulator.RouteJob, Status: 403,
					Body: `{"error":{"code":"SDRS.0005","message":"no"}}`,
				})
			},
			code: "SDRS.1029", reason: "on fire",
		},
		"it says nothing that can be understood": {
			prepare: func(s *scene) {
				s.FailNextJob("SDRS.1029", "the array is on fire")
				s.Inject(simulator.Fault{Route: simulator.RouteJob, Status: 200, Body: `{"status":"PONDERING"}`})
			},
			code: "SDRS.1029", reason: "on fire",
		},
		"neither it nor the task center can be read": {
			prepare: func(s *scene) {
				s.FailNextJob("SDRS.1029", "")
				s.Inject(simulator.Fault{Route: simulator.RouteJob, Status: 403})
				s.Inject(simulator.Fault{Route: simulator.RouteFailureJobs, Status: 403})
			},
		},
		"its id was lost, and the task center can't be read": {
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
			if failure.Code != test.code || !strings.Contains(failure.Reason, test.reason) {
				t.Errorf("got %+v", failure)
			}
			if (failure.JobID == "") != test.noJob || failure.Group.Status != sdrs.StatusErrorReversing ||
				failure.Sent != failover.Accepted {
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

// A status that nobody knows may be one of a group that moves: from then on success may show as late as after the job.
func TestUnknownStatusBeforeSuccessShows(t *testing.T) {
	t.Parallel()
	s := newScene(t, simulator.WithStatusLag(100*time.Hour))
	const ended = 14 // The job has.
	s.clock.then[ended] = func() { s.set(sdrs.StatusProtected, sdrs.Source) }
	s.clock.then[ended+20] = func() { s.set("drilling", sdrs.Source) }
	s.clock.then[ended+21] = s.clock.then[ended]
	s.clock.then[ended+41] = func() { s.set(sdrs.StatusProtected, sdrs.Target) }
	if _, err := s.switchTo(t.Context(), sdrs.Target); err != nil {
		t.Error(err)
	}
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

// A switch leaves the site that it does not go to, also one that follows another switch, or finishes one.
func TestSiteThatIsLeft(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(*scene){
		"after another switch": func(s *scene) { _, _ = s.Switch(groupID, simulator.StationTarget) },
		"half-way":             func(s *scene) { s.set(sdrs.StatusErrorReversing, sdrs.Source) },
	} {
		s := newScene(t)
		begin(s)
		result, err := s.switchTo(t.Context(), sdrs.Source)
		if err != nil || !result.Acted() || result.From != sdrs.Target {
			t.Errorf("%s: it left %q: %v", name, result.From, err)
		}
	}
}

// While the repetition of a failed switch is queued, the group still shows the failure of the first one.
func TestJobOfUnknownStatusBeforeItMoves(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.set(sdrs.StatusErrorReversing, sdrs.Source)
	s.Inject(simulator.Fault{Route: simulator.RouteJob, Times: 60, Status: 200, Body: `{"status":"QUEUED"}`})
	s.Inject(simulator.Fault{
		Route: simulator.RouteGroup, Skip: 2, Times: 60, Status: 200,
		Body: `{"server_group":{"id":"` + groupID +
			`","name":"web-shop","status":"error-reversing","priority_station":"source"}}`,
	})
	if _, err := s.switchTo(t.Context(), sdrs.Target); err != nil {
		t.Errorf("got %v", err)
	}
	s.wantAccepted(t, 1)
}

// A read that fails inside a wait is repeated at the wait's interval, not by the session: that would sleep on while the
// cloud answers again.
func TestFailedPollsAreRepeatedAtTheInterval(t *testing.T) {
	t.Parallel()
	silentJob := func(s *scene) {
		s.Inject(simulator.Fault{Route: simulator.RouteJob, Status: http.StatusOK, Body: `{"status":"QUEUED"}`})
	}
	besideJob := &place{name: "look beside the job", route: simulator.RouteGroup, during: after, lead: silentJob}
	for _, at := range []*place{polling, besideJob, verification, stopLook, startLook, startJob} {
		for _, status := range []int{http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway} {
			t.Run(fmt.Sprint(at.name, status), func(t *testing.T) {
				t.Parallel()
				undisturbed, s := trials[0].undisturbed(t), trials[0].newScene(t)
				s.logIn(t, func(c *cloud.Config) { c.MaxRetries = 5 })
				if at.lead != nil {
					at.lead(s)
				}
				k := &strike{scene: s, at: at, times: 5}
				s.Inject(simulator.Fault{
					Route: at.route, Status: status,
					Match: func(r *http.Request) bool { return k.hit(r.URL.Path) },
				})
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
