package evacuation_test

import (
	"context"
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
	for _, route := range []string{simulator.RouteServers, simulator.RouteGroups} {
		t.Run(route, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := simtest.InMemory(t, simulator.WithEstate(simulator.MixedEstate(4, 1).Leaving(zone)))
				client, machines := sdrs.NewClient(c.Session(t)), ecs.NewClient(c.Session(t))
				groups, err := client.Groups(t.Context(), sdrs.GroupFilter{})
				if err != nil {
					t.Fatal(err)
				}
				c.Inject(simulator.Fault{Route: route, Status: 403})
				c.ResetRequests()
				request := evacuation.Request{
					Zone: zone, MaxParallel: 2, Planned: true, Policy: failover.ServerPolicy{Stop: true, Start: true},
				}
				for _, o := range evacuate(t.Context(), failover.New(client, machines), request, groups) {
					if o.Verdict != failover.ResultDone {
						t.Errorf("%s: %v", o.Group.Name, o.Err)
					}
				}
				if n := c.Count(route); route == simulator.RouteServers && (n > 2 || c.Count(simulator.RouteServer) < 8) {
					t.Errorf("%d lists, %d reads", n, c.Count(simulator.RouteServer))
				}
			})
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
