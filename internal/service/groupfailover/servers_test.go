package groupfailover_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// newLiveStage is a stage whose servers run at source, and the configuration's policy for them.
func newLiveStage(t *testing.T, options ...simulator.Option) (stage, tftest.Attributes) {
	t.Helper()
	s := newStage(t, options...)
	s.UpdateGroup(s.GroupID, func(g *simulator.Group) {
		for i := range g.Instances {
			g.Instances[i].SourceServer.Status = "ACTIVE"
		}
	})
	return s, tftest.Attributes{"stop_servers": true, "start_servers": true}
}

func (s stage) wantServers(t *testing.T, source, target string) {
	t.Helper()
	group, _ := s.Group(s.GroupID)
	for _, instance := range group.Instances {
		if instance.SourceServer.Status != source || instance.TargetServer.Status != target {
			t.Errorf("%s: %s at source, %s at target", instance.Name, instance.SourceServer.Status, instance.TargetServer.Status)
		}
	}
}

func TestServersThatAreStoppedAndStartedAreNamed(t *testing.T) {
	t.Parallel()
	s, policy := newLiveStage(t)
	state := s.adopt(t, policy)
	s.wantServers(t, "ACTIVE", "SHUTOFF") // Adopting leaves them alone.
	policy["force_stop_after"] = "5m"
	forced := tftest.Text(s.Plan(t, state, s.config("target", policy)).Diagnostics)
	if last := "until all are SHUTOFF. What still runs after 5m0s is stopped hard, as if the power was " +
		"cut."; !strings.Contains(
		forced,
		last,
	) {
		t.Errorf("got %s", forced)
	}
	delete(policy, "force_stop_after")
	plan := s.Plan(t, state, s.config("target", policy))
	tftest.WantText(t, tftest.Text(plan.Diagnostics), `
WARNING on AttributeName("stop_servers"): Servers Will Be Stopped: web-shop

Before the planned failover, applying stops the servers of the group at source (eu-de-01) by their operating systems, and waits until all are SHUTOFF. None is stopped hard, since force_stop_after is not set: one that does not stop ends the wait at its timeout, without a planned failover.

  Protection group: {group}
  Status: protected
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)
  Servers: web-shop-1 (da1ada2c-bbe4-e50a-4cdc-8d754529c002), web-shop-2 (1a0f7856-5444-c269-9ac2-d37a71e0a7cf)

If something fails after that, they stay stopped. To stop them yourself, set stop_servers = false.
WARNING on AttributeName("start_servers"): Servers Will Be Started: web-shop

After the planned failover, applying starts the servers of the group at target (eu-de-02), and waits until all are ACTIVE.

  Protection group: {group}
  Status: protected
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)
  Servers: web-shop-1-dr (57f72506-9d78-26c5-8a89-a52805c6e820), web-shop-2-dr (88f0089f-7258-03c3-74c2-1a6a70c9b36e)

To leave them alone, set start_servers = false.
`)
	applied := s.Apply(t.Context(), t, plan)
	if len(applied.Diagnostics) > 0 {
		t.Error(tftest.Text(applied.Diagnostics))
	}
	s.wantServers(t, "SHUTOFF", "ACTIVE")
	var actions []string
	for _, request := range s.Requests() {
		if request.Accepted {
			actions = append(actions, request.Action)
		}
	}
	if got := strings.Join(actions, " "); got != "os-stop reverse-server-group os-start" {
		t.Errorf("actions: %s", got)
	}
}

// An interrupted apply is finished by the next one, which records the whole of it.
func TestInterruptedSwitchWithServersResumes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		at simulator.Fault
		// began is set where the switch had been sent.
		began bool
	}{
		"after the stop":    {at: simulator.Fault{Route: simulator.RoutePairs, Skip: 1}},
		"while it switches": {at: simulator.Fault{Route: simulator.RouteJob}, began: true},
		"before the start":  {at: simulator.Fault{Route: simulator.RouteServerAction, Skip: 1}, began: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, policy := newLiveStage(t)
			state := s.adopt(t, policy)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			requests := 0
			skip := test.at.Skip
			test.at.Skip = 0
			test.at.Match = func(*http.Request) bool {
				if requests++; requests == skip+1 {
					cancel()
				}
				return false
			}
			s.Inject(test.at)
			plan := s.Plan(t, state, s.config("target", policy))
			interrupted := s.Apply(ctx, t, plan)
			parts := []string{"Planned Failover Interrupted", "Plan again, then apply"}
			if test.began {
				parts = append(parts, "Job ID: ")
			}
			for _, part := range parts {
				if text := tftest.Text(interrupted.Diagnostics); !strings.Contains(text, part) {
					t.Fatalf("%q is not in %s", part, text)
				}
			}
			tftest.Want(t, interrupted.Attributes, tftest.Attributes{"priority_station": "source", "last_failover": nil})

			state = s.Read(t, interrupted.Attributes).Attributes
			plan = s.PlanAfter(t, interrupted, state, s.config("target", policy))
			if name == "before the start" { // What is done is not planned once more.
				tftest.Want(t, plan.Attributes, tftest.Attributes{"status": "protected", "last_failover": tftest.Unknown})
			}
			resumed := s.Apply(t.Context(), t, plan)
			if len(resumed.Diagnostics) > 0 {
				t.Error(tftest.Text(resumed.Diagnostics))
			}
			tftest.Want(t, resumed.Attributes, tftest.Attributes{"priority_station": "target", "active_site": "target"})
			s.wantServers(t, "SHUTOFF", "ACTIVE")
			s.wantAccepted(t, 1)
			last, _ := resumed.Attributes["last_failover"].(tftest.Attributes)
			for _, name := range []string{
				"job_id", "servers_stop_requested_at", "requested_at", "job_finished_at", "verified_at", "servers_active_at",
				"duration_seconds", "downtime_seconds",
			} {
				if last[name] == nil {
					t.Errorf("%s is null: %v", name, last)
				}
			}

			again := s.PlanAfter(t, resumed, resumed.Attributes, s.config("target", policy))
			if !tftest.Equal(again.Attributes, resumed.Attributes) {
				t.Errorf("the next plan has changes: %v", again.Attributes)
			}
		})
	}
}

// lockedOnce refuses one switch, as if another service had locked something.
func lockedOnce() simulator.Fault {
	return simulator.Fault{
		Route: simulator.RouteAction, Times: 1, Status: http.StatusBadRequest,
		Body: `{"error":{"code":"SDRS.1831","message":"locked"}}`,
	}
}

func TestFailureNamesTheStoppedServers(t *testing.T) {
	t.Parallel()
	s, policy := newLiveStage(t)
	state := s.adopt(t, policy)
	s.Inject(lockedOnce())
	failed := s.Apply(t.Context(), t, s.Plan(t, state, s.config("target", policy)))
	text := tftest.Text(failed.Diagnostics)
	for _, instance := range simulator.DemoGroup().Instances {
		if part := instance.SourceServer.Name + " (" + instance.SourceServer.ID + ")"; !strings.Contains(text, part) {
			t.Errorf("%q lacks %q", text, part)
		}
	}
	for _, part := range []string{"Planned Failover Refused", "Servers stopped for this, and left so: "} {
		if !strings.Contains(text, part) {
			t.Errorf("%q lacks %q", text, part)
		}
	}
	s.wantServers(t, "SHUTOFF", "SHUTOFF")

	// They are down since then: the next apply has none to stop, and counts from there.
	refreshed := s.Refresh(t, failed)
	again := s.Apply(t.Context(), t, s.PlanAfter(t, refreshed, refreshed.Attributes, s.config("target", policy)))
	last, _ := again.Attributes["last_failover"].(tftest.Attributes)
	if last["servers_stop_requested_at"] == nil || last["downtime_seconds"] == nil {
		t.Errorf("last_failover is %v", last)
	}
}

// Where the apply that switches stops no servers, what an earlier one has stopped, be it weeks ago, is no part of it.
func TestStopOfAnEarlierApplyThatWasGivenUp(t *testing.T) {
	t.Parallel()
	s, policy := newLiveStage(t)
	state := s.adopt(t, policy)
	s.Inject(lockedOnce())
	failed := s.Refresh(t, s.Apply(t.Context(), t, s.Plan(t, state, s.config("target", policy))))
	policy["stop_servers"] = false
	again := s.Apply(t.Context(), t, s.PlanAfter(t, failed, failed.Attributes, s.config("target", policy)))
	last, _ := again.Attributes["last_failover"].(tftest.Attributes)
	if last["servers_active_at"] == nil || last["servers_stop_requested_at"] != nil {
		t.Errorf("last_failover is %v", last)
	}
}

func TestServersThatCanNotBeStopped(t *testing.T) {
	t.Parallel()
	s, policy := newLiveStage(t)
	state := s.adopt(t, policy)
	s.Inject(simulator.Fault{
		Route: simulator.RouteServerAction, Status: http.StatusForbidden,
		Body: `{"error":{"code":"Ecs.0005","message":"no"}}`,
	})
	failed := s.Apply(t.Context(), t, s.Plan(t, state, s.config("target", policy)))
	text := tftest.Text(failed.Diagnostics)
	for _, part := range []string{
		"Servers Not Stopped", "No planned failover was requested",
		simulator.DemoGroup().Instances[0].SourceServer.ID, "Ecs.0005", "yourself",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("%q lacks %q", text, part)
		}
	}
	tftest.Want(t, failed.Attributes, tftest.Attributes{"priority_station": "source"})
	s.wantAccepted(t, 0)
}

func TestPlanMakesFewRequests(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.AddGroup(simulator.NewGroup(s.GroupID, "large", 20, 60))
	state := s.adopt(t, nil)
	s.ResetRequests()
	state = s.Read(t, state).Attributes
	s.Plan(t, state, s.config("target", nil))
	if n := len(s.Requests()); n != 44 {
		t.Errorf("%d requests, want two for the group, and one each for its instances, its pairs, and its 40 servers", n)
	}
}

// A creation that was interrupted saved nothing. The next one finds the switch done, and starts the servers.
func TestInterruptedCreateStartsTheServers(t *testing.T) {
	t.Parallel()
	s, policy := newLiveStage(t)
	policy["switch_on_create"] = true
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	requests := 0
	s.Inject(simulator.Fault{
		Route: simulator.RouteServerAction, Status: http.StatusServiceUnavailable,
		Match: func(*http.Request) bool {
			if requests++; requests == 2 { // The start.
				cancel()
			}
			return requests == 2
		},
	})
	plan := s.Plan(t, nil, s.config("target", policy))
	if created := s.Apply(ctx, t, plan); created.Attributes != nil {
		t.Fatalf("saved %v", created.Attributes)
	}
	plan = s.Plan(t, nil, s.config("target", policy))
	if text := tftest.Text(plan.Diagnostics); !strings.Contains(text, "Servers Will Be Started") ||
		!strings.Contains(text, simulator.DemoGroup().Instances[0].TargetServer.ID) {
		t.Errorf("got %s", text)
	}
	created := s.Apply(t.Context(), t, plan)
	if len(created.Diagnostics) > 0 {
		t.Error(tftest.Text(created.Diagnostics))
	}
	s.wantServers(t, "SHUTOFF", "ACTIVE")
	s.wantAccepted(t, 1)
}

func TestInterruptedDriftCorrectionResumes(t *testing.T) {
	t.Parallel()
	s, policy := newLiveStage(t)
	policy["correct_drift"] = true
	state := s.adopt(t, policy)
	for _, instance := range simulator.DemoGroup().Instances {
		s.SetServerStatus(instance.SourceServer.ID, simulator.ServerStopped)
	}
	s.Console("target")
	state = s.Read(t, state).Attributes
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s.Inject(simulator.Fault{
		Route: simulator.RouteServerAction, Times: 1, Status: http.StatusServiceUnavailable,
		Match: func(*http.Request) bool { cancel(); return true },
	})
	interrupted := s.Apply(ctx, t, s.Plan(t, state, s.config("source", policy)))
	state = s.Read(t, interrupted.Attributes).Attributes
	resumed := s.Apply(t.Context(), t, s.PlanAfter(t, interrupted, state, s.config("source", policy)))
	if resumed.Attributes["last_failover"] == nil {
		t.Error("the switch is not recorded")
	}
	s.wantServers(t, "ACTIVE", "SHUTOFF")
	s.wantAccepted(t, 1)
}

// What is left to do stays known over any number of applies that fail at it.
func TestServersThatFailToStartTwice(t *testing.T) {
	t.Parallel()
	s, policy := newLiveStage(t)
	earlier := tftest.State{Attributes: s.adopt(t, policy)}
	requests := 0
	s.Inject(simulator.Fault{
		Route: simulator.RouteServerAction, Status: http.StatusForbidden,
		Match: func(*http.Request) bool {
			requests++
			return requests == 2 || requests == 3 // The first two starts.
		},
	})
	for range 2 {
		state := s.Read(t, earlier.Attributes).Attributes
		earlier = s.Apply(t.Context(), t, s.PlanAfter(t, earlier, state, s.config("target", policy)))
		if text := tftest.Text(earlier.Diagnostics); !strings.Contains(text, "Servers Not Started") {
			t.Fatalf("got %s", text)
		}
		s.wantServers(t, "SHUTOFF", "SHUTOFF")
	}
	state := s.Read(t, earlier.Attributes).Attributes
	done := s.Apply(t.Context(), t, s.PlanAfter(t, earlier, state, s.config("target", policy)))
	if len(done.Diagnostics) > 0 || done.Attributes["last_failover"] == nil {
		t.Errorf("got %v, %s", done.Attributes["last_failover"], tftest.Text(done.Diagnostics))
	}
	s.wantServers(t, "SHUTOFF", "ACTIVE")
	s.wantAccepted(t, 1)
}

// Of more than a thousand servers, the second request is refused: the message names the first thousand.
func TestServersThatWereAskedToStopBeforeARefusal(t *testing.T) {
	t.Parallel()
	s, policy := newLiveStage(t)
	large := simulator.NewGroup(s.GroupID, "large", 1001, 1)
	for i := range large.Instances {
		large.Instances[i].SourceServer.Status = "ACTIVE"
	}
	state := s.adopt(t, policy)
	plan := s.Plan(t, state, s.config("target", policy))
	s.AddGroup(large) // Not before: a thousand servers take a while to be looked at.
	s.Inject(simulator.Fault{Route: simulator.RouteServerAction, Skip: 1, Status: http.StatusForbidden})
	text := tftest.Text(s.Apply(t.Context(), t, plan).Diagnostics)
	_, asked, _ := strings.Cut(text, "Servers asked to stop for this, and not SHUTOFF yet: ")
	asked, _, _ = strings.Cut(asked, "\n")
	if n := strings.Count(asked, large.Instances[0].SourceServer.ID[:8]); strings.Count(asked, ", ") != 999 || n == 0 {
		t.Errorf("%d servers are named in %.1000s", strings.Count(asked, ", ")+1, text)
	}
}

// skewedClock is the cloud's where its time is not this machine's.
type skewedClock struct{ by time.Duration }

func (c skewedClock) Now() time.Time { return time.Now().Add(c.by) }

// Begin and end of a switch that a later apply records come from one clock, however far the cloud's is off.
func TestLastFailoverUnderClockSkew(t *testing.T) {
	t.Parallel()
	for name, by := range map[string]time.Duration{"behind": -10 * time.Minute, "ahead": 10 * time.Minute} {
		for _, start := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := newStage(t, simulator.WithClock(skewedClock{by}))
				policy := tftest.Attributes{"stop_servers": start, "start_servers": start}
				state := s.adopt(t, policy)
				ctx, cancel := context.WithCancel(t.Context())
				s.Inject(simulator.Fault{Route: simulator.RouteJob, Match: func(*http.Request) bool { cancel(); return false }})
				interrupted := s.Apply(ctx, t, s.Plan(t, state, s.config("target", policy)))
				s.Await(t, "protected")
				refreshed := s.Refresh(t, interrupted)
				resumed := s.Apply(t.Context(), t, s.PlanAfter(t, refreshed, refreshed.Attributes, s.config("target", policy)))
				last, _ := resumed.Attributes["last_failover"].(tftest.Attributes)
				if last == nil {
					t.Fatalf("got %v, %s", resumed.Attributes, tftest.Text(resumed.Diagnostics))
				}
				// Not minutes either way: the clocks differ by ten.
				if seconds, known := last["duration_seconds"].(int64); !known || seconds < 0 || seconds > 60 {
					t.Errorf("it took %d s: %v", seconds, last)
				}
				begin, _ := last["requested_at"].(string)
				end, _ := last["job_finished_at"].(string)
				requested, _ := time.Parse(time.RFC3339, begin)
				finished, err := time.Parse(time.RFC3339, end)
				if took := finished.Sub(requested); err != nil || took < 0 || took > time.Minute {
					t.Errorf("its job took %s: %v", took, last)
				}
			})
		}
	}
}
