package service_test

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestActions(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		action, from string
		more         tftest.Attributes
		accepted     string // The action of the API; empty: none.
		status, site string
	}{
		"planned failover": {
			"planned_failover", "protected",
			tftest.Attributes{"priority_station": "target"},
			simulator.ActionReverse,
			"protected", "target",
		},
		"planned failover, no-op": {
			"planned_failover", "protected", tftest.Attributes{"priority_station": "source"}, "", "protected", "source",
		},
		"failover": {
			"unplanned_failover", "protected",
			tftest.Attributes{"priority_station": "target"},
			simulator.ActionFailover,
			"failed-over", "target",
		},
		"failover, no-op": {
			"unplanned_failover", "protected", tftest.Attributes{"priority_station": "source"}, "", "protected", "source",
		},
		"failover, done already": {
			"unplanned_failover", "failed-over", tftest.Attributes{"priority_station": "target"}, "", "failed-over", "target",
		},
		"enable protection":         {"enable_protection", "available", nil, simulator.ActionStart, "protected", "source"},
		"enable protection, no-op":  {"enable_protection", "protected", nil, "", "protected", "source"},
		"reprotect":                 {"reprotect", "failed-over", nil, simulator.ActionStart, "protected", "target"},
		"reprotect, no-op":          {"reprotect", "protected", nil, "", "protected", "source"},
		"disable protection":        {"disable_protection", "protected", nil, simulator.ActionStop, "available", "source"},
		"disable protection, no-op": {"disable_protection", "available", nil, "", "available", "source"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := tftest.Simulate(t)
			c.Lead(t, test.from)
			config := tftest.Attributes{"protection_group_id": c.GroupID}
			maps.Copy(config, test.more)
			action := c.NewAction(t, "sdrs_"+test.action)
			for range 2 { // The second time there is nothing left to do.
				messages, diagnostics := action.Invoke(t.Context(), t, config)
				if text := tftest.Text(diagnostics); strings.Contains(text, "ERROR") {
					t.Fatal(text)
				}
				group, _ := c.Group(c.GroupID)
				if group.Status != test.status || group.PriorityStation != test.site {
					t.Errorf("%s at %s, want %s at %s", group.Status, group.PriorityStation, test.status, test.site)
				}
				if len(messages) < 2 ||
					!strings.Contains(messages[len(messages)-2], "web-shop: "+test.status+", active at "+test.site) ||
					!strings.HasPrefix(messages[len(messages)-1], "sdrs-record: {") {
					t.Errorf("messages %q", messages)
				}
			}
			want := 0
			if test.accepted != "" {
				want = 1
			}
			if got := c.Accepted(test.accepted); test.accepted != "" && got != 1 {
				t.Errorf("%d accepted, want 1", got)
			}
			if got := c.Count(simulator.RouteAction); got != want {
				t.Errorf("%d actions sent, want %d", got, want)
			}
		})
	}
}

func TestActionGuards(t *testing.T) {
	t.Parallel()
	demo := simulator.DemoGroup()
	run := func(server string) func(*tftest.Cloud) {
		return func(c *tftest.Cloud) { c.SetServerStatus(server, "ACTIVE") }
	}
	for name, test := range map[string]struct {
		action, from string
		more         tftest.Attributes
		prepare      func(*tftest.Cloud)
		summary      string
		parts        []string
	}{
		"a failover does not fail back": {
			action: "unplanned_failover", from: "failed-over", more: tftest.Attributes{"priority_station": "source"},
			summary: "Unplanned Failover Not Possible", parts: []string{"without being reprotected", "Reprotect the group"},
		},
		"enabling is no reprotection": {
			action: "enable_protection", from: "failed-over",
			summary: "Enabling Protection Not Possible", parts: []string{"would be a reprotection", "sdrs_reprotect"},
		},
		"reprotection is no enabling": {
			action: "reprotect", from: "available",
			summary: "Reprotection Not Possible", parts: []string{"has not failed over", "Enable protection"},
		},
		"disabling does not hide a failure": {
			action: "disable_protection", from: "error-failing-over",
			summary: "Disabling Protection Not Possible", parts: []string{"failed half-way"},
		},
		"a failover that failed half-way is not done where it was to go": {
			action: "unplanned_failover", from: "error-failing-over",
			more: tftest.Attributes{"priority_station": "target", "start_servers": true},
			prepare: func(c *tftest.Cloud) {
				c.UpdateGroup(c.GroupID, func(g *simulator.Group) { g.PriorityStation = "target" })
			},
			summary: "Unplanned Failover Not Possible", parts: []string{"would leave the wanted site", "service ticket"},
		},
		"disabling what has failed over": {
			action: "disable_protection", from: "failed-over",
			summary: "Disabling Protection Not Possible", parts: []string{
				"disables protection only where",
				"Reprotect the group",
			},
		},
		"a planned failover needs stopped servers": {
			action: "planned_failover", from: "protected", more: tftest.Attributes{"priority_station": "target"},
			prepare: run(demo.Instances[0].SourceServer.ID),
			summary: "Planned Failover Not Ready", parts: []string{
				demo.Instances[0].SourceServer.ID,
				"Then invoke the action again.",
			},
		},
		"a reprotection needs stopped DR servers": {
			action: "reprotect", from: "failed-over",
			prepare: run(demo.Instances[0].SourceServer.ID),
			summary: "Reprotection Not Ready", parts: []string{"run at the other site", demo.Instances[0].SourceServer.ID},
		},
		"a failover needs the link": {
			action: "unplanned_failover", from: "protected", more: tftest.Attributes{"priority_station": "target"},
			prepare: func(c *tftest.Cloud) {
				c.UpdateGroup(c.GroupID, func(g *simulator.Group) { g.Instances[0].Pairs[0].FaultLevel = "5" })
			},
			summary: "Unplanned Failover Not Ready", parts: []string{"fault level 5"},
		},
		"a failover of what was reversed half-way needs the pairs: it has no direction": {
			action: "unplanned_failover", from: "error-reversing", more: tftest.Attributes{"priority_station": "target"},
			prepare: func(c *tftest.Cloud) {
				c.Inject(simulator.Fault{Route: simulator.RoutePairs, Status: http.StatusForbidden})
			},
			summary: "Unplanned Failover Not Ready", parts: []string{"only they tell which site a failover would leave"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := tftest.Simulate(t)
			c.Lead(t, test.from)
			if test.prepare != nil {
				test.prepare(c)
			}
			config := tftest.Attributes{"protection_group_id": c.GroupID}
			maps.Copy(config, test.more)
			action := c.NewAction(t, "sdrs_"+test.action)

			planned := tftest.Text(action.Plan(t, config))
			if !strings.Contains(planned, "WARNING") || strings.Contains(planned, "ERROR") {
				t.Errorf("the plan says %s", planned)
			}
			_, diagnostics := action.Invoke(t.Context(), t, config)
			text := tftest.Text(diagnostics)
			for _, part := range append(test.parts, "ERROR: "+test.summary) {
				if !strings.Contains(text, part) {
					t.Errorf("%q lacks %q", text, part)
				}
			}
			if n := c.Count(simulator.RouteAction); n != 0 {
				t.Errorf("%d actions sent", n)
			}
		})
	}
}

// To wait is advised only where the group moves.
func TestWrongStatusByTheCloudsWord(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{
		"starting":    "Wait until the group rests.",
		"failed-over": "Reprotect the group,", "protected": "At rest it stays",
	} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			c := tftest.Simulate(t)
			c.Inject(simulator.Fault{
				Route: simulator.RouteAction, Status: http.StatusBadRequest,
				Body: `{"error":{"code":"SDRS.0209","message":"no"}}`,
			})
			reads := 0
			c.Inject(simulator.Fault{Route: simulator.RouteGroup, Match: func(*http.Request) bool {
				if c.Count(simulator.RouteAction) > 0 && reads == 1 { // After the look whether somebody else was faster.
					c.UpdateGroup(c.GroupID, func(g *simulator.Group) { g.Status = status })
				}
				reads += c.Count(simulator.RouteAction)
				return false
			}})
			_, diagnostics := c.NewAction(t, "sdrs_planned_failover").Invoke(t.Context(), t, tftest.Attributes{
				"protection_group_id": c.GroupID, "priority_station": "target",
			})
			if text := tftest.Text(diagnostics); !strings.Contains(text, "Planned Failover Refused") ||
				!strings.Contains(text, want) {
				t.Errorf("%q lacks %q", text, want)
			}
		})
	}
}

func TestActionPlanOfUnknownsReadsNothing(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	switches, evacuates := c.NewAction(t, "sdrs_planned_failover"), c.NewAction(t, "sdrs_evacuate_availability_zone")
	c.ResetRequests()
	for argument, value := range map[string]any{
		"protection_group_id": tftest.Unknown, "priority_station": tftest.Unknown, "stop_servers": tftest.Unknown,
		"availability_zone": tftest.Unknown, "mode": tftest.Unknown, "protection_groups": []any{tftest.Unknown},
		"waves": []any{[]any{tftest.Unknown}}, "start_servers": tftest.Unknown, "dry_run": tftest.Unknown,
		"force_stop_after": tftest.Unknown,
	} {
		for action, config := range map[*tftest.Action]tftest.Attributes{
			switches: {
				"protection_group_id": c.GroupID, "priority_station": "target", "stop_servers": true, "force_stop_after": "5m",
				"start_servers": false,
			},
			evacuates: {
				"availability_zone": "eu-de-01", "mode": "planned", "protection_groups": nil, "waves": nil, "stop_servers": true,
				"force_stop_after": "5m", "start_servers": false, "dry_run": false,
			},
		} {
			if _, takes := config[argument]; !takes {
				continue
			}
			config[argument] = value
			if diagnostics := action.Plan(t, config); len(diagnostics) > 0 {
				t.Errorf("%s: %s", argument, tftest.Text(diagnostics))
			}
		}
	}
	if n := len(c.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}

func TestActionTimeoutAndInterrupt(t *testing.T) {
	t.Parallel()
	config := func(c *tftest.Cloud) tftest.Attributes {
		return tftest.Attributes{"protection_group_id": c.GroupID, "priority_station": "target", "timeout": "2s"}
	}
	t.Run("timeout", func(t *testing.T) {
		t.Parallel()
		c := tftest.Simulate(t)
		c.StallJobs()
		messages, diagnostics := c.NewAction(t, "sdrs_unplanned_failover").Invoke(t.Context(), t, config(c))
		if last := messages[len(messages)-1]; !strings.HasPrefix(last, "sdrs-record: {") ||
			!strings.Contains(last, `"error":"TimedOut"`) {
			t.Errorf("got %s", last)
		}
		if text := tftest.Text(diagnostics); !strings.Contains(text, "ERROR: Unplanned Failover Timed Out: web-shop") ||
			!strings.Contains(text,
				"Invoke the action again to resume the wait. If this takes as long every time, raise timeout.") {
			t.Errorf("got %s", text)
		}
		c.ResumeJobs()
		again := config(c)
		delete(again, "timeout")
		if _, diagnostics := c.NewAction(t, "sdrs_unplanned_failover").Invoke(t.Context(), t, again); tftest.Failed(diagnostics) {
			t.Error(tftest.Text(diagnostics))
		}
		if n := c.Accepted(simulator.ActionFailover); n != 1 {
			t.Errorf("%d accepted", n)
		}
	})
	t.Run("interrupt", func(t *testing.T) {
		t.Parallel()
		c := tftest.Simulate(t)
		c.StallJobs()
		ctx, cancel := context.WithCancel(t.Context())
		c.Inject(simulator.Fault{Route: simulator.RouteJob, Match: func(*http.Request) bool { cancel(); return false }})
		messages, diagnostics := c.NewAction(t, "sdrs_unplanned_failover").Invoke(ctx, t, config(c))
		if text := tftest.Text(diagnostics); !strings.Contains(text, "ERROR: Unplanned Failover Interrupted: web-shop") ||
			!strings.Contains(text, "Job ID: ") {
			t.Errorf("got %s", text)
		}
		// Terraform would take a line of progress, and not hear the error any longer.
		if last := messages[len(messages)-1]; strings.HasPrefix(last, "sdrs-record: {") {
			t.Errorf("got %s", last)
		}
	})
}
