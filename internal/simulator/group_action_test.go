package simulator_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

func TestActionRules(t *testing.T) {
	t.Parallel()

	statuses := []string{
		"available", "protected", "failed-over", "error", "creating", "deleting", "starting", "stopping", "reversing",
		"failing-over", "reprotecting", "error-deleting", "error-starting", "error-stopping", "error-reversing",
		"error-failing-over", "error-reprotecting",
	}
	for name, action := range map[string]struct {
		body  string
		moves map[string]string // allowed status to the status meanwhile
	}{
		"reverse": {reverse("target"), map[string]string{"protected": "reversing", "error-reversing": "reversing"}},
		"failover": {failover, map[string]string{
			"protected": "failing-over", "error-failing-over": "failing-over", "error-reversing": "failing-over",
		}},
		"start": {startBody, map[string]string{
			"available": "starting", "error-starting": "starting",
			"failed-over": "reprotecting", "error-reprotecting": "reprotecting",
		}},
		"stop": {stopBody, map[string]string{"protected": "stopping", "error-stopping": "stopping"}},
	} {
		for _, status := range statuses {
			t.Run(name+" from "+status, func(t *testing.T) {
				c := newCloud(t)
				c.UpdateGroup(groupID, func(g *simulator.Group) { g.Status = status })
				r := c.action(action.body)

				moving, allowed := action.moves[status]
				if allowed {
					equal(t, "HTTP status", r.status, http.StatusOK)
					equal(t, "status", c.group().Status, moving)

					return
				}
				want := any("SDRS.0209")
				if status == "available" {
					want = "SDRS.1019"
				}
				equal(t, "HTTP status", r.status, http.StatusBadRequest)
				equal(t, "code", r.at("error", "code"), want)
				equal(t, "status", c.group().Status, status)
				equal(t, "accepted", c.Accepted(name+"-server-group"), 0)
			})
		}
	}
}

func TestActionRefusals(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		body, code, mention string
		change              func(*simulator.Group)
	}{
		"not JSON":        {body: `{`, code: "SDRS.0201"},
		"a list":          {body: `[]`, code: "SDRS.0201"},
		"no action":       {body: `{}`, code: "SDRS.0201"},
		"two actions":     {body: `{"stop-server-group":{},"start-server-group":{}}`, code: "SDRS.0201"},
		"unknown action":  {body: `{"delete-server-group":{}}`, code: "SDRS.0206"},
		"null parameters": {body: `{"stop-server-group":null}`, code: "SDRS.0201"},
		"no station":      {body: `{"reverse-server-group":{}}`, code: "SDRS.0216"},
		"unknown station": {body: reverse("Target"), code: "SDRS.0216"},
		"station not text": {
			body: `{"reverse-server-group":{"priority_station":1}}`, code: "SDRS.0216",
		},
		"there already": {body: reverse("source"), code: "SDRS.0216"},
		"source server on": {
			reverse("target"), "SDRS.1319", "web-shop-2",
			func(g *simulator.Group) { g.Instances[1].SourceServer.Status = "ACTIVE" },
		},
		"source server reset": {
			reverse("target"), "SDRS.1319", "web-shop-1",
			func(g *simulator.Group) { g.Instances[0].SourceServer.Status = "REBOOT" },
		},
		"copying": {
			reverse("target"), "SDRS.1830", "web-shop-2-disk-1",
			func(g *simulator.Group) { g.Instances[1].Pairs[0].ReplicationStatus = "copying" },
		},
		"link down, planned": {
			reverse("target"), "SDRS.1601", "web-shop-1-disk-2",
			func(g *simulator.Group) { g.Instances[0].Pairs[1].FaultLevel = "5" },
		},
		"link down, failover": {
			failover, "SDRS.1601", "web-shop-1-disk-2",
			func(g *simulator.Group) { g.Instances[0].Pairs[1].FaultLevel = "5" },
		},
		"invalid instance": {
			reverse("target"), "SDRS.1314", "web-shop-1",
			func(g *simulator.Group) { g.Instances[0].Status = "invalid" },
		},
		"no pairs": {
			stopBody, "SDRS.1002", "",
			func(g *simulator.Group) {
				for i := range g.Instances {
					g.Instances[i].Pairs = nil
				}
			},
		},
		"DR server on": {
			startBody, "SDRS.1342", "web-shop-1",
			func(g *simulator.Group) {
				g.Status, g.PriorityStation = "failed-over", "target"
				g.Instances[0].SourceServer.Status = "ACTIVE"
			},
		},
		"production server on, back": {
			reverse("source"), "SDRS.1319", "web-shop-1-dr",
			func(g *simulator.Group) {
				g.PriorityStation = "target"
				g.Instances[0].TargetServer.Status = "ACTIVE"
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCloud(t)
			if test.change != nil {
				c.UpdateGroup(groupID, test.change)
			}
			key := "error"
			if slices.Contains([]string{"SDRS.0201", "SDRS.0206", "SDRS.0216"}, test.code) {
				key = "badrequest"
			}
			before := c.group().Status
			r := c.action(test.body)
			equal(t, "HTTP status", r.status, http.StatusBadRequest)
			equal(t, "code", r.at(key, "code"), any(test.code))
			if message, _ := r.at(key, "message").(string); message == "" || !strings.Contains(message, test.mention) {
				t.Errorf("message: got %q, want it to mention %q", message, test.mention)
			}
			equal(t, "status", c.group().Status, before)
		})
	}
}

func TestActionAllowances(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		change func(*simulator.Group)
		body   string
	}{
		"finish a reversal":          {func(g *simulator.Group) { g.Status = "error-reversing" }, reverse("target")},
		"take a reversal back":       {func(g *simulator.Group) { g.Status = "error-reversing" }, reverse("source")},
		"failover of running server": {func(g *simulator.Group) { g.Instances[0].SourceServer.Status = "ACTIVE" }, failover},
		"failover of a broken disk":  {func(g *simulator.Group) { g.Instances[0].Pairs[0].FaultLevel = "2" }, failover},
		"failover while copying": {
			func(g *simulator.Group) { g.Instances[0].Pairs[0].ReplicationStatus = "copying" }, failover,
		},
		"stop with running servers": {func(g *simulator.Group) { g.Instances[0].SourceServer.Status = "ACTIVE" }, stopBody},
		"reprotect with production servers running": {func(g *simulator.Group) {
			g.Status, g.PriorityStation = "failed-over", "target"
			g.Instances[0].TargetServer.Status = "ACTIVE"
		}, startBody},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCloud(t)
			c.UpdateGroup(groupID, test.change)
			before := c.group().Instances[0]
			c.accepted(test.body)
			c.clock.Advance(10 * time.Second)
			if after := c.group().Instances[0]; test.body != failover {
				equal(t, "source server", after.SourceServer.Status, before.SourceServer.Status)
				equal(t, "target server", after.TargetServer.Status, before.TargetServer.Status)
			}
		})
	}
}
