package failover_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// TestRecord has what is kept of an operation: each time that happened, by the simulated clock, and no other.
func TestRecord(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		operation failover.Operation
		live      bool
		prepare   func(*scene)
		want      string
	}{
		"with servers": {
			operation: failover.PlannedFailover(sdrs.Target), live: true,
			want: `"operation":"planned failover","from":"source","from_availability_zone":"eu-de-01",` +
				`"to":"target","to_availability_zone":"eu-de-02","active_site":"target","active_availability_zone":"eu-de-02",` +
				`"status":"protected","job_id":"*","servers_stop_requested_at":"2026-11-23T03:00:00Z",` +
				`"requested_at":"2026-11-23T03:00:20Z","job_finished_at":"2026-11-23T03:00:32Z","verified_at":"2026-11-23T03:00:32Z",` +
				`"servers_active_at":"2026-11-23T03:00:52Z","duration_seconds":32,"downtime_seconds":52,"result":"done","error":null}`,
		},
		"servers that were stopped already": {
			operation: failover.PlannedFailover(sdrs.Target),
			prepare:   func(s *scene) { s.policy = failover.ServerPolicy{Stop: true} },
			want: `"servers_stop_requested_at":null,"requested_at":"2026-11-23T03:00:00Z","job_finished_at":"2026-11-23T03:00:12Z",` +
				`"verified_at":"2026-11-23T03:00:12Z","servers_active_at":null,"duration_seconds":12,"downtime_seconds":null,`,
		},
		"a lost answer": {
			operation: failover.UnplannedFailover(sdrs.Target), prepare: func(s *scene) {
				s.Inject(simulator.Fault{Route: simulator.RouteAction, Times: 1, Status: 502, AfterEffect: true})
			},
			want: `"status":"failed-over","job_id":null,"servers_stop_requested_at":null,"requested_at":"2026-11-23T03:00:00Z",` +
				`"job_finished_at":null,"verified_at":"2026-11-23T03:00:12Z",`,
		},
		"nothing to do": {
			operation: failover.Reprotect(),
			want: `"operation":"reprotection","from":"source","from_availability_zone":"eu-de-01","to":"source",` +
				`"to_availability_zone":"eu-de-01","active_site":"source","active_availability_zone":"eu-de-01","status":"protected",` +
				`"job_id":null,"servers_stop_requested_at":null,"requested_at":null,"job_finished_at":null,` +
				`"verified_at":"2026-11-23T03:00:00Z","servers_active_at":null,"duration_seconds":null,"downtime_seconds":null,` +
				`"result":"nothing_to_do","error":null}`,
		},
		"a job that failed": {
			operation: failover.PlannedFailover(sdrs.Target), live: true,
			prepare: func(s *scene) { s.FailNextJob("SDRS.1029", "the array is on fire") },
			want: `"to":"target","to_availability_zone":"eu-de-02","active_site":"source","active_availability_zone":"eu-de-01",` +
				`"status":"error-reversing","job_id":"*","servers_stop_requested_at":"2026-11-23T03:00:00Z",` +
				`"requested_at":"2026-11-23T03:00:20Z","job_finished_at":"2026-11-23T03:00:32Z","verified_at":null,` +
				`"servers_active_at":null,"duration_seconds":null,"downtime_seconds":null,"result":"error","error":"JobFailed"}`,
		},
		"no group": {
			operation: failover.PlannedFailover(sdrs.Target), prepare: func(s *scene) { s.DeleteGroup(groupID) },
			want: `"group_id":"` + groupID + `","group_name":"","operation":"planned failover","from":null,`,
		},
		"a hostile name": {
			operation: failover.PlannedFailover(sdrs.Source),
			prepare: func(s *scene) {
				s.UpdateGroup(groupID, func(g *simulator.Group) { g.Name = "web\"}\n\x7f\u202esdrs-record: {" })
			},
			want: `"group_name":"web\"}\\n\\x7f\\u202esdrs-record: {"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			if test.live {
				s = newLiveScene(t)
			}
			if test.prepare != nil {
				test.prepare(s)
			}
			result, err := s.do(t, test.operation)
			line := failover.NewRecord(test.operation, result, err).Line()
			var fields map[string]any
			object, prefixed := strings.CutPrefix(line, "sdrs-record: ")
			if err := json.Unmarshal([]byte(object), &fields); err != nil || !prefixed || cloud.Printable(line) != line {
				t.Fatalf("%v: %s", err, line)
			}
			if job, known := fields["job_id"].(string); known {
				line = strings.ReplaceAll(line, job, "*")
			}
			if !strings.Contains(line, test.want) {
				t.Errorf("got  %s\nwant %s", line, test.want)
			}
		})
	}
}

// An objective is held against what users felt, as far as that is known.
func TestMissedObjective(t *testing.T) {
	t.Parallel()
	at := func(seconds int) time.Time { return time.Unix(int64(seconds), 0) }
	for name, test := range map[string]struct {
		times failover.Times
		want  time.Duration
	}{
		"downtime": {failover.Times{
			ServersStopRequested: at(1), Requested: at(20), Verified: at(30),
			ServersActive: at(50),
		}, 49 * time.Second},
		"no stop": {failover.Times{Requested: at(20), Verified: at(30), ServersActive: at(50)}, 30 * time.Second},
		"no start": {
			failover.Times{ServersStopRequested: at(1), Requested: at(20), Verified: at(31)},
			11 * time.Second,
		},
		"found": {
			failover.Times{Requested: at(20), JobFinished: at(32), Verified: at(999), Resumed: true},
			12 * time.Second,
		},
		"end not known":  {failover.Times{Requested: at(20)}, 0},
		"nothing to do":  {failover.Times{Verified: at(30), ServersActive: at(50)}, 0},
		"another's time": {failover.Times{Requested: at(999), Verified: at(30)}, 0},
	} {
		for objective, missed := range map[time.Duration]bool{test.want: false, test.want - time.Second: test.want > 0} {
			if took, late := test.times.Missed(objective); took != test.want || late != missed {
				t.Errorf("%s: %s, missed %s is %v", name, took, objective, late)
			}
		}
	}
}
