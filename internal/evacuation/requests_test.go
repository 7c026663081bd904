package evacuation_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/evacuation"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

// connect returns a workflow for a simulated cloud, and the groups that a plan finds there.
func connect(t *testing.T, c *simtest.Cloud) (*failover.Workflow, []sdrs.Group) {
	t.Helper()
	session := c.Session(t)
	client := sdrs.NewClient(session)
	groups, err := client.Groups(t.Context(), sdrs.GroupFilter{})
	if err != nil {
		t.Fatal(err)
	}
	return failover.New(client, ecs.NewClient(session)), groups
}

// An evacuation makes ten requests at most for each of 30 groups with 90 servers in three waves, whose switches take 3
// s, with its plan, checks, and polls. Time is that of a bubble, so that none of it depends on the machine.
func TestFewRequests(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		planned, start bool
	}{
		"unplanned":          {},
		"unplanned, started": {start: true},
		"planned":            {planned: true},
		"planned, started":   {planned: true, start: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := simtest.InMemory(
					t,
					simulator.WithEstate(simulator.MixedEstate(30, 3).Leaving(zone)),
					simulator.WithJobDuration(3*time.Second),
				)
				c.SetZoneDown(zone, !test.planned)
				session := c.Session(t)
				client := sdrs.NewClient(session)
				c.ResetRequests()
				request := evacuation.Request{
					Zone: zone, MaxParallel: 10, Planned: test.planned,
					Waves:  [][]string{{"app-01", "app-02", "app-03"}, {"app-04", "app-05", "app-06", "app-07"}},
					Policy: failover.ServerPolicy{Stop: true, Start: test.start},
				}
				var groups []sdrs.Group
				for range 2 { // By the plan, and when it starts.
					var err error
					if groups, err = client.Groups(t.Context(), sdrs.GroupFilter{}); err != nil {
						t.Fatal(err)
					}
				}
				began := time.Now()
				for _, o := range evacuate(t.Context(), failover.New(client, ecs.NewClient(session)), request, groups) {
					if o.Verdict != failover.ResultDone {
						t.Errorf("%s: %v", o.Group.Name, o.Err)
					}
				}
				routes := map[string]int{}
				for _, r := range c.Requests() {
					routes[r.Route]++
				}
				if n := len(c.Requests()); n > 10*30 {
					t.Errorf("%d requests in %s: %v", n, time.Since(began), routes)
				}
			})
		})
	}
}

// A user who may not list servers, which takes a permission of its own, moves groups all the same: the cloud is asked
// for the list once, and for each server from then on. Where the lists of the replication service fail, each group is
// read on its own.
func TestRefusedLists(t *testing.T) {
	t.Parallel()
	for refused, status := range map[string]int{ // One that fails for another reason is no word on what it would list.
		simulator.RouteServers: 403, simulator.RouteGroups: 403,
		simulator.RouteServers + " fails": 500, simulator.RouteGroups + " fails": 500,
	} {
		t.Run(refused, func(t *testing.T) {
			t.Parallel()
			route, _, _ := strings.Cut(refused, " ")
			synctest.Test(t, func(t *testing.T) {
				c := simtest.InMemory(t, simulator.WithEstate(simulator.MixedEstate(4, 1).Leaving(zone)))
				client, machines := sdrs.NewClient(c.Session(t)), ecs.NewClient(c.Session(t))
				groups, err := client.Groups(t.Context(), sdrs.GroupFilter{})
				if err != nil {
					t.Fatal(err)
				}
				c.Inject(simulator.Fault{Route: route, Status: status})
				c.ResetRequests()
				request := evacuation.Request{
					Zone: zone, MaxParallel: 2, Planned: true, Policy: failover.ServerPolicy{Stop: true, Start: true},
				}
				for _, o := range evacuate(t.Context(), failover.New(client, machines), request, groups) {
					if o.Verdict != failover.ResultDone {
						t.Errorf("%s: %v", o.Group.Name, o.Err)
					}
				}
				if n := c.Count(route); refused == simulator.RouteServers && (n > 2 || c.Count(simulator.RouteServer) < 8) {
					t.Errorf("%d lists, %d reads", n, c.Count(simulator.RouteServer))
				}
			})
		})
	}
}

// A cloud that has fallen silent ends the wait for a group as it does for a single failover, and not after the timeout.
func TestCloudThatIsGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := simtest.InMemory(t, simulator.WithEstate(simulator.MixedEstate(2, 1).Leaving(zone)),
			simulator.WithZoneDown(zone), simulator.WithJobDuration(time.Hour))
		workflow, groups := connect(t, c)
		for _, route := range []string{simulator.RouteGroups, simulator.RouteGroup, simulator.RouteJob} {
			c.Inject(simulator.Fault{Route: route, Status: 503, Match: func(*http.Request) bool {
				return c.Accepted(simulator.ActionFailover) == 2
			}})
		}
		began := time.Now()
		request := evacuation.Request{Zone: zone, MaxParallel: 2}
		e := silent(evacuation.Evacuation{Workflow: workflow, Timeout: time.Hour})
		var failed atomic.Int64
		e.Progress = func(progress failover.Progress) string {
			failed.Store(int64(progress.FailedReads))
			return ""
		}
		for _, o := range e.Run(t.Context(), request, evacuation.Select(groups, request)) {
			if failure, ok := errors.AsType[*failover.Error](o.Err); !ok || failure.Kind != failover.LostContact {
				t.Errorf("%s: %v", o.Group.Name, o.Err)
			}
		}
		if took := time.Since(began); took > 10*time.Minute || failed.Load() < 20 {
			t.Errorf("it took %s, and the last line told of %d failed reads", took, failed.Load())
		}
	})
}

// While the cloud is too busy to list the groups, it is not asked for each job, which would make it busier.
func TestBusyCloud(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := simtest.InMemory(t, simulator.WithEstate(simulator.MixedEstate(4, 1).Leaving(zone)),
			simulator.WithZoneDown(zone), simulator.WithJobDuration(30*time.Second))
		workflow, groups := connect(t, c)
		c.Inject(simulator.Fault{Route: simulator.RouteGroups, Status: 429, Times: 20, Match: func(*http.Request) bool {
			return c.Accepted(simulator.ActionFailover) == 4
		}})
		request := evacuation.Request{Zone: zone, MaxParallel: 4}
		for _, o := range evacuate(t.Context(), workflow, request, groups) {
			if o.Verdict != failover.ResultDone {
				t.Errorf("%s: %v", o.Group.Name, o.Err)
			}
		}
		if jobs, reads := c.Count(simulator.RouteJob), c.Count(simulator.RouteGroup); jobs > 2*4 || reads > 2*4 {
			t.Errorf("%d jobs and %d groups were read", jobs, reads)
		}
	})
}

// A list of many pages is not read for a few servers.
func TestManyOtherServers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := simtest.InMemory(t, simulator.WithEstate(simulator.MixedEstate(1, 1).Leaving(zone)))
		c.AddGroup(simulator.NewGroup("5d0c2c3f-3f0e-4d5b-9a57-7d2a3c6a1b10", "large", 5*ecs.ServersOnPage, 1).Mirrored())
		workflow, groups := connect(t, c)
		request := evacuation.Request{
			Zone: zone, Groups: []string{"app-01"}, MaxParallel: 1, Planned: true,
			Policy: failover.ServerPolicy{Stop: true, Start: true},
		}
		for _, o := range evacuate(t.Context(), workflow, request, groups) {
			if o.Verdict != failover.ResultDone {
				t.Errorf("%s: %v", o.Group.Name, o.Err)
			}
		}
		if pages := c.Count(simulator.RouteServers); pages != 11 || c.Count(simulator.RouteServer) < 3 {
			t.Errorf("%d pages, and %d servers alone", pages, c.Count(simulator.RouteServer))
		}
	})
}

// A job about servers that fails is noticed soon, though it is not read with each look at the servers.
func TestServerJobThatFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := simtest.InMemory(t, simulator.WithEstate(simulator.MixedEstate(1, 1).Leaving(zone)))
		workflow, groups := connect(t, c)
		began := time.Now()
		c.UpdateServer(c.Groups()[0].Instances[0].SourceServer.ID, func(s *simulator.Server) { s.Name += "-stubborn" })
		c.Inject(simulator.Fault{
			Route: simulator.RouteServerJob, Status: 200, Body: `{"status": "FAIL", "error_code": "Ecs.0319"}`,
			Match: func(*http.Request) bool { return time.Since(began) > 12*time.Second },
		})
		request := evacuation.Request{Zone: zone, MaxParallel: 1, Planned: true, Policy: failover.ServerPolicy{Stop: true}}
		outcomes := evacuate(t.Context(), workflow, request, groups)
		failure, _ := errors.AsType[*failover.Error](outcomes[0].Err)
		took, reads := time.Since(began), c.Count(simulator.RouteServerJob)
		if failure == nil || failure.Kind != failover.ServersFailed || took > 25*time.Second || reads > 4 {
			t.Errorf("%v after %s and %d reads of the job", outcomes[0].Err, took, reads)
		}
	})
}

// A dry run whose time is over says so: it is neither an interrupt, nor a word on the group.
func TestDryRunThatTakesTooLong(t *testing.T) {
	t.Parallel()
	for _, route := range []string{simulator.RouteGroup, simulator.RoutePairs} {
		synctest.Test(t, func(t *testing.T) {
			c := simtest.InMemory(t, simulator.WithEstate(simulator.MixedEstate(1, 1).Leaving(zone)), simulator.WithZoneDown(zone))
			workflow, groups := connect(t, c)
			c.Inject(simulator.Fault{Route: route, Delay: 10 * time.Second})
			request := evacuation.Request{Zone: zone, DryRun: true}
			e := silent(evacuation.Evacuation{Workflow: workflow, Timeout: time.Second})
			for _, o := range e.Run(t.Context(), request, evacuation.Select(groups, request)) {
				failure, ok := errors.AsType[*failover.Error](o.Err)
				if !ok || failure.Kind != failover.TimedOut || failure.Waited != time.Second {
					t.Errorf("%s: %v", route, o.Err)
				}
			}
		})
	}
}

// evacuate runs an evacuation in silence.
func evacuate(
	ctx context.Context,
	workflow *failover.Workflow,
	request evacuation.Request,
	groups []sdrs.Group,
) []evacuation.Outcome {
	return silent(evacuation.Evacuation{Workflow: workflow}).Run(ctx, request, evacuation.Select(groups, request))
}

// silent is an evacuation that says nothing.
func silent(e evacuation.Evacuation) evacuation.Evacuation {
	e.Say = func(string) {}
	e.Progress = func(failover.Progress) string { return "" }
	e.Ended = func(evacuation.Outcome) string { return "" }
	return e
}

// What moves from one page of the project's lists to another, unseen, counts all the same: an instance has its server
// started, and a pair without a link forbids the failover.
func TestListsThatMove(t *testing.T) {
	t.Parallel()
	for route, able := range map[string]int{simulator.RouteInstances: 2, simulator.RoutePairs: 1} {
		synctest.Test(t, func(t *testing.T) {
			const large = "5d0c2c3f-3f0e-4d5b-9a57-7d2a3c6a1b10"
			c := simtest.InMemory(t, simulator.WithZoneDown(zone))
			// With the others one more than a page, until one goes.
			c.AddGroup(simulator.NewGroup(large, "large", sdrs.ItemsOnPage-3, sdrs.ItemsOnPage-7).Mirrored())
			for _, group := range simulator.MixedEstate(2, 2).Leaving(zone).Groups {
				if route == simulator.RoutePairs && group.Name == "app-02" {
					group.Instances[1].Pairs[1].FaultLevel = "5"
				}
				c.AddGroup(group)
			}
			c.Inject(simulator.Fault{Route: route, Match: func(r *http.Request) bool {
				if r.URL.Query().Get("offset") != "0" {
					c.UpdateGroup(large, func(g *simulator.Group) { g.Instances = g.Instances[1:] })
				}
				return false
			}})
			workflow, groups := connect(t, c)
			request := evacuation.Request{
				Zone: zone, Groups: []string{"app-01", "app-02"}, MaxParallel: 2, Policy: failover.ServerPolicy{Start: true},
			}
			started := 0
			for _, o := range evacuate(t.Context(), workflow, request, groups) {
				started += len(o.Result.Started)
			}
			if n := c.Count(simulator.RouteAction); n != able || started != 2*able {
				t.Errorf("%s: %d groups were asked to move, and %d servers started", route, n, started)
			}
		})
	}
}
