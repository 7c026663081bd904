package evacuation_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/evacuation"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

const (
	zone  = "eu-de-01"
	other = "eu-de-02"
	// fewWalks keeps `go test` short; -rapid.checks asks for more.
	fewWalks = "30"
)

// TestWalks walks at random over evacuations, faults in any wave, interrupts, deadlines, what people do at the console,
// and second evacuations at the same time. Whatever happens: in one run a group is switched once at most, it is not
// asked again where that may have been accepted, no action leads into the zone, and what is said of a group is true.
func TestWalks(t *testing.T) {
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	if !asked {
		if err := flag.Set("rapid.checks", fewWalks); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		w := newWalk(t)
		t.Repeat(map[string]func(*rapid.T){
			"console":      func(t *rapid.T) { w.drawConsole(t)() },
			"time passes":  func(*rapid.T) { w.clock.Advance(10 * time.Second) },
			"fault":        w.inject,
			"evacuate":     func(t *rapid.T) { w.evacuate(t, 1, true) },
			"two at once":  func(t *rapid.T) { w.evacuate(t, 2, false) },
			"side by side": func(t *rapid.T) { w.evacuate(t, 1, false) },
			"killed":       w.kill,
			"settle":       w.settle,
		})
		w.settle(t)
	})
}

// walk is a random walk over a cloud of four groups.
type walk struct {
	*simtest.Cloud
	clock *script
	mend  []func()
	// runs tells the requests of an evacuation from those of the next.
	runs int
	// acting is held while a request that changes something is under way.
	acting sync.Mutex

	mu sync.Mutex
	// leaves are the zones that a group was in production in when actions on it came, statuses those that it had.
	leaves, statuses map[string][]string
}

// script is a clock on which something happens before a sleep.
type script struct {
	*simulator.ManualClock
	mu     sync.Mutex
	sleeps int
	then   map[int]func()
}

func (s *script) Sleep(ctx context.Context, d time.Duration) error {
	s.mu.Lock()
	s.sleeps++
	happens := s.then[s.sleeps]
	s.mu.Unlock()
	if happens != nil {
		happens()
	}
	return s.ManualClock.Sleep(ctx, d)
}

func (s *script) play(then map[int]func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sleeps, s.then = 0, then
}

func newWalk(t *rapid.T) *walk {
	w := &walk{
		leaves: map[string][]string{}, statuses: map[string][]string{},
		clock: &script{ManualClock: simulator.NewManualClock(time.Date(2026, 11, 28, 3, 0, 0, 0, time.UTC))},
	}
	w.Cloud = simtest.New(
		t,
		simulator.WithClock(w.clock),
		simulator.WithEstate(fresh()),
		simulator.WithJobDuration(5*time.Second),
		simulator.WithServerJobDuration(2*time.Second),
	)
	w.Inject(simulator.Fault{Route: simulator.RouteAction, Match: func(r *http.Request) bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		id := groupOf(r.URL.Path)
		if strings.HasPrefix(r.UserAgent(), w.agent()) {
			g, _ := w.Group(id)
			w.leaves[id] = append(w.leaves[id], w.activeIn(id))
			w.statuses[id] = append(w.statuses[id], g.Status)
		}
		return false
	}})
	return w
}

func (w *walk) agent() string { return fmt.Sprintf("run-%d.", w.runs) }

func fresh() simulator.Estate { return simulator.MixedEstate(4, 1).Leaving(zone) }

// groupOf is the id of a group in the path of an action.
func groupOf(path string) string {
	parts := strings.Split(path, "/")
	return parts[len(parts)-2]
}

// activeIn is the zone that a group's production is in.
func (w *walk) activeIn(id string) string {
	g, _ := w.Group(id)
	return zoneOf(g, g.PriorityStation)
}

func zoneOf(g simulator.Group, station string) string {
	if station == simulator.StationTarget {
		return g.TargetAZ
	}
	return g.SourceAZ
}

// drawConsole draws something that somebody does at the console. What the cloud refuses does not happen.
func (w *walk) drawConsole(t *rapid.T) func() {
	g := rapid.SampledFrom(fresh().Groups).Draw(t, "group")
	station := rapid.SampledFrom([]string{simulator.StationSource, simulator.StationTarget}).Draw(t, "station")
	down := rapid.Bool().Draw(t, "down")
	return rapid.SampledFrom([]func(){
		func() { _, _ = w.Switch(g.ID, station) },
		func() { _, _ = w.Failover(g.ID) },
		func() { _, _ = w.Protect(g.ID) },
		func() { _, _ = w.Unprotect(g.ID) },
		func() { w.FailNextJob("SDRS.1030", "drawn") },
		func() { w.SetZoneDown(zone, down) },
		func() { w.SetServerStatus(g.Instances[0].SourceServer.ID, simulator.ServerStopped) },
	}).Draw(t, "console")
}

func (w *walk) inject(t *rapid.T) {
	fault := rapid.SampledFrom([]simulator.Fault{
		{Cut: simulator.CutBefore},
		{Cut: simulator.CutAfter},
		{Status: 403, Body: `{"error":{"code":"SDRS.0005","message":"drawn"}}`},
		{Status: 429},
		{Status: 500, AfterEffect: true},
		{Status: 503},
		{Status: 504, AfterEffect: true},
		{Truncate: 20},
	}).Draw(t, "fault")
	fault.Route = rapid.SampledFrom([]string{
		"", simulator.RouteGroup, simulator.RouteGroups, simulator.RouteAction, simulator.RouteJob, simulator.RouteInstances,
		simulator.RoutePairs, simulator.RouteServer, simulator.RouteServers, simulator.RouteServerAction,
	}).Draw(t, "route")
	fault.Skip, fault.Times = rapid.IntRange(0, 6).Draw(t, "skip"), rapid.IntRange(1, 6).Draw(t, "times")
	w.mend = append(w.mend, w.Inject(fault))
}

// evacuate runs some evacuations at the same time. Where somebody is at the console meanwhile, one group moves at a
// time: an unplanned failover has no direction, and on this clock a whole switch could pass between a look and an
// action.
func (w *walk) evacuate(t *rapid.T, runs int, disturbed bool) {
	request := drawRequest(t)
	ctx, interrupt := w.clock.WithTimeout(
		t.Context(),
		time.Duration(rapid.SampledFrom([]int{5, 30, 3600}).Draw(t, "limit"))*time.Second,
	)
	defer interrupt()
	then := map[int]func(){}
	if disturbed {
		request.MaxParallel = 1
		then[rapid.IntRange(1, 20).Draw(t, "when")] = w.drawConsole(t)
	}
	if rapid.IntRange(0, 3).Draw(t, "interrupted") == 3 {
		then[rapid.IntRange(1, 20).Draw(t, "at")] = interrupt
	}
	w.clock.play(then)
	defer w.clock.play(nil)

	w.begin()
	outcomes, begun := make([][]evacuation.Outcome, runs), 0
	var all sync.WaitGroup
	for n := range runs {
		run, ok := w.prepare(ctx, request, nil)
		if !ok {
			break // By a fault.
		}
		begun++
		all.Go(func() { outcomes[n] = run() })
	}
	all.Wait()
	w.check(t, request, outcomes[:begun], disturbed, false)
}

// kill ends a process at any of its requests: the cloud gets nothing any more, not even a last look, and nobody has
// what was learned. Then the same evacuation runs from nothing but the cloud. The last request arrives before that, at
// some time of it, or never.
func (w *walk) kill(t *rapid.T) {
	request := drawRequest(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	killer := &killer{kill: cancel, last: make(chan *http.Request, 1)}
	killer.left.Store(int64(rapid.IntRange(1, 60).Draw(t, "requests")))
	w.begin()
	if run, ok := w.prepare(ctx, request, killer); ok {
		run()
	}
	arrives := rapid.IntRange(0, 40).Draw(t, "arrives")
	w.clock.play(map[int]func(){arrives: killer.arrive})
	defer w.clock.play(nil)
	if arrives == 0 {
		killer.arrive()
	}
	if rapid.Bool().Draw(t, "later") {
		w.clock.Advance(time.Minute)
	}
	for _, mend := range w.mend {
		mend()
	}
	w.mend = nil
	if run, ok := w.prepare(t.Context(), request, nil); ok {
		w.check(t, request, [][]evacuation.Outcome{run()}, false, true)
	}
}

// killer is a connection that ends, with its process, at one of the requests.
type killer struct {
	http.RoundTripper

	kill func()
	left atomic.Int64
	last chan *http.Request
}

func (k *killer) RoundTrip(r *http.Request) (*http.Response, error) {
	left := k.left.Add(-1)
	if left > 0 {
		return k.RoundTripper.RoundTrip(r)
	}
	if left == 0 {
		last := r.Clone(context.Background()) // The process has ended, and the request has not.
		if r.Body != nil {
			body, _ := io.ReadAll(r.Body)
			last.Body = io.NopCloser(bytes.NewReader(body))
		}
		k.last <- last
	}
	k.kill()
	return nil, errors.New("killed")
}

// arrive lets the last request arrive, if it has not.
func (k *killer) arrive() {
	select {
	case last := <-k.last:
		if response, err := k.RoundTripper.RoundTrip(last); err == nil {
			_ = response.Body.Close()
		}
	default:
	}
}

// orderly is a connection that sends what changes something one by one, so that the log has the order in which it was
// done, and waits for the answers. By itself the client waits for a second once its context has ended: where the machine
// is busy, the request would come to the next run.
type orderly struct {
	http.RoundTripper

	acting *sync.Mutex
}

func (o orderly) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost {
		o.acting.Lock()
		defer o.acting.Unlock()
		r = r.WithContext(context.WithoutCancel(r.Context()))
	}
	return o.RoundTripper.RoundTrip(r)
}

// begin begins to count for a new check.
func (w *walk) begin() {
	w.ResetRequests()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.runs++
	clear(w.leaves)
	clear(w.statuses)
}

// prepare prepares an evacuation; it reports false where a fault forbids that.
func (w *walk) prepare(
	ctx context.Context, request evacuation.Request, killer *killer,
) (func() []evacuation.Outcome, bool) {
	config := w.Config()
	config.UserAgent = w.agent()
	config.MaxRetries, config.RetryWait = 1, time.Microsecond
	config.Around = func(inner http.RoundTripper) http.RoundTripper {
		if killer == nil {
			return orderly{inner, &w.acting}
		}
		killer.RoundTripper = orderly{inner, &w.acting}
		return killer
	}
	session, err := cloud.NewSession(ctx, config)
	if err != nil {
		return nil, false
	}
	client := sdrs.NewClient(session)
	groups, err := client.Groups(ctx, sdrs.GroupFilter{})
	if err != nil {
		return nil, false
	}
	workflow := failover.New(client, ecs.NewClient(session), failover.WithClock(w.clock))
	return func() []evacuation.Outcome { return evacuate(ctx, workflow, request, groups) }, true
}

func drawRequest(t *rapid.T) evacuation.Request {
	request := evacuation.Request{
		Zone: zone, Planned: rapid.Bool().Draw(t, "planned"), MaxParallel: rapid.IntRange(2, 3).Draw(t, "parallel"),
		Halt: rapid.Bool().Draw(t, "halt"), StopAllFirst: rapid.Bool().Draw(t, "stop all first"),
		Policy: failover.ServerPolicy{Stop: rapid.Bool().Draw(t, "stop"), Start: rapid.Bool().Draw(t, "start")},
		DryRun: rapid.IntRange(0, 9).Draw(t, "dry") == 9,
	}
	for n := range rapid.IntRange(0, 2).Draw(t, "waves") {
		request.Waves = append(request.Waves, []string{fmt.Sprintf("app-%02d", 4-n), "nobody"})
	}
	return request
}

// check checks what some runs have asked for, and what they say. Where one was killed, the other says nothing of what
// that has asked for.
func (w *walk) check(
	t *rapid.T,
	request evacuation.Request,
	runs [][]evacuation.Outcome,
	disturbed, killed bool,
) {
	single := len(runs) == 1 && !killed
	accepted, sent := map[string]int{}, map[string]int{}
	before := map[string]simulator.Request{}
	for _, r := range w.Requests() {
		if r.Route != simulator.RouteAction {
			continue
		}
		id := groupOf(r.Path)
		if !strings.HasPrefix(r.UserAgent, w.agent()) {
			t.Errorf("sent %s by %q, which has ended", r.Body, r.UserAgent)
			continue
		}
		g, _ := w.Group(id)
		into := zoneOf(g, simulator.StationTarget)
		if strings.Contains(r.Body, `"source"`) {
			into = zoneOf(g, simulator.StationSource)
		}
		if r.Action == simulator.ActionFailover {
			into = other
			if w.leaves[id][sent[id]] == other {
				into = zone
			}
		}
		if r.Accepted && into == zone || request.DryRun || (r.Action == simulator.ActionReverse) != request.Planned {
			t.Errorf("sent %s about %s, into %s", r.Body, g.Name, into)
		}
		if last, again := before[id]; again && single &&
			(last.Accepted || !slices.Contains([]int{400, 401, 403, 429}, last.Status)) {
			t.Errorf("%s was asked again, after %d", g.Name, last.Status)
		}
		if killed && r.Accepted && accepted[id] > 0 && !strings.HasPrefix(w.statuses[id][sent[id]], "error") {
			t.Errorf("%s was switched again, when it was %s", g.Name, w.statuses[id][sent[id]])
		}
		before[id] = r
		sent[id]++
		if r.Accepted {
			accepted[id]++
		}
	}
	for _, outcomes := range runs {
		for _, o := range outcomes {
			id := o.Group.ID
			switch g, _ := w.Group(id); {
			case accepted[id] > len(runs) && !killed:
				t.Errorf("%s was switched %d times", g.Name, accepted[id])
			case o.Verdict == failover.ResultDone && accepted[id] == 0,
				o.Verdict == evacuation.ResultNotBegun && sent[id] > 0 && single,
				accepted[id] > 0 && single && o.Reached().Sent == failover.NotSent && o.Verdict != failover.ResultDone,
				!disturbed && !request.DryRun && !o.Failed() && w.activeIn(id) == zone:
				t.Errorf("%s is %s, of %d actions %d accepted, and it is %s in %s: %v", g.Name, o.Verdict, sent[id], accepted[id],
					g.Status, w.activeIn(id), o.Err)
			}
		}
	}
}

// halfWay are the statuses in which either site may be in production.
var halfWay = []string{simulator.StatusErrorReversing, simulator.StatusErrorFailingOver}

// settle ends the faults and what runs, has support repair what it must, and leaves the zone for good.
func (w *walk) settle(t *rapid.T) {
	for _, mend := range w.mend {
		mend()
	}
	w.mend = nil
	w.clock.Advance(time.Hour)
	for _, repaired := range fresh().Groups {
		if g, _ := w.Group(repaired.ID); slices.Contains(halfWay, g.Status) ||
			g.Status != simulator.StatusProtected && w.activeIn(g.ID) == zone {
			w.AddGroup(repaired)
		}
	}
	w.FailNextJob("SDRS.1030", "none")
	w.AddGroup(simulator.NewGroup("9d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55", "away", 1, 1).Mirrored())
	_, _ = w.Failover("9d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55") // It has what is left of failures.
	w.clock.Advance(time.Hour)
	w.DeleteGroup("9d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55")
	w.SetZoneDown(zone, true)
	session := w.Session(t)
	client, request := sdrs.NewClient(session), evacuation.Request{Zone: zone, MaxParallel: 2}
	groups, err := client.Groups(t.Context(), sdrs.GroupFilter{})
	if err != nil {
		t.Fatal(err)
	}
	workflow := failover.New(client, ecs.NewClient(session), failover.WithClock(w.clock))
	for _, o := range evacuate(t.Context(), workflow, request, groups) {
		if o.Failed() || o.Verdict != failover.ResultDone {
			t.Errorf("%s: %s: %v", o.Group.Name, o.Verdict, o.Err)
		}
	}
	for _, g := range w.Groups() {
		if w.activeIn(g.ID) == zone {
			t.Errorf("%s is left behind, %s", g.Name, g.Status)
		}
	}
	w.SetZoneDown(zone, false)
	w.AddGroup(fresh().Groups[0]) // So that there is something to leave again.
	w.AddGroup(fresh().Groups[3])
}
