package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
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

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/acctest"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
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

resource "sdrs_protection_group_failover" "test" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
  priority_station    = var.priority_station
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

// TestAccSecrets runs the provider at TRACE through logins that succeed and fail, a switch, and a failure, and searches
// all that it leaves behind for secrets.
func TestAccSecrets(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, simulator.WithJobDuration(time.Second))
	output := w.run(t, "apply", "-no-color", "-auto-approve", "-var=priority_station=source")
	w.RevokeTokens()
	output += w.run(t, "plan", "-no-color", "-out=saved.tfplan", "-var=priority_station=target")
	output += w.run(t, "apply", "-no-color", "saved.tfplan")
	w.SetServerStatus(simulator.DemoGroup().Instances[0].TargetServer.ID, "ACTIVE")
	refused, text := w.command(t.Context(), "apply", "-no-color", "-auto-approve", "-var=priority_station=source")
	if err := refused.Run(); err == nil || !strings.Contains(text.String(), "Planned Failover Not Ready") {
		t.Errorf("not refused: %s", text)
	}
	output += text.String()

	const wrong = "not-the-passw0rd"
	w.environment = append(w.environment, "OS_PASSWORD="+wrong)
	failing, text := w.command(t.Context(), "plan", "-no-color", "-var=priority_station=source")
	if err := failing.Run(); err == nil || !strings.Contains(text.String(), "Login Failed") {
		t.Errorf("logged in: %s", text)
	}
	output += text.String()

	w.wantNoSecret(t, output, append(w.Secrets(), wrong))
}

// TestAccSecretsOfEachLogin adopts a group and plans a switch at TRACE with each kind of credentials.
func TestAccSecretsOfEachLogin(t *testing.T) {
	t.Parallel()
	a := simulator.DefaultAccount()
	agency := []string{"OS_AGENCY_NAME=" + a.AgencyName, "OS_AGENCY_DOMAIN_NAME=" + a.AgencyDomainName, "OS_DELEGATED_PROJECT=" + a.DelegatedProject, "OS_PROJECT_NAME="}
	accessKey := []string{"OS_USERNAME=", "OS_PASSWORD=", "OS_ACCESS_KEY=" + a.AccessKey, "OS_SECRET_KEY=" + a.SecretKey}
	for name, test := range map[string]struct {
		login       func(*workspace) []string
		credentials string // As the request log tells them.
	}{
		"token": {
			login: func(w *workspace) []string {
				return []string{"OS_USERNAME=", "OS_PASSWORD=", "OS_TOKEN=" + w.IssueToken()}
			},
			credentials: "token",
		},
		"access key": {
			login:       func(*workspace) []string { return accessKey },
			credentials: "aksk",
		},
		"temporary access key": {
			login: func(w *workspace) []string {
				key, secret, token := w.IssueTemporaryKeys()
				return []string{
					"OS_USERNAME=", "OS_PASSWORD=", "OS_ACCESS_KEY=" + key, "OS_SECRET_KEY=" + secret, "OS_SECURITY_TOKEN=" + token,
					"OS_PROJECT_NAME=", "OS_PROJECT_ID=" + a.DelegatedProjectID, "OS_REGION_NAME=" + a.Region,
				}
			},
			credentials: "temporary aksk",
		},
		"agency with password":   {login: func(*workspace) []string { return agency }, credentials: "token"},
		"agency with access key": {login: func(*workspace) []string { return slices.Concat(accessKey, agency) }, credentials: "temporary aksk"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			login := test.login(w)
			w.environment = append(w.environment, login...)
			output := w.run(t, "apply", "-no-color", "-auto-approve", "-var=priority_station=source")
			output += w.run(t, "plan", "-no-color", "-out=saved.tfplan", "-var=priority_station=target")
			requests := w.Requests()
			if last := requests[len(requests)-1]; last.AuthKind != test.credentials {
				t.Errorf("authenticated by %q, want %q", last.AuthKind, test.credentials)
			}
			secrets := w.Secrets()
			for _, variable := range login {
				// Its id is no secret, but nobody else's business either.
				if key, found := strings.CutPrefix(variable, "OS_ACCESS_KEY="); found {
					secrets = append(secrets, key)
				}
			}
			w.wantNoSecret(t, output, secrets)
		})
	}
}

// wantNoSecret searches all that runs of Terraform left behind: what they printed, the log, the state, and the plan.
func (w *workspace) wantNoSecret(t *testing.T, output string, secrets []string) {
	t.Helper()
	left := map[string]string{"what was printed": output}
	for _, name := range []string{"trace.log", "terraform.tfstate"} {
		content, err := fs.ReadFile(os.DirFS(w.dir), name)
		if err != nil {
			t.Fatal(err)
		}
		left[name] = string(content)
	}
	plan, err := zip.OpenReader(filepath.Join(w.dir, "saved.tfplan"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = plan.Close() }()
	for _, file := range plan.File {
		reader, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		left["saved.tfplan: "+file.Name] = string(content)
	}
	if !strings.Contains(left["trace.log"], "Cloud API request") {
		t.Error("the log lacks the provider's lines")
	}
	for _, secret := range secrets {
		for name, content := range left {
			if strings.Contains(content, secret) {
				t.Errorf("%s has a secret: %.8s...", name, secret)
			}
		}
	}
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
	if why := acctest.Lacks(w.terraform, found.Version, what, since); why != "" {
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
