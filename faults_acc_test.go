package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// atOnce is how long Terraform may take to exit after Ctrl-C.
const atOnce = 2 * time.Second

// moment is a request of an apply at which something happens.
type moment struct {
	name  string
	route string
	// matches is a further condition; nil: the first request to the route.
	matches func(*workspace) bool
	// accepted is how many planned failovers the cloud has accepted by then.
	accepted int
}

var (
	// Terraform plans once more before it applies, and the servers are stopped between two checks: the last check is the one
	// that finds them stopped.
	beforeTheAction = moment{name: "before the action", route: simulator.RoutePairs, matches: func(w *workspace) bool {
		group, _ := w.Group(simulator.DemoGroup().ID)
		return !slices.ContainsFunc(group.Instances, func(i simulator.Instance) bool { return i.SourceServer.Status != simulator.ServerStopped })
	}}
	whileTheJobRuns = moment{name: "after acceptance", route: simulator.RouteJob, accepted: 1}
	afterTheJob     = moment{name: "after the job's end", route: simulator.RouteGroup, accepted: 1, matches: func(w *workspace) bool {
		group, _ := w.Group(simulator.DemoGroup().ID)
		return w.Accepted(simulator.ActionReverse) > 0 && group.Status == simulator.StatusProtected
	}}
)

// planned is the state of an adopted group, and a plan to switch it to target: made once, to spare each case two runs.
type planned struct{ state, plan []byte }

var (
	planOnce sync.Mutex
	plan     planned
)

// newPlannedWorkspace returns a workspace that is about to switch the group to target, with its servers, which run at source.
func newPlannedWorkspace(t *testing.T) *workspace {
	t.Helper()
	w := newWorkspace(t, simulator.WithJobDuration(2*time.Second), simulator.WithServerJobDuration(200*time.Millisecond))
	w.environment = append(w.environment, "TF_LOG=", "TF_LOG_PATH=", "TF_VAR_with_servers=true")
	for _, instance := range simulator.DemoGroup().Instances {
		w.SetServerStatus(instance.SourceServer.ID, "ACTIVE")
	}
	planOnce.Lock()
	defer planOnce.Unlock()
	if plan.plan == nil {
		w.run(t, "apply", "-no-color", "-auto-approve", "-var=priority_station=source")
		w.run(t, "plan", "-no-color", "-out=saved.tfplan", "-var=priority_station=target")
		plan = planned{state: w.read(t, "terraform.tfstate"), plan: w.read(t, "saved.tfplan")}
		w.ResetRequests()
		return w
	}
	w.write(t, "terraform.tfstate", string(plan.state))
	w.write(t, "saved.tfplan", string(plan.plan))
	return w
}

func (w *workspace) read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := fs.ReadFile(os.DirFS(w.dir), name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// when lets something happen at a moment of the apply. Where hold is set the request is held up until its client leaves.
func (w *workspace) when(m moment, hold bool, happens func()) {
	var once sync.Once
	fault := simulator.Fault{Route: m.route, Match: func(*http.Request) bool {
		due := false
		if m.matches == nil || m.matches(w) {
			once.Do(func() { due = true; happens() })
		}
		return due
	}}
	if hold {
		fault.Delay = time.Minute
	}
	w.Inject(fault)
}

// outcome is how an apply ended.
type outcome struct {
	err    error
	output string
	// left is the time from the moment to the exit.
	left time.Duration
}

// applyUntil applies the plan, and does something to the process at a moment, while its request is held up.
func (w *workspace) applyUntil(t *testing.T, m moment, strike func(pid int, printed *watched)) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	reached := make(chan struct{})
	w.when(m, true, func() { close(reached) })
	command, _ := w.command(ctx, "apply", "-no-color", "saved.tfplan")
	printed := &watched{}
	command.Stdout, command.Stderr = printed, printed
	// A provider that survives Terraform keeps its output open.
	command.WaitDelay = time.Second
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	pid := command.Process.Pid
	t.Cleanup(func() { _ = syscall.Kill(-pid, syscall.SIGKILL) }) // Whatever is left of the process group.
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	select {
	case <-reached:
	case err := <-ended:
		t.Fatalf("it ended before the moment came: %v\n%s", err, printed.String())
	}
	began := time.Now()
	strike(pid, printed)
	err := <-ended
	return outcome{err: err, output: printed.String(), left: time.Since(began)}
}

// watched is output that tells when a text appears in it.
type watched struct {
	mu      sync.Mutex
	text    bytes.Buffer
	waiting string
	then    func()
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, err := w.text.Write(p)
	w.look()
	return n, err
}

// look must be called with the lock.
func (w *watched) look() {
	if w.then != nil && strings.Contains(w.text.String(), w.waiting) {
		w.then()
		w.then = nil
	}
}

// once lets something happen when a text appears.
func (w *watched) once(text string, then func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting, w.then = text, then
	w.look()
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// providers returns the ids of the provider's processes that a Terraform has started.
func providers(t *testing.T, terraform int) []int {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(stats) == 0 {
		t.Skip("needs /proc to find the provider's process")
	}
	var found []int
	for _, name := range stats {
		stat, err := os.ReadFile(name) //nolint:gosec // Of the kernel.
		if err != nil {
			continue // It has ended meanwhile.
		}
		// pid (name) state parent ...
		head, tail, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(tail)
		if !strings.Contains(head, "(terraform-provi") || len(fields) < 2 || fields[1] != strconv.Itoa(terraform) {
			continue
		}
		if pid, err := strconv.Atoi(strings.Fields(head)[0]); err == nil {
			found = append(found, pid)
		}
	}
	return found
}

// operators are what people and machines do to a running apply.
var operators = []struct {
	name   string
	strike func(t *testing.T, pid int, printed *watched)
	// graceful is set where the provider still reports, and the state tells what it knows.
	graceful bool
	// prompt is set where Terraform must exit at once.
	prompt bool
	// abrupt is set where Terraform exits in whatever it is doing.
	abrupt bool
}{
	{name: "Ctrl-C", graceful: true, prompt: true, strike: func(t *testing.T, pid int, _ *watched) { signal(t, -pid, syscall.SIGINT) }},
	{name: "Ctrl-C twice", prompt: true, abrupt: true, strike: func(t *testing.T, pid int, printed *watched) {
		signal(t, -pid, syscall.SIGINT)
		printed.once("Interrupt received", func() { _ = syscall.Kill(-pid, syscall.SIGINT) })
	}},
	{name: "kill -9 of the provider", strike: func(t *testing.T, pid int, _ *watched) {
		found := providers(t, pid)
		if len(found) == 0 {
			t.Error("there is no provider to kill")
		}
		for _, provider := range found {
			signal(t, provider, syscall.SIGKILL)
		}
	}},
	{name: "kill -9 of Terraform", abrupt: true, strike: func(t *testing.T, pid int, _ *watched) { signal(t, pid, syscall.SIGKILL) }},
}

func signal(t *testing.T, pid int, what syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(pid, what); err != nil {
		t.Error(err)
	}
}

// TestAccOperatorFaults ends an apply by force at each phase of a switch. The state must not claim what is not so, and the
// next apply must finish the switch, with one accepted action in all.
func TestAccOperatorFaults(t *testing.T) {
	t.Parallel()
	for _, operator := range operators {
		for _, m := range []moment{beforeTheAction, whileTheJobRuns, afterTheJob} {
			t.Run(operator.name+"/"+m.name, func(t *testing.T) {
				t.Parallel()
				w := newPlannedWorkspace(t)
				got := w.applyUntil(t, m, func(pid int, printed *watched) { operator.strike(t, pid, printed) })
				if got.err == nil {
					t.Error("an apply that was ended by force succeeded")
				}
				if operator.prompt && got.left > atOnce {
					t.Errorf("took %s to exit", got.left)
				}
				if operator.graceful && !strings.Contains(unwrapped(got.output), "Planned Failover Interrupted") {
					t.Errorf("does not say that it was interrupted:\n%s", got.output)
				}
				accepted := w.Accepted(simulator.ActionReverse)
				if accepted != m.accepted {
					t.Errorf("%d planned failovers accepted, want %d", accepted, m.accepted)
				}
				// A Terraform that exits at once may do so between emptying the file of its state and writing it. It takes an
				// empty one for no state, so that the next apply adopts the group anew.
				torn := operator.abrupt && len(w.read(t, "terraform.tfstate")) == 0
				if !torn && w.state(t)["priority_station"] != "source" {
					t.Errorf("the state has intent %v before the switch was verified", w.state(t)["priority_station"])
				}
				w.applyAgain(t, 1)
				row(t, m.name, operator.name, "ended by force", accepted)
			})
		}
	}
}

// TestAccTornState interrupts an apply after the cloud has accepted its switch, and empties the file of the state, as a
// Terraform that exits at once may leave it. The next apply adopts the group, and finishes the switch without a second action.
func TestAccTornState(t *testing.T) {
	t.Parallel()
	w := newPlannedWorkspace(t)
	w.applyUntil(t, whileTheJobRuns, func(pid int, _ *watched) { signal(t, -pid, syscall.SIGINT) })
	w.write(t, "terraform.tfstate", "")
	w.applyAgain(t, 1)
	row(t, whileTheJobRuns.name, "Ctrl-C, state lost", "ended by force", w.Accepted(simulator.ActionReverse))
}

// applyAgain applies without any fault: the group must end at target with its servers running there and nowhere else, and
// the state must say so.
func (w *workspace) applyAgain(t *testing.T, accepted int) {
	t.Helper()
	w.run(t, "apply", "-no-color", "-auto-approve", "-var=priority_station=target")
	if n := w.Accepted(simulator.ActionReverse); n != accepted {
		t.Errorf("%d planned failovers accepted in all, want %d", n, accepted)
	}
	group, _ := w.Group(simulator.DemoGroup().ID)
	if group.Status != simulator.StatusProtected || group.PriorityStation != simulator.StationTarget {
		t.Errorf("the group is %s at %s", group.Status, group.PriorityStation)
	}
	for _, instance := range group.Instances {
		if source, target := instance.SourceServer, instance.TargetServer; source.Status != simulator.ServerStopped || target.Status != "ACTIVE" {
			t.Errorf("%s is %s at source, and %s at target", instance.Name, source.Status, target.Status)
		}
	}
	w.wantState(t, "target", "protected", "target")
}

// wantState checks the intent and the observation in the state.
func (w *workspace) wantState(t *testing.T, intent, status, site string) {
	t.Helper()
	state := w.state(t)
	if state["priority_station"] != intent || state["status"] != status || state["active_site"] != site {
		t.Errorf("the state has intent %v, and a group that is %v at %v, want %s, %s, and %s",
			state["priority_station"], state["status"], state["active_site"], intent, status, site)
	}
}

// state returns the attributes of the resource; nil where the state has none.
func (w *workspace) state(t *testing.T) map[string]any {
	t.Helper()
	var state struct {
		Resources []struct {
			Instances []struct {
				Attributes map[string]any `json:"attributes"`
			} `json:"instances"`
		} `json:"resources"`
	}
	if err := json.Unmarshal(w.read(t, "terraform.tfstate"), &state); err != nil {
		t.Fatal(err)
	}
	if len(state.Resources) == 0 || len(state.Resources[0].Instances) == 0 {
		return nil
	}
	return state.Resources[0].Instances[0].Attributes
}

// apply applies the plan.
func (w *workspace) apply(t *testing.T) outcome {
	t.Helper()
	command, output := w.command(t.Context(), "apply", "-no-color", "-lock=false", "saved.tfplan")
	err := command.Run()
	return outcome{err: err, output: output.String()}
}

// rows serializes the rows that several tests write.
var rows sync.Mutex

// row leaves a line for the report of `make faults`.
func row(t *testing.T, where, what, end string, accepted int) {
	t.Helper()
	path := os.Getenv("SDRS_FAULTS_ROWS")
	if path == "" {
		return
	}
	line, err := json.Marshal(map[string]any{
		"Where": "Terraform: " + where, "What": what, "End": end, "Accepted": accepted, "Extra": -1, "Survived": !t.Failed(),
	})
	if err != nil {
		t.Fatal(err)
	}
	rows.Lock()
	defer rows.Unlock()
	old, err := os.ReadFile(path) //nolint:gosec // The path is the developer's.
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	// Tests end in any order; the report does not.
	lines := append(bytes.SplitAfter(old, []byte("\n")), append(line, '\n'))
	slices.SortFunc(lines, bytes.Compare)
	if err := os.WriteFile(path, bytes.Join(lines, nil), 0o600); err != nil { //nolint:gosec // The path is the developer's.
		t.Fatal(err)
	}
}
