package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// The two sites, as everybody calls them.
const (
	source = simulator.StationSource
	target = simulator.StationTarget
)

// step is one part of the story: a plan, which is then applied.
type step struct {
	// title says what happens, why says in one sentence what for, and expects what comes of it, for the table.
	title, why, expects string
	// console is the site that somebody switches the group to before.
	console string
	// plan are the arguments of the plan.
	plan []string
	// says are what Terraform must say meanwhile.
	says []string
	// switches is how many actions the cloud must accept meanwhile.
	switches int
	// site is where the group must run afterwards, protected.
	site string
}

// story is what the demo shows.
var story = []step{
	{
		title: "Adopt the group where it runs", expects: "known to Terraform, nothing moves",
		why:  "The shop runs at source, and the configuration says so, hence taking it over must not move anything.",
		plan: []string{"-var", "priority_station=source"},
		says: []string{"1 added, 0 changed, 0 destroyed", `active_site = "source"`}, site: source,
	},
	{
		title: "Switch to target", expects: "one planned failover",
		why: "Changing priority_station is the whole runbook: " +
			"the plan shows the move, and apply returns when it is verified.",
		plan: []string{"-var", "priority_station=target"},
		says: []string{"0 added, 1 changed, 0 destroyed", `active_site = "target"`}, site: target, switches: 1,
	},
	{
		title: "Plan again", expects: "an empty plan",
		why:  "The cloud is as configured, so there is nothing to do, however often Terraform runs.",
		plan: []string{"-var", "priority_station=target"},
		says: []string{"No changes."}, site: target,
	},
	{
		title: "A switch made in the console", expects: "a warning, no failback", console: source,
		why: "Somebody else moves the shop to source: " +
			"Terraform says so, and an unrelated apply does not move it back.",
		plan: []string{"-var", "priority_station=target"},
		says: []string{"Warning: Active Site Changed Elsewhere: web-shop", "0 added, 0 changed, 0 destroyed"}, site: source,
	},
	{
		title: "Enforce target with correct_drift", expects: "one planned failover",
		why:  "Where the configuration is to win, one argument says so: the same drift is now corrected.",
		plan: []string{"-var", "priority_station=target", "-var", "correct_drift=true"},
		says: []string{"0 added, 1 changed, 0 destroyed", `active_site = "target"`}, site: target, switches: 1,
	},
	{
		title: "Switch back to source", expects: "one planned failover",
		why:  "The way back is the way there: the other value of the same attribute.",
		plan: []string{"-var", "priority_station=source"},
		says: []string{"0 added, 1 changed, 0 destroyed", `active_site = "source"`}, site: source, switches: 1,
	},
	{
		title: "Destroy the resource", expects: "a warning, the group keeps running",
		why:  "Terraform forgets the group; it neither stops it nor moves it.",
		plan: []string{"-destroy", "-var", "priority_station=source"},
		says: []string{"Warning: Protection Group Keeps Running: web-shop", "0 added, 0 changed, 1 destroyed"}, site: source,
	},
}

// stage is where the story plays.
type stage struct {
	out       io.Writer
	workspace *tftest.Workspace
}

// play goes through the steps up to the first that fails, and ends with the table. The error names what failed.
func (s *stage) play(ctx context.Context, steps []step) error {
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	row := func(cells ...any) { // Flush tells of errors.
		_, _ = fmt.Fprintf(table, strings.Repeat("%v\t", len(cells)-1)+"%v\n", cells...)
	}
	row("Step", "Expected", "Result", "Seconds", "API calls", "Switches")
	var failure error
	var seconds float64
	var calls, switches int
	for n, step := range steps {
		outcome, took, called, accepted := "skipped", 0.0, 0, 0
		if failure == nil {
			s.say("\n=== %d. %s ===\n%s", n+1, step.title, step.why)
			s.workspace.ResetRequests()
			began := time.Now()
			said, err := s.act(ctx, step)
			took, called = time.Since(began).Seconds(), len(s.workspace.Requests())
			accepted = s.accepted()
			outcome = "ok"
			if err = errors.Join(err, s.verify(step, said, accepted)); err != nil {
				outcome, failure = "FAILED", fmt.Errorf("step %d, %s: %w", n+1, step.title, err)
			}
		}
		seconds, calls, switches = seconds+took, calls+called, switches+accepted
		row(fmt.Sprintf("%d. %s", n+1, step.title), step.expects, outcome, fmt.Sprintf("%.1f", took), called, accepted)
	}
	row("Total", "", "", fmt.Sprintf("%.1f", seconds), calls, switches)
	s.say("\n=== What happened ===")
	return errors.Join(failure, table.Flush())
}

// act plans and applies, and returns what Terraform says. Where the plan is empty there is nothing to apply.
func (s *stage) act(ctx context.Context, step step) (string, error) {
	if step.console != "" {
		s.say("\n(in the console: switch %s to %s)", simulator.DemoGroup().ID, step.console)
		if _, err := s.workspace.Switch(simulator.DemoGroup().ID, step.console); err != nil {
			return "", err
		}
		if err := s.awaitRest(ctx, step.console); err != nil {
			return "", err
		}
	}
	said, err := s.terraform(ctx, append([]string{"plan", "-out=switch.tfplan"}, step.plan...)...)
	if err != nil || strings.Contains(said, "No changes.") {
		return said, err
	}
	applied, err := s.terraform(ctx, "apply", "switch.tfplan")
	return said + applied, err
}

// terraform shows a command line as a user would type it, and what Terraform says.
func (s *stage) terraform(ctx context.Context, arguments ...string) (string, error) {
	program := strings.TrimSuffix(filepath.Base(s.workspace.Terraform), ".exe")
	s.say("\n$ %s %s", program, strings.Join(arguments, " "))
	screen := &screen{out: s.out}
	err := s.workspace.Execute(ctx, screen, arguments...)
	return screen.text.String(), err
}

// verify checks what a step has done to the cloud, and what Terraform said.
func (s *stage) verify(step step, said string, accepted int) error {
	var failed []error
	for _, want := range step.says {
		if !strings.Contains(said, want) {
			failed = append(failed, fmt.Errorf("Terraform does not say %q", want)) //nolint:staticcheck // A name.
		}
	}
	if accepted != step.switches {
		failed = append(failed, fmt.Errorf("the cloud accepted %d switches, not %d", accepted, step.switches))
	}
	if rest := s.rest(); rest != "protected at "+step.site {
		failed = append(failed, fmt.Errorf("the group is %s, not protected at %s", rest, step.site))
	}
	return errors.Join(failed...)
}

// accepted counts the actions that the cloud accepted since the step began.
func (s *stage) accepted() int {
	accepted := 0
	for _, request := range s.workspace.Requests() {
		if request.Accepted {
			accepted++
		}
	}
	return accepted
}

// rest says how the group in the cloud is and where.
func (s *stage) rest() string {
	group, _ := s.workspace.Group(simulator.DemoGroup().ID)
	return group.Status + " at " + group.PriorityStation
}

// awaitRest waits until a switch that was made in the console has ended.
func (s *stage) awaitRest(ctx context.Context, site string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*jobDuration)
	defer cancel()
	ticker := time.NewTicker(jobDuration / 30)
	defer ticker.Stop()
	for s.rest() != "protected at "+site {
		select {
		case <-ctx.Done():
			return fmt.Errorf("the console's switch has not ended, the group is %s: %w", s.rest(), ctx.Err())
		case <-ticker.C:
		}
	}
	return nil
}

// say prints a line. Where nobody reads any longer, a signal ends the story.
func (s *stage) say(format string, args ...any) { _, _ = fmt.Fprintf(s.out, format+"\n", args...) }
