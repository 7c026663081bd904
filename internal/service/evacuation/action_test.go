package evacuation_test

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

const zone = "eu-de-01"

// estate has so many groups of one server that all run in the zone, and one that runs elsewhere.
func estate(groups int) simulator.Estate {
	e := simulator.MixedEstate(groups, 1).Leaving(zone)
	away := simulator.NewGroup("5d0c2c3f-3f0e-4d5b-9a57-7d2a3c6a1b10", "away", 1, 1)
	away.PriorityStation = simulator.StationTarget
	e.Groups = append(e.Groups, away)
	return e
}

// moved returns the names of the groups that run in no zone but the other one.
func moved(c *tftest.Cloud) []string {
	var found []string
	for _, g := range c.Groups() {
		active := g.SourceAZ
		if g.PriorityStation == simulator.StationTarget {
			active = g.TargetAZ
		}
		if active != zone && g.Name != "away" {
			found = append(found, g.Name)
		}
	}
	return found
}

// at is a condition of a fault on the requests about a group.
func at(group simulator.Group) func(*http.Request) bool {
	return func(r *http.Request) bool { return strings.Contains(r.URL.Path, group.ID) }
}

func TestEvacuation(t *testing.T) {
	t.Parallel()
	e := estate(4)
	id := func(n int) string { return e.Groups[n].ID }
	all := []string{"app-01", "app-02", "app-03", "app-04"}
	for name, test := range map[string]struct {
		more    tftest.Attributes
		down    bool
		prepare func(*tftest.Cloud)
		planned bool
		moved   []string
		accepts int
		starts  int      // Requests about servers in mode unplanned.
		plan    []string // What the one warning of the plan says.
		says    []string
		warns   []string // What is said in the end, and is no failure.
		fails   []string
	}{
		"all of them": {
			down: true, moved: all, accepts: 4, more: tftest.Attributes{"stop_servers": true}, // The failovers stop them.
			plan: []string{"WARNING: Protection Groups Will Leave the Availability Zone: eu-de-01", "Wave 1: app-01 (" + id(0) +
				"), protected, to target (eu-de-02)", "app-02 (" + id(1) + "), protected, to source (eu-de-02)"},
			says: []string{
				"eu-de-01: 4 groups to move, in 1 wave, by unplanned failovers",
				"GROUP   FROM      TO        RESULT  SECONDS  DOWNTIME",
				"app-02  eu-de-01  eu-de-02  done    0        -", `"group_name":"app-04"`, "4 done",
			},
		},
		"waves, one at a time": {
			down: true, moved: all, accepts: 4,
			more: tftest.Attributes{"max_parallel": int64(1), "waves": []any{[]any{"app-03", id(3)}, []any{
				"app-01", "away",
				"gone", "app-03",
			}}},
			plan: []string{
				"Wave 1: app-04", "Wave 2: app-01", "Wave 3: app-02", "No effect: Wave 2: away does not run in eu-de-01",
				`No effect: Wave 2: There is no protection group "gone".`, "No effect: Wave 2: app-03 is in wave 1 already.",
			},
			says: []string{"wave 1: app-03, app-04", "wave 3: app-02"},
		},
		"those that are named": {
			down: true, moved: all[:1], accepts: 1, more: tftest.Attributes{"protection_groups": []any{id(0), "away"}},
			plan:  []string{"Not asked for, so they stay: app-02, app-03, app-04", "Not there: away runs in eu-de-02 already."},
			says:  []string{"not asked for, so they stay in eu-de-01: app-02, app-03, app-04", "1 done"},
			warns: []string{"WARNING: Protection Groups Stay in the Availability Zone: eu-de-01", "Stays: app-02 (" + id(1)},
		},
		"one that does not exist": {
			down: true, moved: all[:1], accepts: 1, more: tftest.Attributes{"protection_groups": []any{"app-01", "gone"}},
			plan:  []string{`Can't be done: There is no protection group "gone".`},
			fails: []string{"ERROR: Evacuation Unfinished: eu-de-01", `Can't be done: There is no protection group "gone".`},
		},
		"one that does not exist, and that halts": {
			more:  tftest.Attributes{"protection_groups": []any{"app-01", "gone"}, "on_failure": "halt"},
			fails: []string{"0 of 1 group moved out of eu-de-01.", "Not begun: app-01", `no protection group "gone"`},
		},
		"one fails": {
			down: true, moved: []string{"app-01", "app-03", "app-04"}, accepts: 3,
			more:    tftest.Attributes{"max_parallel": int64(1)},
			prepare: func(c *tftest.Cloud) { c.Inject(refusal(e.Groups[1])) },
			says:    []string{"app-02: error: Unplanned Failover Refused: app-02", "3 done, 1 error"},
			fails: []string{
				"ERROR: Unplanned Failover Refused: app-02", "3 of 4 groups moved out of eu-de-01.",
				"Failed: Unplanned Failover Refused: app-02",
			},
		},
		"one fails, and that halts": {
			down: true, moved: all[:1], accepts: 1, more: tftest.Attributes{
				"max_parallel": int64(1), "on_failure": "halt",
				"waves": []any{[]any{"app-01", "app-02"}},
			},
			prepare: func(c *tftest.Cloud) { c.Inject(refusal(e.Groups[1])) },
			fails:   []string{"1 of 4 groups moved", "Not begun: app-03", "Not begun: app-04"},
		},
		"access ends meanwhile, and that halts": {
			down: true, accepts: 1, more: tftest.Attributes{"max_parallel": int64(1), "on_failure": "halt"},
			prepare: func(c *tftest.Cloud) {
				c.StallJobs()
				for _, route := range []string{simulator.RouteGroups, simulator.RouteGroup, simulator.RouteJob} {
					c.Inject(simulator.Fault{Route: route, Status: 403, Match: func(*http.Request) bool {
						return c.Accepted(simulator.ActionFailover) > 0
					}})
				}
			},
			fails: []string{"Goes on in the cloud: app-01: ", "; it can't be read any longer: GET ", "HTTP 403"},
		},
		"an answer is lost, and then access": {
			down: true, more: tftest.Attributes{"max_parallel": int64(1), "on_failure": "halt"},
			prepare: func(c *tftest.Cloud) {
				c.Inject(simulator.Fault{Route: simulator.RouteAction, Cut: simulator.CutBefore})
				for _, route := range []string{simulator.RouteGroups, simulator.RouteGroup} {
					c.Inject(simulator.Fault{Route: route, Status: 403, Match: func(*http.Request) bool {
						return c.Count(simulator.RouteAction) > 0
					}})
				}
			},
			fails: []string{"Goes on in the cloud: app-01: ", "Until the failover shows, ask for no planned one"},
		},
		"a dry run": {
			down: true, more: tftest.Attributes{"dry_run": true},
			plan: []string{"4 groups would move out of eu-de-01, by unplanned failovers. Nothing is moved."},
			says: []string{
				"in 1 wave, by unplanned failovers, of which none is moved: dry_run = true",
				"app-01  eu-de-01  eu-de-02  ready", "4 ready",
			},
		},
		"a dry run that fails": {
			planned: true, more: tftest.Attributes{"dry_run": true},
			fails: []string{"ERROR: Planned Failover Not Ready: app-01", "0 of 4 groups could move out of eu-de-01."},
		},
		"a dry run that would stop all first": {
			planned: true, more: tftest.Attributes{"dry_run": true, "stop_servers": true, "stop_all_first": true},
			plan: []string{"4 groups would move out of eu-de-01, by planned failovers. Nothing is moved."},
			says: []string{"4 ready"},
		},
		"a dry run that can't check all": {
			down: true, more: tftest.Attributes{"dry_run": true},
			prepare: func(c *tftest.Cloud) { c.Inject(simulator.Fault{Route: simulator.RoutePairs, Status: 403}) },
			says:    []string{"4 ready"},
		},
		"a dry run that can't check all, and must": {
			down: true, more: tftest.Attributes{"dry_run": true, "require_all_checks": true},
			prepare: func(c *tftest.Cloud) { c.Inject(simulator.Fault{Route: simulator.RoutePairs, Status: 403}) },
			fails:   []string{"ERROR: Unplanned Failover Not Fully Checked: app-01", "0 of 4 groups could move"},
		},
		"after a run that did not start the servers": {
			down: true, moved: all, accepts: 3, starts: 4, more: tftest.Attributes{"start_servers": true}, prepare: fled(e.Groups[0], simulator.StatusFailedOver),
			plan: []string{"3 groups out of eu-de-01", "Have left, so that only servers which do not run are started: app-01"},
			says: []string{"eu-de-01: 3 groups to move", "servers which do not run are started: app-01", "3 done, 1 nothing_to_do"},
		},
		"after such a run, by the plan's list": {
			down: true, moved: all[:1], starts: 1, prepare: fled(e.Groups[0], simulator.StatusFailedOver),
			more:  tftest.Attributes{"start_servers": true, "protection_groups": []any{id(0)}},
			plan:  []string{"WARNING: No Protection Group to Move: eu-de-01", "All groups have left eu-de-01."},
			warns: []string{"WARNING: Protection Groups Stay"},
		},
		"after a planned run, of which nothing but the name tells": {
			planned: true, moved: all[:1], starts: 1, prepare: fled(e.Groups[0], simulator.StatusProtected),
			more:  tftest.Attributes{"start_servers": true, "protection_groups": []any{"app-01"}},
			says:  []string{"servers which do not run are started: app-01", "1 nothing_to_do"},
			warns: []string{"WARNING: Protection Groups Stay"},
		},
		"after a run whose failover failed half-way, and the other site counts as active": {
			down: true, moved: all, accepts: 3, prepare: fled(e.Groups[0], simulator.StatusErrorFailingOver),
			plan:  []string{"4 groups out of eu-de-01", "app-01 (" + id(0) + "), error-failing-over, to target (eu-de-02). Not possible"},
			says:  []string{"3 done, 1 error"},
			fails: []string{"ERROR: Unplanned Failover Not Possible: app-01", "3 of 4 groups moved"},
		},
		"after a planned run that failed half-way, and the other site counts as active": {
			planned: true, moved: all[:1], accepts: 1, prepare: func(c *tftest.Cloud) {
				fled(e.Groups[0], simulator.StatusErrorReversing)(c)
				for _, group := range e.Groups[1:4] {
					c.DeleteGroup(group.ID)
				}
			},
			more: tftest.Attributes{"stop_servers": true},
			plan: []string{
				"1 group out of eu-de-01",
				"app-01 (" + id(0) + "), error-reversing, to target (eu-de-02). Its servers are stopped at both sites",
			},
			says: []string{"1 done"},
		},
		"after such a run, by the name": {
			down: true, moved: all[:1], prepare: fled(e.Groups[0], simulator.StatusErrorFailingOver),
			more:  tftest.Attributes{"protection_groups": []any{"app-01"}},
			fails: []string{"ERROR: Unplanned Failover Not Possible: app-01", "0 of 1 group moved"},
		},
		"after such a run, and servers are nobody's business": {
			down: true, moved: all, accepts: 3, prepare: fled(e.Groups[0], simulator.StatusFailedOver), says: []string{"3 done"},
		},
		"a planned one, with servers": {
			planned: true, moved: all, accepts: 4,
			more: tftest.Attributes{
				"stop_servers": true, "start_servers": true, "stop_all_first": true,
				"waves": []any{[]any{"app-02"}},
			},
			says: []string{"4 done"},
		},
		"a stop that fails before all moves": {
			planned: true, moved: []string{"app-01", "app-03", "app-04"}, accepts: 3,
			more: tftest.Attributes{"stop_servers": true, "stop_all_first": true, "max_parallel": int64(1)},
			prepare: func(c *tftest.Cloud) {
				c.Inject(simulator.Fault{Route: simulator.RouteServerAction, Skip: 1, Times: 1, Status: 400, Body: `{}`})
			},
			says:  []string{"app-02: error: Servers Not Stopped: app-02", "3 done, 1 error"},
			fails: []string{"ERROR: Servers Not Stopped: app-02", "3 of 4 groups moved", "Failed: Servers Not Stopped: app-02"},
		},
		"a refusal after all were stopped": {
			planned: true, moved: []string{"app-01", "app-03", "app-04"}, accepts: 3,
			more:    tftest.Attributes{"stop_servers": true, "stop_all_first": true},
			prepare: func(c *tftest.Cloud) { c.Inject(refusal(e.Groups[1])) },
			fails: []string{
				"ERROR: Planned Failover Refused: app-02", "The group was not changed, but servers were: see below.",
				"Servers stopped for this, and left so: " + e.Groups[1].Instances[0].TargetServer.Name,
			},
		},
		"a refusal after all were stopped, and that halts": {
			planned: true, starts: 4,
			more: tftest.Attributes{
				"stop_servers": true, "stop_all_first": true, "on_failure": "halt", "max_parallel": int64(1),
			},
			prepare: func(c *tftest.Cloud) { c.Inject(refusal(e.Groups[0])) },
			says: []string{
				`"verified_at":null,"servers_active_at":null,"duration_seconds":null,"downtime_seconds":null,"result":"not_begun"`,
			},
			fails: []string{"Not begun: app-02", "Stopped for this, and left so: app-03-1"},
		},
		"all are to be stopped first, and none is to be stopped": {
			planned: true, moved: all, accepts: 4,
			more: tftest.Attributes{"stop_servers": false, "stop_all_first": true, "max_parallel": int64(1)},
			prepare: func(c *tftest.Cloud) { // The first one's server is started after the first look at it.
				for _, group := range e.Groups[:4] {
					c.SetServerStatus(group.Instances[0].SourceServer.ID, simulator.ServerStopped)
					c.SetServerStatus(group.Instances[0].TargetServer.ID, simulator.ServerStopped)
				}
				var looks atomic.Int64
				c.Inject(simulator.Fault{Route: simulator.RouteServers, Match: func(*http.Request) bool {
					if looks.Add(1) == 2 {
						c.SetServerStatus(e.Groups[0].Instances[0].SourceServer.ID, "ACTIVE")
					}
					return false
				}})
			},
		},
		"nothing to do": {
			planned: true,
			more:    tftest.Attributes{"availability_zone": "eu-de-02", "start_servers": true},
			prepare: func(c *tftest.Cloud) { c.DeleteGroup(e.Groups[4].ID) },
			plan: []string{
				"WARNING: No Protection Group to Move: eu-de-02", "Nothing runs in eu-de-02, nothing to leave.",
				"If a planned run before this one was interrupted, servers of the groups that it moved may be off",
			},
			says: []string{"Nothing runs in eu-de-02, nothing to leave.", "eu-de-02: no groups"},
		},
		"the plan listed none": {
			down: true, more: tftest.Attributes{"protection_groups": []any{}},
			plan:  []string{"None of protection_groups is to move out of eu-de-01.", "so they stay: app-01, app-02"},
			warns: []string{"WARNING: Protection Groups Stay", "Stays: app-04"},
		},
		"a zone that is there, but no group in it": {
			more: tftest.Attributes{"availability_zone": "eu-de-02"},
			prepare: func(c *tftest.Cloud) {
				for _, group := range e.Groups {
					c.DeleteGroup(group.ID)
				}
			},
			plan: []string{"Nothing runs in eu-de-02, nothing to leave."},
		},
		"a zone that is not there": {
			more:  tftest.Attributes{"availability_zone": "eu-de-1"},
			plan:  []string{"ERROR: Availability Zone Not Found: eu-de-1", "There are: eu-de-01, eu-de-02"},
			fails: []string{`No protection group and no active-active domain is in "eu-de-1".`},
		},
		"a zone that may not be there": {
			more:    tftest.Attributes{"availability_zone": "eu-de-1"},
			prepare: func(c *tftest.Cloud) { c.Inject(simulator.Fault{Route: simulator.RouteActiveDomains, Status: 403}) },
			plan:    []string{"WARNING: No Protection Group to Move: eu-de-1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := tftest.SimulateEstate(t, e)
			c.SetZoneDown(zone, test.down)
			if test.prepare != nil {
				test.prepare(c)
			}
			config, sends := tftest.Attributes{"availability_zone": zone, "mode": "unplanned"}, simulator.ActionFailover
			if test.planned {
				config["mode"], sends = "planned", simulator.ActionReverse
			}
			for name, value := range test.more {
				config[name] = value
			}
			action := c.NewAction(t, "sdrs_evacuate_availability_zone")
			plan := action.Plan(t, config)
			contains(t, tftest.Text(plan), test.plan)
			if n := len(plan); n != 1 {
				t.Errorf("the plan says %d things", n)
			}
			for _, change := range []tftest.Attributes{
				{"mode": "unplanned"}, {"stop_servers": false}, {"start_servers": false},
			} {
				other := maps.Clone(config)
				maps.Copy(other, change)
				said := tftest.Text(action.Plan(t, other))
				planned := other["mode"] == "planned"
				if strings.Contains(said, "stopped at both sites") && (!planned || other["stop_servers"] != true) ||
					strings.Contains(said, "may be off") && (!planned || other["start_servers"] != true) {
					t.Errorf("%v: it is said of servers that this leaves alone: %s", change, said)
				}
			}
			messages, diagnostics := action.Invoke(t.Context(), t, config)
			contains(t, strings.Join(messages, "\n"), test.says)
			contains(t, tftest.Text(diagnostics), slices.Concat(test.warns, test.fails))
			if tftest.Failed(diagnostics) != (test.fails != nil) {
				t.Error(tftest.Text(diagnostics))
			}
			if got := moved(c); !slices.Equal(got, test.moved) || c.Accepted(sends) != test.accepts ||
				c.Count(simulator.RouteAction) > test.accepts+len(test.fails) ||
				(!test.planned || test.accepts == 0 || test.more["stop_servers"] != true) && c.Count(simulator.RouteServerAction) != test.starts {
				t.Errorf("moved %v with %d actions", got, c.Accepted(sends))
			}
		})
	}
}

// fled lets a group be one that has left the zone, and whose servers nobody has started.
func fled(group simulator.Group, status string) func(*tftest.Cloud) {
	return func(c *tftest.Cloud) {
		c.UpdateGroup(group.ID, func(g *simulator.Group) {
			g.Status = status
			if g.PriorityStation = simulator.StationTarget; group.PriorityStation == simulator.StationTarget {
				g.PriorityStation = simulator.StationSource
			}
		})
	}
}

// refusal is a fault of the action on a group.
func refusal(group simulator.Group) simulator.Fault {
	return simulator.Fault{
		Route: simulator.RouteAction, Match: at(group), Status: http.StatusBadRequest,
		Body: `{"error":{"code":"SDRS.1015","message":"no"}}`,
	}
}

func contains(t *testing.T, text string, parts []string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in\n%s", part, text)
		}
	}
}

// Terraform validates an action before it knows the values of variables, and not again.
func TestInvalidValuesMoveNothing(t *testing.T) {
	t.Parallel()
	for argument, test := range map[string]struct {
		value any
		want  string
	}{
		"mode":  {"planed", `value must be one of: ["planned" "unplanned"], got: "planed"`},
		"waves": {[]any{[]any{"app-02", nil}}, "Null Set Value"}, // Without it, all would move at once.
	} {
		t.Run(argument, func(t *testing.T) {
			t.Parallel()
			c := tftest.SimulateEstate(t, estate(2))
			c.SetZoneDown(zone, true)
			action := c.NewAction(t, "sdrs_evacuate_availability_zone")
			config := tftest.Attributes{"availability_zone": zone, "mode": "unplanned", argument: test.value}
			_, invoked := action.Invoke(t.Context(), t, config)
			for _, said := range []string{tftest.Text(action.Plan(t, config)), tftest.Text(invoked)} {
				contains(t, said, []string{"ERROR on ", test.want})
			}
			if n := c.Count(simulator.RouteAction); n != 0 {
				t.Errorf("%d actions were sent", n)
			}
		})
	}
}

// Servers are stopped in the reverse order of the waves before the first switch, and started in their order.
func TestStopAllFirst(t *testing.T) {
	t.Parallel()
	e := estate(3)
	c := tftest.SimulateEstate(t, e)
	_, diagnostics := c.NewAction(t, "sdrs_evacuate_availability_zone").Invoke(t.Context(), t, tftest.Attributes{
		"availability_zone": zone, "mode": "planned", "stop_servers": true, "start_servers": true, "stop_all_first": true,
		"waves": []any{[]any{"app-01"}, []any{"app-02"}},
	})
	if len(diagnostics) > 0 {
		t.Error(tftest.Text(diagnostics))
	}
	var order []string
	for _, request := range c.Requests() {
		for _, group := range e.Groups {
			instance := group.Instances[0]
			about := strings.Contains(request.Path, group.ID) || strings.Contains(request.Body, instance.SourceServer.ID) ||
				strings.Contains(request.Body, instance.TargetServer.ID)
			if request.Accepted && about {
				order = append(order, request.Action+" "+group.Name)
			}
		}
	}
	want := []string{
		"os-stop app-03", "os-stop app-02", "os-stop app-01", "reverse-server-group app-01", "os-start app-01",
		"reverse-server-group app-02", "os-start app-02", "reverse-server-group app-03", "os-start app-03",
	}
	if !slices.Equal(order, want) {
		t.Errorf("got %q", order)
	}
}

// A group that has left, and whose servers were not seen in service, is one that has left. The error tells of the servers,
// and that nothing else will, after a planned failover.
func TestInterruptedStart(t *testing.T) {
	t.Parallel()
	e := estate(1)
	c := tftest.SimulateEstate(t, e, simulator.WithServerJobDuration(time.Hour))
	server := e.Groups[0].Instances[0]
	c.SetServerStatus(server.SourceServer.ID, simulator.ServerStopped)
	ctx, cancel := context.WithCancel(t.Context())
	c.Inject(simulator.Fault{Route: simulator.RouteServers, Match: func(*http.Request) bool {
		if c.Accepted("os-start") > 0 {
			cancel()
		}
		return false
	}})
	_, diagnostics := c.NewAction(t, "sdrs_evacuate_availability_zone").Invoke(ctx, t, tftest.Attributes{
		"availability_zone": zone, "mode": "planned", "start_servers": true,
	})
	contains(t, tftest.Text(diagnostics), []string{
		"ERROR: Planned Failover Interrupted: app-01", "The planned failover itself is done and verified.",
		"Servers not ACTIVE yet: " + server.TargetServer.Name, "ERROR: Evacuation Unfinished: eu-de-01",
		"1 of 1 group moved out of eu-de-01.", `-var 'also=["app-01"]'`,
	})
}

// Ctrl-C names the job in flight and what was not begun, and a second run goes on where the first ended: also where a
// group shows the other site as the active one as soon as it moves.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	for mode, test := range map[string]struct {
		options []simulator.Option
		sends   string
		moving  string
		add     string
	}{
		"unplanned": {nil, simulator.ActionFailover, "failing-over", ""},
		"planned": {
			[]simulator.Option{simulator.WithStationFlipsEarly()},
			simulator.ActionReverse, "reversing",
			`In the emergency folder add: -var 'also=["app-01"]'`,
		},
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			c := tftest.SimulateEstate(t, estate(3), test.options...)
			c.SetZoneDown(zone, mode == "unplanned")
			ctx, cancel := context.WithCancel(t.Context())
			c.Inject(simulator.Fault{Route: simulator.RouteGroups, Match: func(*http.Request) bool {
				if c.Accepted(test.sends) > 0 {
					cancel()
				}
				return false
			}})
			c.Inject(simulator.Fault{Route: simulator.RouteAction, Match: func(*http.Request) bool {
				if ctx.Err() == nil {
					c.StallJobs()
				}
				return false
			}})
			config := tftest.Attributes{
				"availability_zone": zone, "mode": mode, "max_parallel": int64(1), "stop_servers": true, "start_servers": true,
			}
			action := c.NewAction(t, "sdrs_evacuate_availability_zone")
			messages, diagnostics := action.Invoke(ctx, t, config)
			contains(t, tftest.Text(diagnostics), []string{
				"0 of 3 groups moved", "Goes on in the cloud: app-01: " + test.moving + ", job ff80",
				"Not begun: app-02", "Not begun: app-03", test.add,
			})
			if said := strings.Join(messages, "\n"); strings.Contains(
				said,
				"GROUP",
			) { // Terraform would hear that, and not the error.
				t.Errorf("said %s", said)
			}
			contains(t, tftest.Text(action.Plan(t, config)), []string{"Wave 1: app-01 ("})
			var lists atomic.Int64
			c.Inject(simulator.Fault{Route: simulator.RouteGroups, Match: func(*http.Request) bool {
				if lists.Add(1) > 1 { // The first chooses.
					c.ResumeJobs()
				}
				return false
			}})
			if _, diagnostics := action.Invoke(t.Context(), t, config); len(diagnostics) > 0 {
				t.Error(tftest.Text(diagnostics))
			}
			if n := c.Accepted(test.sends); n != 3 || len(moved(c)) != 3 || c.Accepted("os-start") != 3 {
				t.Errorf("%d accepted, %d started, moved %v", n, c.Accepted("os-start"), moved(c))
			}
		})
	}
}
