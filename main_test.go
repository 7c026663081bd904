package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	goversion "github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// built is the folder of the provider's binary, once there is one.
var built string

// build returns the path of the provider, built once as a release is.
var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "terraform-provider-sdrs-")
	if err != nil {
		return "", err
	}
	built = dir
	binary := filepath.Join(dir, "terraform-provider-sdrs")
	command := exec.CommandContext(context.Background(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, ".") //nolint:gosec // A folder of our own.
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, output)
	}
	return binary, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	os.Exit(code)
}

// workspace is a folder in which Terraform runs the built provider against a simulator, logged in by the environment.
type workspace struct {
	*simulator.Simulator
	terraform, dir string
	environment    []string
	connections    atomic.Int32 // Opened so far.
}

// roundTrip is what the runbook for a disaster uses.
const roundTrip = `
action "sdrs_failover" "web_shop_to_target" {
  config {
    protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
    priority_station    = "target"
  }
}

action "sdrs_reprotect" "web_shop" {
  config {
    protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
  }
}
`

const configuration = `
terraform {
  required_providers {
    sdrs = { source = "terraform-sdrs/sdrs" }
  }
}

variable "priority_station" {}

variable "with_servers" {
  type    = bool
  default = false
}

resource "sdrs_protection_group_failover" "test" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
  priority_station    = var.priority_station
  stop_servers        = var.with_servers
  start_servers       = var.with_servers
}
`

func newWorkspace(t *testing.T, options ...simulator.Option) *workspace {
	t.Helper()
	if os.Getenv("TF_ACC") == "" || os.Getenv("SDRS_TEST_CLOUD") == "real" {
		t.Skip("runs real Terraform against the simulator: needs TF_ACC=1")
	}
	terraform := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if terraform == "" {
		var err error
		if terraform, err = exec.LookPath("terraform"); err != nil {
			t.Skip("there is no terraform on PATH, and TF_ACC_TERRAFORM_PATH is not set")
		}
	}
	binary, err := build()
	if err != nil {
		t.Fatal(err)
	}
	sim := simulator.New(append(options, simulator.WithGroups(simulator.DemoGroup()))...)
	server := httptest.NewUnstartedServer(sim)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	w := &workspace{Simulator: sim, terraform: terraform, dir: t.TempDir()}
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			w.connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)

	account := simulator.DefaultAccount()
	w.environment = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + w.dir, "CHECKPOINT_DISABLE=1",
		"TF_CLI_CONFIG_FILE=" + filepath.Join(w.dir, "cli.tfrc"),
		"TF_LOG=TRACE", "TF_LOG_PATH=" + filepath.Join(w.dir, "trace.log"),
		"OS_AUTH_URL=" + server.URL + "/v3", "OS_USERNAME=" + account.UserName, "OS_PASSWORD=" + account.Password,
		"OS_DOMAIN_NAME=" + account.DomainName, "OS_PROJECT_NAME=" + account.ProjectName,
	}
	w.write(t, "main.tf", configuration)
	w.write(t, "cli.tfrc", fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"registry.terraform.io/terraform-sdrs/sdrs\" = %q\n"+
		"    \"registry.opentofu.org/terraform-sdrs/sdrs\" = %[1]q\n  }\n}\n", filepath.Dir(binary)))
	return w
}

func (w *workspace) write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// command returns a run of Terraform that has not begun, and what it will print.
func (w *workspace) command(ctx context.Context, arguments ...string) (*exec.Cmd, *bytes.Buffer) {
	command := exec.CommandContext(ctx, w.terraform, arguments...) //nolint:gosec // The one that the tests are run with.
	command.Dir, command.Env = w.dir, w.environment
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // So that an interrupt reaches all, as from a keyboard.
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	return command, &output
}

func (w *workspace) run(t *testing.T, arguments ...string) string {
	t.Helper()
	command, output := w.command(t.Context(), arguments...)
	if err := command.Run(); err != nil {
		t.Errorf("terraform %v: %v\n%s", arguments, err, output)
	}
	return output.String()
}

// TestAccInterrupt presses Ctrl-C during a switch that would never end.
func TestAccInterrupt(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t)
	w.run(t, "apply", "-no-color", "-auto-approve", "-var=priority_station=source")
	w.StallJobs()
	waiting := make(chan struct{})
	w.Inject(simulator.Fault{Route: simulator.RouteJob, Times: 1, Match: func(*http.Request) bool { close(waiting); return true }})

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	apply, output := w.command(ctx, "apply", "-no-color", "-auto-approve", "-var=priority_station=target")
	if err := apply.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-waiting:
	case <-ctx.Done():
		t.Fatal("the switch did not begin")
	}
	pressed := time.Now()
	if err := syscall.Kill(-apply.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := apply.Wait(); err == nil {
		t.Error("an interrupted apply succeeded")
	}
	t.Logf("Ctrl-C to exit: %s", time.Since(pressed))
	for _, part := range []string{"Planned Failover Interrupted", "goes on in the cloud", "Job ID: "} {
		if !strings.Contains(unwrapped(output.String()), part) {
			t.Errorf("%q is not in\n%s", part, output)
		}
	}
	if state := unwrapped(w.run(t, "show", "-no-color")); !strings.Contains(state, `priority_station = "source"`) || !strings.Contains(state, `status = "reversing"`) {
		t.Errorf("the state does not tell the truth:\n%s", state)
	}

	w.ResumeJobs()
	w.run(t, "apply", "-no-color", "-auto-approve", "-var=priority_station=target")
	if n := w.Accepted(simulator.ActionReverse); n != 1 {
		t.Errorf("%d planned failovers accepted, want 1", n)
	}
	if group, _ := w.Group(simulator.DemoGroup().ID); group.PriorityStation != simulator.StationTarget {
		t.Errorf("the group is at %s", group.PriorityStation)
	}
}

// unwrapped undoes Terraform's wrapping and aligning.
func unwrapped(text string) string { return strings.Join(strings.Fields(text), " ") }

// needs skips a test of something that Terraform has since a version only, and OpenTofu not at all.
func (w *workspace) needs(t *testing.T, what string, since *goversion.Version) {
	t.Helper()
	var found struct {
		Version *goversion.Version `json:"terraform_version"`
	}
	if err := json.Unmarshal([]byte(w.run(t, "version", "-json")), &found); err != nil {
		t.Fatal(err)
	}
	if why := tftest.Lacks(w.terraform, found.Version, what, since); why != "" {
		t.Skip(why)
	}
}

// TestAccRoundTrip is the runbook of the guide "Disaster, and the way back": failover, acceptance, reprotection, failback.
func TestAccRoundTrip(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, simulator.WithJobDuration(time.Second))
	w.needs(t, "actions", tfversion.Version1_14_0)
	w.write(t, "actions.tf", roundTrip)
	group := simulator.DemoGroup().ID
	step := func(name, wantStatus, wantSite string, wantActions []string, wantOutput string, arguments ...string) {
		t.Helper()
		w.ResetRequests()
		output := w.run(t, append(arguments, "-no-color")...)
		transcript(t, name, output)
		if !strings.Contains(unwrapped(output), wantOutput) {
			t.Errorf("%s: %q is not in\n%s", name, wantOutput, output)
		}
		if found, _ := w.Group(group); found.Status != wantStatus || found.PriorityStation != wantSite {
			t.Errorf("%s: the group is %s at %s, want %s at %s", name, found.Status, found.PriorityStation, wantStatus, wantSite)
		}
		var actions []string
		for _, request := range w.Requests() {
			if request.Route == simulator.RouteAction {
				actions = append(actions, request.Action)
			}
		}
		if !slices.Equal(actions, wantActions) {
			t.Errorf("%s: actions %v, want %v", name, actions, wantActions)
		}
	}
	atSource, atTarget := "-var=priority_station=source", "-var=priority_station=target"

	step("adopt", "protected", "source", nil, "1 added", "apply", "-auto-approve", atSource)
	for _, instance := range simulator.DemoGroup().Instances {
		w.SetServerStatus(instance.SourceServer.ID, "ACTIVE") // Production runs, until the disaster.
	}
	step("fail over", "failed-over", "target", []string{simulator.ActionFailover}, "web-shop: failed-over, active at target",
		"apply", "-auto-approve", "-invoke=action.sdrs_failover.web_shop_to_target", atSource)
	step("fail over again", "failed-over", "target", nil, "nothing had to be requested",
		"apply", "-auto-approve", "-invoke=action.sdrs_failover.web_shop_to_target", atSource)
	step("an unrelated apply", "failed-over", "target", nil, "Active Site Changed Elsewhere", "apply", "-auto-approve", atSource)
	step("accept", "failed-over", "target", nil, "1 changed", "apply", "-auto-approve", atTarget)
	step("reprotect", "protected", "target", []string{simulator.ActionStart}, "overwrites the disks at source (eu-de-01) with those at target (eu-de-02)",
		"apply", "-auto-approve", "-invoke=action.sdrs_reprotect.web_shop", atTarget)
	step("nothing to do", "protected", "target", nil, "No changes", "plan", atTarget)
	step("fail back", "protected", "source", []string{simulator.ActionReverse}, "1 changed", "apply", "-auto-approve", atSource)
}

// transcript prints a step's output where the guide's transcript is to be written anew: SDRS_TRANSCRIPT=1 go test -v.
func transcript(t *testing.T, name, output string) {
	t.Helper()
	if os.Getenv("SDRS_TRANSCRIPT") != "" {
		t.Logf("=== %s\n%s", name, output)
	}
}
