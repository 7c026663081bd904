package tftest

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// Console switches the cloud's group behind Terraform's back.
func (c *Cloud) Console(station string) {
	c.UpdateGroup(c.GroupID, func(g *simulator.Group) {
		g.PriorityStation = station
		for i := range g.Instances {
			g.Instances[i].PriorityStation = station
			for j := range g.Instances[i].Pairs {
				g.Instances[i].Pairs[j].PriorityStation = station
			}
		}
	})
}

// SetServers sets the status of the servers at the active site of the cloud's group.
func (c *Cloud) SetServers(status string) {
	c.UpdateGroup(c.GroupID, func(g *simulator.Group) {
		for i := range g.Instances {
			if g.PriorityStation == simulator.StationTarget {
				g.Instances[i].TargetServer.Status = status
			} else {
				g.Instances[i].SourceServer.Status = status
			}
		}
	})
}

// Lead brings the cloud's group into a status, by what leads there.
func (c *Cloud) Lead(t testing.TB, status string) {
	t.Helper()
	var err error
	switch status {
	case simulator.StatusProtected:
		return
	case simulator.StatusFailedOver:
		_, err = c.Failover(c.GroupID)
	case simulator.StatusAvailable:
		_, err = c.Unprotect(c.GroupID)
	default:
		c.UpdateGroup(c.GroupID, func(g *simulator.Group) { g.Status = status })
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	c.Await(t, status)
}

// Await waits for the simulator's jobs, which take some milliseconds.
func (c *Cloud) Await(t testing.TB, status string) {
	t.Helper()
	for range 1000 {
		if group, _ := c.Group(c.GroupID); group.Status == status {
			return
		}
		select {
		case <-t.Context().Done():
		case <-time.After(time.Millisecond):
		}
	}
	t.Fatalf("the group does not become %s", status)
}

// Interrupted returns a context that ends once something was read so many times, as Ctrl-C ends a wait for it.
func (c *Cloud) Interrupted(t testing.TB, route string, reads int32) context.Context {
	t.Helper()
	ctx, interrupt := context.WithCancel(t.Context())
	t.Cleanup(interrupt)
	var count atomic.Int32
	c.Inject(simulator.Fault{Route: route, Match: func(*http.Request) bool {
		if count.Add(1) >= reads {
			interrupt()
		}
		return false
	}})
	return ctx
}

// Switches are what becomes of a protected group in its life: planned failovers and failovers in both directions, and
// the reprotection after each of these.
func (c *Cloud) Switches() []func(testing.TB) {
	to := func(station, status string, begin func(groupID string) (string, error)) func(testing.TB) {
		return func(t testing.TB) {
			t.Helper()
			if begin == nil {
				begin = func(id string) (string, error) { return c.Switch(id, station) }
			}
			if _, err := begin(c.GroupID); err != nil {
				t.Fatal(err)
			}
			c.Await(t, status)
		}
	}
	const source, target, protected = simulator.StationSource, simulator.StationTarget, simulator.StatusProtected
	return []func(testing.TB){
		to(target, protected, nil), to(source, protected, nil),
		to(target, simulator.StatusFailedOver, c.Failover), to(target, protected, c.Protect),
		to(source, simulator.StatusFailedOver, c.Failover), to(source, protected, c.Protect),
	}
}

// Meanwhile is what may become of the cloud's group between plan and apply, without anybody switching it.
func Meanwhile() map[string]func(*Cloud) {
	update := func(change func(*simulator.Group)) func(*Cloud) {
		return func(c *Cloud) { c.UpdateGroup(c.GroupID, change) }
	}
	changes := map[string]func(*Cloud){
		"nothing": func(*Cloud) {},
		"renamed": update(func(g *simulator.Group) { g.Name = "renamed" }),
		"other zones": update(func(g *simulator.Group) {
			g.SourceAZ, g.TargetAZ = "eu-de-03", "eu-de-01"
		}),
		"servers up":   func(c *Cloud) { c.SetServers("ACTIVE") },
		"servers down": func(c *Cloud) { c.SetServers(simulator.ServerStopped) },
		"deleted":      func(c *Cloud) { c.DeleteGroup(c.GroupID) },
	}
	for _, status := range sdrs.GroupStatuses {
		changes[string(status)] = update(func(g *simulator.Group) { g.Status = string(status) })
	}
	return changes
}

// Warehouse returns a group beside the demo group: unprotected, active at target, with one frozen instance and one
// faulty pair.
func Warehouse() simulator.Group {
	group := simulator.NewGroup("00000000-0000-0000-0000-000000000007", "warehouse", 1, 1)
	group.Status, group.PriorityStation = simulator.StatusAvailable, simulator.StationTarget
	instance := &group.Instances[0]
	instance.Status, instance.PriorityStation, instance.Frozen = "nic-creating", simulator.StationTarget, true
	instance.Pairs[0].Status, instance.Pairs[0].PriorityStation = simulator.StatusFault, simulator.StationTarget
	return group
}
