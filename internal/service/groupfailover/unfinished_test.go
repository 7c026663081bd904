package groupfailover_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// startsNext checks that the next plan says that it starts servers, and that its apply does so, without another switch.
func (s stage) startsNext(t *testing.T, earlier tftest.State, policy tftest.Attributes) {
	t.Helper()
	refreshed := s.Refresh(t, earlier)
	plan := s.PlanAfter(t, refreshed, refreshed.Attributes, s.config("target", policy))
	if text := tftest.Text(plan.Diagnostics); !strings.Contains(text, "Servers Will Be Started") {
		t.Errorf("got %s", text)
	}
	accepted := s.Accepted(simulator.ActionReverse)
	applied := s.Apply(t.Context(), t, plan)
	if len(applied.Diagnostics) > 0 {
		t.Error(tftest.Text(applied.Diagnostics))
	}
	s.wantServers(t, "SHUTOFF", "ACTIVE")
	s.wantAccepted(t, accepted)
}

// interruptTheStart interrupts an apply when it asks for servers to be started.
func (s stage) interruptTheStart(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	requests := 0
	s.Inject(simulator.Fault{
		Route: simulator.RouteServerAction, Status: http.StatusServiceUnavailable,
		Match: func(*http.Request) bool {
			if requests++; requests == 2 {
				cancel()
			}
			return requests == 2
		},
	})
	return ctx
}

// The machine dies after the switch, before the servers are started: nothing that the apply knew is saved.
func TestServersAreStartedAfterAnApplyThatSavedNothing(t *testing.T) {
	t.Parallel()
	s, policy := newLiveStage(t)
	state := s.adopt(t, policy)
	s.Apply(s.interruptTheStart(t), t, s.Plan(t, state, s.config("target", policy)))
	s.startsNext(t, tftest.State{Attributes: state}, policy)
}

// Somebody else's switch is waited for, and the start of the servers fails.
func TestServersAreStartedAfterSomebodyElsesSwitch(t *testing.T) {
	t.Parallel()
	s, policy := newLiveStage(t)
	state := s.adopt(t, policy)
	for _, instance := range simulator.DemoGroup().Instances {
		s.SetServerStatus(instance.SourceServer.ID, simulator.ServerStopped)
	}
	plan := s.Plan(t, state, s.config("target", policy))
	s.Console("target")
	s.Inject(simulator.Fault{
		Route: simulator.RouteServerAction, Times: 1, Status: 403,
		Body: `{"error":{"code":"Ecs.0005","message":"no"}}`,
	})
	failed := s.Apply(t.Context(), t, plan)
	text := tftest.Text(failed.Diagnostics)
	if !strings.Contains(text, "Servers Not Started") || strings.Count(text,
		simulator.DemoGroup().Instances[0].TargetServer.ID) != 1 {
		t.Errorf("got %s", text)
	}
	s.startsNext(t, failed, policy)
}

// A plan that only starts servers does not switch a group that has left the site since.
func TestPlanThatStartsServersSwitchesNothing(t *testing.T) {
	t.Parallel()
	s, policy := newLiveStage(t)
	state := s.adopt(t, policy)
	for _, instance := range simulator.DemoGroup().Instances {
		s.SetServerStatus(instance.SourceServer.ID, simulator.ServerStopped)
	}
	s.Console("target")
	state = s.Read(t, state).Attributes
	plans := map[string]tftest.Planned{
		"update": s.Plan(t, state, s.config("target", policy)), "creation": s.Plan(t, nil, s.config("target", policy)),
	}
	titles := map[string]string{
		"update":   "Protection Group Changed Since the Plan",
		"creation": "Creating This Resource Would Switch Sites",
	}
	s.Console("source")
	for name, plan := range plans {
		failed := s.ApplyFinal(t.Context(), t, plan)
		if text := tftest.Text(failed.Diagnostics); !strings.Contains(text, titles[name]) {
			t.Errorf("%s: got %s", name, text)
		}
	}
	s.wantServers(t, "SHUTOFF", "SHUTOFF")
	s.wantAccepted(t, 0)
}

// What was stopped is said, whatever comes after it.
func TestContactLostAfterServersWereStopped(t *testing.T) {
	t.Parallel()
	s, policy := newLiveStage(t)
	state := s.adopt(t, policy)
	plan := s.Plan(t, state, s.config("target", policy))
	s.Inject(simulator.Fault{
		Route: simulator.RouteGroup, Status: 403, Body: `{"error":{"code":"SDRS.0009","message":"no"}}`,
		Match: func(*http.Request) bool { return s.Count(simulator.RouteServerAction) > 0 },
	})
	text := tftest.Text(s.Apply(t.Context(), t, plan).Diagnostics)
	s.wantServers(t, "SHUTOFF", "SHUTOFF")
	for _, part := range []string{
		"Lost Contact", "No planned failover was requested",
		"Servers stopped for this, and left so: web-shop-",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in %s", part, text)
		}
	}
	if strings.Contains(text, "Nothing was changed") {
		t.Errorf("got %s", text)
	}
}

// Ctrl-C while servers stop: that can't be taken back, and whoever gives the switch up is told so until they run again.
func TestInterruptedStopLeavesServersOff(t *testing.T) {
	t.Parallel()
	s, policy := newLiveStage(t, simulator.WithServerJobDuration(time.Hour)) // They stop when this test says so.
	state := s.adopt(t, policy)
	spare := simulator.DemoGroup().Instances[1].SourceServer.ID
	s.SetServerStatus(spare, "SHUTOFF") // As ever.
	interrupt := func(plan tftest.Planned) tftest.State {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		s.ResetRequests()
		s.Inject(simulator.Fault{Route: simulator.RouteServer, Match: func(*http.Request) bool {
			if s.Count(simulator.RouteServerAction) > 0 {
				cancel()
			}
			return false
		}})
		return s.Apply(ctx, t, plan)
	}
	interrupted := interrupt(s.Plan(t, state, s.config("target", policy)))
	text := tftest.Text(interrupted.Diagnostics)
	server := simulator.DemoGroup().Instances[0].SourceServer
	for _, part := range []string{
		"No planned failover was requested. The servers that were stopped for it, or asked to, stay off.",
		"Servers asked to stop for this, and not SHUTOFF yet: " + server.Name,
		"To stay at source (eu-de-01), start the servers there yourself: nothing here does.",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in %s", part, text)
		}
	}

	staysWith := func(status string) string {
		s.SetServerStatus(server.ID, status)
		refreshed := s.Refresh(t, interrupted)
		return tftest.Text(s.PlanAfter(t, refreshed, refreshed.Attributes, s.config("source", policy)).Diagnostics)
	}
	text = staysWith("SHUTOFF")
	if !strings.Contains(text, "Servers Left Stopped: web-shop") || !strings.Contains(text, server.ID) ||
		strings.Contains(text, spare) {
		t.Errorf("got %q", text)
	}
	if text := staysWith("ACTIVE"); text != "" {
		t.Errorf("got %s", text)
	}

	s.SetServerStatus(server.ID, "SHUTOFF") // The next apply stops another, and forgets none.
	s.SetServerStatus(spare, "ACTIVE")
	refreshed := s.Refresh(t, interrupted)
	interrupted = interrupt(s.PlanAfter(t, refreshed, refreshed.Attributes, s.config("target", policy)))
	s.SetServerStatus(spare, "SHUTOFF")
	if text := staysWith("SHUTOFF"); !strings.Contains(text, server.ID) || !strings.Contains(text, spare) {
		t.Errorf("got %q", text)
	}
}

// A switch that an apply lost sight of, and that somebody then reversed, is not the one that comes months later.
func TestReversedSwitchIsForgotten(t *testing.T) {
	t.Parallel()
	s, policy := newLiveStage(t)
	state := s.adopt(t, policy)
	interrupted := s.Apply(s.interruptTheStart(t), t, s.Plan(t, state, s.config("target", policy)))
	s.Console("source")
	reversed := s.Refresh(t, interrupted)
	s.Console("target")
	refreshed := s.Refresh(t, reversed)
	applied := s.Apply(t.Context(), t, s.PlanAfter(t, refreshed, refreshed.Attributes, s.config("target", policy)))
	if applied.Attributes["last_failover"] != nil {
		t.Errorf("got %v", applied.Attributes["last_failover"])
	}
}

// Somebody ends protection after a switch that an apply did not see the end of: the plan promises no record of it then.
func TestUnfinishedSwitchOfAGroupThatIsNotProtected(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ctx, cancel := context.WithCancel(t.Context())
	s.Inject(simulator.Fault{Route: simulator.RouteJob, Match: func(*http.Request) bool { cancel(); return false }})
	interrupted := s.Apply(ctx, t, s.Plan(t, s.adopt(t, nil), s.config("target", nil)))
	s.Await(t, "protected")
	s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = simulator.StatusAvailable })

	refreshed := s.Refresh(t, interrupted)
	applied := s.Apply(t.Context(), t, s.PlanAfter(t, refreshed, refreshed.Attributes, s.config("target", nil)))
	if applied.Attributes["last_failover"] != nil || tftest.Failed(applied.Diagnostics) {
		t.Errorf("got %v, %s", applied.Attributes, tftest.Text(applied.Diagnostics))
	}
}
