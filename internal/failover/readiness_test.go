package failover_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// TestReadiness has cases for each check passing, failing, and not being possible; what a case does not name passes.
func TestReadiness(t *testing.T) {
	t.Parallel()
	type checks = map[string]failover.Verdict
	demo := simulator.DemoGroup()
	pair := func(change func(*simulator.Pair)) func(*simulator.Group) {
		return func(g *simulator.Group) { change(&g.Instances[1].Pairs[0]) }
	}
	instance := func(change func(*simulator.Instance)) func(*simulator.Group) {
		return func(g *simulator.Group) { change(&g.Instances[1]) }
	}
	for name, test := range map[string]struct {
		change  func(*simulator.Group)
		fault   *simulator.Fault
		verdict checks
		// texts are in the details and remedies.
		texts []string
	}{
		"ready": {texts: []string{
			"protected, active at source", "3 replication pairs", "synchronized",
			"All 2 protected instances", "servers of the group are stopped",
		}},
		"not protected": {
			change:  func(g *simulator.Group) { g.Status = "available" },
			verdict: checks{"group_status": "fail"}, texts: []string{"Protection is not enabled", "Enable protection"},
		},
		"moving": {
			change:  func(g *simulator.Group) { g.Status = "starting" },
			verdict: checks{"group_status": "warn"}, texts: []string{"starting"},
		},
		"unknown status": {
			change:  func(g *simulator.Group) { g.Status = "drilling" },
			verdict: checks{"group_status": "warn"}, texts: []string{"drilling"},
		},
		"no pairs": {
			change: func(g *simulator.Group) {
				for i := range g.Instances {
					g.Instances[i].Pairs = nil
				}
			},
			verdict: checks{"replication_pairs": "fail"}, texts: []string{"no replication pairs"},
		},
		"pair invalid": {
			change:  pair(func(p *simulator.Pair) { p.Status = "invalid" }),
			verdict: checks{"replication_health": "fail"}, texts: []string{"is invalid"},
		},
		"pair faulty": {
			change:  pair(func(p *simulator.Pair) { p.Status = "fault" }),
			verdict: checks{"replication_health": "fail"}, texts: []string{"is fault"},
		},
		"pair in error": {
			change:  pair(func(p *simulator.Pair) { p.Status = "error-attaching" }),
			verdict: checks{"replication_health": "fail"}, texts: []string{"is error-attaching"},
		},
		"fault level 2": {
			change:  pair(func(p *simulator.Pair) { p.FaultLevel = "2" }),
			verdict: checks{"replication_health": "fail"}, texts: []string{"Use an unplanned failover"},
		},
		"fault level 5": {
			change:  pair(func(p *simulator.Pair) { p.FaultLevel = "5" }),
			verdict: checks{"replication_health": "fail"},
			texts:   []string{"Call the support of Open Telekom Cloud: open a service ticket"},
		},
		"copying": {
			change:  pair(func(p *simulator.Pair) { p.ReplicationStatus, p.Progress = "copying", 40 }),
			verdict: checks{"replication_synchronized": "fail"}, texts: []string{"at 40 %"},
		},
		"half synchronized": {
			change:  pair(func(p *simulator.Pair) { p.Progress = 99 }),
			verdict: checks{"replication_synchronized": "fail"}, texts: []string{"at 99 %"},
		},
		"not begun": {
			change:  pair(func(p *simulator.Pair) { p.ReplicationStatus, p.Progress = "inactive", 0 }),
			verdict: checks{"replication_synchronized": "fail"}, texts: []string{"at 0 %"},
		},
		"active at progress 0": {change: pair(func(p *simulator.Pair) { p.Progress = 0 })},
		"pair out of step": {
			change:  pair(func(p *simulator.Pair) { p.PriorityStation = "target" }),
			verdict: checks{"replication_synchronized": "fail"}, texts: []string{"another site than the group", "half-way"},
		},
		"instance invalid": {
			change:  instance(func(i *simulator.Instance) { i.Status = "invalid" }),
			verdict: checks{"protected_instances": "fail"}, texts: []string{"is invalid", "deleted outside of SDRS"},
		},
		"instance faulty": {
			change:  instance(func(i *simulator.Instance) { i.Status = "fault" }),
			verdict: checks{"protected_instances": "fail"}, texts: []string{"is fault"},
		},
		"frozen": {
			change:  instance(func(i *simulator.Instance) { i.Frozen = true }),
			verdict: checks{"protected_instances": "fail"}, texts: []string{"unfrozen"},
		},
		"instance out of step": {
			change:  instance(func(i *simulator.Instance) { i.PriorityStation = "target" }),
			verdict: checks{"protected_instances": "fail"}, texts: []string{"another site than the group"},
		},
		"server runs": {
			change:  instance(func(i *simulator.Instance) { i.SourceServer.Status = "ACTIVE" }),
			verdict: checks{"servers_stopped": "fail"}, texts: []string{demo.Instances[1].SourceServer.Name + " (" +
				demo.Instances[1].SourceServer.ID + ") is ACTIVE", "stop_servers"},
		},
		"server reboots": {
			change:  instance(func(i *simulator.Instance) { i.SourceServer.Status = "REBOOT" }),
			verdict: checks{"servers_stopped": "fail"}, texts: []string{"is REBOOT"},
		},
		"DR server runs": {
			change:  instance(func(i *simulator.Instance) { i.TargetServer.Status = "ACTIVE" }),
			verdict: checks{"servers_stopped": "fail"}, texts: []string{
				"run at the other site",
				demo.Instances[1].TargetServer.ID,
			},
		},
		"server is gone": {
			fault: &simulator.Fault{
				Route: simulator.RouteServer, Times: 1, Status: 404,
				Body: `{"itemNotFound":{"message":"no","code":"Ecs.0114"}}`,
			}, verdict: checks{"servers_stopped": "fail"},
			texts: []string{"do not exist any longer"},
		},
		"no ECS permission": {
			fault:   &simulator.Fault{Route: simulator.RouteServer, Status: 403},
			verdict: checks{"servers_stopped": "unknown", "permissions": "unknown"},
			texts:   []string{"states of 4 servers", "servers (ECS)"},
		},
		"no pair permission": {
			fault: &simulator.Fault{Route: simulator.RoutePairs, Status: 403},
			verdict: checks{
				"replication_pairs": "unknown", "replication_health": "unknown",
				"replication_synchronized": "unknown", "permissions": "unknown",
			}, texts: []string{"replication pairs (SDRS)"},
		},
		"no instance permission": {
			fault: &simulator.Fault{
				Route: simulator.RouteInstances, Status: 400,
				Body: `{"error":{"code":"SDRS.0009","message":"no"}}`,
			},
			verdict: checks{"protected_instances": "unknown", "servers_stopped": "unknown", "permissions": "unknown"},
			texts:   []string{"protected instances (SDRS)"},
		},
		"ECS is broken": {
			fault:   &simulator.Fault{Route: simulator.RouteServer, Status: 502},
			verdict: checks{"servers_stopped": "unknown"}, texts: []string{"HTTP 502"},
		},
		"left half-way": {
			change: func(g *simulator.Group) {
				g.Status = "error-reversing"
				g.Instances[0].Status, g.Instances[0].Pairs[0].Status = "error-reversing", "error-reversing"
				g.Instances[1].PriorityStation, g.Instances[1].Pairs[0].PriorityStation = "target", "target"
			},
			verdict: checks{"replication_synchronized": "warn", "protected_instances": "warn"},
		},
		"left half-way and frozen": {
			change: func(g *simulator.Group) {
				g.Status = "error-reversing"
				g.Instances[1].PriorityStation, g.Instances[0].Frozen = "target", true
			},
			verdict: checks{"protected_instances": "fail"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			if test.change != nil {
				s.UpdateGroup(groupID, test.change)
			}
			if test.fault != nil {
				s.Inject(*test.fault)
			}
			s.ResetRequests()
			report, err := s.workflow.Readiness(t.Context(), groupID, "", failover.ServerPolicy{})
			if err != nil {
				t.Fatal(err)
			}
			found := report.Checks
			if report.Station != sdrs.Target || report.Group.ID != groupID {
				t.Errorf("got %+v", report)
			}
			var names []string
			var text strings.Builder
			ready, complete := true, true
			for _, check := range found {
				names = append(names, check.Name)
				text.WriteString(check.Detail + " " + check.Remedy + "\n")
				want, named := test.verdict[check.Name]
				if !named {
					want = failover.Pass
				}
				if check.Verdict != want {
					t.Errorf("%s: %s, want %s: %s", check.Name, check.Verdict, want, check.Detail)
				}
				ready, complete = ready && want != failover.Fail, complete && want != failover.Unknown
				if (check.Verdict == failover.Fail || check.Verdict == failover.Unknown) && check.Remedy == "" {
					t.Errorf("%s has no remedy", check.Name)
				}
			}
			if want := "group_status replication_pairs replication_health replication_synchronized protected_instances " +
				"servers_stopped permissions"; strings.Join(
				names,
				" ",
			) != want {
				t.Errorf("checks are %v", names)
			}
			for _, part := range test.texts {
				if !strings.Contains(text.String(), part) {
					t.Errorf("%q lacks %q", text.String(), part)
				}
			}
			if failover.Ready(found) != ready || report.FullyChecked() != complete {
				t.Errorf("ready is %v, fully checked %v", failover.Ready(found), report.FullyChecked())
			}
			moves := test.verdict["group_status"] == failover.Warn
			if report.Ready() != (ready && complete && !moves) || report.Ready() != (len(report.Problems()) == 0) {
				t.Errorf("ready is %v, with the problems %q", report.Ready(), report.Problems())
			}
			for _, problem := range report.Problems() {
				if strings.Contains(problem, ". ") || !strings.HasSuffix(problem, ".") {
					t.Errorf("%q is not one sentence", problem)
				}
			}
			if n := s.Count(simulator.RouteAction); n > 0 {
				t.Errorf("%d actions", n)
			}
		})
	}
}

func TestReadinessOfTheActiveSite(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.ResetRequests()
	report, err := s.workflow.Readiness(t.Context(), groupID, sdrs.Source, failover.ServerPolicy{})
	if err != nil || len(report.Checks) != 1 || !failover.Ready(report.Checks) || len(s.Requests()) != 1 {
		t.Errorf("got %v, %v, %d requests", report, err, len(s.Requests()))
	}
	s.DeleteGroup(groupID)
	if _, err := s.workflow.Readiness(t.Context(), groupID, sdrs.Source, failover.ServerPolicy{}); !sdrs.IsNotFound(err) {
		t.Errorf("got %v", err)
	}
}

// meeting is a rendezvous: reads are answered two at a time, and one that stays alone fails when its context ends.
type meeting chan struct{}

func (m meeting) meet(ctx context.Context) error {
	select {
	case m <- struct{}{}:
	case <-m:
	case <-ctx.Done():
	}
	return ctx.Err()
}

type groupReads struct {
	failover.SDRS
	meeting
}

func (r groupReads) ReplicationPairs(ctx context.Context, _ sdrs.ReplicationPairFilter) ([]sdrs.ReplicationPair,
	error,
) {
	return nil, r.meet(ctx)
}

func (r groupReads) ProtectedInstances(ctx context.Context, _ sdrs.ProtectedInstanceFilter) ([]sdrs.ProtectedInstance,
	error,
) {
	return []sdrs.ProtectedInstance{{SourceServer: "s", TargetServer: "t"}}, r.meet(ctx)
}

type serverReads struct {
	failover.ECS
	meeting
}

func (r serverReads) Server(ctx context.Context, _ string) (ecs.Server, error) {
	return ecs.Server{}, r.meet(ctx)
}

func TestReadinessReadsSideBySide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		workflow := failover.New(groupReads{meeting: make(meeting)}, serverReads{meeting: make(meeting)})
		group := sdrs.Group{Status: sdrs.StatusProtected, PriorityStation: sdrs.Source}
		checks := workflow.ReadinessOf(ctx, group, failover.PlannedFailover(sdrs.Target), failover.ServerPolicy{})
		if unread := failover.Unknowns(checks); len(checks) != 7 || len(unread) > 0 {
			t.Errorf("read one after the other: %+v", unread)
		}
	})
}

// A failing check refuses before the action, and one that is not possible does not.
func TestSwitchRefusesWhatIsNotReady(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	server := simulator.DemoGroup().Instances[0].SourceServer.ID
	s.SetServerStatus(server, "ACTIVE")
	_, err := s.switchTo(t.Context(), sdrs.Target)
	failure, ok := failed(err, failover.NotReady)
	if !ok || failure.Sent != failover.NotSent || len(failure.Checks) != 7 || !strings.Contains(err.Error(), server) {
		t.Errorf("got %v", err)
	}
	if n := s.Count(simulator.RouteAction); n != 0 {
		t.Errorf("%d actions sent", n)
	}

	s.SetServerStatus(server, simulator.ServerStopped)
	for _, route := range []string{simulator.RouteServer, simulator.RouteInstances, simulator.RoutePairs} {
		s.Inject(simulator.Fault{Route: route, Status: http.StatusForbidden})
	}
	strict := s.workflow.WithAllChecks(true)
	s.policy.Stop = true
	_, err = strict.Run(t.Context(), groupID, failover.PlannedFailover(sdrs.Target), s.policy)
	if failure, ok := failed(err, failover.NotFullyChecked); !ok || len(failover.Unknowns(failure.Checks)) != 6 ||
		!strings.Contains(err.Error(), "The user may not read") ||
		s.Count(simulator.RouteAction)+s.Count(simulator.RouteServerAction) != 0 {
		t.Errorf("got %v", err)
	}
	s.policy.Stop = false
	if result, err := s.switchTo(t.Context(), sdrs.Target); err != nil || len(result.Unchecked) != 6 {
		t.Errorf("got %+v, %v", result, err)
	}
	s.wantAccepted(t, 1)
	// Nor does it hinder a failover in a disaster.
	if result, err := s.do(t, failover.UnplannedFailover(sdrs.Source)); err != nil || !result.Acted() {
		t.Errorf("got %+v, %v", result, err)
	}
}
