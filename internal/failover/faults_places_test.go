package failover_test

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// place is where a fault strikes: the requests of one route, in one phase of an operation.
type place struct {
	name  string
	route string
	// during tells the phase; nil: the route tells it already.
	during func(*scene) bool
	// server is the one whose requests count. Servers are read two at a time: which one met a fault would be chance.
	server string
	// lead is what it takes for a switch to come here at all.
	lead func(*scene)
}

var (
	authentication = &place{name: "authentication", route: simulator.RouteAuth, lead: expireToken}
	observation    = &place{name: "observe", route: simulator.RouteGroup, during: before}
	stopLook       = &place{
		name: "stop servers: look", route: simulator.RouteServer, during: both(before, asked),
		server: sourceServer,
	}
	stopAsk    = &place{name: "stop servers: ask", route: simulator.RouteServerAction, during: before}
	stopJob    = &place{name: "stop servers: job", route: simulator.RouteServerJob, during: before}
	instances  = &place{name: "readiness: instances", route: simulator.RouteInstances, during: both(before, stopped)}
	pairs      = &place{name: "readiness: pairs", route: simulator.RoutePairs}
	servers    = &place{name: "readiness: servers", route: simulator.RouteServer, during: before, server: targetServer}
	lastLook   = &place{name: "last look", route: simulator.RouteGroup, during: both(before, both(prepared, unsent))}
	action     = &place{name: "the action", route: simulator.RouteAction}
	acceptance = &place{name: "after a lost answer", route: simulator.RouteGroup, during: after, lead: loseAnswer}
	doubt      = &place{
		name: "after a lost action", route: simulator.RouteGroup, during: both(before, sent),
		lead: loseAction,
	}
	polling      = &place{name: "job polling", route: simulator.RouteJob}
	verification = &place{name: "final verification", route: simulator.RouteGroup, during: both(after, settled)}
	startLook    = &place{name: "start servers: look", route: simulator.RouteServer, during: after, server: targetServer}
	startAsk     = &place{name: "start servers: ask", route: simulator.RouteServerAction, during: after}
	startJob     = &place{name: "start servers: job", route: simulator.RouteServerJob, during: after}
)

// places are in the order in which a planned failover comes by them, but for the first, which can be anywhere.
var places = []*place{
	authentication, observation, instances, pairs, servers, stopAsk, stopLook, stopJob, lastLook, action,
	acceptance,
	doubt, polling, verification, startAsk, startLook, startJob,
}

// trial is an operation that faults are tried on: the places that it comes by, and the servers once it has succeeded.
type trial struct {
	operation      failover.Operation
	places         []*place
	source, target string
}

// trials are all operations. The servers run at the active site when they begin.
var trials = func() []trial {
	request := []*place{action, acceptance, doubt, polling, verification}
	looks := append([]*place{authentication, observation, lastLook}, request...)
	starts := append([]*place{startAsk, startLook, startJob}, looks...)
	return []trial{
		{failover.PlannedFailover(sdrs.Target), places, "SHUTOFF", "ACTIVE"},
		{failover.UnplannedFailover(sdrs.Target), append([]*place{pairs}, starts...), "SHUTOFF", "ACTIVE"},
		{failover.EnableProtection(), append([]*place{pairs}, looks...), "ACTIVE", "SHUTOFF"},
		{failover.Reprotect(), append([]*place{pairs, instances, servers}, looks...), "SHUTOFF", "ACTIVE"},
		{failover.DisableProtection(), looks, "ACTIVE", "SHUTOFF"},
	}
}()

var (
	sourceServer = simulator.DemoGroup().Instances[0].SourceServer.ID
	targetServer = simulator.DemoGroup().Instances[0].TargetServer.ID
)

func both(a, b func(*scene) bool) func(*scene) bool {
	return func(s *scene) bool { return a(s) && b(s) }
}

// before and after are the phases on either side of the accepted action.
func before(s *scene) bool { return !after(s) }
func after(s *scene) bool  { return s.Accepted(actionOf[s.operation.Kind]) > 0 }

// sent is the phase after an action that may not have been accepted.
func sent(s *scene) bool { return s.Count(simulator.RouteAction) > 0 }

func unsent(s *scene) bool { return !sent(s) }

// asked is the phase once servers were asked to stop.
func asked(s *scene) bool { return s.Count(simulator.RouteServerAction) > 0 }

func stopped(s *scene) bool {
	group, _ := s.Group(groupID)
	for _, instance := range group.Instances {
		if instance.SourceServer.Status != simulator.ServerStopped {
			return false
		}
	}
	return true
}

// prepared is the phase once there is nothing left to do but to look at the group once more.
func prepared(s *scene) bool {
	if s.operation.Kind == failover.KindPlannedFailover {
		return stopped(s)
	}
	return slices.ContainsFunc(s.Requests(), func(r simulator.Request) bool {
		return r.Route == simulator.RouteGroup &&
			r.Status > 0
	})
}

// settled is the phase once the operation has ended well.
func settled(s *scene) bool {
	group, _ := s.Group(groupID)
	return group.Status == string(s.operation.Rest) && (s.operation.Station == "" ||
		group.PriorityStation == string(s.operation.Station))
}

// expireToken lets the first look at the job find the token expired.
func expireToken(s *scene) {
	s.Inject(simulator.Fault{Route: simulator.RouteJob, Match: onceOnly(s.RevokeTokens)})
}

// loseAnswer cuts the answer to the action off, so that the group has to tell what became of it.
func loseAnswer(s *scene) {
	s.Inject(simulator.Fault{Route: simulator.RouteAction, Times: 1, Cut: simulator.CutAfter})
}

// loseAction lets the action never arrive, which looks the same to who sent it.
func loseAction(s *scene) {
	s.Inject(simulator.Fault{Route: simulator.RouteAction, Times: 1, Cut: simulator.CutBefore})
}

// onceOnly is the condition of a fault that is none: something happens when the first request comes.
func onceOnly(happens func()) func(*http.Request) bool {
	var once sync.Once
	return func(*http.Request) bool {
		once.Do(happens)
		return false
	}
}

// strike is a fault at work: it counts the requests that it hits.
type strike struct {
	*scene
	at *place
	// times is how many requests are hit; 0: all.
	times int

	mu   sync.Mutex
	hits int
	over bool
}

// hit reports whether a request to the place's route meets the fault, and counts it.
func (k *strike) hit(path string) bool {
	server := k.at.server
	if k.at == servers && k.operation.Kind == failover.KindReprotect {
		server = sourceServer // The group is active at target.
	}
	if k.at.during != nil && !k.at.during(k.scene) || !strings.HasSuffix(path, server) {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.over || k.times > 0 && k.hits >= k.times {
		return false
	}
	k.hits++
	return true
}

// end takes the fault away, and returns how many requests it has hit.
func (k *strike) end() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.over = true
	return k.hits
}

// touched is the context key of what is done to the answer to a request.
type touched struct{}

// touch is how the real answer to a request is changed on its way.
type touch struct {
	// edit changes the body; nil: not at all.
	edit func([]byte) []byte
	// drip is called once the first byte has arrived: more do not, before the client gives up. Nil: all do.
	drip func()
}

// ServeHTTP is the simulator's, with the touches of the faults that the simulator does not have.
func (s *scene) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	t := new(touch)
	r = r.WithContext(context.WithValue(r.Context(), touched{}, t))
	s.Simulator.ServeHTTP(&touchedWriter{ResponseWriter: w, touch: t, gone: r.Context().Done()}, r)
}

// touchedWriter changes an answer that comes in one piece, as the simulator's do.
type touchedWriter struct {
	http.ResponseWriter
	*touch
	gone <-chan struct{}
}

// Unwrap is for http.ResponseController.
func (w *touchedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *touchedWriter) WriteHeader(status int) {
	if w.edit != nil || w.drip != nil {
		w.Header().Del("Content-Length")
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *touchedWriter) Write(body []byte) (int, error) {
	sent := body
	if w.edit != nil {
		sent = w.edit(body)
	}
	if w.drip == nil {
		_, err := w.ResponseWriter.Write(sent)
		return len(body), err
	}
	_, err := w.ResponseWriter.Write(sent[:min(1, len(sent))])
	_ = http.NewResponseController(w.ResponseWriter).Flush() // Fails where the client has left.
	w.drip()
	<-w.gone
	return len(body), err
}

// impatient is a client that gives a request up as soon as it is known to take too long, as if its time-out had passed:
// a real one would end others, too, on a busy machine.
type impatient struct {
	http.RoundTripper

	mu      sync.Mutex
	waiting []context.CancelCauseFunc
}

// attemptHeader has the number of a request, by which it can be given up.
const attemptHeader = "X-Attempt"

func (i *impatient) around(inner http.RoundTripper) http.RoundTripper {
	i.RoundTripper = inner
	return i
}

// RoundTrip is that of an http.RoundTripper.
func (i *impatient) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	r = r.Clone(ctx)
	i.mu.Lock()
	r.Header.Set(attemptHeader, strconv.Itoa(len(i.waiting)))
	i.waiting = append(i.waiting, cancel)
	i.mu.Unlock()
	return i.RoundTripper.RoundTrip(r)
}

// giveUp gives a request up that has arrived at the server.
func (i *impatient) giveUp(r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if n, err := strconv.Atoi(r.Header.Get(attemptHeader)); err == nil {
		i.waiting[n](context.DeadlineExceeded)
	}
}

// replacing returns an edit that replaces what matches a pattern.
func replacing(pattern, with string) func([]byte) []byte {
	found := regexp.MustCompile(pattern)
	return func(body []byte) []byte { return found.ReplaceAll(body, []byte(with)) }
}

// refuse gives the scene a workflow whose connections are refused where the fault strikes.
func (s *scene) refuse(t *testing.T, k *strike) {
	t.Helper()
	const dead = "http://127.0.0.1:1" // Nobody listens there.
	open := s.session
	closed := s.logIn(t, func(c *cloud.Config) {
		c.Endpoints = map[cloud.Service]string{
			cloud.SDRS: dead,
			cloud.ECS:  dead,
		}
	})
	s.workflow = failover.New(
		sdrsDoor{SDRS: sdrs.NewClient(open), closed: sdrs.NewClient(closed), strike: k},
		ecsDoor{ECS: ecs.NewClient(open), closed: ecs.NewClient(closed), strike: k},
		failover.WithClock(s.clock),
	)
}

// choose returns the closed door where a fault strikes at a route, otherwise the open one.
func choose[T any](k *strike, route, path string, open, closed T) T {
	if k.at.route == route && k.hit(path) {
		return closed
	}
	return open
}

// sdrsDoor is a service that now and then refuses connections.
type sdrsDoor struct {
	failover.SDRS
	closed failover.SDRS
	strike *strike
}

func (d sdrsDoor) door(route string) failover.SDRS {
	return choose(d.strike, route, "", d.SDRS, d.closed)
}

func (d sdrsDoor) Group(ctx context.Context, id string) (sdrs.Group, error) {
	return d.door(simulator.RouteGroup).Group(ctx, id)
}

func (d sdrsDoor) Reverse(ctx context.Context, id string, station sdrs.Station) (string, error) {
	return d.door(simulator.RouteAction).Reverse(ctx, id, station)
}

func (d sdrsDoor) Failover(ctx context.Context, id string) (string, error) {
	return d.door(simulator.RouteAction).Failover(ctx, id)
}

func (d sdrsDoor) Start(ctx context.Context, id string) (string, error) {
	return d.door(simulator.RouteAction).Start(ctx, id)
}

func (d sdrsDoor) Stop(ctx context.Context, id string) (string, error) {
	return d.door(simulator.RouteAction).Stop(ctx, id)
}

func (d sdrsDoor) Job(ctx context.Context, groupID, id string) (sdrs.Job, error) {
	return d.door(simulator.RouteJob).Job(ctx, groupID, id)
}

func (d sdrsDoor) ProtectedInstances(ctx context.Context,
	filter sdrs.ProtectedInstanceFilter,
) ([]sdrs.ProtectedInstance, error) {
	return d.door(simulator.RouteInstances).ProtectedInstances(ctx, filter)
}

func (d sdrsDoor) ReplicationPairs(ctx context.Context, filter sdrs.ReplicationPairFilter) ([]sdrs.ReplicationPair,
	error,
) {
	return d.door(simulator.RoutePairs).ReplicationPairs(ctx, filter)
}

// ecsDoor is sdrsDoor for servers.
type ecsDoor struct {
	failover.ECS
	closed failover.ECS
	strike *strike
}

func (d ecsDoor) door(route, path string) failover.ECS {
	return choose(d.strike, route, path, d.ECS, d.closed)
}

func (d ecsDoor) Server(ctx context.Context, id string) (ecs.Server, error) {
	return d.door(simulator.RouteServer, id).Server(ctx, id)
}

func (d ecsDoor) Stop(ctx context.Context, ids []string, hard bool) (string, error) {
	return d.door(simulator.RouteServerAction, "").Stop(ctx, ids, hard)
}

func (d ecsDoor) Start(ctx context.Context, ids []string) (string, error) {
	return d.door(simulator.RouteServerAction, "").Start(ctx, ids)
}

func (d ecsDoor) Job(ctx context.Context, id string) (ecs.Job, error) {
	return d.door(simulator.RouteServerJob, "").Job(ctx, id)
}
