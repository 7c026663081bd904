package groupprotection_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// slow is a rate of synchronization at which it never ends, in GB a second.
const slow = 1e-6

// A protected group is not synchronized yet. However the wait for that ends, the group stays protected, and the next
// apply waits on: to disable protection would begin the synchronization anew.
func TestSynchronization(t *testing.T) {
	t.Parallel()
	const fast = 500
	for name, test := range map[string]struct {
		rate    float64 // GB in a second.
		more    tftest.Attributes
		met     func(s stage, stop func()) // At the second look at the pairs after protection was enabled.
		says    []string                   // Empty: it ends well.
		tainted bool
		behind  bool // The apply ends before the pairs are synchronized.
	}{
		"waits":       {rate: fast},
		"is told not": {rate: slow, more: tftest.Attributes{"wait_for_synchronization": false}, behind: true},
		"times out": {
			rate: slow, more: tftest.Attributes{"timeouts": tftest.Attributes{"create": "2s"}}, behind: true, tainted: true,
			says: []string{
				"ERROR: Protection Not Synchronized: web-shop", "Protection is enabled, and 3 of 3 replication pairs",
				"web-shop-1-disk-1 (", "is protected, copying at 0 %", "Gave up waiting after", "Plan again, then apply", "raise timeouts.create",
			},
		},
		"is interrupted": {
			rate: slow, met: func(_ stage, stop func()) { stop() }, behind: true,
			says: []string{"WARNING: Synchronization Goes On: web-shop", "was interrupted", "copying at 0 %"},
		},
		"does not get on": {
			rate: slow, behind: true, tainted: true,
			met: func(s stage, _ func()) {
				s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Instances[0].Pairs[0].Status = "fault" })
				synchronize(s, "fault")
			},
			says: []string{
				"ERROR: Protection Not Synchronized: web-shop", "1 of 3 replication pairs", "is fault",
				"None of them gets on",
			},
		},
		"can't look": {
			rate: slow, behind: true, tainted: true,
			met: func(s stage, _ func()) {
				s.Inject(simulator.Fault{Route: simulator.RoutePairs, Status: http.StatusForbidden, Times: 1})
			},
			says: []string{"ERROR: Protection Not Synchronized: web-shop", "can't be read any longer", "HTTP status: 403"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := tftest.Simulate(t, simulator.WithSyncRate(test.rate))
			r, _ := c.NewResource(t, typeName, nil)
			s := stage{c, r}
			s.Lead(t, "available")
			config := s.config()
			for argument, value := range test.more {
				config[argument] = value
			}
			limited, cancel := context.WithTimeout(t.Context(), 20*time.Second) // For what never ends.
			defer cancel()
			ctx, stop := context.WithCancel(limited)
			defer stop()
			looks := 0
			remove := s.Inject(simulator.Fault{Route: simulator.RoutePairs, Match: func(*http.Request) bool {
				if looks += s.Accepted(simulator.ActionStart); looks == 2 && test.met != nil {
					test.met(s, stop)
				}
				return false
			}})
			var instance tftest.Instance
			said := tftest.Text(s.Run(ctx, t, &instance, config).Diagnostics)
			remove()
			for _, part := range test.says {
				if !strings.Contains(said, part) {
					t.Errorf("%q lacks %q", said, part)
				}
			}
			if len(test.says) == 0 && said != "" || instance.Tainted != test.tainted {
				t.Errorf("tainted is %v: %s", instance.Tainted, said)
			}
			tftest.Want(t, instance.Attributes, tftest.Attributes{"protected": true, "status": "protected"})
			if behind := synchronize(s, ""); behind != test.behind {
				t.Errorf("behind is %v", behind)
			}
			looks = s.Count(simulator.RoutePairs)
			s.Resource, _ = c.NewResource(t, typeName, nil) // A later run.
			delete(config, "wait_for_synchronization")
			step := s.Run(limited, t, &instance, config)
			if waitsOn := s.Count(simulator.RoutePairs) > looks; len(step.Diagnostics) > 0 || waitsOn != test.behind {
				t.Errorf("the next apply waits is %v: %s", waitsOn, tftest.Text(step.Diagnostics))
			}
			if step = s.Run(limited, t, &instance, config); !step.Empty || instance.Tainted {
				t.Errorf("the last plan is not empty: %s", tftest.Text(step.Diagnostics))
			}
			s.wantActions(t, simulator.ActionStart)
		})
	}
}

// A plan promises neither the wait nor that there is none where it does not know which.
func TestWaitThatIsKnownAtApplyOnly(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"protected", "starting"} {
		for _, waits := range []bool{true, false} {
			t.Run(fmt.Sprint(status, waits), func(t *testing.T) {
				t.Parallel()
				c := tftest.Simulate(t, simulator.WithSyncRate(slow))
				r, _ := c.NewResource(t, typeName, nil)
				s := stage{c, r}
				s.Lead(t, "available")
				config := s.config()
				config["wait_for_synchronization"] = false
				state := s.Apply(t.Context(), t, s.Plan(t, nil, config))
				s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = status })
				state = s.Refresh(t, state)
				config["wait_for_synchronization"] = tftest.Unknown
				plan := s.PlanAfter(t, state, state.Attributes, config)
				s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = "protected" })
				synchronize(s, "")
				config["wait_for_synchronization"] = waits
				applied := s.ApplyKnowing(t.Context(), t, plan, config)
				if text := tftest.Text(append(plan.Diagnostics, applied.Diagnostics...)); text != "" {
					t.Error(text)
				}
			})
		}
	}
}

// synchronize ends the synchronization of all pairs but those of a status, and reports whether any had yet to be.
func synchronize(s stage, but string) (behind bool) {
	s.UpdateGroup(s.GroupID, func(g *simulator.Group) {
		for i := range g.Instances {
			for j := range g.Instances[i].Pairs {
				pair := &g.Instances[i].Pairs[j]
				behind = behind || pair.ReplicationStatus != simulator.ReplicationActive || pair.Status != simulator.StatusProtected
				if but == "" || pair.Status != but {
					pair.Status, pair.ReplicationStatus = simulator.StatusProtected, simulator.ReplicationActive
					pair.Progress = 100 * (j % 2) // Both are seen.
				}
			}
		}
	})
	return behind
}

// whileSynchronizing returns a context that ends when the pairs are read after protection was enabled.
func whileSynchronizing(t *testing.T, c *tftest.Cloud) context.Context {
	t.Helper()
	ctx, interrupt := context.WithCancel(t.Context())
	t.Cleanup(interrupt)
	c.Inject(simulator.Fault{Route: simulator.RoutePairs, Match: func(*http.Request) bool {
		if c.Accepted(simulator.ActionStart) > 0 {
			interrupt()
		}
		return false
	}})
	return ctx
}

// An interrupted update fails: nothing is replaced for that. To wait no longer then changes nothing in the cloud.
func TestSynchronizationAfterAnUpdate(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t, simulator.WithSyncRate(1e-6))
	r, _ := c.NewResource(t, typeName, nil)
	s := stage{c, r}
	s.Lead(t, "available")
	state := s.Import(t, s.GroupID)
	ctx := whileSynchronizing(t, s.Cloud)
	state = s.Apply(ctx, t, s.PlanAfter(t, state, state.Attributes, s.config()))
	if said := tftest.Text(state.Diagnostics); !strings.HasPrefix(said, "ERROR: Protection Not Synchronized: web-shop") {
		t.Error(said)
	}
	config := s.config()
	config["wait_for_synchronization"] = false
	plan := s.PlanAfter(t, state, state.Attributes, config)
	tftest.Want(t, plan.Attributes, tftest.Attributes{"status": "protected", "protected": true})
}

// Who tears a tainted one down disables protection, and so does who has it protect another group, or asks for a
// replacement.
func TestTaintedProtectionIsDisabled(t *testing.T) {
	t.Parallel()
	other := simulator.NewGroup("50df180b-9fe2-471a-8c64-1b758dc84189", "other", 1, 1)
	for name, test := range map[string]struct {
		config  tftest.Attributes
		forced  bool
		actions []string
	}{
		"destroyed":     {actions: []string{simulator.ActionStop}},
		"another group": {config: tftest.Attributes{"protection_group_id": other.ID}, actions: []string{simulator.ActionStop}},
		"-replace": {
			config: tftest.Attributes{"protection_group_id": simulator.DemoGroup().ID}, forced: true,
			actions: []string{simulator.ActionStop, simulator.ActionStart},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, "protected")
			s.AddGroup(other)
			var instance tftest.Instance
			s.Run(t.Context(), t, &instance, s.config())
			instance.Tainted, instance.Forced = !test.forced, test.forced
			s.Resource, _ = s.NewResource(t, typeName, nil)
			s.Run(t.Context(), t, &instance, test.config)
			s.wantActions(t, test.actions...)
		})
	}
}

// The action waits where it is asked to, and says how far the pairs are.
func TestActionsSynchronize(t *testing.T) {
	t.Parallel()
	for action, from := range map[string]string{"sdrs_enable_protection": "available", "sdrs_reprotect": "failed-over"} {
		c := tftest.Simulate(t, simulator.WithSyncRate(slow))
		c.Lead(t, from)
		looks := 0
		c.Inject(simulator.Fault{Route: simulator.RoutePairs, Match: func(*http.Request) bool {
			if looks += c.Accepted(simulator.ActionStart); looks == 2 { // The first has seen them behind.
				synchronize(stage{Cloud: c}, "")
			}
			return false
		}})
		config := tftest.Attributes{"protection_group_id": c.GroupID, "wait_for_synchronization": true}
		messages, diagnostics := c.NewAction(t, action).Invoke(t.Context(), t, config)
		said := strings.Join(messages, "\n")
		if tftest.Failed(diagnostics) || synchronize(stage{Cloud: c}, "") ||
			!strings.Contains(
				said,
				"of 3 replication pairs synchronized, web-shop-",
			) || !strings.Contains(said, "is protected, copying at ") {
			t.Errorf("%s: %s%s", action, said, tftest.Text(diagnostics))
		}
	}
}

// An action that does not see the end of the synchronization fails.
func TestActionThatDoesNotSynchronize(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t, simulator.WithSyncRate(1e-6))
	c.Lead(t, "available")
	ctx := whileSynchronizing(t, c)
	_, diagnostics := c.NewAction(t, "sdrs_enable_protection").Invoke(ctx, t, tftest.Attributes{
		"protection_group_id": c.GroupID, "wait_for_synchronization": true,
	})
	if said := tftest.Text(diagnostics); !strings.HasPrefix(said, "ERROR: Protection Not Synchronized: web-shop") {
		t.Error(said)
	}
}
