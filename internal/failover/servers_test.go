package failover_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// newLiveScene is a scene whose servers run at source, with a policy that stops and starts them.
func newLiveScene(tb stage, names ...string) *scene {
	tb.Helper()
	s := newScene(tb, simulator.WithServerJobDuration(20*time.Second))
	s.UpdateGroup(groupID, func(g *simulator.Group) {
		for i := range g.Instances {
			g.Instances[i].SourceServer.Status = "ACTIVE"
			if i < len(names) {
				g.Instances[i].SourceServer.Name = names[i]
			}
		}
	})
	s.policy = failover.ServerPolicy{Stop: true, Start: true}
	return s
}

// wantServers checks the statuses of all servers at source and at target.
func (s *scene) wantServers(t stage, source, target string) {
	t.Helper()
	group, _ := s.Group(groupID)
	for _, instance := range group.Instances {
		if instance.SourceServer.Status != source || instance.TargetServer.Status != target {
			t.Errorf("%s: source is %s, target is %s, want %s and %s", instance.Name, instance.SourceServer.Status,
				instance.TargetServer.Status, source, target)
		}
	}
}

// actions returns the actions that were accepted, in order.
func (s *scene) actions() []string {
	var accepted []string
	for _, request := range s.Requests() {
		if request.Accepted {
			accepted = append(accepted, request.Action)
		}
	}
	return accepted
}

func TestStubbornServers(t *testing.T) {
	t.Parallel()
	t.Run("are stopped hard when that is wanted", func(t *testing.T) {
		t.Parallel()
		s := newLiveScene(t, "db-stubborn")
		after := 2 * time.Minute
		s.policy.ForceStopAfter = &after
		began := s.clock.Now()
		if _, err := s.switchTo(t.Context(), sdrs.Target); err != nil {
			t.Fatal(err)
		}
		s.wantServers(t, "SHUTOFF", "ACTIVE")
		if want := []string{"os-stop", "os-stop", "reverse-server-group", "os-start"}; !slices.Equal(s.actions(), want) {
			t.Errorf("actions %v, want %v", s.actions(), want)
		}
		var stops []simulator.Request
		for _, request := range s.Requests() {
			if request.Action == "os-stop" {
				stops = append(stops, request)
			}
		}
		group, _ := s.Group(groupID)
		if want := `{"os-stop":{"servers":[{"id":"` + group.Instances[0].SourceServer.ID +
			`"}],"type":"HARD"}}`; stops[1].Body != want {
			t.Errorf("the second stop is %s, want %s", stops[1].Body, want)
		}
		if early := stops[1].Time.Sub(began); early < after {
			t.Errorf("stopped hard after %s", early)
		}
	})
	t.Run("are waited for otherwise", func(t *testing.T) {
		t.Parallel()
		s := newLiveScene(t, "db-stubborn")
		_, err := s.switchTo(t.Context(), sdrs.Target)
		failure, ok := failed(err, failover.TimedOut)
		if !ok || len(failure.Awaited) != 1 || failure.Awaited[0].Name != "db-stubborn" ||
			failure.AwaitedStatus != ecs.Stopped || failure.Sent != failover.NotSent {
			t.Fatalf("got %v, want TimedOut that names the server", err)
		}
		if len(failure.Stopped) != 1 || failure.Stopped[0].Name == "db-stubborn" {
			t.Errorf("stopped %v, want the other one", failure.Stopped)
		}
		s.wantAccepted(t, 0)
	})
}

func TestServersStayStoppedAfterAFailure(t *testing.T) {
	t.Parallel()
	s := newLiveScene(t)
	s.Inject(simulator.Fault{
		Route: simulator.RouteAction, Times: 1, Status: 400,
		Body: `{"error":{"code":"SDRS.1831","message":"locked"}}`,
	})
	_, err := s.switchTo(t.Context(), sdrs.Target)
	failure, ok := failed(err, failover.Refused)
	if !ok || len(failure.Stopped) != 2 {
		t.Fatalf("got %v, want Refused with the servers that were stopped", err)
	}
	s.wantServers(t, "SHUTOFF", "SHUTOFF")
	// Those are not stopped by the next run, and it says so.
	s.Inject(simulator.Fault{
		Route: simulator.RouteAction, Times: 1, Status: 400,
		Body: `{"error":{"code":"SDRS.1831","message":"locked"}}`,
	})
	_, err = s.switchTo(t.Context(), sdrs.Target)
	if failure, ok := failed(err, failover.Refused); !ok || len(failure.Stopped) != 0 || len(failure.Down) != 2 {
		t.Errorf("got %v, want Refused with the servers that were down", err)
	}
	if _, err := s.switchTo(t.Context(), sdrs.Target); err != nil {
		t.Fatal(err)
	}
	s.wantServers(t, "SHUTOFF", "ACTIVE")
}

// Between the decision and the action lie minutes, in which the group may move.
func TestGroupThatMovesWhileItIsPrepared(t *testing.T) {
	t.Parallel()
	t.Run("a switch", func(t *testing.T) {
		t.Parallel()
		s := newLiveScene(t)
		s.clock.then[3] = func() { // While servers stop.
			for _, instance := range simulator.DemoGroup().Instances {
				s.SetServerStatus(instance.SourceServer.ID, simulator.ServerStopped)
			}
			if _, err := s.Switch(groupID, "target"); err != nil {
				t.Error(err)
			}
			s.clock.Advance(time.Minute)
		}
		result, err := s.switchTo(t.Context(), sdrs.Target)
		if err != nil || result.Acted() {
			t.Errorf("got %+v, %v", result, err)
		}
		s.wantAccepted(t, 0)
	})
	t.Run("a switch, before its servers are stopped", func(t *testing.T) {
		t.Parallel()
		s := newLiveScene(t)
		s.Inject(simulator.Fault{Route: simulator.RoutePairs, Match: func(*http.Request) bool {
			s.set("protected", sdrs.Target) // Somebody has switched the group, and started its servers there.
			for _, instance := range simulator.DemoGroup().Instances {
				s.SetServerStatus(instance.TargetServer.ID, "ACTIVE")
			}
			return false
		}})
		if result, err := s.switchTo(t.Context(), sdrs.Target); err != nil || result.Acted() {
			t.Errorf("got %+v, %v", result, err)
		}
		if got := s.actions(); len(got) > 0 {
			t.Errorf("actions %v: that stops production at its new site", got)
		}
	})
	t.Run("a failover, which has no direction", func(t *testing.T) {
		t.Parallel()
		s := newScene(t)
		s.Inject(simulator.Fault{Route: simulator.RoutePairs, Match: func(*http.Request) bool {
			s.set("error-failing-over", sdrs.Target)
			return false
		}})
		_, err := s.do(t, failover.UnplannedFailover(sdrs.Target))
		if _, ok := failed(err, failover.NotPossible); !ok {
			t.Errorf("got %v, want NotPossible", err)
		}
		if n := s.Count(simulator.RouteAction); n != 0 {
			t.Errorf("%d actions sent: that is a failover back", n)
		}
	})
}

func TestFailedServerJob(t *testing.T) {
	t.Parallel()
	const body = `{"job_id": "j", "status": "FAIL", "error_code": "Ecs.0319", "fail_reason": "no capacity", "entities": {"sub_jobs": [
		{"status": "FAIL", "error_code": "Ecs.0319", "fail_reason": "no host", "entities": {"server_id": "s1"}}, {"status": "SUCCESS"}]}}`
	s := newLiveScene(t)
	s.Inject(
		simulator.Fault{Route: simulator.RouteServerAction, Skip: 1, Status: http.StatusOK, Body: `{"job_id": "j"}`},
	) // The start.
	s.Inject(simulator.Fault{
		Route: simulator.RouteServerJob,
		Match: func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/j") }, Status: http.StatusOK, Body: body,
	})
	_, err := s.switchTo(t.Context(), sdrs.Target)
	failure, ok := failed(err, failover.ServersFailed)
	if !ok || !failure.Verified || failure.Err == nil ||
		failure.Err.Error() != "job j failed: Ecs.0319 no capacity; server s1: Ecs.0319 no host" {
		t.Errorf("got %v", err)
	}
	if failure != nil && failure.Waited > 5*time.Minute {
		t.Errorf("learned of it after %s", failure.Waited)
	}
}

// What a lost stop has begun is no failure of the next one: a server that is stopping takes no other.
func TestStopThatWasOnItsWay(t *testing.T) {
	t.Parallel()
	refused := simulator.Fault{Status: http.StatusConflict, Body: `{"error":{"code":"Ecs.0000","message":"no"}}`}
	fails := simulator.Fault{Status: http.StatusOK, Body: `{"job_id":"j"}`}
	for name, test := range map[string]struct {
		lost   bool // The first request does not arrive.
		answer simulator.Fault
		times  int // 0: always.
		end    string
	}{
		"refused":           {answer: refused, end: "done"},
		"failed":            {answer: fails, end: "done"},
		"lost, refused":     {lost: true, answer: refused, times: 1, end: "done"},
		"lost, failed":      {lost: true, answer: fails, times: 1, end: "done"},
		"refused for long":  {lost: true, answer: refused, end: "ServersFailed"},
		"no longer allowed": {answer: simulator.Fault{Status: http.StatusForbidden}, end: "ServersFailed"},
	} {
		s := newLiveScene(t)
		s.Inject(simulator.Fault{Route: simulator.RouteServerAction, Times: 1, Status: 504, AfterEffect: !test.lost})
		answer := test.answer
		answer.Route, answer.Times, answer.Match = simulator.RouteServerAction, test.times, func(*http.Request) bool {
			group, _ := s.Group(groupID)
			return group.Instances[0].SourceServer.Status == "ACTIVE"
		}
		s.Inject(answer)
		s.Inject(simulator.Fault{
			Route: simulator.RouteServerJob, Status: http.StatusOK, Body: `{"job_id": "j", "status": "FAIL"}`,
			Match: func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/j") },
		})
		if _, err := s.switchTo(t.Context(), sdrs.Target); endOf(err) != test.end {
			t.Errorf("%s: %v", name, err)
		}
		if test.end == "done" {
			s.wantServers(t, "SHUTOFF", "ACTIVE")
		}
	}
}

// Servers whose stop was only ever throttled were not asked to stop.
func TestThrottledStop(t *testing.T) {
	t.Parallel()
	s := newLiveScene(t)
	s.policy = failover.ServerPolicy{Stop: true}
	s.Inject(simulator.Fault{Route: simulator.RouteServerAction, Status: http.StatusTooManyRequests})
	_, err := s.switchWithin(t.Context(), 30*time.Second, sdrs.Target)
	if failure, ok := failed(err, failover.TimedOut); !ok || !failure.Times.ServersStopRequested.IsZero() {
		t.Errorf("got %v", err)
	}
}

// Of many servers some can't be read now and then: each is read until it is known, and the others not again.
func TestReadsOfManyServersMakeProgress(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	large := simulator.NewGroup(groupID, "large", 40, 1)
	for i := range large.Instances {
		large.Instances[i].SourceServer.Status = "ACTIVE"
	}
	s.AddGroup(large)
	_, err := s.switchTo(t.Context(), sdrs.Target)
	if failure, ok := failed(err, failover.NotReady); !ok || !strings.Contains(fmt.Sprint(failure.Checks), ", and 20 more") {
		t.Errorf("got %v", err)
	}
	s.policy = failover.ServerPolicy{Stop: true}
	var reads atomic.Int32
	s.Inject(simulator.Fault{Route: simulator.RouteServer, Status: 429, Match: func(*http.Request) bool {
		return s.Count(simulator.RouteServerAction) > 0 && s.Accepted(simulator.ActionReverse) == 0 && reads.Add(1)%4 > 0
	}})
	if _, err := s.switchTo(t.Context(), sdrs.Target); err != nil {
		t.Fatalf("got %v", err)
	}
	s.wantAccepted(t, 1)
}

// Servers that the checks could not list are listed for what changes them; where that fails nothing changes.
func TestServersThatCanNotBeListed(t *testing.T) {
	t.Parallel()
	s := newLiveScene(t)
	s.Inject(simulator.Fault{Route: simulator.RouteInstances, Status: http.StatusForbidden})
	for station, wanted := range map[sdrs.Station]ecs.Status{sdrs.Target: ecs.Stopped, sdrs.Source: ecs.Active} {
		_, err := s.switchTo(t.Context(), station) // It is at source, and to be started there.
		if failure, ok := failed(err, failover.ServersFailed); !ok || failure.Wanted != wanted ||
			!sdrs.IsForbidden(failure.Err) {
			t.Errorf("%s: got %v", station, err)
		}
	}
	if n := s.Count(simulator.RouteAction) + s.Count(simulator.RouteServerAction); n != 0 {
		t.Errorf("%d changes sent", n)
	}
}

func TestServerThatBreaksWhileItStarts(t *testing.T) {
	t.Parallel()
	s := newLiveScene(t)
	s.Inject(simulator.Fault{Route: simulator.RouteServerAction, Skip: 1, Match: func(*http.Request) bool {
		if after(s) {
			s.SetServerStatus(targetServer, "ERROR")
		}
		return false
	}})
	_, err := s.switchTo(t.Context(), sdrs.Target)
	if failure, ok := failed(err, failover.ServersFailed); !ok || !failure.Verified || failure.Wanted != ecs.Active ||
		failure.Err != nil {
		t.Errorf("got %v", err)
	}
}

func TestHalfReversedGroupIsStoppedAtBothSites(t *testing.T) {
	t.Parallel()
	s := newLiveScene(t)
	s.set(sdrs.StatusErrorReversing, sdrs.Target) // What the API says there is not documented.
	if _, err := s.switchTo(t.Context(), sdrs.Target); err != nil {
		t.Fatal(err)
	}
	s.wantServers(t, "SHUTOFF", "ACTIVE")
}
