package failover_test

import (
	"context"
	"errors"
	"net/http"
	"time"

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
	workflow *failover.Workflow
	clock    *script
	policy   failover.ServerPolicy
	// loggedIn is how many requests the login took.
	loggedIn int
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
	clock := &script{ManualClock: simulator.NewManualClock(time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)), then: map[int]func(){}}
	options = append([]simulator.Option{
		simulator.WithClock(clock), simulator.WithJobDuration(12 * time.Second), simulator.WithGroups(simulator.DemoGroup()),
	}, options...)
	s := &scene{clock: clock}
	s.Cloud = simtest.Behind(tb, func(http.Handler) http.Handler { return s }, options...) // It touches answers.
	s.logIn(tb, nil)
	return s
}

// logIn gives the scene a new workflow, as a new process would have, with a session that change has configured.
func (s *scene) logIn(tb stage, change func(*cloud.Config)) *cloud.Session {
	tb.Helper()
	config := s.Config()
	config.MaxRetries, config.RetryWait, config.RequestTimeout = 1, time.Microsecond, 2*time.Second
	if change != nil {
		change(&config)
	}
	before := len(s.Requests())
	session, err := cloud.NewSession(tb.Context(), config)
	if err != nil {
		tb.Fatal(err)
	}
	s.loggedIn = len(s.Requests()) - before
	s.workflow = failover.New(sdrs.NewClient(session), ecs.NewClient(session), failover.WithClock(s.clock))
	return session
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
	ctx, cancel := s.clock.WithTimeout(ctx, limit)
	defer cancel()
	return s.workflow.Run(ctx, groupID, failover.PlannedFailover(station), s.policy)
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
	if group, _ := s.Group(groupID); group.PriorityStation != string(station) || group.Status != string(sdrs.StatusProtected) {
		tb.Errorf("the group is %s at %s, want protected at %s", group.Status, group.PriorityStation, station)
	}
}
