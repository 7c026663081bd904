package failover_test

import (
	"slices"
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

// TestStatuses has the decision of each operation for each status: of both failovers with the wanted site active and not, of
// the others, which are not about a site, once.
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
				t.Errorf("%s from %s to %q: %v, want %v", column.operation.Name, test.status, column.operation.Station, got, column.want)
			}
			if got == refuse && (advice.Reason == "" || advice.WayOut == "" || advice.Next == failover.NextNothing) {
				t.Errorf("%s from %s is refused without advice", column.operation.Name, test.status)
			}
		}
	}
}

func TestOperations(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		from      sdrs.Status
		operation failover.Operation
		// action is the one that must be accepted, once; empty: none.
		action string
		status sdrs.Status
		at     sdrs.Station
	}{
		"failover":                      {"protected", failover.UnplannedFailover(sdrs.Target), simulator.ActionFailover, "failed-over", sdrs.Target},
		"failover where it is":          {"protected", failover.UnplannedFailover(sdrs.Source), "", "protected", sdrs.Source},
		"failover after failed reverse": {"error-reversing", failover.UnplannedFailover(sdrs.Target), simulator.ActionFailover, "failed-over", sdrs.Target},
		"failover twice":                {"failed-over", failover.UnplannedFailover(sdrs.Target), "", "failed-over", sdrs.Target},
		"enable":                        {"available", failover.EnableProtection(), simulator.ActionStart, "protected", sdrs.Source},
		"enable again":                  {"error-starting", failover.EnableProtection(), simulator.ActionStart, "protected", sdrs.Source},
		"enable what is":                {"protected", failover.EnableProtection(), "", "protected", sdrs.Source},
		"reprotect":                     {"failed-over", failover.Reprotect(), simulator.ActionStart, "protected", sdrs.Target},
		"reprotect what is":             {"protected", failover.Reprotect(), "", "protected", sdrs.Source},
		"disable":                       {"protected", failover.DisableProtection(), simulator.ActionStop, "available", sdrs.Source},
		"disable what is":               {"available", failover.DisableProtection(), "", "available", sdrs.Source},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			s.lead(t, test.from)
			result, err := s.do(t, test.operation)
			if err != nil {
				t.Fatal(err)
			}
			if result.Group.Status != test.status || result.Group.PriorityStation != test.at || result.Acted() != (test.action != "") {
				t.Errorf("got %+v", result)
			}
			var want []string
			if test.action != "" {
				want = []string{test.action}
			}
			if got := s.actions(); !slices.Equal(got, want) {
				t.Errorf("actions %v, want %v", got, want)
			}
			// A second run finds it done.
			if again, err := s.do(t, test.operation); err != nil || again.Acted() {
				t.Errorf("again: %+v, %v", again, err)
			}
			if got := s.actions(); !slices.Equal(got, want) {
				t.Errorf("actions %v after a second run, want %v", got, want)
			}
		})
	}
}

func TestOperationGuards(t *testing.T) {
	t.Parallel()
	standby := simulator.DemoGroup().Instances[0].SourceServer.ID // Of a group that failed over to target.
	for name, test := range map[string]struct {
		from      sdrs.Status
		operation failover.Operation
		prepare   func(*scene)
		ready     bool
	}{
		"enabling is no reprotection":       {from: "failed-over", operation: failover.EnableProtection()},
		"reprotection is no enabling":       {from: "available", operation: failover.Reprotect()},
		"a failover does not fail back":     {from: "failed-over", operation: failover.UnplannedFailover(sdrs.Source)},
		"nothing to fail over":              {from: "available", operation: failover.UnplannedFailover(sdrs.Target)},
		"disabling does not hide a failure": {from: "error-reversing", operation: failover.DisableProtection()},
		"a server at the DR site runs": {
			from: "failed-over", operation: failover.Reprotect(), ready: true,
			prepare: func(s *scene) { s.SetServerStatus(standby, "ACTIVE") },
		},
		"the replication link is down": {
			from: "protected", operation: failover.UnplannedFailover(sdrs.Target), ready: true,
			prepare: func(s *scene) {
				s.UpdateGroup(groupID, func(g *simulator.Group) { g.Instances[0].Pairs[0].FaultLevel = "5" })
			},
		},
		"there are no pairs": {
			from: "available", operation: failover.EnableProtection(), ready: true,
			prepare: func(s *scene) {
				s.UpdateGroup(groupID, func(g *simulator.Group) {
					for i := range g.Instances {
						g.Instances[i].Pairs = nil
					}
				})
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			s.lead(t, test.from)
			if test.prepare != nil {
				test.prepare(s)
			}
			_, err := s.do(t, test.operation)
			if test.ready {
				if _, ok := failed(err, failover.NotReady); !ok {
					t.Errorf("got %v, want NotReady", err)
				}
			} else if _, ok := failed(err, failover.NotPossible); !ok {
				t.Errorf("got %v, want NotPossible", err)
			}
			if n := s.Count(simulator.RouteAction); n != 0 {
				t.Errorf("%d actions sent", n)
			}
		})
	}
}

// A failover leaves production as it is found: running, when the DR servers of a reprotection must be stopped.
func TestFailoverOfRunningServers(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for _, instance := range simulator.DemoGroup().Instances {
		s.SetServerStatus(instance.SourceServer.ID, "ACTIVE")
	}
	s.policy = failover.ServerPolicy{Start: true}
	if _, err := s.do(t, failover.UnplannedFailover(sdrs.Target)); err != nil {
		t.Fatal(err)
	}
	s.wantServers(t, "SHUTOFF", "ACTIVE")
	s.policy = failover.ServerPolicy{}
	if _, err := s.do(t, failover.Reprotect()); err != nil {
		t.Fatal(err)
	}
	s.wantActive(t, sdrs.Target)
}

// A failover whose answer is lost is never sent again, not even by a second run that finds it done.
func TestLostAnswerOfAFailover(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.Inject(simulator.Fault{Route: simulator.RouteAction, Times: 1, Cut: simulator.CutAfter})
	for range 2 {
		result, err := s.do(t, failover.UnplannedFailover(sdrs.Target))
		if err != nil || result.Group.Status != sdrs.StatusFailedOver || result.Group.PriorityStation != sdrs.Target {
			t.Fatalf("got %+v, %v", result, err)
		}
	}
	if n := s.Count(simulator.RouteAction); n != 1 {
		t.Errorf("sent %d times", n)
	}
}

func TestFailedOperationIsLookedUp(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		from, to  sdrs.Status
		operation failover.Operation
	}{
		{"protected", "error-failing-over", failover.UnplannedFailover(sdrs.Target)},
		{"available", "error-starting", failover.EnableProtection()},
		{"failed-over", "error-reprotecting", failover.Reprotect()},
		{"protected", "error-stopping", failover.DisableProtection()},
	} {
		t.Run(test.operation.Name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			s.lead(t, test.from)
			s.FailNextJob("SDRS.0013", "the array is on fire")
			s.Inject(simulator.Fault{Route: simulator.RouteAction, Times: 1, Cut: simulator.CutAfter})
			_, err := s.do(t, test.operation)
			failure, ok := failed(err, failover.JobFailed)
			if !ok || failure.Code != "SDRS.0013" || failure.Group.Status != test.to || failure.Operation.Name != test.operation.Name {
				t.Errorf("got %v", err)
			}
		})
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
