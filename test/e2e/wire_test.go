package e2e_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// TestWire walks at random over all that the provider does, through a proxy that counts what it really sends. After
// each step holds:
//   - at most one action is sent that the cloud did not refuse unprocessed, and none that was not asked for;
//   - each comes after a look at the group, and while what that look told still holds;
//   - none comes once the step was interrupted, or is over;
//   - no secret stands in any byte of log, message, plan, or state.
func TestWire(t *testing.T) {
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	if !asked {
		if err := flag.Set("rapid.checks", "15"); err != nil { // Keeps `make test` short.
			t.Fatal(err)
		}
	}
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		w := newWireWalk(t)
		r.Repeat(map[string]func(*rapid.T){
			"console":          w.console,
			"fault":            w.fault,
			"mend":             func(*rapid.T) { w.mend() },
			"token expires":    func(*rapid.T) { w.cloud.RevokeTokens() },
			"apply failover":   w.applyFailover,
			"apply again":      w.applyFailover,
			"import failover":  w.importFailover,
			"apply protection": w.applyProtection,
			"invoke":           w.invoke,
			"":                 w.nothingLate,
		})
	})
}

// latest is how old what is known of the group may be when an action leaves.
const latest = 30 * time.Second

type wireWalk struct {
	testing.TB // The test, with the log of the walk.

	cloud *tftest.Cloud
	wire  *tftest.Wire
	log   *tftest.Log

	failover, protection           *tftest.Resource
	failoverState, protectionState tftest.State
	mends                          []func()
}

func newWireWalk(t *testing.T) *wireWalk {
	tb, log := tftest.Logged(t)
	w := &wireWalk{TB: tb, log: log, cloud: tftest.Simulate(tb, simulator.WithServerJobDuration(time.Millisecond))}
	w.wire = w.cloud.Tap(tb)
	w.failover, _ = w.cloud.NewResource(tb, "sdrs_protection_group_failover", nil)
	w.protection, _ = w.cloud.NewResource(tb, "sdrs_protection_group_protection", nil)
	return w
}

// step is one thing that an operator does, and what the provider may send for it.
type step struct {
	// action is the group's action that may be sent; empty: none may.
	action string
	// body is a part of it, such as the wanted site; empty: any.
	body string
	// to is the site that is to become active; an action without a direction must not leave it.
	to string
	// stop and start are set where servers may be stopped and started.
	stop, start bool
}

// check runs a step, and holds what was on the wire against it. do returns all that it left behind: messages, plans,
// states.
func (w *wireWalk) check(r *rapid.T, s step, do func(ctx context.Context) []any) {
	w.nothingLate(r)
	ctx, interrupt := context.WithCancel(w.Context())
	defer interrupt()
	at, count, atAction := 0, 0, false
	switch rapid.IntRange(0, 5).Draw(r, "interrupted") {
	case 0:
		at = rapid.IntRange(1, 25).Draw(r, "at request")
	case 1:
		atAction = true
	}
	var mu sync.Mutex
	var interrupted time.Time
	w.wire.OnRequest(func(exchange tftest.Exchange) {
		mu.Lock()
		defer mu.Unlock()
		group, _ := w.cloud.Group(w.cloud.GroupID)
		if exchange.Action() == simulator.ActionFailover && group.PriorityStation == s.to {
			r.Errorf("a failover was sent that leaves %s", s.to)
		}
		if count++; interrupted.IsZero() && (count == at || atAction && exchange.Action() != "") {
			interrupted = time.Now()
			interrupt()
		}
	})
	left := do(ctx)
	w.wire.OnRequest(nil)
	mu.Lock() // A request that nobody waits for any longer may still be on its way.
	defer mu.Unlock()

	sent := 0
	var looked time.Time
	for _, exchange := range w.wire.Take() {
		groups := exchange.Method == http.MethodGet && strings.HasSuffix(exchange.Path, "/server-groups/"+w.cloud.GroupID)
		if groups && exchange.Status == http.StatusOK {
			looked = exchange.Time
		}
		action := exchange.Action()
		switch {
		case action == "":
			continue
		case strings.HasSuffix(exchange.Path, "/cloudservers/action"):
			if action == "os-stop" && !s.stop || action == "os-start" && !s.start {
				r.Errorf("%s was sent unasked", action)
			}
		case action != s.action || !strings.Contains(string(exchange.Body), s.body):
			r.Errorf("%s was sent, wanted at most %q with %q", exchange.Body, s.action, s.body)
		case !unprocessed(exchange.Status):
			sent++
		}
		if looked.IsZero() || exchange.Time.Sub(looked) > latest {
			r.Errorf("%s was sent %s after the last look at the group", action, exchange.Time.Sub(looked))
		}
		if !interrupted.IsZero() && exchange.Time.After(interrupted) {
			r.Errorf("%s was sent %s after the interrupt", action, exchange.Time.Sub(interrupted))
		}
	}
	if sent > 1 {
		r.Errorf("%s was sent %d times", s.action, sent)
	}
	w.noSecret(r, left)
}

// unprocessed reports whether the cloud provably did nothing: there were too many requests, or the token was refused.
func unprocessed(status int) bool {
	return slices.Contains([]int{http.StatusTooManyRequests, http.StatusUnauthorized, http.StatusForbidden}, status)
}

// nothingLate checks that nothing is sent between steps.
func (w *wireWalk) nothingLate(r *rapid.T) {
	for _, exchange := range w.wire.Take() {
		if exchange.Action() != "" {
			r.Errorf("%s was sent after its step had ended", exchange.Body)
		}
	}
}

func (w *wireWalk) noSecret(r *rapid.T, left []any) {
	var text strings.Builder
	text.WriteString(w.log.Take())
	for _, one := range left {
		fmt.Fprintf(&text, "%+v\n", one)
		encoded, _ := json.Marshal(one)
		text.Write(encoded)
	}
	for _, secret := range w.cloud.Secrets() {
		if strings.Contains(text.String(), secret) {
			r.Errorf("a secret was left behind: %.8s...", secret)
		}
	}
}

var wireStations = []string{simulator.StationSource, simulator.StationTarget}

func (w *wireWalk) applyFailover(r *rapid.T) {
	station := rapid.SampledFrom(wireStations).Draw(r, "station")
	config := tftest.Attributes{
		"protection_group_id": w.cloud.GroupID,
		"priority_station":    station,
		"stop_servers":        rapid.Bool().Draw(r, "stop"),
		"start_servers":       rapid.Bool().Draw(r, "start"),
		"correct_drift":       rapid.Bool().Draw(r, "correct drift"),
		"switch_on_create":    rapid.Bool().Draw(r, "switch on create"),
	}
	s := step{
		action: simulator.ActionReverse, body: fmt.Sprintf("%q", station),
		stop: config["stop_servers"] == true, start: config["start_servers"] == true,
	}
	if w.failoverState.Attributes == nil && config["switch_on_create"] == false {
		s.action, s.stop = "", false // Creating adopts.
	}
	if rapid.Bool().Draw(r, "by availability zone") {
		config["priority_station"] = nil
		config["priority_availability_zone"] = map[string]string{"source": "eu-de-01", "target": "eu-de-02"}[station]
	}
	if rapid.IntRange(0, 5).Draw(r, "destroy") == 0 && w.failoverState.Attributes != nil {
		config, s = nil, step{}
	}
	w.check(r, s, func(ctx context.Context) []any {
		var left []any
		w.failoverState, left = w.apply(ctx, w.failover, w.failoverState, config)
		return left
	})
}

func (w *wireWalk) applyProtection(r *rapid.T) {
	config := tftest.Attributes{"protection_group_id": w.cloud.GroupID}
	s := step{action: simulator.ActionStart}
	if rapid.IntRange(0, 2).Draw(r, "destroy") == 0 && w.protectionState.Attributes != nil {
		config, s = nil, step{action: simulator.ActionStop}
	}
	w.check(r, s, func(ctx context.Context) []any {
		var left []any
		w.protectionState, left = w.apply(ctx, w.protection, w.protectionState, config)
		return left
	})
}

// apply refreshes, plans, and applies, as Terraform does.
func (w *wireWalk) apply(
	ctx context.Context, resource *tftest.Resource, state tftest.State, config tftest.Attributes,
) (tftest.State, []any) {
	var left []any
	tb := tftest.WithContext(w.TB, ctx)
	if state.Attributes != nil {
		refreshed := resource.Refresh(tb, state)
		left = append(left, refreshed.Attributes, tftest.Text(refreshed.Diagnostics))
		if tftest.Failed(refreshed.Diagnostics) {
			return state, left
		}
		state = refreshed
	}
	if state.Attributes == nil && config == nil {
		return state, left
	}
	plan := resource.PlanAfter(tb, state, state.Attributes, config)
	left = append(left, plan.Attributes, tftest.Text(plan.Diagnostics))
	if tftest.Failed(plan.Diagnostics) {
		return state, left
	}
	applied := resource.Apply(ctx, tb, plan)
	left = append(left, applied.Attributes, tftest.Text(applied.Diagnostics))
	if tftest.Failed(applied.Diagnostics) && applied.Attributes == nil && config != nil {
		return state, left
	}
	return applied, left
}

func (w *wireWalk) importFailover(r *rapid.T) {
	w.check(r, step{}, func(ctx context.Context) []any {
		imported := w.failover.Import(tftest.WithContext(w.TB, ctx), w.cloud.GroupID)
		if imported.Attributes != nil && !tftest.Failed(imported.Diagnostics) {
			w.failoverState = imported
		}
		return []any{imported.Attributes, tftest.Text(imported.Diagnostics)}
	})
}

func (w *wireWalk) invoke(r *rapid.T) {
	station := rapid.SampledFrom(wireStations).Draw(r, "station")
	stop, start := rapid.Bool().Draw(r, "stop"), rapid.Bool().Draw(r, "start")
	name := rapid.SampledFrom([]string{
		"planned_failover", "unplanned_failover", "enable_protection", "reprotect",
		"disable_protection",
	}).
		Draw(r, "action")
	config := tftest.Attributes{"protection_group_id": w.cloud.GroupID}
	var s step
	switch name {
	case "planned_failover":
		config["priority_station"], config["stop_servers"], config["start_servers"] = station, stop, start
		s = step{action: simulator.ActionReverse, body: fmt.Sprintf("%q", station), stop: stop, start: start}
	case "unplanned_failover":
		config["priority_station"], config["start_servers"] = station, start
		s = step{action: simulator.ActionFailover, to: station, start: start}
	case "disable_protection":
		s = step{action: simulator.ActionStop}
	default:
		s = step{action: simulator.ActionStart}
	}
	w.check(r, s, func(ctx context.Context) []any {
		action := w.cloud.NewAction(w.TB, "sdrs_"+name)
		tb := tftest.WithContext(w.TB, ctx)
		planned := action.Plan(tb, config)
		if tftest.Failed(planned) {
			return []any{tftest.Text(planned)}
		}
		messages, diagnostics := action.Invoke(ctx, tb, config)
		return []any{messages, tftest.Text(planned), tftest.Text(diagnostics)}
	})
}

// console draws something that happens in the cloud without the provider. What the cloud refuses does not happen.
func (w *wireWalk) console(r *rapid.T) {
	id := w.cloud.GroupID
	switch rapid.SampledFrom([]string{"switch", "fail over", "protect", "unprotect", "a job fails", "servers"}).Draw(r,
		"what") {
	case "switch":
		_, _ = w.cloud.Switch(id, rapid.SampledFrom(wireStations).Draw(r, "to"))
	case "fail over":
		_, _ = w.cloud.Failover(id)
	case "protect":
		_, _ = w.cloud.Protect(id)
	case "unprotect":
		_, _ = w.cloud.Unprotect(id)
	case "a job fails":
		w.cloud.FailNextJob("SDRS.1029", "drawn")
	case "servers":
		status := rapid.SampledFrom([]string{"ACTIVE", simulator.ServerStopped}).Draw(r, "status")
		for _, instance := range simulator.DemoGroup().Instances {
			w.cloud.SetServerStatus(instance.SourceServer.ID, status)
		}
	}
}

func (w *wireWalk) fault(r *rapid.T) {
	fault := rapid.SampledFrom([]simulator.Fault{
		{Cut: simulator.CutBefore},
		{Cut: simulator.CutAfter},
		{Truncate: 20},
		{Status: 302, AfterEffect: true},
		{Status: 400, Body: `{"error":{"code":"SDRS.0204","message":"drawn"}}`},
		{Status: 401},
		{Status: 403, Body: `{"message":"X-Auth-Token is invalid"}`},
		{Status: 404, Body: "<html>"},
		{Status: 408},
		{Status: 429},
		{Status: 429, Header: http.Header{"Retry-After": {"0"}}},
		{Status: 500, AfterEffect: true},
		{Status: 502},
		{Status: 200, Body: "{}", AfterEffect: true},
	}).Draw(r, "fault")
	fault.Route = rapid.SampledFrom([]string{
		simulator.RouteGroup, simulator.RouteAction, simulator.RouteJob, simulator.RouteInstances, simulator.RoutePairs,
		simulator.RouteServer, simulator.RouteServerAction, simulator.RouteServerJob,
	}).Draw(r, "route")
	fault.Skip, fault.Times = rapid.IntRange(0, 3).Draw(r, "skip"), rapid.IntRange(1, 4).Draw(r, "times")
	if rapid.Bool().Draw(r, "of the action") { // What matters most is rare among the requests of a step.
		fault.Route, fault.Skip = simulator.RouteAction, 0
	}
	w.mends = append(w.mends, w.cloud.Inject(fault))
}

func (w *wireWalk) mend() {
	for _, mend := range w.mends {
		mend()
	}
	w.mends = nil
}
