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
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// jobDuration is how long the simulated cloud takes for a switch; a real one takes minutes.
const jobDuration = 3 * time.Second

//go:embed web-shop/main.tf
var configuration string

func main() {
	// A reader that has gone (SIGPIPE, as behind `| head`) and a closed terminal must not leave the folder behind either.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	err := run(ctx, os.Stdout)
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

	group := simulator.DemoGroup()
	cloud := simulator.New(simulator.WithGroups(group), simulator.WithJobDuration(jobDuration))
	address, hangUp, err := serve(ctx, cloud)
	if err != nil {
		return err
	}
	defer hangUp()

	s := &stage{out: out, cloud: cloud, group: group.ID}
	s.say("Building the provider; the first time takes longer.")
	began := time.Now()
	if s.terraform, err = prepare(ctx, out, folder, address); err != nil {
		return interrupted(ctx, err)
	}
	s.say("Terraform:  %s", s.terraform.version)
	s.say("Provider:   built from this tree")
	s.say("Cloud:      simulated at %s, with the protection group %s in %s and %s", address, group.Name, group.SourceAZ, group.TargetAZ)
	s.say("Ready after %.1f s. The configuration, main.tf:\n", time.Since(began).Seconds())
	if _, err := io.WriteString(&screen{out: out}, configuration); err != nil {
		return err
	}
	return interrupted(ctx, s.play(ctx, story()))
}

// prepare lays out folder: the provider, the configuration, and a Terraform that uses both.
func prepare(ctx context.Context, out io.Writer, folder, cloud string) (*terraform, error) {
	work := filepath.Join(folder, "web-shop")
	if err := os.Mkdir(work, 0o700); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(work, "main.tf"), []byte(configuration), 0o600); err != nil {
		return nil, err
	}
	if err := buildProvider(ctx, folder); err != nil {
		return nil, err
	}
	return newTerraform(ctx, out, folder, work, cloud)
}

// serve serves the cloud on loopback until hangUp is called.
func serve(ctx context.Context, cloud http.Handler) (address string, hangUp func(), err error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: cloud, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // It ends with hangUp; before that, Terraform would report it.
	return "http://" + listener.Addr().String(), func() { _ = server.Close() }, nil
}

// interrupted returns the signal that ended ctx in place of the errors that follow from it.
func interrupted(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
