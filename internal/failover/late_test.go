package failover_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

// A request whose run was interrupted may arrive while the next run goes on, or after its end. The group is switched once
// all the same, but for two cases that the API leaves no way out of: a failover has no direction, so it moves production
// back where a planned failover has passed since whoever asked for it looked.
func TestLateRequest(t *testing.T) {
	t.Parallel()
	const (
		job    = 5 * time.Second
		moving = "right before the next one, which meets its job"
		over   = "on the way of the next one, which takes longer than its job"
		after  = "after the next run"
	)
	planned, unplanned := failover.PlannedFailover(sdrs.Target), failover.UnplannedFailover(sdrs.Target)
	for _, test := range []struct {
		late, next failover.Operation
		arrives    string
		back       bool
		end        string // Of the next run.
	}{
		{planned, planned, moving, false, "done"},
		{planned, planned, over, false, "done"},
		{planned, planned, after, false, "done"},
		{planned, unplanned, moving, false, "done"},
		{planned, unplanned, over, true, "NotVerified"},
		{planned, unplanned, after, false, "done"},
		{unplanned, planned, moving, false, "NotPossible"},
		{unplanned, planned, over, false, "Refused"},
		{unplanned, planned, after, true, "done"}, // It was, by then.
		{unplanned, unplanned, moving, false, "done"},
		{unplanned, unplanned, over, false, "done"},
		{unplanned, unplanned, after, false, "done"},
	} {
		t.Run(fmt.Sprintf("%s, then %s, arrives %s", test.late.Name, test.next.Name, test.arrives), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := simtest.InMemory(t, simulator.WithGroups(simulator.DemoGroup()), simulator.WithJobDuration(job))
				session, policy := c.Session(t), failover.ServerPolicy{Stop: true}
				workflow := failover.New(sdrs.NewClient(session), ecs.NewClient(session))
				ctx, interrupt := context.WithCancel(t.Context())
				arrive := make(chan struct{})
				var requests atomic.Int32
				c.Inject(simulator.Fault{Route: simulator.RouteAction, Match: func(*http.Request) bool {
					switch n := requests.Add(1); {
					case n == 1:
						interrupt()
						<-arrive
					case n == 2 && test.arrives != after:
						close(arrive)
						time.Sleep(map[string]time.Duration{moving: job / 5, over: 2 * job}[test.arrives])
					}
					return false
				}})
				_, err := workflow.Run(ctx, groupID, test.late, policy)
				if failure, ok := errors.AsType[*failover.Error](err); !ok || failure.Sent != failover.Unanswered {
					t.Fatalf("the first run: %v", err)
				}
				if _, err := workflow.Run(t.Context(), groupID, test.next, policy); endOf(err) != test.end {
					t.Errorf("the next run: %v, want %s", err, test.end)
				}
				if test.arrives == after {
					close(arrive)
				}
				time.Sleep(2 * job)
				want, times := simulator.StationTarget, 1
				if test.back {
					want, times = simulator.StationSource, 2
				}
				accepted := c.Accepted(simulator.ActionReverse) + c.Accepted(simulator.ActionFailover)
				if group, _ := c.Group(groupID); group.PriorityStation != want || accepted != times {
					t.Errorf("switched %d times, to %s", accepted, group.PriorityStation)
				}
			})
		})
	}
}
