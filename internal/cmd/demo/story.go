package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// step is one part of a story: an apply, after which a plan must be empty.
type step struct {
	// title says what happens, why says in one sentence what for, and expects what comes of it, for the table.
	title, why, expects string
	// elsewhere is what somebody does to a group without Terraform before, one after the other, and said in words.
	elsewhere map[string][]action
	said      string
	// arguments are those of the apply and of the plan after it; destroy is set where that would plan to create all again.
	arguments []string
	destroy   bool
	// says are what Terraform must say meanwhile.
	says []string
	// accepted are the changes that the cloud must accept meanwhile, each by its name.
	accepted map[string]int
	// sites are where the groups must run afterwards, protected, by their names: there are no others.
	sites map[string]string
}

// action is something that the console can do to a group.
type action func(cloud *simulator.Simulator, groupID string) (jobID string, err error)

// switchTo is a planned failover.
func switchTo(site string) action {
	return func(cloud *simulator.Simulator, groupID string) (string, error) { return cloud.Switch(groupID, site) }
}

// The two sites, as everybody calls them.
const (
	source = simulator.StationSource
	target = simulator.StationTarget
)

// play is a configuration, in a cloud, and what is done with it.
type play struct {
	folder  string // Of examples, and of a workspace.
	options []simulator.Option
	steps   []step
}

// plays are what the demo shows.
var plays = []play{
	{"web-shop", []simulator.Option{
		simulator.WithGroups(simulator.DemoGroup()), simulator.WithJobDuration(time.Second),
	}, webShop},
	{"estate", []simulator.Option{
		simulator.WithEstate(simulator.EmptyEstate()), simulator.WithSyncRate(100),
		simulator.WithJobDuration(jobDuration), simulator.WithServerJobDuration(jobDuration),
	}, estate},
}

// webShop is a group that exists already.
var webShop = []step{
	{
		title: "Adopt the group where it runs", expects: "known to Terraform, nothing moves",
		why:       "The shop runs at source, and the configuration says so, hence taking it over must not move anything.",
		arguments: []string{"-var=priority_station=source"},
		says:      []string{"1 added, 0 changed, 0 destroyed", `active_site = "source"`},
		sites:     map[string]string{"web-shop": source},
	},
	{
		title: "Switch to target", expects: "one planned failover",
		why: "Changing priority_station is the whole runbook: " +
			"the plan shows the move, and apply returns when it is verified.",
		arguments: []string{"-var=priority_station=target"},
		says:      []string{"0 added, 1 changed, 0 destroyed", `active_site = "target"`},
		accepted:  map[string]int{simulator.ActionReverse: 1},
		sites:     map[string]string{"web-shop": target},
	},
	{
		title: "A switch made in the console", expects: "a warning, no failback",
		why:  "Somebody else moves the shop to source: Terraform says so, and an unrelated apply does not move it back.",
		said: "switch web-shop to source", elsewhere: map[string][]action{"web-shop": {switchTo(source)}},
		arguments: []string{"-var=priority_station=target"},
		says:      []string{"Warning: Active Site Changed Elsewhere: web-shop", "0 added, 0 changed, 0 destroyed"},
		sites:     map[string]string{"web-shop": source},
	},
	{
		title: "Destroy the resource", expects: "a warning, the group keeps running",
		why:       "Terraform forgets the group; it neither stops it nor moves it.",
		arguments: []string{"-var=priority_station=target"}, destroy: true,
		says:  []string{"Warning: Protection Group Keeps Running: web-shop", "0 added, 0 changed, 1 destroyed"},
		sites: map[string]string{"web-shop": source},
	},
}

// Where either application of the estate was protected, and its other site.
var (
	atHome    = []string{"-var=web_availability_zone=eu-de-01", "-var=db_availability_zone=eu-de-02"}
	exchanged = []string{"-var=web_availability_zone=eu-de-02", "-var=db_availability_zone=eu-de-01"}
)

// estate is the life of two groups in opposite directions, from the first to the last request.
var estate = []step{
	{
		title: "Declare from nothing", expects: "protected and synchronized",
		why: "Four servers and two disks become two groups in opposite directions: " +
			"members first, protection last, and apply returns when every disk is copied.",
		arguments: atHome,
		says:      []string{"14 added, 0 changed, 0 destroyed"},
		accepted: map[string]int{
			simulator.RouteCreateGroup: 2, simulator.RouteCreateInstance: 4, simulator.RouteCreatePair: 2,
			simulator.RouteAttach: 2, simulator.ActionStart: 2,
		},
		sites: map[string]string{"web": source, "db": source},
	},
	{
		title: "Switch both", expects: "two planned failovers",
		why:       "One apply stops the servers, exchanges the sites, and starts the servers there.",
		arguments: exchanged,
		says:      []string{"0 added, 2 changed, 0 destroyed"},
		accepted:  map[string]int{"os-stop": 2, simulator.ActionReverse: 2, "os-start": 2},
		sites:     map[string]string{"web": target, "db": target},
	},
	{
		title: "Switch both back", expects: "two planned failovers",
		why:       "The way back is the way there.",
		arguments: atHome,
		says:      []string{"0 added, 2 changed, 0 destroyed"},
		accepted:  map[string]int{"os-stop": 2, simulator.ActionReverse: 2, "os-start": 2},
		sites:     map[string]string{"web": source, "db": source},
	},
	{
		title: "A disaster", expects: "warnings, nothing is replaced",
		why:  "An unplanned failover, and the reprotection, are made elsewhere: Terraform says so, and has nothing to do.",
		said: "fail web over, and reprotect it",
		elsewhere: map[string][]action{
			"web": {(*simulator.Simulator).Failover, (*simulator.Simulator).Protect},
		},
		arguments: atHome,
		says:      []string{"Warning: Active Site Changed Elsewhere: web", "0 added, 0 changed, 0 destroyed"},
		sites:     map[string]string{"web": target, "db": source},
	},
	{
		title: "Back after the disaster", expects: "one planned failover",
		why: "Where the configuration is to win, correct_drift says so. " +
			"Until then destroying would delete what is in production, and is refused.",
		arguments: append(slices.Clone(atHome), "-var=correct_drift=true"),
		says:      []string{"0 added, 2 changed, 0 destroyed"},
		accepted:  map[string]int{simulator.ActionReverse: 1, "os-start": 1},
		sites:     map[string]string{"web": source, "db": source},
	},
	{
		title: "Destroy", expects: "nothing stays behind",
		why: "Protection goes first, then the members, then the groups. " +
			"The replicas go with them, as delete_replicas says; the four servers stay.",
		arguments: append(slices.Clone(atHome), "-var=correct_drift=true"), destroy: true,
		says: []string{"0 added, 0 changed, 14 destroyed"},
		accepted: map[string]int{
			simulator.ActionStop: 2, simulator.RouteDetach: 2, simulator.RouteDeletePair: 2,
			simulator.RouteDeleteInstance: 4, simulator.RouteDeleteGroup: 2,
		},
	},
}

// stage is where the stories play, one after the other.
type stage struct {
	screen *screen
	// table is shown at the end.
	table     *tabwriter.Writer
	workspace *tftest.Workspace
	// replicas are the ids of the servers and disks that the cloud has made.
	replicas []string
	// n is how many steps there were.
	n int
	// took is the time of all, and called and changed how many requests there were, and how many changes.
	took            time.Duration
	called, changed int
}

// row adds a line to the table. Flush tells of errors.
func (s *stage) row(cells ...any) {
	_, _ = fmt.Fprintf(s.table, strings.Repeat("%v\t", len(cells)-1)+"%v\n", cells...)
}

// play goes through the steps up to the first that fails. The error names what failed.
func (s *stage) play(ctx context.Context, steps []step) error {
	for _, step := range steps {
		s.n++
		s.screen.say("\n=== %d. %s ===\n%s", s.n, step.title, step.why)
		s.workspace.ResetRequests()
		began := time.Now()
		said, err := s.act(ctx, step)
		took, called, accepted := time.Since(began), len(s.workspace.Requests()), s.accepted()
		err = errors.Join(err, s.verify(step, said, accepted))
		outcome, changed := "ok", 0
		if err != nil {
			outcome = "FAILED"
		}
		for _, count := range accepted {
			changed += count
		}
		s.took, s.called, s.changed = s.took+took, s.called+called, s.changed+changed
		s.row(fmt.Sprintf("%d. %s", s.n, step.title), step.expects, outcome,
			fmt.Sprintf("%.1f", took.Seconds()), called, changed)
		if err != nil {
			return fmt.Errorf("step %d, %s: %w", s.n, step.title, err)
		}
		if len(accepted) > 0 {
			s.screen.say("%sThe cloud accepted: %s.", indent, inWords(accepted))
		}
	}
	return nil
}

// act applies, and plans once more. It returns what Terraform says.
func (s *stage) act(ctx context.Context, step step) (string, error) {
	if step.said != "" {
		s.screen.say("(in the console: %s)", step.said)
	}
	for name, actions := range step.elsewhere {
		for _, act := range actions {
			if err := s.elsewhere(ctx, name, act); err != nil {
				return "", err
			}
		}
	}
	arguments := append([]string{"apply", "-auto-approve"}, step.arguments...)
	if step.destroy {
		return s.terraform(ctx, step.says, append(arguments, "-destroy")...)
	}
	said, err := s.terraform(ctx, step.says, arguments...)
	if err != nil {
		return said, err
	}
	const empty = "No changes."
	planned, err := s.terraform(ctx, []string{empty}, append([]string{"plan", "-detailed-exitcode"}, step.arguments...)...)
	if err == nil && !strings.Contains(planned, empty) {
		err = errors.New("the plan after it is not empty")
	}
	return said, err
}

// terraform shows a command line as a user would type it, and what Terraform says: all of it, or the lines to look at.
func (s *stage) terraform(ctx context.Context, says []string, arguments ...string) (string, error) {
	program := strings.TrimSuffix(filepath.Base(s.workspace.Terraform), ".exe")
	s.screen.say("$ %s %s", program, strings.Join(arguments, " "))
	s.screen.begin(says)
	err := s.workspace.Execute(ctx, s.screen, arguments...)
	return s.screen.end(err != nil), err
}

// elsewhere has the console do something to a group, and waits for the end.
func (s *stage) elsewhere(ctx context.Context, name string, act action) error {
	group, found := s.group(name)
	if !found {
		return fmt.Errorf("there is no group %s", name)
	}
	if _, err := act(s.workspace.Simulator, group.ID); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	ticker := time.NewTicker(jobDuration / 10)
	defer ticker.Stop()
	for {
		group, _ = s.group(name)
		if slices.Contains([]string{simulator.StatusProtected, simulator.StatusFailedOver}, group.Status) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("what the console does has not ended, %s is %s: %w", name, group.Status, ctx.Err())
		case <-ticker.C:
		}
	}
}

func (s *stage) group(name string) (simulator.Group, bool) {
	groups := s.workspace.Groups()
	n := slices.IndexFunc(groups, func(group simulator.Group) bool { return group.Name == name })
	if n < 0 {
		return simulator.Group{}, false
	}
	return groups[n], true
}

// verify checks what a step has done to the cloud, and what Terraform said.
func (s *stage) verify(step step, said string, accepted map[string]int) error {
	var failed []error
	for _, want := range step.says {
		if !strings.Contains(said, want) {
			failed = append(failed, fmt.Errorf("Terraform does not say %q", want)) //nolint:staticcheck // A name.
		}
	}
	if !maps.Equal(accepted, step.accepted) {
		failed = append(failed, fmt.Errorf("the cloud accepted %s, not %s", inWords(accepted), inWords(step.accepted)))
	}
	at, want := map[string]string{}, map[string]string{}
	for _, group := range s.workspace.Groups() {
		at[group.Name] = group.Status + " at " + group.PriorityStation
		for _, instance := range group.Instances {
			s.replicas = append(s.replicas, instance.TargetServer.ID)
			for _, pair := range instance.Pairs {
				s.replicas = append(s.replicas, pair.TargetVolume)
			}
		}
	}
	for name, site := range step.sites {
		want[name] = simulator.StatusProtected + " at " + site
	}
	if !maps.Equal(at, want) {
		failed = append(failed, fmt.Errorf("the groups are %v, not %v", at, want))
	}
	if len(want) == 0 {
		failed = append(failed, s.left())
	}
	return errors.Join(failed...)
}

// left is what the cloud has made, and has yet.
func (s *stage) left() error {
	var left []string
	for _, id := range s.replicas {
		_, server := s.workspace.CloudServer(id)
		if _, disk := s.workspace.Disk(id); server || disk {
			left = append(left, id)
		}
	}
	if len(s.replicas) == 0 || len(left) > 0 {
		return fmt.Errorf("of %v there are left %v", s.replicas, left)
	}
	return nil
}

// accepted counts the changes that the cloud accepted since the step began.
func (s *stage) accepted() map[string]int {
	accepted := map[string]int{}
	for _, request := range s.workspace.Requests() {
		if request.Accepted {
			accepted[request.Action]++
		}
	}
	return accepted
}

func inWords(accepted map[string]int) string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(accepted)) {
		words = append(words, fmt.Sprintf("%d %s", accepted[name], name))
	}
	return strings.Join(words, ", ")
}
