// Command demo tells two stories: of a protection group that Terraform switches between its sites, and of an estate
// from its first request to its last. A real Terraform and the provider built from this tree play in a simulated cloud.
// It needs no account and no registry, and leaves nothing behind.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/hashicorp/go-version"
	install "github.com/hashicorp/hc-install"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
	"github.com/hashicorp/hc-install/src"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// jobDuration is how long the simulated cloud takes for a change of the estate; a real one takes minutes.
const jobDuration = 300 * time.Millisecond

func main() {
	// A reader that has gone (SIGPIPE, as behind `| head`) and a closed terminal must not leave the folder behind either.
	ctx, stop := signal.NotifyContext(context.Background(),
		os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	verbose := flag.Bool("v", false, "show all that Terraform prints, and the configuration")
	svg := flag.String("svg", "", "write a picture of the story to this `file`, too")
	flag.Parse()
	var story bytes.Buffer
	err := run(ctx, io.MultiWriter(os.Stdout, &story), *verbose)
	if err == nil && *svg != "" {
		var picture bytes.Buffer
		if err = writeSVG(&picture, story.String()); err == nil {
			err = os.WriteFile(*svg, picture.Bytes(), 0o644) //nolint:gosec // Public, like all of docs/.
		}
	}
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx) // The signal, in place of the errors that follow from it.
	}
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// run builds the provider, starts a cloud for each story, and tells it to out. It returns an error unless each step did
// what it says. All files are in a temporary folder, which is gone when run returns.
func run(ctx context.Context, out io.Writer, verbose bool) (err error) {
	folder, err := os.MkdirTemp("", "sdrs-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()

	s := &stage{screen: &screen{out: out, all: verbose}, table: tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)}
	s.screen.say("Building the provider; the first time takes longer.")
	provider, terraform, err := programs(ctx, out, folder)
	if err != nil {
		return err
	}
	if err = copyExamples(ctx, folder); err != nil {
		return err
	}
	s.row("Step", "Expected", "Result", "Seconds", "API calls", "Changes")
	for _, play := range plays {
		if err = s.open(ctx, play, folder, provider, terraform); err == nil {
			err = errors.Join(s.play(ctx, play.steps), s.workspace.Close())
		}
		if err != nil {
			break
		}
	}
	s.row("Total", "", "", fmt.Sprintf("%.1f", s.took.Seconds()), s.called, s.changed)
	s.screen.say("\n=== What happened ===")
	return errors.Join(err, s.table.Flush())
}

// programs builds the provider, and finds a Terraform.
func programs(ctx context.Context, out io.Writer, folder string) (provider, terraform string, err error) {
	if provider, err = tftest.BuildProvider(ctx, folder); err != nil {
		return "", "", err
	}
	terraform, err = tftest.FindTerraform()
	if errors.Is(err, exec.ErrNotFound) {
		_, _ = fmt.Fprintln(out, "Found neither terraform nor tofu: installing Terraform into the temporary folder.")
		terraform, err = installTerraform(ctx, folder)
	}
	if err != nil {
		return "", "", fmt.Errorf("no Terraform: %w", err)
	}
	return provider, terraform, nil
}

// copyExamples lays out the configurations in a folder, as they are in this tree.
func copyExamples(ctx context.Context, folder string) error {
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return fmt.Errorf("finding the examples: %w", err)
	}
	examples := os.DirFS(filepath.Join(strings.TrimSpace(string(root)), "examples"))
	for _, name := range []string{"web-shop", "estate", "modules"} {
		found, err := fs.Sub(examples, name)
		if err == nil {
			err = os.CopyFS(filepath.Join(folder, name), found)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// open starts the cloud of a play, in the folder of its configuration.
func (s *stage) open(ctx context.Context, play play, folder, provider, terraform string) (err error) {
	work := filepath.Join(folder, play.folder)
	s.workspace, err = tftest.Open(ctx, simulator.New(play.options...), work, terraform, provider)
	if err != nil {
		return err
	}
	s.workspace.Environment = append(s.workspace.Environment, "TMPDIR="+folder) // Where the provider's socket is.
	s.screen.say("\nThe configuration is examples/%s, the cloud is simulated at %s.", play.folder, s.workspace.URL())
	if s.screen.all {
		configuration, err := os.ReadFile(filepath.Join(work, "main.tf")) //nolint:gosec // A folder of our own.
		if err != nil {
			return err
		}
		s.screen.say("\n%s", configuration)
	}
	_, err = s.terraform(ctx, nil, "get") // The modules; the provider needs no init.
	return err
}

// installTerraform downloads the latest Terraform from HashiCorp into folder, and returns its path.
func installTerraform(ctx context.Context, folder string) (string, error) {
	wanted, err := version.NewConstraint(">= 1.11")
	if err != nil {
		return "", err
	}
	latest := &releases.LatestVersion{Product: product.Terraform, Constraints: wanted, InstallDir: folder}
	return install.NewInstaller().Install(ctx, []src.Installable{latest})
}
