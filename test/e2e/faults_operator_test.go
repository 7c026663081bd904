//go:build unix

package e2e_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// atOnce is how long Terraform may take to exit after Ctrl-C.
const atOnce = 2 * time.Second

// runUntil runs Terraform, and does something to the process at a moment, while its request is held up.
func (w *workspace) runUntil(
	t *testing.T, m moment, strike func(pid int, printed *watched), arguments ...string,
) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	reached := make(chan struct{})
	w.when(m, func() { close(reached) })
	command := w.Command(ctx, arguments...)
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
	{name: "Ctrl-C", graceful: true, prompt: true, strike: func(t *testing.T, pid int, _ *watched) {
		signal(t, -pid, syscall.SIGINT)
	}},
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
	{name: "kill -9 of Terraform", abrupt: true, strike: func(t *testing.T, pid int, _ *watched) {
		signal(t, pid, syscall.SIGKILL)
	}},
}

func signal(t *testing.T, pid int, what syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(pid, what); err != nil {
		t.Error(err)
	}
}

// TestAccOperatorFaults ends an apply by force at each phase of a switch. The state must not claim what is not so, and
// the next apply must finish the switch, with one accepted action in all. Outside of `make faults` it is one phase:
// what the others leave behind, the tests of the resource show without a process to kill.
func TestAccOperatorFaults(t *testing.T) {
	t.Parallel()
	moments := []moment{whileTheJobRuns}
	if os.Getenv("SDRS_FAULTS_ROWS") != "" {
		moments = []moment{beforeTheAction, whileTheJobRuns, afterTheJob}
	}
	for _, operator := range operators {
		for _, m := range moments {
			t.Run(operator.name+"/"+m.name, func(t *testing.T) {
				t.Parallel()
				w := newPlannedWorkspace(t)
				got := w.runUntil(t, m, func(pid int, printed *watched) { operator.strike(t, pid, printed) },
					"apply", "saved.tfplan")
				if got.err == nil {
					t.Error("an apply that was ended by force succeeded")
				}
				if operator.prompt && got.left > atOnce {
					t.Errorf("took %s to exit", got.left)
				}
				if operator.graceful {
					wantInterrupted(t, w, m, got.output)
				}
				accepted := w.Accepted(simulator.ActionReverse)
				if accepted != m.accepted {
					t.Errorf("%d planned failovers accepted, want %d", accepted, m.accepted)
				}
				// A Terraform that exits at once may do so between emptying the file of its state and writing it. It takes an
				// empty one for no state, so that the next apply creates the resource anew.
				torn := operator.abrupt && w.Read(t, "terraform.tfstate") == ""
				if !torn && w.state(t)["priority_station"] != "source" {
					t.Errorf("the state has intent %v before the switch was verified", w.state(t)["priority_station"])
				}
				if torn {
					w.Environment = append(w.Environment, "TF_VAR_switch_on_create=true")
				}
				w.applyAgain(t)
				row(t, m.name, operator.name, "ended by force", accepted)
			})
		}
	}
}

// TestAccInterruptedAction interrupts an action whose job runs: Terraform says what was going on, and fails.
func TestAccInterruptedAction(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, simulator.WithJobDuration(time.Minute))
	w.Needs(t, "actions", tfversion.Version1_14_0)
	w.Write(t, "main.tf", readRepository(t, "examples/disaster/main.tf"))
	got := w.runUntil(t, whileTheJobRuns, func(pid int, _ *watched) { signal(t, -pid, syscall.SIGINT) },
		"apply", "-auto-approve", "-invoke=action.sdrs_unplanned_failover.web_shop")
	if got.err == nil {
		t.Error("Terraform took an interrupted action for a success")
	}
	if got.left > atOnce {
		t.Errorf("took %s to exit", got.left)
	}
	for _, part := range []string{"Failover Interrupted", "goes on in the cloud", "Job ID: "} {
		if !strings.Contains(unwrapped(got.output), part) {
			t.Errorf("%q is not in\n%s", part, got.output)
		}
	}
}

// wantInterrupted checks what an interrupted provider says, and that the state has the group as it was left.
func wantInterrupted(t *testing.T, w *workspace, m moment, output string) {
	t.Helper()
	want := []string{"Planned Failover Interrupted"}
	if m.name == whileTheJobRuns.name {
		want = append(want, "goes on in the cloud", "Job ID: ")
		w.wantState(t, "source", "reversing", "source")
	}
	for _, part := range want {
		if !strings.Contains(unwrapped(output), part) {
			t.Errorf("%q is not in\n%s", part, output)
		}
	}
}

// TestAccTornState interrupts an apply after the cloud has accepted its switch, and empties the file of the state, as a
// Terraform that exits at once may leave it. The next apply adopts the group, and finishes the switch without a second
// action.
func TestAccTornState(t *testing.T) {
	t.Parallel()
	w := newPlannedWorkspace(t)
	w.runUntil(t, whileTheJobRuns, func(pid int, _ *watched) { signal(t, -pid, syscall.SIGINT) }, "apply", "saved.tfplan")
	w.Write(t, "terraform.tfstate", "")
	w.applyAgain(t)
	row(t, whileTheJobRuns.name, "Ctrl-C, state lost", "ended by force", w.Accepted(simulator.ActionReverse))
}
