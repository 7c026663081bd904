package failover_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// fewWalks keeps `go test` short; `make faults` asks for more by -rapid.checks.
const fewWalks = "40"

// TestWalks walks at random over what people do at the console, switches, interrupts, deadlines, and faults. What must
// hold after each step is in [walk.apply], [walk.calm], and [walk.settle].
//
// A failure prints its seed, and is shrunk to a short walk: repeat it by -rapid.seed or -rapid.failfile.
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
			"console": func(t *rapid.T) { w.drawConsole(t)() },
			"time passes": func(t *rapid.T) {
				w.clock.Advance(time.Duration(rapid.IntRange(1, 60).Draw(t, "seconds")) * time.Second)
			},
			"fault":       w.inject,
			"apply":       w.apply,
			"apply again": w.apply,
			"calm apply":  w.calm,
			"quiet":       w.settle,
		})
		w.settle(t)
	})
}

// walk is a random walk over a scene.
type walk struct {
	*scene
	// mend takes the faults away that were injected since the last quiet.
	mend []func()

	mu sync.Mutex
	// seen is the group as it was when it was last read.
	seen simulator.Group
}

func newWalk(t *rapid.T) *walk {
	w := &walk{scene: newScene(t, simulator.WithJobDuration(5*time.Second),
		simulator.WithServerJobDuration(3*time.Second))}
	w.AddGroup(anotherGroup)
	w.Inject(simulator.Fault{Route: simulator.RouteGroup, Match: func(*http.Request) bool {
		group, _ := w.Group(groupID)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.seen = group
		return false
	}})
	return w
}

var stations = []sdrs.Station{sdrs.Source, sdrs.Target}

// drawConsole draws something that somebody does at the console. What the cloud refuses does not happen.
func (w *walk) drawConsole(t *rapid.T) func() {
	all := map[string]func(){
		"switch to source": func() { _, _ = w.Switch(groupID, simulator.StationSource) },
		"switch to target": func() { _, _ = w.Switch(groupID, simulator.StationTarget) },
		"fail over":        func() { _, _ = w.Failover(groupID) },
		"protect":          func() { _, _ = w.Protect(groupID) },
		"unprotect":        func() { _, _ = w.Unprotect(groupID) },
		"a job fails":      func() { w.FailNextJob("SDRS.1029", "drawn") },
	}
	for i, instance := range simulator.DemoGroup().Instances {
		for _, id := range []string{instance.SourceServer.ID, instance.TargetServer.ID} {
			for _, status := range []string{"ACTIVE", simulator.ServerStopped} {
				all[fmt.Sprintf("server %d %s is %s", i, id[:4], status)] = func() { w.SetServerStatus(id, status) }
			}
		}
	}
	return all[rapid.SampledFrom(slices.Sorted(maps.Keys(all))).Draw(t, "console")]
}

// inject draws a fault for a few requests.
func (w *walk) inject(t *rapid.T) {
	fault := rapid.SampledFrom([]simulator.Fault{
		{Cut: simulator.CutBefore},
		{Cut: simulator.CutAfter},
		{Status: 400, Body: `{"error":{"code":"SDRS.0204","message":"drawn"}}`},
		{Status: 403, Body: `{"error":{"code":"SDRS.0005","message":"drawn"}}`},
		{Status: 404, Body: html},
		{Status: 408},
		{Status: 429},
		{Status: 500, AfterEffect: true},
		{Status: 503},
		{Status: 504, AfterEffect: true, Body: html},
		{Status: 200, Body: html},
		{Status: 200, Body: html, AfterEffect: true},
		{Truncate: 20},
		{Instead: ofAnother},
	}).Draw(t, "fault")
	fault.Route = rapid.SampledFrom([]string{
		"", simulator.RouteGroup, simulator.RouteAction, simulator.RouteJob, simulator.RouteInstances, simulator.RoutePairs,
		simulator.RouteServer, simulator.RouteServerAction, simulator.RouteServerJob, simulator.RouteAuth,
	}).Draw(t, "route")
	fault.Skip = rapid.IntRange(0, 3).Draw(t, "skip")
	fault.Times = rapid.IntRange(1, 6).Draw(t, "times")
	w.mend = append(w.mend, w.Inject(fault))
}

// apply runs an operation. Meanwhile something may happen at the console, somebody may press Ctrl-C, and the deadline
// may pass.
func (w *walk) apply(t *rapid.T) {
	operation := w.draw(t)
	if rapid.Bool().Draw(t, "possible") {
		operation = w.prepare(t, operation)
	}
	if rapid.IntRange(0, 2).Draw(t, "answer lost") == 2 {
		w.mend = append(w.mend, w.Inject(simulator.Fault{Route: simulator.RouteAction, Times: 1, Cut: simulator.CutAfter}))
	}
	limit := time.Duration(rapid.SampledFrom([]int{3, 30, 300}).Draw(t, "limit")) * time.Second
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	w.clock.then, w.clock.sleeps = map[int]func(){}, 0
	if rapid.Bool().Draw(t, "disturbed") {
		w.clock.then[rapid.IntRange(1, 12).Draw(t, "when")] = w.drawConsole(t)
	}
	if rapid.Bool().Draw(t, "disturbed in between") {
		route := rapid.SampledFrom([]string{
			simulator.RouteInstances, simulator.RoutePairs, simulator.RouteServer, simulator.RouteAction, simulator.RouteJob,
		}).Draw(t, "at a request for")
		defer w.Inject(simulator.Fault{Route: route, Match: onceOnly(w.drawConsole(t))})()
	}
	if rapid.IntRange(0, 4).Draw(t, "interrupted") == 4 {
		w.clock.then[rapid.IntRange(1, 12).Draw(t, "at")] = interrupt
	}

	w.ResetRequests()
	result, err := w.run(ctx, limit, operation)
	w.clock.then = map[int]func(){}

	w.wantOthersLeftAlone(t)
	if err == nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		if !isDone(operation, w.seen) || result.Group.PriorityStation != sdrs.Station(w.seen.PriorityStation) {
			t.Errorf("a %s to %q succeeded, but the group was %s at %s", operation.Name, operation.Station, w.seen.Status,
				w.seen.PriorityStation)
		}
		return
	}
	progress, ok := errors.AsType[*failover.Error](err)
	if !ok {
		t.Fatalf("an unknown error: %v", err)
	}
	if w.accepted() == 0 && progress.JobID != "" && progress.Sent == failover.NotSent {
		t.Errorf("no action was accepted, and the error has a job: %v", err)
	}
}

// prepare has somebody make the group one that an operation can start from, and returns it, or its twin to the other
// site.
func (w *walk) prepare(t *rapid.T, operation failover.Operation) failover.Operation {
	w.clock.Advance(time.Hour)
	group, _ := w.Group(groupID)
	if !slices.Contains(from[operation.Kind], sdrs.Status(group.Status)) {
		w.AddGroup(simulator.DemoGroup())
		w.lead(t, console[operation.Moving].from)
		group, _ = w.Group(groupID)
	}
	w.stopStandby()
	return failover.Operations(sdrs.Station(group.PriorityStation).Other())[operation.Kind]
}

// draw draws what an apply is to do: the operation, its site, and the policy about servers.
func (w *walk) draw(t *rapid.T) failover.Operation {
	w.policy = failover.ServerPolicy{Stop: rapid.Bool().Draw(t, "stop"), Start: rapid.Bool().Draw(t, "start")}
	station := rapid.SampledFrom(stations).Draw(t, "station")
	// The planned failover has the most to it.
	kind := rapid.SampledFrom([]int{0, 0, 0, 1, 2, 3, 4}).Draw(t, "operation")
	return failover.Operations(station)[kind]
}

// calm runs an operation without faults, and without anything that happens meanwhile. So what comes of it is known.
func (w *walk) calm(t *rapid.T) {
	w.quieten(t)
	operation := w.draw(t)
	failing := rapid.Bool().Draw(t, "the job fails")
	if failing {
		w.FailNextJob("SDRS.1029", "drawn")
		defer w.forgetFailure()
	}
	before, _ := w.Group(groupID)
	end, accepted := w.foresee(before, operation)
	if accepted > 0 && failing {
		end = "JobFailed"
	}
	w.ResetRequests()
	w.logIn(t, nil)
	_, err := w.do(t, operation)
	if got := w.accepted(); endOf(err) != end || got != accepted {
		t.Errorf("%s from %s at %s to %s: %s with %d actions accepted, want %s with %d: %v", operation.Name,
			before.Status, before.PriorityStation, operation.Station, endOf(err), got, end, accepted, err)
	}
	// Nothing is done about the servers of a group that is not switched, but that they are started where it is as wanted.
	if after, _ := w.Group(groupID); accepted == 0 && (end != "done" || operation.Station == "" || !w.policy.Start) {
		for i, instance := range before.Instances {
			if after.Instances[i].SourceServer.Status != instance.SourceServer.Status ||
				after.Instances[i].TargetServer.Status != instance.TargetServer.Status {
				t.Errorf("%s from %s at %s: %s, and the servers of %s have changed", operation.Name, before.Status,
					before.PriorityStation, end, instance.Name)
			}
		}
	}
}

// from are the statuses that the API allows an operation from, as its reference has them.
var from = map[failover.OperationKind][]sdrs.Status{
	failover.KindPlannedFailover:   {"protected", "error-reversing"},
	failover.KindUnplannedFailover: {"protected", "error-failing-over", "error-reversing"},
	failover.KindEnable:            {"available", "error-starting"},
	failover.KindReprotect:         {"failed-over", "error-reprotecting"},
	failover.KindDisable:           {"protected", "error-stopping"},
}

// foresee tells how an operation on a group at rest ends whose job does not fail, and how many actions it takes.
func (w *walk) foresee(group simulator.Group, operation failover.Operation) (end string, accepted int) {
	active := sdrs.Station(group.PriorityStation)
	left, entered := runningAt(group, active), runningAt(group, active.Other())
	switch {
	case isDone(operation, group):
		return "done", 0
	case !slices.Contains(from[operation.Kind], sdrs.Status(group.Status)),
		operation.Kind == failover.KindUnplannedFailover && active == operation.Station: // It would leave that site.
		return "NotPossible", 0
	case operation.Kind == failover.KindReprotect && entered, operation.Kind == failover.KindUnplannedFailover &&
		halfReversed(group):
		return "NotReady", 0
	case operation.Kind != failover.KindPlannedFailover:
	case group.Status == string(sdrs.StatusErrorReversing): // Which site is left is not known, so the servers of both are stopped.
		if (left || entered) && !w.policy.Stop {
			return "NotReady", 0
		}
	case entered || left && !w.policy.Stop:
		return "NotReady", 0
	}
	return "done", 1
}

// settle ends what runs and the faults. Then the group is switched, with its servers: from wherever it is, by doing
// what the messages say.
func (w *walk) settle(t *rapid.T) {
	w.quieten(t)
	w.stopStandby()
	station := rapid.SampledFrom(stations).Draw(t, "station")
	w.policy = failover.ServerPolicy{Stop: true, Start: true}
	w.logIn(t, nil)
	if w.follow(t, failover.PlannedFailover(station), station, nil) {
		w.AddGroup(simulator.DemoGroup()) // Support has repaired it.
		w.follow(t, failover.PlannedFailover(station), station, nil)
	}
	off, on := simulator.ServerStopped, "ACTIVE"
	if station == sdrs.Source {
		off, on = on, off
	}
	w.wantServers(t, off, on)
}

// quieten ends the faults, and what runs.
func (w *walk) quieten(t *rapid.T) {
	for _, mend := range w.mend {
		mend()
	}
	w.mend = nil
	w.clock.Advance(time.Hour)
	w.forgetFailure()
	if group, _ := w.Group(groupID); sdrs.Status(group.Status).Phase() == sdrs.Moving {
		t.Fatalf("the group is %s after an hour", group.Status)
	}
}

// runningAt reports whether any server of a group runs at a site.
func runningAt(group simulator.Group, station sdrs.Station) bool {
	return slices.ContainsFunc(group.Instances, func(instance simulator.Instance) bool {
		return serverAt(instance, station).Status != simulator.ServerStopped
	})
}

func serverAt(instance simulator.Instance, station sdrs.Station) simulator.Server {
	if station == sdrs.Target {
		return instance.TargetServer
	}
	return instance.SourceServer
}

// forgetFailure uses up a failure that no job came to have: another group's has it.
func (w *walk) forgetFailure() {
	const other = "9d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55"
	w.AddGroup(simulator.NewGroup(other, "other", 1, 1))
	_, _ = w.Switch(other, simulator.StationTarget)
	w.clock.Advance(time.Minute)
	w.DeleteGroup(other)
}
