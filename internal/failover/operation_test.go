package failover_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

const (
	stay   = failover.NoAction
	acts   = failover.Act
	waits  = failover.Wait
	refuse = failover.Refuse
)

// words are what a message says of the step that leads on.
var words = map[failover.Next]string{
	failover.NextPlannedFailover: "planned failover", failover.NextUnplannedFailover: "Fail over again",
	failover.NextEnable: "nable protection", failover.NextReprotect: "eprotect", failover.NextDisable: "isable protection",
	failover.NextRecreate: "create it anew", failover.NextTicket: "service ticket",
}

// TestStatuses has the decision of each operation for each status: of both failovers with the wanted site active and
// not, of the others, which are not about a site, once.
func TestStatuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status sdrs.Status
		// Of a planned failover and a failover, with the wanted site active and not.
		plannedActive, planned     failover.Decision
		active, standby            failover.Decision
		enable, reprotect, disable failover.Decision
	}{
		{"available", refuse, refuse, refuse, refuse, acts, refuse, stay},
		{"protected", stay, acts, stay, acts, stay, stay, acts},
		{"failed-over", refuse, refuse, stay, refuse, refuse, acts, refuse},
		{"error-starting", refuse, refuse, refuse, refuse, acts, refuse, refuse},
		{"error-stopping", refuse, refuse, refuse, refuse, refuse, refuse, acts},
		{"error-reversing", acts, acts, refuse, acts, refuse, refuse, refuse},
		{"error-failing-over", refuse, refuse, refuse, acts, refuse, refuse, refuse},
		{"error-reprotecting", refuse, refuse, refuse, refuse, refuse, acts, refuse},
		{"starting", waits, waits, waits, waits, waits, waits, waits},
		{"stopping", waits, waits, waits, waits, waits, waits, waits},
		{"reprotecting", waits, waits, waits, waits, waits, waits, waits},
		{"creating", waits, waits, waits, waits, waits, waits, waits},
		{"drilling", waits, waits, waits, waits, waits, waits, waits},
		{"reversing", waits, waits, waits, waits, waits, waits, waits},
		{"failing-over", waits, waits, waits, waits, waits, waits, waits},
		{"deleting", refuse, refuse, refuse, refuse, refuse, refuse, refuse},
		{"error", refuse, refuse, refuse, refuse, refuse, refuse, refuse},
		{"error-deleting", refuse, refuse, refuse, refuse, refuse, refuse, refuse},
	} {
		group := sdrs.Group{Status: test.status, PriorityStation: sdrs.Source}
		for _, column := range []struct {
			operation failover.Operation
			want      failover.Decision
		}{
			{failover.PlannedFailover(sdrs.Source), test.plannedActive},
			{failover.PlannedFailover(sdrs.Target), test.planned},
			{failover.UnplannedFailover(sdrs.Source), test.active},
			{failover.UnplannedFailover(sdrs.Target), test.standby},
			{failover.EnableProtection(), test.enable},
			{failover.Reprotect(), test.reprotect},
			{failover.DisableProtection(), test.disable},
		} {
			got, advice := column.operation.Decide(group)
			if got != column.want {
				t.Errorf("%s from %s to %q: %v, want %v", column.operation.Name, test.status, column.operation.Station, got,
					column.want)
			}
			if got == refuse && (advice.Reason == "" || advice.WayOut == "" || advice.Next == failover.NextNothing) {
				t.Errorf("%s from %s is refused without advice", column.operation.Name, test.status)
			}
			if !strings.Contains(advice.WayOut, words[advice.Next]) {
				t.Errorf("%s from %s: %q does not say %q", column.operation.Name, test.status, advice.WayOut, words[advice.Next])
			}
			leads := func(station sdrs.Station) bool {
				next, isOperation := advice.Next.Operation(station)
				decision, _ := next.Decide(group)
				return !isOperation || decision == acts
			}
			if to := column.operation.Station; to != "" && !leads(to) || !leads(sdrs.Source) && !leads(sdrs.Target) {
				t.Errorf("%s from %s: what it advises can't start either", column.operation.Name, test.status)
			}
		}
	}
}

func TestHasChecks(t *testing.T) {
	t.Parallel()
	if failover.DisableProtection().HasChecks() || !failover.Reprotect().HasChecks() {
		t.Error("nothing but the status is checked before protection is disabled, and more before disks are overwritten")
	}
}

func TestNotifying(t *testing.T) {
	t.Parallel()
	s := newScene(t, simulator.WithJobDuration(time.Minute))
	type word struct {
		status sdrs.Status
		job    bool
	}
	var words []word
	var percent []int
	var last time.Duration
	s.workflow = s.workflow.WithNotify(func(p failover.Progress) {
		words = append(words, word{p.Group.Status, p.JobID != ""})
		percent = append(percent, p.Group.Progress)
		if p.Waited-last > 15*time.Second {
			t.Errorf("silent from %s to %s", last, p.Waited)
		}
		last = p.Waited
	})
	if _, err := s.do(t, failover.PlannedFailover(sdrs.Target)); err != nil {
		t.Fatal(err)
	}
	if len(words) < 5 || len(words) > 9 {
		t.Errorf("told %d times in a minute: %v", len(words), words)
	}
	if !slices.Contains(words, word{"reversing", true}) || !slices.IsSorted(percent) || percent[len(percent)-1] < 50 {
		t.Errorf("told %v, %v", words, percent)
	}
}

// TestCourses watches the statuses that each operation leads through. One that fails is looked up in the task center,
// where the answer was lost, and with it the job.
func TestCourses(t *testing.T) {
	t.Parallel()
	for _, trial := range trials {
		for _, fails := range []bool{false, true} {
			t.Run(trial.operation.Name, func(t *testing.T) {
				t.Parallel()
				s := trial.newScene(t)
				want := trial.operation.Rest
				if fails {
					want = trial.operation.Failed
					s.FailNextJob("SDRS.0013", "the array is on fire")
					loseAnswer(s)
				}
				var moving []sdrs.Status
				s.workflow = s.workflow.WithNotify(func(progress failover.Progress) {
					if status := progress.Group.Status; status.Phase() == sdrs.Moving && !slices.Contains(moving, status) {
						moving = append(moving, status)
					}
				})
				var err error
				s.wantLogged(t, func(ctx context.Context) { _, err = s.run(ctx, time.Hour, trial.operation) })
				failure, failed := failed(err, failover.JobFailed)
				if failed != fails || !failed && err != nil || failed &&
					(failure.Code != "SDRS.0013" || failure.Group.Status != want ||
						len(failure.FailedSubJobs) == 0) {
					t.Fatal(err)
				}
				group, _ := s.Group(groupID)
				if !slices.Equal(moving, []sdrs.Status{trial.operation.Moving}) || sdrs.Status(group.Status) != want {
					t.Errorf("it went through %v to %s, want %s and %s", moving, group.Status, trial.operation.Moving, want)
				}
			})
		}
	}
}
