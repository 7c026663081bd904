package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// step is one part of the story.
type step struct {
	// title says what happens, why says in one sentence what for, and expects what comes of it, for the table.
	title, why, expects string
	// switches is how many actions the cloud accepts meanwhile.
	switches int
	// site is where the group runs afterwards, protected.
	site string
	// act does the step, and returns what else is to be true of it.
	act func(ctx context.Context, s *stage) ([]check, error)
}

// check is a claim about a step: got is what it found, want what it should have.
type check struct {
	claim     string
	got, want any
}

// stage is where the story plays.
type stage struct {
	out       io.Writer
	cloud     *simulator.Simulator
	group     string
	terraform *terraform
}

// result is a line of the table.
type result struct {
	step
	outcome         string
	seconds         float64
	calls, accepted int
}

// play goes through the steps up to the first that fails, and ends with the table. The error names what failed.
func (s *stage) play(ctx context.Context, steps []step) error {
	results := make([]result, 0, len(steps))
	var failure error
	for n, step := range steps {
		done := result{step: step, outcome: "skipped"}
		if failure == nil {
			s.say("\n=== %d. %s ===\n%s", n+1, step.title, step.why)
			began, before := time.Now(), len(s.cloud.Requests())
			checks, err := step.act(ctx, s)
			done.seconds = time.Since(began).Seconds()
			done.calls, done.accepted = s.calls(before)
			if err == nil {
				err = s.verify(append(checks, s.aftermath(done)...))
			}
			done.outcome = "ok"
			if err != nil {
				done.outcome = "FAILED"
				failure = fmt.Errorf("step %d, %s: %w", n+1, step.title, err)
			}
		}
		results = append(results, done)
	}
	return errors.Join(failure, s.table(results))
}

// calls counts the requests to the cloud after the first so many, and the actions that it accepted of these.
func (s *stage) calls(before int) (total, accepted int) {
	requests := s.cloud.Requests()[before:]
	for _, request := range requests {
		if request.Accepted {
			accepted++
		}
	}
	return len(requests), accepted
}

// aftermath is what is to be true after each step.
func (s *stage) aftermath(done result) []check {
	return []check{
		{"switches that the cloud accepted from Terraform", done.accepted, done.switches},
		{"the group in the cloud", s.rest(), restAt(done.site)},
	}
}

// rest says how the group in the cloud is and where.
func (s *stage) rest() string {
	group, found := s.cloud.Group(s.group)
	if !found {
		return "gone"
	}
	return group.Status + " at " + group.PriorityStation
}

// restAt is what rest says of a group that is well.
func restAt(site string) string { return simulator.StatusProtected + " at " + site }

// verify prints the checks, and returns those that failed.
func (s *stage) verify(checks []check) error {
	var failed []error
	s.say("")
	for _, c := range checks {
		if c.got != c.want {
			s.say("FAILED  %s: %v, not %v", c.claim, c.got, c.want)
			failed = append(failed, fmt.Errorf("%s: %v, not %v", c.claim, c.got, c.want))
			continue
		}
		s.say("ok      %s: %v", c.claim, c.got)
	}
	return errors.Join(failed...)
}

// table prints what became of the steps.
func (s *stage) table(results []result) error {
	s.say("\n=== What happened ===")
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	row := func(cells ...string) { _, _ = fmt.Fprintln(table, strings.Join(cells, "\t")) } // Flush tells.
	row("Step", "Expected", "Result", "Seconds", "API calls", "Switches")
	var total result
	for n, r := range results {
		row(fmt.Sprintf("%d. %s", n+1, r.title), r.expects, r.outcome,
			fmt.Sprintf("%.1f", r.seconds), fmt.Sprint(r.calls), fmt.Sprint(r.accepted))
		total.seconds += r.seconds
		total.calls += r.calls
		total.accepted += r.accepted
	}
	row("Total", "", "", fmt.Sprintf("%.1f", total.seconds), fmt.Sprint(total.calls), fmt.Sprint(total.accepted))
	return table.Flush()
}

// say prints a line. Where nobody reads any longer, a signal ends the story.
func (s *stage) say(format string, args ...any) { _, _ = fmt.Fprintf(s.out, format+"\n", args...) }
