package tftest

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// Matrix is a noun whose creation, change, and deletion meet every fault. Whatever happens, nothing is made twice,
// nothing is lost without a word, and nothing is deleted that a plan does not delete; applying again ends where it
// should.
type Matrix struct {
	Type string
	// Cloud returns a cloud that has all that the noun needs, and none of it.
	Cloud func(testing.TB) *Cloud
	// Config is created, and changed to Changed; nil: there is nothing to change.
	Config, Changed Attributes
	// Create, Update, and Delete are the routes of the requests.
	Create, Update, Delete string
	// UpdateAlone is set where the creation and the deletion have met all faults elsewhere.
	UpdateAlone bool
	// AtOnce is set where a change has its effect at once, without a job, and InGroup where a creation is a change of a
	// group, which may be busy.
	AtOnce, InGroup bool
	// Posted is set where a change is a POST, which is not sent again within an apply unless it was refused.
	Posted bool
	// IDs are those of all that there is of the noun. Remove removes one behind Terraform's back.
	IDs    func(*Cloud) []string
	Remove func(c *Cloud, id string)
}

// fault is what goes wrong with a request, or with the wait after it.
type fault struct {
	simulator.Fault

	// survived lists the operations that the apply ends well all the same.
	survived string
	// stops ends the apply when the fault is met, after some times, by a timeout where late is set. Nothing can be read
	// then where deaf is, and nothing but that goes wrong where passes is.
	stops, late, deaf, passes bool
	after                     int32
	// kills forgets what the apply saved, and vanishes removes what the request is about.
	kills, vanishes bool
	// waits is set where the fault is about a job, fails where that fails.
	waits, fails bool
	// busy is set where a group takes the change later.
	busy bool
	// replaces is set where what was created is replaced by the next apply.
	replaces bool
}

func refusal(code string, times int) simulator.Fault {
	return simulator.Fault{
		Status: http.StatusBadRequest,
		Body:   `{"error": {"code": "` + code + `", "message": "no"}}`,
		Times:  times,
	}
}

const (
	always     = "create update delete"
	repeatable = "update delete" // What twice makes what once makes is sent again.
)

var faults = map[string]fault{
	"none":                            {survived: always, passes: true},
	"cut before the effect":           {survived: repeatable, Fault: simulator.Fault{Cut: simulator.CutBefore, Times: 1}},
	"cut before it, each time":        {Fault: simulator.Fault{Cut: simulator.CutBefore}},
	"cut after the effect":            {survived: always, Fault: simulator.Fault{Cut: simulator.CutAfter, Times: 1}},
	"cut after the effect, each time": {survived: always, Fault: simulator.Fault{Cut: simulator.CutAfter}},
	"a gateway's error, no effect": {
		survived: repeatable,
		Fault:    simulator.Fault{Status: http.StatusBadGateway, Times: 1},
	},
	"a gateway's error, after effect": {
		survived: always,
		Fault:    simulator.Fault{Status: http.StatusBadGateway, AfterEffect: true, Times: 1},
	},
	"an answer without content": {
		survived: always, Fault: simulator.Fault{Status: http.StatusOK, Body: `{}`, AfterEffect: true, Times: 1},
	},
	"refused":                    {Fault: refusal("SDRS.0016", 1)},
	"refused, for it is gone":    {survived: "delete", passes: true, vanishes: true},
	"busy for a while":           {survived: repeatable, busy: true, Fault: refusal("SDRS.0209", 3)},
	"busy forever":               {Fault: refusal("SDRS.1002", 0)},
	"interrupted at the request": {survived: "create", stops: true, passes: true},
	"interrupted, the answer is lost": {
		survived: "create",
		stops:    true,
		Fault:    simulator.Fault{Cut: simulator.CutAfter, Times: 1},
	},
	"timed out at the request": {stops: true, late: true, passes: true, replaces: true},
	"killed at the request":    {survived: "create", stops: true, kills: true, passes: true},
	"the job is denied": {
		survived: always,
		waits:    true,
		Fault:    simulator.Fault{Status: http.StatusForbidden},
	},
	"the job can't be read a while": {
		survived: always,
		waits:    true,
		Fault:    simulator.Fault{Status: http.StatusBadGateway, Times: 5},
	},
	"the job fails": {waits: true, fails: true, passes: true, replaces: true},
	"the job fails, unseen": {
		fails: true, replaces: true, Fault: simulator.Fault{Cut: simulator.CutAfter, Times: 1},
	},
	"interrupted while it waits": {survived: "create", waits: true, stops: true, passes: true},
	"interrupted, and cut off":   {survived: "create", waits: true, stops: true, after: 1, deaf: true, passes: true},
	"timed out while it waits":   {waits: true, stops: true, late: true, passes: true, replaces: true},
	"killed while it waits":      {survived: "create", waits: true, stops: true, kills: true, passes: true},
}

// tickingClock is a clock that moves whenever it is asked.
type tickingClock struct{ ticks atomic.Int64 }

// Now returns a millisecond more than the last time.
func (c *tickingClock) Now() time.Time {
	return time.Unix(1_800_000_000, 0).Add(time.Duration(c.ticks.Add(1)) * time.Millisecond)
}

// Ticking has the jobs of a cloud take about ten requests, and no time: a loaded machine sees of them what a quick
// one does.
func Ticking() []simulator.Option {
	return []simulator.Option{
		simulator.WithClock(&tickingClock{}), simulator.WithJobDuration(40 * time.Millisecond),
	}
}

// Run runs the matrix.
func (m Matrix) Run(t *testing.T) {
	t.Helper()
	for operation, route := range map[string]string{"create": m.Create, "update": m.Update, "delete": m.Delete} {
		if route == "" || m.UpdateAlone && operation != "update" {
			continue
		}
		for name, f := range faults {
			if (f.waits || f.fails) && m.AtOnce && operation == "update" || f.vanishes && operation != "delete" {
				continue
			}
			t.Run(operation+", "+name, func(t *testing.T) {
				t.Parallel()
				(&course{Matrix: m, Cloud: m.Cloud(t), operation: operation}).run(t, route, f)
			})
		}
		t.Run(operation+", no time at all", func(t *testing.T) {
			t.Parallel()
			(&course{Matrix: m, Cloud: m.Cloud(t), operation: operation}).bounded(t, route)
		})
	}
}

// course is one case.
type course struct {
	Matrix
	*Cloud

	operation string
	resource  *Resource
	instance  Instance
	deletions int
}

func (c *course) run(t *testing.T, route string, f fault) {
	t.Helper()
	c.resource, _ = c.NewResource(t, c.Type, nil)
	wanted := c.Config
	switch c.operation {
	case "update":
		wanted = c.Changed
	case "delete":
		wanted = nil
	}
	if c.operation != "create" { // Shortly: what an apply does besides is the point of other cases.
		c.instance.State = c.resource.ApplyFinal(t.Context(), t, c.resource.Plan(t, nil, c.Config))
	}

	ctx, met, remove := c.inject(t, route, f)
	kept := c.instance
	step := c.apply(ctx, t, wanted)
	remove()
	said := Text(step.Diagnostics)
	if met.Load() <= f.after {
		t.Error("the fault was not met")
	}
	survived := strings.Contains(f.survived, c.operation) || f.busy && c.InGroup
	if c.Posted && c.operation == "update" && f.survived == repeatable && !f.busy {
		survived = false
	}
	if survived == Failed(step.Diagnostics) && !atOnce(c, f) {
		t.Errorf("survived is %v:\n%s", !survived, said)
	}
	if f.waits && f.fails && !strings.Contains(said, "made up") {
		t.Errorf("the reason of the job is not in %s", said)
	}
	if f.kills {
		c.instance, said = kept, ""
	}
	// Apply again, until nothing fails.
	for n := 0; ; n++ {
		step := c.apply(t.Context(), t, wanted)
		said += Text(step.Diagnostics)
		c.wantKnown(t, said)
		if !Failed(step.Diagnostics) {
			break
		}
		if n == 3 {
			t.Fatalf("it never ends:\n%s", said)
		}
		if ids := c.IDs(c.Cloud); c.instance.Attributes == nil && len(ids) == 1 {
			c.instance, said = Instance{State: c.resource.Import(t, ids[0])}, ""
		}
	}
	if replaced := c.deletions > 0; c.operation == "create" && replaced != f.replaces {
		t.Errorf("replaced is %v", replaced)
	}
	c.wantEnd(t, wanted)
}

// bounded wants the operation to end at the timeout of its name, before anything is asked for.
func (c *course) bounded(t *testing.T, route string) {
	t.Helper()
	c.resource, _ = c.NewResource(t, c.Type, nil)
	noTime := func(config Attributes) Attributes { return Change(config, "timeouts", Attributes{c.operation: "0s"}) }
	wanted := noTime(c.Config)
	switch c.operation {
	case "update":
		c.apply(t.Context(), t, c.Config)
		wanted = noTime(c.Changed)
	case "delete":
		c.apply(t.Context(), t, wanted)
		wanted = nil
	}
	step := c.apply(t.Context(), t, wanted)
	if n := c.Count(route); n > 0 || !Failed(step.Diagnostics) {
		t.Errorf("asked %d times: %s", n, Text(step.Diagnostics))
	}
}

// atOnce reports whether a change has been made before the fault could stop it.
func atOnce(c *course, f fault) bool { return c.AtOnce && c.operation == "update" && f.stops }

// inject puts the fault in the way. The context ends where the fault has it end.
func (c *course) inject(t *testing.T, route string, f fault) (context.Context, *atomic.Int32, func()) {
	t.Helper()
	ctx, stop := stoppable(t.Context(), f.late)
	met := &atomic.Int32{}
	if f.waits {
		route = simulator.RouteJob
	}
	if f.fails {
		c.FailNextJob("SDRS.0013", "made up")
	}
	injected := f.Fault
	injected.Route = route
	injected.Match = func(*http.Request) bool {
		if met.Add(1) > f.after && f.stops {
			stop()
		}
		if f.vanishes {
			c.Remove(c.Cloud, c.instance.text("id"))
		}
		return !f.passes
	}
	removeDeafness := c.Inject(simulator.Fault{
		Status: http.StatusBadGateway, Match: func(*http.Request) bool { return f.deaf && ctx.Err() != nil },
	})
	remove := c.Inject(injected)
	return ctx, met, func() { removeDeafness(); remove() }
}

// apply runs one apply.
func (c *course) apply(ctx context.Context, t *testing.T, config Attributes) Step {
	t.Helper()
	step := c.resource.Run(ctx, t, &c.instance, config)
	c.deletions += step.Deletions
	return step
}

// wantKnown wants one thing at most, and that the state or the diagnostics know it.
func (c *course) wantKnown(t *testing.T, said string) {
	t.Helper()
	ids := c.IDs(c.Cloud)
	if len(ids) > 1 {
		t.Errorf("made twice: %v", ids)
	}
	for _, id := range ids {
		if c.instance.Attributes["id"] != id && !strings.Contains(said, id) {
			t.Errorf("%s is not in the state, and nobody says so:\n%s", id, said)
		}
	}
	made, deleted := c.Accepted(c.Create), c.Accepted(c.Delete)
	if deleted > c.deletions || made > deleted+1 {
		t.Errorf("%d were made, and %d deleted, where the plans delete %d", made, deleted, c.deletions)
	}
}

// wantEnd wants what the configuration says, and nothing left to do.
func (c *course) wantEnd(t *testing.T, wanted Attributes) {
	t.Helper()
	ids := c.IDs(c.Cloud)
	if wanted == nil {
		if len(ids) > 0 || c.instance.Attributes != nil {
			t.Errorf("%v is left, and %v in the state", ids, c.instance.Attributes)
		}
		return
	}
	if !slices.Equal(ids, []string{c.instance.text("id")}) {
		t.Errorf("there is %v, and %q in the state", ids, c.instance.text("id"))
	}
	Want(t, c.instance.Attributes, wanted)
	if step := c.resource.Run(t.Context(), t, &c.instance, wanted); !step.Empty || len(step.Diagnostics) > 0 {
		t.Errorf("something is left to do: %s", Text(step.Diagnostics))
	}
}

func (i Instance) text(name string) string {
	text, _ := i.Attributes[name].(string)
	return text
}

// stoppable returns a context that stop cancels, or has meet its deadline.
func stoppable(parent context.Context, late bool) (context.Context, func()) {
	ctx, cancel := context.WithCancel(parent)
	if !late {
		return ctx, cancel
	}
	over := make(chan struct{})
	return lateContext{Context: ctx, over: over}, sync.OnceFunc(func() { close(over); cancel() })
}

// lateContext is a context whose end is that of its deadline.
type lateContext struct {
	context.Context //nolint:containedctx // It is one.

	over chan struct{}
}

// Done is of its own: contexts that come from this one ask it why it has ended.
func (c lateContext) Done() <-chan struct{} { return c.over }

// Err returns why the context has ended.
func (c lateContext) Err() error {
	select {
	case <-c.over:
		return context.DeadlineExceeded
	default:
		return nil
	}
}
