// Package load_test measures what the provider takes: its start, and runs with many protection groups.
package load_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestMain(m *testing.M) { tftest.Main(m) }

// TestLoad runs real Terraform on configurations of many protection groups, and prints what that takes as the rows of a
// table. It is a measurement: it fails where a run fails, and nowhere for being slow.
func TestLoad(t *testing.T) {
	if os.Getenv("SDRS_LOAD") == "" {
		t.Skip("a measurement of some minutes: run make load")
	}
	t.Log("| groups | run | wall time | CPU time | requests | connections | provider, peak |")
	for _, groups := range []int{50, 500} {
		t.Run(fmt.Sprintf("groups=%d", groups), func(t *testing.T) {
			l := newLoad(t, groups)
			l.measure(t, 1, "adopt", "apply", "-auto-approve", "-var=availability_zone=eu-de-01")
			l.measure(
				t,
				3,
				"plan, no refresh",
				"plan",
				"-refresh=false",
				"-var=availability_zone=eu-de-01",
			) // Terraform's own part.
			l.measure(t, 3, "refresh", "plan", "-refresh-only", "-var=availability_zone=eu-de-01")
			l.measure(t, 3, "refresh, -parallelism=50", "plan", "-refresh-only", "-parallelism=50",
				"-var=availability_zone=eu-de-01")
			l.measure(t, 1, "switch, -parallelism=50", "apply", "-auto-approve", "-parallelism=50",
				"-var=availability_zone=eu-de-02")
			accepted := groups
			if groups <= 50 { // For more it takes minutes, and says the same.
				l.measure(t, 1, "switch", "apply", "-auto-approve", "-var=availability_zone=eu-de-01")
				accepted += groups
			}
			l.wantAccepted(t, accepted)
		})
	}
	t.Run("throttled", func(t *testing.T) {
		l := newLoad(t, 50)
		refused := l.throttle(20)
		l.measure(t, 1, "adopt, throttled", "apply", "-auto-approve", "-var=availability_zone=eu-de-01")
		l.measure(t, 3, "refresh, throttled", "plan", "-refresh-only", "-var=availability_zone=eu-de-01")
		l.measure(t, 1, "switch, throttled", "apply", "-auto-approve", "-var=availability_zone=eu-de-02")
		l.measure(t, 1, "switch, -parallelism=50, throttled", "apply", "-auto-approve", "-parallelism=50",
			"-var=availability_zone=eu-de-01")
		l.wantAccepted(t, 100)
		t.Logf("of these requests %d were refused", refused())
	})
}

// load is a workspace with a configuration of many groups, in a folder of it, for the provider of a binary.
type load struct {
	*tftest.Workspace
	groups         int
	folder, binary string
	// opened returns how many connections were opened so far; all folders share it.
	opened *func() int
}

func loadOf(w *tftest.Workspace, groups int) *load {
	opened := w.Connections
	return &load{Workspace: w, groups: groups, binary: w.Provider, opened: &opened}
}

const providersBlock = `
terraform {
  required_providers {
    sdrs = { source = "terraform-sdrs/sdrs" }
  }
}
`

const manyGroups = providersBlock + `
variable "availability_zone" {}
`

// Terraform evaluates a for_each once more for each of its instances: for 500 that would be most of what it does.
const oneOfManyGroups = `
resource "sdrs_protection_group_failover" "group_%d" {
  protection_group_id        = %q
  priority_availability_zone = var.availability_zone
}
`

func newLoad(t *testing.T, groups int) *load {
	t.Helper()
	var seeds []simulator.Group
	configuration := manyGroups
	for i := range groups {
		id := fmt.Sprintf("%08x-0000-4000-8000-000000000000", i)
		configuration += fmt.Sprintf(oneOfManyGroups, i, id)
		seed := simulator.NewGroup(id, fmt.Sprintf("group-%d", i), 2, 3)
		if i%2 == 1 { // The estate is mixed: what is the source of one group is the target of the next. All run in the same zone.
			seed = seed.Mirrored()
		}
		seeds = append(seeds, seed)
	}
	w := tftest.NewWorkspace(t, simulator.WithJobDuration(3*time.Second), simulator.WithGroups(seeds...))
	l := loadOf(w, groups)
	l.Write(t, "main.tf", configuration)
	return l
}

// figures are what a run takes: the least of several runs, and the most memory of the provider in any.
type figures struct {
	wall, cpu             time.Duration // The CPU time is that of Terraform and the provider.
	requests, connections int
	peak                  int64
}

// run runs Terraform once. What it takes is no more than what an earlier run took.
func (l *load) run(t *testing.T, earlier figures, arguments ...string) figures {
	t.Helper()
	requests, connections := len(l.Requests()), (*l.opened)()
	watch := watchMemory(l.binary)
	start := time.Now()
	command := l.Command(t.Context(), append([]string{"-chdir=" + filepath.Join(l.Dir, l.folder)}, arguments...)...)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Run(); err != nil {
		t.Fatalf("terraform %v: %v\n%s", arguments, err, &output)
	}
	now := figures{
		wall: time.Since(start), cpu: command.ProcessState.UserTime() + command.ProcessState.SystemTime(),
		requests: len(l.Requests()) - requests, connections: (*l.opened)() - connections, peak: watch(),
	}
	if earlier == (figures{}) {
		return now
	}
	return figures{
		wall: min(now.wall, earlier.wall), cpu: min(now.cpu, earlier.cpu), requests: min(now.requests, earlier.requests),
		connections: min(now.connections, earlier.connections), peak: max(now.peak, earlier.peak),
	}
}

// measure runs Terraform some times, and logs what that takes.
func (l *load) measure(t *testing.T, times int, name string, arguments ...string) {
	t.Helper()
	var least figures
	for range times {
		least = l.run(t, least, arguments...)
	}
	l.log(t, name, least)
}

func (l *load) log(t *testing.T, name string, f figures) {
	t.Helper()
	t.Logf("| %d | %s | %.2f s | %.2f s | %d | %d | %.0f MB |", l.groups, name,
		f.wall.Seconds(), f.cpu.Seconds(), f.requests, f.connections, float64(f.peak)/1e6)
}

func (l *load) wantAccepted(t *testing.T, want int) {
	t.Helper()
	if n := l.Accepted(simulator.ActionReverse); n != want {
		t.Errorf("%d planned failovers accepted, want %d", n, want)
	}
}

// throttle answers 429 to all requests beyond so many in a second of the wall clock. It returns their number so far.
func (l *load) throttle(perSecond int) func() int {
	var mu sync.Mutex
	var second int64
	var inSecond, refused int
	l.Inject(simulator.Fault{Status: http.StatusTooManyRequests, Match: func(*http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		if now := time.Now().Unix(); now != second {
			second, inSecond = now, 0
		}
		inSecond++
		if inSecond > perSecond {
			refused++
			return true
		}
		return false
	}})
	return func() int {
		mu.Lock()
		defer mu.Unlock()
		return refused
	}
}

var highWaterMark = regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB$`)

// peakMemory returns the most memory that a process ever had, in bytes, from its folder in /proc: 0 where there is
// none.
func peakMemory(process string) int64 {
	status, err := os.ReadFile(filepath.Join(process, "status")) //nolint:gosec // Of the kernel.
	if err != nil {
		return 0
	}
	found := highWaterMark.FindSubmatch(status)
	if found == nil {
		return 0
	}
	kilobytes, _ := strconv.ParseInt(string(found[1]), 10, 64)
	return kilobytes * 1024
}

// watchMemory watches the processes that run a binary. The function that it returns ends that, and returns the most
// memory of any, in bytes: 0 where there is no /proc.
func watchMemory(binary string) func() int64 {
	done, peak := make(chan struct{}), make(chan int64)
	go func() {
		var most int64
		tick := time.NewTicker(50 * time.Millisecond) // A search takes a millisecond.
		defer tick.Stop()
		for {
			select {
			case <-done:
				peak <- most
				return
			case <-tick.C:
			}
			processes, _ := filepath.Glob("/proc/[0-9]*/exe")
			for _, link := range processes {
				if target, err := os.Readlink(link); err != nil || target != binary {
					continue
				}
				most = max(most, peakMemory(filepath.Dir(link)))
			}
		}
	}()
	return func() int64 { close(done); return <-peak }
}
