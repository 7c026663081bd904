package failover_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

const groupID = "40df180b-9fe2-471a-8c64-1b758dc84189"

// scene is a workflow on a simulated cloud, both in simulated time.
type scene struct {
	*simtest.Cloud
	// session is the one that the scene began with.
	session  *cloud.Session
	workflow *failover.Workflow
	clock    *script
	policy   failover.ServerPolicy
	// loggedIn is how many requests the login took.
	loggedIn int
	test     stage
	// operation is the one that runs, or is about to.
	operation failover.Operation
	// leaves are the sites that were active when an action on the group came.
	leaves []string
}

// stage is what a scene needs of a test; [testing.TB] and rapid's T are ones.
type stage interface {
	Helper()
	Context() context.Context
	Cleanup(end func())
	Errorf(format string, arguments ...any)
	Fatal(arguments ...any)
}

// script is a clock on which things happen.
type script struct {
	*simulator.ManualClock
	// then maps the number of a sleep, from 1, to what happens before it.
	then   map[int]func()
	sleeps int
}

func (s *script) Sleep(ctx context.Context, d time.Duration) error {
	s.sleeps++
	if happens := s.then[s.sleeps]; happens != nil {
		happens()
	}
	return s.ManualClock.Sleep(ctx, d)
}

func newScene(tb stage, options ...simulator.Option) *scene {
	tb.Helper()
	clock := &script{
		ManualClock: simulator.NewManualClock(time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)),
		then:        map[int]func(){},
	}
	options = append([]simulator.Option{
		simulator.WithClock(clock), simulator.WithJobDuration(12 * time.Second), simulator.WithGroups(simulator.DemoGroup()),
	}, options...)
	s := &scene{clock: clock, test: tb}
	s.Cloud = simtest.Behind(tb, func(http.Handler) http.Handler { return s }, options...) // It touches answers.
	s.Inject(simulator.Fault{Route: simulator.RouteAction, Match: func(*http.Request) bool {
		group, _ := s.Group(groupID)
		s.leaves = append(s.leaves, group.PriorityStation)
		return false
	}})
	s.session = s.logIn(tb, nil)
	return s
}

// logIn gives the scene a new workflow, as a new process would have, with a session that change has configured.
func (s *scene) logIn(tb stage, change func(*cloud.Config)) *cloud.Session {
	tb.Helper()
	config := s.Config()
	config.MaxRetries, config.RetryWait = 1, time.Microsecond
	if change != nil {
		change(&config)
	}
	before := len(s.Requests())
	session, err := cloud.NewSession(tb.Context(), config)
	if err != nil {
		tb.Fatal(err)
	}
	s.loggedIn = len(s.Requests()) - before
	s.begin(session)
	return session
}

// begin gives the scene a new workflow.
func (s *scene) begin(session *cloud.Session) {
	s.workflow = failover.New(sdrs.NewClient(session), ecs.NewClient(session), failover.WithClock(s.clock))
}

// failed returns the workflow's error, and whether it is of a kind.
func failed(err error, kind failover.Kind) (*failover.Error, bool) {
	failure, ok := errors.AsType[*failover.Error](err)
	return failure, ok && failure.Kind == kind
}

// switchTo switches the group, and gives that an hour of simulated time.
func (s *scene) switchTo(ctx context.Context, station sdrs.Station) (failover.Result, error) {
	return s.switchWithin(ctx, time.Hour, station)
}

// switchWithin switches the group, and gives that some simulated time.
func (s *scene) switchWithin(ctx context.Context, limit time.Duration, station sdrs.Station) (failover.Result, error) {
	return s.run(ctx, limit, failover.PlannedFailover(station))
}

// do runs an operation, and gives that an hour of simulated time.
func (s *scene) do(t stage, operation failover.Operation) (failover.Result, error) {
	t.Helper()
	return s.run(t.Context(), time.Hour, operation)
}

// run runs an operation, gives that some simulated time, and checks what must hold of each run.
func (s *scene) run(ctx context.Context, limit time.Duration, operation failover.Operation) (failover.Result, error) {
	ctx, cancel := s.clock.WithTimeout(ctx, limit)
	defer cancel()
	before := len(s.Requests())
	s.leaves, s.operation = nil, operation
	policy := failover.ServerPolicy{}
	if operation.Station != "" {
		policy = s.policy
	}
	result, err := s.workflow.Run(ctx, groupID, operation, policy)
	s.checkSent(s.Requests()[before:], operation, err)
	return result, err
}

// actionOf is what the cloud is asked for by an operation.
var actionOf = map[failover.OperationKind]string{
	failover.KindPlannedFailover: simulator.ActionReverse, failover.KindUnplannedFailover: simulator.ActionFailover,
	failover.KindEnable: simulator.ActionStart, failover.KindReprotect: simulator.ActionStart,
	failover.KindDisable: simulator.ActionStop,
}

// checkSent checks what one run of an operation has asked of the group: nothing but the operation, towards its site,
// accepted once at most, and never again where it may have been accepted; and that the run's error does not deny it.
func (s *scene) checkSent(log []simulator.Request, operation failover.Operation, err error) {
	s.test.Helper()
	var before *simulator.Request
	accepted, seen := 0, 0
	for _, request := range log {
		if request.Route != simulator.RouteAction {
			continue
		}
		towards := operation.Station
		if operation.Kind == failover.KindUnplannedFailover && seen < len(s.leaves) {
			towards = sdrs.Station(s.leaves[seen]).Other() // It has no direction.
		}
		seen++
		wrong := request.Action != actionOf[operation.Kind] || towards != operation.Station
		if operation.Kind == failover.KindPlannedFailover && !strings.Contains(request.Body,
			`"priority_station":"`+string(towards)+`"`) {
			wrong = true
		}
		if wrong {
			s.test.Errorf("sent %s, which leads to %s, for a %s to %q", request.Body, towards, operation.Name, operation.Station)
		}
		if before != nil && !repeatable(*before) {
			s.test.Errorf("sent an action again after one that ended with status %d, accepted: %t", before.Status,
				before.Accepted)
		}
		if before = &request; request.Accepted {
			accepted++
		}
	}
	if accepted > 1 {
		s.test.Errorf("%d actions accepted in one run", accepted)
	}
	failure, _ := errors.AsType[*failover.Error](err)
	if failure != nil && accepted > 0 && failure.Sent == failover.NotSent {
		s.test.Errorf("%d actions accepted, and the error denies it: %v", accepted, err)
	}
}

// repeatable reports whether an action was provably not processed.
func repeatable(request simulator.Request) bool {
	switch request.Status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		return !request.Accepted
	default:
		return false
	}
}

// wantLogged runs what sends requests, and wants a line in the log for each: it has the caller's context.
func (s *scene) wantLogged(t *testing.T, run func(context.Context)) {
	t.Helper()
	var lines atomic.Int64
	before := len(s.Requests())
	run(tflogtest.RootLogger(t.Context(), lineCounter{&lines}))
	if sent := len(s.Requests()) - before; int(lines.Load()) != sent {
		t.Errorf("%d lines for %d requests", lines.Load(), sent)
	}
}

// lineCounter counts the lines of a log that are about requests.
type lineCounter struct{ *atomic.Int64 }

func (c lineCounter) Write(line []byte) (int, error) {
	c.Add(int64(bytes.Count(line, []byte(`"@message":"Cloud API request`))))
	return len(line), nil
}

// set puts the group into a state.
func (s *scene) set(status sdrs.Status, station sdrs.Station) {
	s.UpdateGroup(groupID, func(g *simulator.Group) { g.Status, g.PriorityStation = string(status), string(station) })
}

// wantAccepted checks how many planned failovers the cloud has accepted from the workflow.
func (s *scene) wantAccepted(tb stage, want int) {
	tb.Helper()
	if got := s.Accepted(simulator.ActionReverse); got != want {
		tb.Errorf("%d planned failovers accepted, want %d", got, want)
	}
}

// wantActive checks where the group is.
func (s *scene) wantActive(tb stage, station sdrs.Station) {
	tb.Helper()
	if group, _ := s.Group(groupID); group.PriorityStation != string(station) ||
		group.Status != string(sdrs.StatusProtected) {
		tb.Errorf("the group is %s at %s, want protected at %s", group.Status, group.PriorityStation, station)
	}
}
