package groupfailover_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// waited is how long a switch was waited for, by the clock of a machine that may be busy.
var waited = regexp.MustCompile(`after [0-9.]+m?s\.`)

// TestFailuresKeepTheIntent has a case for each way in which an update can fail: its text, and what is saved.
func TestFailuresKeepTheIntent(t *testing.T) {
	t.Parallel()
	server := simulator.DemoGroup().Instances[0].SourceServer
	for name, test := range map[string]struct {
		prepare  func(stage)
		timeout  string
		text     string
		saved    tftest.Attributes
		accepted int
		repair   func(stage)
		// total is how many planned failovers are accepted once the next apply has succeeded.
		total int
	}{
		"not ready": {
			prepare: func(s stage) { s.SetServerStatus(server.ID, "ACTIVE") },
			text: `
ERROR: Planned Failover Not Ready: web-shop

The planned failover would fail, so it was not requested. The group was not changed.

  Protection group: {group}
  Status: protected
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)
  servers_stopped: These servers run at the active site: ` + server.Name + " (" + server.ID + `) is ACTIVE. Stop them, or set stop_servers = true.

Resolve this. Then plan again, and apply.`,
			saved:  tftest.Attributes{"status": "protected", "active_site": "source"},
			repair: func(s stage) { s.SetServerStatus(server.ID, simulator.ServerStopped) },
			total:  1,
		},
		"refused": {
			prepare: func(s stage) {
				s.SetServerStatus(server.ID, "ACTIVE")
				s.Inject(simulator.Fault{Route: simulator.RouteServer, Status: http.StatusForbidden}) // Only the cloud knows.
			},
			text: `
ERROR: Planned Failover Refused: web-shop

The cloud refused the planned failover. Nothing was changed.

  Protection group: {group}
  Status: protected
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)
  HTTP status: 400
  Error code: SDRS.1319
  Reason: {reason}
  Request ID: {request}

Stop all servers of the group at the active site, and leave the servers at both sites stopped until the operation has ended. Then plan again, and apply.`,
			saved:  tftest.Attributes{"status": "protected", "active_site": "source"},
			repair: func(s stage) { s.SetServerStatus(server.ID, simulator.ServerStopped) },
			total:  1,
		},
		"not possible": {
			prepare: func(s stage) {
				s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = simulator.StatusFailedOver })
			},
			text: `
ERROR: Planned Failover Not Possible: web-shop

The group failed over without being reprotected, so nothing is replicated. Nothing was changed.

  Protection group: {group}
  Status: failed-over
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)

Reprotect the group, which overwrites the disks of the site it failed over from, and wait until it is protected.`,
			saved: tftest.Attributes{"status": "failed-over", "active_site": "source"},
			repair: func(s stage) {
				s.UpdateGroup(s.GroupID, func(g *simulator.Group) { g.Status = simulator.StatusProtected })
			},
			total: 1,
		},
		"job failed": {
			prepare: func(s stage) { s.FailNextJob("SDRS.1029", "the array is on fire") },
			text: `
ERROR: Planned Failover Failed: web-shop

Production may be at either site: the group is error-reversing, and source (eu-de-01) counts as active.

The cloud accepted the planned failover, and its job failed.

  Protection group: {group}
  Status: error-reversing
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)
  Job ID: {job}
  Error code: SDRS.1029
  Reason: the array is on fire
  Failed sub-job: {sub-job}

Resolve the reason that the cloud gives. Then plan again, and apply. To repeat a failed operation is the documented way on.`,
			saved:    tftest.Attributes{"status": "error-reversing", "active_site": "source"},
			accepted: 1, total: 2,
		},
		"answer lost": {
			prepare: func(s stage) {
				s.Inject(simulator.Fault{Route: simulator.RouteAction, Times: 1, Status: http.StatusBadGateway})
			},
			text: `
ERROR: Planned Failover Not Started: web-shop

Production is at source (eu-de-01).

The answer to the request for the planned failover leaves open what became of it, and there was no sign of it in 30 reads since: as far as that shows, the cloud did not accept it. The request was not repeated.

  Protection group: {group}
  Status: protected
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)
  HTTP status: 502
  Reason: Bad Gateway (empty body)
  Request ID: {request}

Plan again, and apply. Should it show by then, the operation is found and waited for.`,
			saved: tftest.Attributes{"status": "protected", "active_site": "source"},
			total: 1,
		},
		"timed out": {
			prepare: func(s stage) { s.StallJobs() },
			timeout: "2s",
			text: `
ERROR: Planned Failover Timed Out: web-shop

Production may be at either site: the group is reversing, and source (eu-de-01) counts as active.

Gave up waiting after 1s. The planned failover was accepted and goes on in the cloud.

  Protection group: {group}
  Status: reversing
  Active site: source (eu-de-01)
  Wanted site: target (eu-de-02)
  Job ID: {job}

Plan again, then apply: the new plan finds what is in flight, and the apply waits for its end. If this takes as long every time, raise timeouts.update.`,
			saved:    tftest.Attributes{"status": "reversing", "active_site": "source"},
			accepted: 1,
			repair:   func(s stage) { s.ResumeJobs() },
			total:    1,
		},
		"contact lost": {
			prepare: func(s stage) {
				s.Inject(simulator.Fault{
					Route: simulator.RouteGroup, Skip: 2, Times: 1, Status: http.StatusForbidden,
					Body: `{"error":{"code":"SDRS.0009","message":"no"}}`,
				})
			},
			text: `
ERROR: Lost Contact With the Protection Group: web-shop

Production was at target (eu-de-02) when the group was last read.

The protection group can't be read any longer. The planned failover was accepted and goes on in the cloud.

  Protection group: {group}
  Status: protected
  Active site: target (eu-de-02)
  Wanted site: target (eu-de-02)
  Job ID: {job}
  HTTP status: 403
  Error code: SDRS.0009
  Reason: no
  Request ID: {request}

Wait until the API can be reached. Plan again, then apply: the new plan finds what is in flight, and the apply waits for its end.`,
			saved:    tftest.Attributes{"status": "protected", "active_site": "target"},
			accepted: 1, total: 1,
		},
		"not readable": {
			prepare: func(s stage) {
				s.Inject(simulator.Fault{
					Route: simulator.RouteGroup, Times: 1, Status: http.StatusForbidden,
					Body: `{"error":{"code":"SDRS.0009","message":"no"}}`,
				})
			},
			text: `
ERROR: Protection Group Not Permitted: 40df180b-9fe2-471a-8c64-1b758dc84189

The user may not read the protection group. Nothing was changed.

  Protection group: {id}
  HTTP status: 403
  Error code: SDRS.0009
  Reason: no
  Request ID: {request}

Give the user the permissions for SDRS in this project.`,
			saved: tftest.Attributes{"status": "protected", "active_site": "source"},
			total: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			more := tftest.Attributes{}
			if test.timeout != "" {
				more["timeouts"] = tftest.Attributes{"update": test.timeout}
			}
			state := s.adopt(t, more)
			plan := s.Plan(t, state, s.config("target", more))
			test.prepare(s)
			applied := s.ApplyFinal(t.Context(), t, plan)
			text := waited.ReplaceAllString(tftest.Text(applied.Diagnostics[:1]), "after 1s.")
			tftest.WantText(t, tftest.Masked(text, test.text), strings.ReplaceAll(test.text, "{id}", s.GroupID))
			tftest.Want(t, applied.Attributes, test.saved)
			tftest.Want(t, applied.Attributes, tftest.Attributes{"priority_station": "source", "last_failover": nil})
			s.wantAccepted(t, test.accepted)

			if test.repair != nil {
				test.repair(s)
			}
			state = s.Read(t, applied.Attributes).Attributes
			resumed := s.Apply(t.Context(), t, s.Plan(t, state, s.config("target", nil)))
			if tftest.Failed(resumed.Diagnostics) {
				t.Error(tftest.Text(resumed.Diagnostics))
			}
			tftest.Want(t, resumed.Attributes, tftest.Attributes{
				"priority_station": "target", "active_site": "target",
				"status": "protected",
			})
			s.wantAccepted(t, test.total)
		})
	}
}
