// Command demo tells the story of a protection group that Terraform switches between its sites: a real Terraform and
// the provider built from this tree, against a simulated cloud. It needs no account and no registry, and leaves nothing
// behind.
package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/hashicorp/go-version"
	install "github.com/hashicorp/hc-install"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
	"github.com/hashicorp/hc-install/src"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// jobDuration is how long the simulated cloud takes for a switch; a real one takes minutes.
const jobDuration = 3 * time.Second

//go:embed web-shop/main.tf
var configuration string

func main() {
	// A reader that has gone (SIGPIPE, as behind `| head`) and a closed terminal must not leave the folder behind either.
	ctx, stop := signal.NotifyContext(context.Background(),
		os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	err := run(ctx, os.Stdout)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx) // The signal, in place of the errors that follow from it.
	}
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// run builds the provider, starts the cloud, and tells the story to out. It returns an error unless each step did what
// it says. All files are in a temporary folder, which is gone when run returns.
func run(ctx context.Context, out io.Writer) (err error) {
	folder, err := os.MkdirTemp("", "sdrs-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()

	s := &stage{out: out}
	s.say("Building the provider; the first time takes longer.")
	began := time.Now()
	if s.workspace, err = prepare(ctx, out, folder); err != nil {
		return err
	}
	defer func() { _ = s.workspace.Close() }()
	var found struct {
		Version string `json:"terraform_version"`
	}
	if err := s.workspace.JSON(ctx, &found, "version", "-json"); err != nil {
		return err
	}
	group := simulator.DemoGroup()
	s.say("Terraform:  %s, version %s", s.workspace.Terraform, found.Version)
	s.say("Provider:   built from this tree")
	s.say("Cloud:      simulated at %s, with the protection group %s in %s and %s",
		s.workspace.URL(), group.Name, group.SourceAZ, group.TargetAZ)
	s.say("Ready after %.1f s. The configuration, main.tf:\n", time.Since(began).Seconds())
	if _, err := io.WriteString(&screen{out: out}, configuration); err != nil {
		return err
	}
	return s.play(ctx, story)
}

// prepare lays out folder: the provider, the configuration, and a Terraform that uses both.
func prepare(ctx context.Context, out io.Writer, folder string) (*tftest.Workspace, error) {
	work := filepath.Join(folder, "web-shop")
	if err := os.Mkdir(work, 0o700); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(work, "main.tf"), []byte(configuration), 0o600); err != nil {
		return nil, err
	}
	provider, err := tftest.BuildProvider(ctx, folder)
	if err != nil {
		return nil, err
	}
	terraform, err := tftest.FindTerraform()
	if errors.Is(err, exec.ErrNotFound) {
		_, _ = fmt.Fprintln(out, "Found neither terraform nor tofu: installing Terraform into the temporary folder.")
		terraform, err = installTerraform(ctx, folder)
	}
	if err != nil {
		return nil, fmt.Errorf("no Terraform: %w", err)
	}
	cloud := simulator.New(simulator.WithGroups(simulator.DemoGroup()), simulator.WithJobDuration(jobDuration))
	w, err := tftest.Open(ctx, cloud, work, terraform, provider)
	if err != nil {
		return nil, err
	}
	w.Environment = append(w.Environment, "TMPDIR="+folder) // Where the provider's socket is.
	return w, nil
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
