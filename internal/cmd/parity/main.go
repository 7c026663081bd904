// Command parity asks a cloud, with the credentials that the provider would use, all that can be asked without changing
// anything, and a simulator that holds the same. It prints what they answer otherwise, a line for each. With -switch it
// switches a protection group there and back, too.
//
// What was asked and answered can be kept in a file, the record, in which credentials are not, and ids, names and
// addresses are replaced. It is made to be shown to others, who compare it again with -replay.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/provider"
)

// The exit codes.
const (
	exitSame      = 0
	exitDifferent = 1
	exitFailed    = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := program{getenv: os.Getenv, clock: jobs.WallClock{}, out: os.Stdout, log: os.Stderr}
	code := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// program is parity with its surroundings.
type program struct {
	getenv    func(string) string
	clock     jobs.Clock
	retryWait time.Duration // 0: the session's own.
	out, log  io.Writer
}

// run does what the arguments say, and returns the exit code.
func (p program) run(ctx context.Context, args []string) int {
	same, err := p.compare(ctx, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitSame
	case err != nil:
		_, _ = fmt.Fprintln(p.log, "parity:", err)
		return exitFailed
	case !same:
		return exitDifferent
	default:
		return exitSame
	}
}

// compare reports whether cloud and simulator answer the same.
func (p program) compare(ctx context.Context, args []string) (bool, error) {
	flags := flag.NewFlagSet("parity", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // It would print what is returned, too.
	group := flags.String("switch", "",
		"the id of a protected `group` to switch to its other site and back; its servers must be stopped")
	job := flags.String("job", "", "the `id` of a job to ask for, too")
	output := flags.String("o", "", "the `file` to write the record to")
	from := flags.String("replay", "", "a `file` that -o has written, to compare instead of a cloud")
	if err := flags.Parse(args); err != nil {
		flags.SetOutput(p.log)
		flags.Usage()
		return false, err
	}
	empty := "" // Such as -switch "$ID" where there is no ID: it would switch nothing, and say so by no word.
	flags.Visit(func(f *flag.Flag) {
		if f.Value.String() == "" {
			empty = f.Name
		}
	})
	switch {
	case empty != "":
		return false, fmt.Errorf("-%s has no value", empty)
	case flags.NArg() > 0:
		return false, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case *from != "" && (*group != "" || *job != "" || *output != ""):
		return false, errors.New("-replay asks no cloud: it goes with none of -switch, -job, and -o")
	}
	if *from != "" {
		text, err := os.ReadFile(*from) //nolint:gosec // The path is the user's.
		if err != nil {
			return false, err
		}
		record, err := readRecord(text)
		if err != nil {
			return false, fmt.Errorf("%s: %w", *from, err)
		}
		return p.report(ctx, record)
	}

	record, failure := p.ask(ctx, *group, *job)
	if *output != "" && len(record.Exchanges) > 0 { // Of a walk that failed, too: it may show why.
		text, err := record.encode()
		if err == nil {
			err = os.WriteFile(*output, text, 0o600)
		}
		failure = errors.Join(failure, err)
	}
	if failure == nil || len(record.Exchanges) > 0 {
		same, err := p.report(ctx, record)
		return same, errors.Join(failure, err)
	}
	return false, failure
}

// report prints what a simulator answers otherwise than the cloud in a record.
func (p program) report(ctx context.Context, record Record) (same bool, err error) {
	simulated, err := replay(ctx, record)
	if err != nil {
		return false, err
	}
	differences := compare(record.Exchanges, simulated)
	for _, d := range differences {
		if _, err := fmt.Fprintln(p.out, d); err != nil {
			return false, err
		}
	}
	_, err = fmt.Fprintf(p.out, "%s in %d exchanges\n", failover.Counted(len(differences), "difference"), len(record.Exchanges))
	return len(differences) == 0, err
}

// ask walks through the cloud of the environment.
func (p program) ask(ctx context.Context, groupID, jobID string) (Record, error) {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	config, diags := provider.ConfigFromEnvironment(p.getenv)
	for _, d := range diags {
		_, _ = fmt.Fprintf(p.log, "%s: %s\n", d.Summary(), d.Detail())
		if d.Severity() == diag.SeverityError {
			return Record{}, errors.New("there is no cloud to log in to")
		}
	}
	watched := &recorder{clock: p.clock}
	config.Around, config.RetryWait, config.UserAgent = watched.around, p.retryWait, "terraform-provider-sdrs/parity"
	session, err := cloud.NewSession(ctx, config)
	if err != nil {
		return Record{}, fmt.Errorf("logging in failed: %w", err)
	}
	if err := watched.begin(session); err != nil {
		return Record{}, err
	}
	w := &walk{session: session, recorder: watched, groupID: groupID, jobID: jobID}
	err = w.read(ctx)
	if err == nil && groupID != "" {
		err = w.switchAndBack(ctx, func(format string, values ...any) { _, _ = fmt.Fprintf(p.log, format+"\n", values...) })
	}
	return watched.record(), err
}
