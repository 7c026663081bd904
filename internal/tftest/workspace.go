package tftest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	goversion "github.com/hashicorp/go-version"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

const (
	module = "github.com/terraform-sdrs/terraform-provider-sdrs"
	// farewell is how long a process that was asked to end may take before it is killed.
	farewell = 10 * time.Second
)

// Workspace is a folder in which Terraform, or OpenTofu, runs the provider built from this tree against a simulator on
// loopback. It is logged in by the environment.
type Workspace struct {
	*simulator.Simulator
	// Dir is the folder, Terraform the program's path, and Provider the provider's.
	Dir, Terraform, Provider string
	// Environment is that of each run; of two values of a variable the later one counts.
	Environment []string
	url         string
	server      *http.Server
	connections atomic.Int32
}

// Open serves a simulator, and returns dir as a workspace that uses it. The provider is that of [BuildProvider]. It
// ends with Close, which leaves the folder alone.
func Open(ctx context.Context, sim *simulator.Simulator, dir, terraform, provider string) (*Workspace, error) {
	w := &Workspace{Simulator: sim, Dir: dir, Terraform: terraform, Provider: provider}
	settings := filepath.Join(dir, "cli.tfrc")
	if err := os.WriteFile(settings, []byte(overrides(filepath.Dir(provider))), 0o600); err != nil {
		return nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w.server = &http.Server{
		Handler: sim, ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0),
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				w.connections.Add(1)
			}
		},
	}
	go func() { _ = w.server.Serve(listener) }() // It ends with Close; before that, Terraform would report it.
	w.url = "http://" + listener.Addr().String()
	w.Environment = environment(os.Environ(), settings, w.url)
	return w, nil
}

// Close ends the simulator's service.
func (w *Workspace) Close() error { return w.server.Close() }

// URL returns where the simulator listens.
func (w *Workspace) URL() string { return w.url }

// Connections returns how many were opened to the simulator so far.
func (w *Workspace) Connections() int { return int(w.connections.Load()) }

// overrides is the CLI configuration that takes the provider from a folder. It needs no `terraform init` then.
func overrides(folder string) string {
	return fmt.Sprintf(`provider_installation {
  dev_overrides {
    "registry.terraform.io/terraform-sdrs/sdrs" = %[1]q
    "registry.opentofu.org/terraform-sdrs/sdrs" = %[1]q
  }
}
`, filepath.ToSlash(folder))
}

// environment is the user's, without what would lead Terraform to another cloud or to other settings, and the provider
// to collect garbage otherwise than it does by itself.
func environment(users []string, settings, cloud string) []string {
	var env []string
	for _, variable := range users {
		ours := false
		for _, prefix := range []string{"TF_", "OS_", "AWS_", "SDRS_", "GOGC="} {
			ours = ours || strings.HasPrefix(variable, prefix)
		}
		if !ours {
			env = append(env, variable)
		}
	}
	account := simulator.DefaultAccount()
	return append(env,
		"OS_AUTH_URL="+cloud+"/v3", "OS_REGION_NAME="+account.Region, "OS_DOMAIN_NAME="+account.DomainName,
		"OS_PROJECT_NAME="+account.ProjectName, "OS_USERNAME="+account.UserName, "OS_PASSWORD="+account.Password,
		"TF_CLI_CONFIG_FILE="+settings, "TF_CLI_ARGS=-no-color", "TF_IN_AUTOMATION=1", "TF_INPUT=0",
		"CHECKPOINT_DISABLE=1", // No calls home, and no cache of their answers.
	)
}

// Trace has Terraform and the provider write all that they can log to trace.log.
func (w *Workspace) Trace() {
	w.Environment = append(w.Environment, "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(w.Dir, "trace.log"))
}

// Command returns a run of Terraform that has not begun. It is a process group of its own, so that a signal reaches all
// of it, as from a keyboard. Where the context ends it is interrupted, and killed if that does not help.
func (w *Workspace) Command(ctx context.Context, arguments ...string) *exec.Cmd {
	return w.command(ctx, w.Terraform, arguments...)
}

func (w *Workspace) command(ctx context.Context, name string, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, name, arguments...) //nolint:gosec // Terraform, or what a test names.
	command.Dir, command.Env = w.Dir, w.Environment
	command.WaitDelay = farewell
	interruptFamily(command)
	return command
}

// Execute runs Terraform, and writes all that it prints to out.
func (w *Workspace) Execute(ctx context.Context, out io.Writer, arguments ...string) error {
	command := w.Command(ctx, arguments...)
	command.Stdout, command.Stderr = out, out
	if err := command.Run(); err != nil {
		return fmt.Errorf("terraform %s: %w", strings.Join(arguments, " "), err)
	}
	return nil
}

// JSON runs Terraform, and decodes what it prints.
func (w *Workspace) JSON(ctx context.Context, into any, arguments ...string) error {
	output, err := w.Command(ctx, arguments...).Output()
	if err != nil {
		return fmt.Errorf("terraform %s: %w", strings.Join(arguments, " "), err)
	}
	return json.Unmarshal(output, into)
}

// FindTerraform returns the path of the Terraform at hand: TF_ACC_TERRAFORM_PATH, or terraform or tofu from PATH. Its
// error is exec.ErrNotFound where there is none.
func FindTerraform() (string, error) {
	candidates := []string{"terraform", "tofu"}
	if chosen := os.Getenv("TF_ACC_TERRAFORM_PATH"); chosen != "" {
		candidates = []string{chosen} // Another one is not what the user asked for.
	}
	for _, candidate := range candidates {
		found, err := exec.LookPath(candidate)
		if err == nil {
			return filepath.Abs(found) // It runs in another folder.
		}
		if !errors.Is(err, exec.ErrNotFound) {
			return "", err
		}
	}
	return "", exec.ErrNotFound
}

// BuildProvider builds the provider into a folder as a release is built, and returns its path.
func BuildProvider(ctx context.Context, folder string) (string, error) {
	//nolint:gosec // A folder of our own.
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", folder,
		module)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.WaitDelay = farewell
	interruptFamily(build)
	if text, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the provider: %w\n%s", err, text)
	}
	found, err := filepath.Glob(filepath.Join(folder, "terraform-provider-sdrs*"))
	if err != nil || len(found) != 1 {
		return "", fmt.Errorf("the build left %v in %s", found, folder)
	}
	return found[0], nil
}

// built is the folder of the provider that the tests of a package share, once there is one.
var built string

var shared = sync.OnceValues(func() (string, error) {
	var err error
	if built, err = os.MkdirTemp("", "terraform-provider-sdrs-"); err != nil {
		return "", err
	}
	return BuildProvider(context.Background(), built)
})

// Main runs the tests of a package that has workspaces, for its TestMain.
func Main(m *testing.M) {
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	os.Exit(code)
}

// Provider returns the path of the provider, built once for all tests of a package that has [Main].
func Provider(t testing.TB) string {
	t.Helper()
	binary, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

// NewWorkspace returns an empty workspace for a test, whose simulator has the demo group.
func NewWorkspace(t testing.TB, options ...simulator.Option) *Workspace {
	t.Helper()
	if os.Getenv("TF_ACC") == "" || Real() {
		t.Skip("runs real Terraform against the simulator: needs TF_ACC=1")
	}
	terraform, err := FindTerraform()
	if err != nil {
		t.Fatal(err)
	}
	sim := simulator.New(append(options, simulator.WithGroups(simulator.DemoGroup()))...)
	w, err := Open(t.Context(), sim, t.TempDir(), terraform, Provider(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	w.Environment = append(w.Environment, "HOME="+w.Dir) // Nothing of the user's: no plugins, no clouds.yaml.
	return w
}

// Write writes a file of the workspace.
func (w *Workspace) Write(t testing.TB, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(w.Dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Read reads a file of the workspace.
func (w *Workspace) Read(t testing.TB, name string) string {
	t.Helper()
	content, err := fs.ReadFile(os.DirFS(w.Dir), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// Run runs Terraform, which must succeed, and returns what it prints.
func (w *Workspace) Run(t testing.TB, arguments ...string) string {
	t.Helper()
	return w.RunExit(t, 0, w.Terraform, arguments...)
}

// RunExit runs a program, which must end with a code, and returns what it prints.
func (w *Workspace) RunExit(t testing.TB, code int, name string, arguments ...string) string {
	t.Helper()
	command := w.command(t.Context(), name, arguments...)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	err := command.Run()
	if command.ProcessState == nil || command.ProcessState.ExitCode() != code {
		t.Errorf("%s %v: %v, want exit code %d\n%s", filepath.Base(name), arguments, err, code, &output)
	}
	return output.String()
}

// Needs skips a test of something that Terraform has since a version only, and OpenTofu not at all.
func (w *Workspace) Needs(t testing.TB, what string, since *goversion.Version) {
	t.Helper()
	var found struct {
		Version *goversion.Version `json:"terraform_version"`
	}
	if err := w.JSON(t.Context(), &found, "version", "-json"); err != nil {
		t.Fatal(err)
	}
	if why := Lacks(w.Terraform, found.Version, what, since); why != "" {
		t.Skip(why)
	}
}

// Sibling returns an empty workspace with the same cloud.
func (w *Workspace) Sibling(t testing.TB) *Workspace {
	t.Helper()
	return &Workspace{
		Simulator: w.Simulator, Dir: t.TempDir(), Terraform: w.Terraform, Provider: w.Provider,
		Environment: w.Environment, url: w.url,
	}
}
