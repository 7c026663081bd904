package evacuation_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/evacuation"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

// As many groups move at the same time as MaxParallel says, within a wave, and the next wave begins when the one before
// has ended.
func TestWaves(t *testing.T) {
	t.Parallel()
	const job = 20 * time.Second
	for parallel, want := range map[int][]int{1: {0, 1, 2, 3, 4}, 2: {0, 0, 1, 2, 2}, 10: {0, 0, 0, 1, 1}} {
		t.Run(fmt.Sprint(parallel), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				estate := simulator.MixedEstate(5, 1).Leaving(zone)
				c := simtest.InMemory(
					t, simulator.WithEstate(estate), simulator.WithZoneDown(zone), simulator.WithJobDuration(job),
				)
				workflow, groups := connect(t, c)
				request := evacuation.Request{
					Zone: zone, MaxParallel: parallel, Waves: [][]string{{"app-02", "app-04", "app-05"}},
				}
				began := time.Now()
				evacuate(t.Context(), workflow, request, groups)
				var order []string
				var after []int // In jobs.
				for _, r := range c.Requests() {
					for _, group := range estate.Groups {
						if r.Route == simulator.RouteAction && strings.Contains(r.Path, group.ID) {
							order = append(order, group.Name)
							after = append(after, int(r.Time.Sub(began)/job))
						}
					}
				}
				if !slices.Equal(after, want) {
					t.Fatalf("%v were asked to move after %v jobs, want %v", order, after, want)
				}
				if slices.Sort(order[:3]); !slices.Equal(order[:3], request.Waves[0]) {
					t.Errorf("the first to move were %v", order[:3])
				}
			})
		})
	}
}

// Whoever changes a group in this process waits for its turn, and gives it back. Each line is about a group with a name.
func TestTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		estate := simulator.MixedEstate(2, 1).Leaving(zone)
		c := simtest.InMemory(t, simulator.WithEstate(estate), simulator.WithZoneDown(zone))
		workflow, groups := connect(t, c)
		c.Inject(simulator.Fault{Route: simulator.RouteGroups, Status: 503, Times: 7})
		c.Inject(simulator.Fault{Route: simulator.RouteGroup, Status: 503, Times: 7})
		var turns, named []string
		request := evacuation.Request{Zone: zone, MaxParallel: 1}
		e := silent(evacuation.Evacuation{
			Workflow: workflow,
			Turn: func(_ context.Context, id string) func() {
				turns = append(turns, id)
				return func() { turns = append(turns, fmt.Sprint(c.Accepted(simulator.ActionFailover))) }
			},
		})
		e.Progress = func(progress failover.Progress) string {
			named = append(named, progress.Group.Name)
			return ""
		}
		e.Run(t.Context(), request, evacuation.Select(groups, request))
		if want := []string{groups[0].ID, "1", groups[1].ID, "2"}; !slices.Equal(turns, want) {
			t.Errorf("took turns %v, want %v", turns, want)
		}
		if len(named) < 3 || slices.Contains(named, "") { // The first before the group could be read.
			t.Errorf("the lines of progress are about %q", named)
		}
	})
}

// Where all servers are stopped before the first group moves, the downtime of each group counts from there.
func TestStoppedFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := simtest.InMemory(t, simulator.WithEstate(simulator.MixedEstate(3, 1).Leaving(zone)),
			simulator.WithJobDuration(20*time.Second))
		workflow, groups := connect(t, c)
		request := evacuation.Request{
			Zone: zone, MaxParallel: 1, Planned: true, StopAllFirst: true,
			Policy: failover.ServerPolicy{Stop: true, Start: true},
		}
		outcomes := evacuate(t.Context(), workflow, request, groups)
		for _, o := range outcomes {
			stopped, first := o.Result.Times.ServersStopRequested, outcomes[0].Result.Times.Requested
			if stopped.IsZero() || !stopped.Before(first) {
				t.Errorf("%s: %s, stopped at %s, and the first moved at %s", o.Group.Name, o.Verdict, stopped, first)
			}
		}
	})
}
