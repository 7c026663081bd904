package evacuation_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
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

// As many groups move at the same time as MaxParallel says, within a wave, and the next wave begins when the one before
// has ended.
func TestWaves(t *testing.T) {
	t.Parallel()
	for parallel, most := range map[int]int{1: 1, 2: 2, 10: 3} {
		t.Run(fmt.Sprint(parallel), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				estate := simulator.MixedEstate(5, 1).Leaving(zone)
				c := simtest.InMemory(
					t, simulator.WithEstate(estate), simulator.WithZoneDown(zone), simulator.WithJobDuration(20*time.Second),
				)
				var mu sync.Mutex
				var moving []int // How many groups move when the next is asked to.
				c.Inject(simulator.Fault{Route: simulator.RouteAction, Match: func(*http.Request) bool {
					mu.Lock()
					defer mu.Unlock()
					n := 0
					for _, group := range c.Groups() {
						if group.Status == "failing-over" {
							n++
						}
					}
					moving = append(moving, n)
					return false
				}})
				session := c.Session(t)
				client := sdrs.NewClient(session)
				groups, err := client.Groups(t.Context(), sdrs.GroupFilter{})
				if err != nil {
					t.Fatal(err)
				}
				request := evacuation.Request{
					Zone: zone, MaxParallel: parallel, Waves: [][]string{{"app-02", "app-04", "app-05"}},
				}
				evacuate(t.Context(), failover.New(client, ecs.NewClient(session)), request, groups)
				var order []string
				for _, r := range c.Requests() {
					for _, group := range estate.Groups {
						if r.Route == simulator.RouteAction && strings.Contains(r.Path, group.ID) {
							order = append(order, group.Name)
						}
					}
				}
				slices.Sort(order[:3])
				if slices.Max(moving) != most-1 || moving[3] != 0 || !slices.Equal(order[:3], request.Waves[0]) {
					t.Errorf("%v moved when the next of %v was asked to, want %d at most", moving, order, most-1)
				}
			})
		})
	}
}

// Where all servers are stopped before the first group moves, the downtime of each group counts from there.
func TestStoppedFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := simtest.InMemory(t, simulator.WithEstate(simulator.MixedEstate(3, 1).Leaving(zone)),
			simulator.WithJobDuration(20*time.Second))
		session := c.Session(t)
		client := sdrs.NewClient(session)
		groups, err := client.Groups(t.Context(), sdrs.GroupFilter{})
		if err != nil {
			t.Fatal(err)
		}
		request := evacuation.Request{
			Zone: zone, MaxParallel: 1, Planned: true, StopAllFirst: true, Policy: failover.ServerPolicy{Stop: true, Start: true},
		}
		outcomes := evacuate(t.Context(), failover.New(client, ecs.NewClient(session)), request, groups)
		for _, o := range outcomes {
			stopped, first := o.Result.Times.ServersStopRequested, outcomes[0].Result.Times.Requested
			if stopped.IsZero() || !stopped.Before(first) {
				t.Errorf("%s: %s, stopped at %s, and the first moved at %s", o.Group.Name, o.Verdict, stopped, first)
			}
		}
	})
}
