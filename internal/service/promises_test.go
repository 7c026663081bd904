package service_test

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// meanwhile is what may become of a group between plan and apply, without anybody switching it.
func meanwhile() map[string]func(*tftest.Cloud) {
	update := func(change func(*simulator.Group)) func(*tftest.Cloud) {
		return func(c *tftest.Cloud) { c.UpdateGroup(c.GroupID, change) }
	}
	changes := map[string]func(*tftest.Cloud){
		"nothing": func(*tftest.Cloud) {},
		"renamed": update(func(g *simulator.Group) { g.Name = "renamed" }),
		"other zones": update(func(g *simulator.Group) {
			g.SourceAZ, g.TargetAZ = "eu-de-03", "eu-de-01"
		}),
		"servers up":   update(func(g *simulator.Group) { setServers(g, "ACTIVE") }),
		"servers down": update(func(g *simulator.Group) { setServers(g, simulator.ServerStopped) }),
		"deleted":      func(c *tftest.Cloud) { c.DeleteGroup(c.GroupID) },
	}
	for _, status := range sdrs.GroupStatuses {
		changes[string(status)] = update(func(g *simulator.Group) { g.Status = string(status) })
	}
	return changes
}

// setServers sets the status of the servers at the active site.
func setServers(g *simulator.Group, status string) {
	for i := range g.Instances {
		if g.PriorityStation == simulator.StationTarget {
			g.Instances[i].TargetServer.Status = status
		} else {
			g.Instances[i].SourceServer.Status = status
		}
	}
}

// A plan promises what can't change before apply, and nothing else: whatever becomes of the group meanwhile, the final plan
// agrees with the plan, the result with the final plan, and nothing is switched that was not to be.
func TestPlansKeepTheirPromises(t *testing.T) {
	t.Parallel()
	for change, happen := range meanwhile() {
		for _, servers := range []string{"ACTIVE", simulator.ServerStopped} {
			for _, from := range []string{"creation", "import", "accepted drift"} {
				t.Run(change+"/"+servers+"/"+from, func(t *testing.T) {
					t.Parallel()
					s := newStage(t)
					more := tftest.Attributes{"start_servers": true}
					var prior tftest.State
					switch from {
					case "import":
						prior = s.Import(t, s.GroupID)
					case "accepted drift":
						s.console(t, "target")
						prior = tftest.State{Attributes: s.adopt(t, more)}
						s.console(t, "source")
						prior = s.Refresh(t, prior)
					}
					s.UpdateGroup(s.GroupID, func(g *simulator.Group) { setServers(g, servers) })
					plan := s.PlanAfter(t, prior, prior.Attributes, s.config("source", more))
					if text := tftest.Text(plan.Diagnostics); strings.Contains(text, "ERROR") {
						t.Fatal(text)
					}
					happen(s.Cloud)
					holdToPlan(t, s, plan, change, from == "creation")
					s.wantAccepted(t, 0)
				})
			}
		}
	}
}

// holdToPlan applies a plan that switches nothing, after a change.
func holdToPlan(t *testing.T, s stage, plan tftest.Planned, change string, creation bool) {
	t.Helper()
	group, exists := s.Group(s.GroupID)
	decision, _ := failover.PlannedFailover(sdrs.Source).Decide(sdrs.Group{
		Status: sdrs.Status(group.Status), PriorityStation: sdrs.Station(group.PriorityStation),
	})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if exists && decision == failover.Wait {
		cancel() // Nobody ends this wait.
	}
	text := tftest.Text(s.Apply(ctx, t, plan).Diagnostics)
	switch {
	case !exists && strings.Contains(text, "ERROR") && !strings.Contains(text, "Protection Group Not Found"):
		t.Errorf("got %s", text)
	case !strings.Contains(text, tftest.InconsistentFinalPlan):
	case creation && change == "other zones":
		// A group keeps its zones for life: those of a plan are promised, since what depends on them would be replaced otherwise.
	case creation && exists && decision != failover.NoAction:
		// The group has been switched, or is moving, since.
	default:
		t.Errorf("got %s", text)
	}
}

// The same for the protection of a group, whose plans promise less.
func TestProtectionPlansKeepTheirPromises(t *testing.T) {
	t.Parallel()
	for change, happen := range meanwhile() {
		for _, from := range []string{"creation", "import", "update", "unknown reprotect"} {
			t.Run(change+"/"+from, func(t *testing.T) {
				t.Parallel()
				s := newProtectionStage(t, "protected")
				config := s.protection(false)
				var prior tftest.State
				switch from {
				case "import":
					prior = s.Import(t, s.GroupID)
				case "update", "unknown reprotect":
					s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = "available" })
					prior = s.Import(t, s.GroupID)
				}
				first := maps.Clone(config)
				if from == "unknown reprotect" {
					first["reprotect"] = tftest.Unknown
				}
				plan := s.PlanAfter(t, prior, prior.Attributes, first)
				happen(s.Cloud)
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				if group, _ := s.Group(s.GroupID); sdrs.Status(group.Status).Phase() == sdrs.Moving {
					cancel()
				}
				text := tftest.Text(s.ApplyKnowing(ctx, t, plan, config).Diagnostics)
				if strings.Contains(text, tftest.InconsistentFinalPlan) || change == "deleted" && from != "import" && !strings.Contains(text, "Protection Group Not Found") {
					t.Errorf("got %s", text)
				}
			})
		}
	}
}

// between changes a group after Terraform has planned and before it applies.
type between func()

// CheckPlan implements [plancheck.PlanCheck].
func (b between) CheckPlan(context.Context, plancheck.CheckPlanRequest, *plancheck.CheckPlanResponse) {
	b()
}

// Terraform itself finds that the plans keep their promises.
func TestAccFailover_changedBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	for change, happen := range map[string]func(*simulator.Group){
		"renamed":      func(g *simulator.Group) { g.Name = "renamed" },
		"stopping":     func(g *simulator.Group) { g.Status = "stopping" },
		"servers down": func(g *simulator.Group) { setServers(g, simulator.ServerStopped) },
	} {
		t.Run(change, func(t *testing.T) {
			t.Parallel()
			c := tftest.Simulate(t)
			c.UpdateGroup(c.GroupID, func(g *simulator.Group) { setServers(g, "ACTIVE") })
			meanwhile := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{between(func() { c.UpdateGroup(c.GroupID, happen) })}}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: c.Providers(),
				Steps: []resource.TestStep{
					{Config: hcl(c, "source", "start_servers = true"), ConfigPlanChecks: meanwhile, Check: accepted(c, 0)},
					{
						PreConfig: func() { console(t, c, "target") },
						Config:    hcl(c, "target", "start_servers = true"), ConfigPlanChecks: meanwhile, Check: accepted(c, 0),
					},
				},
			})
		})
	}
}
