package groupfailover_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestReadiness(t *testing.T) {
	t.Parallel()
	server := simulator.DemoGroup().Instances[0].SourceServer
	runs := func(c *tftest.Cloud) { c.SetServerStatus(server.ID, "ACTIVE") }
	for name, test := range map[string]struct {
		prepare func(*tftest.Cloud)
		config  tftest.Attributes
		want    tftest.Attributes
		checks  int
		// stopped is what is found of the servers, with parts of its detail and its remedy.
		stopped, detail, remedy string
	}{
		"ready": {
			want:   tftest.Attributes{"priority_station": "target", "active_site": "source", "name": "web-shop", "ready": true},
			checks: 7, stopped: "pass",
		},
		"a server runs": { // Not ready is a finding, not an error.
			prepare: runs, config: tftest.Attributes{"priority_station": "target"},
			want: tftest.Attributes{"ready": false}, checks: 7, stopped: "fail", detail: server.ID, remedy: "Stop them",
		},
		"a server runs, and will be stopped": { // Production runs on any day without a switch.
			prepare: runs, config: tftest.Attributes{"stop_servers": true},
			want: tftest.Attributes{"ready": true}, checks: 7, stopped: "pass",
		},
		"never drilled": { // It warns, and is no problem.
			config: tftest.Attributes{"max_drill_age": "2160h"}, want: tftest.Attributes{"ready": true}, checks: 8,
			stopped: "pass",
		},
		"active already": {
			config: tftest.Attributes{"priority_station": "source"}, want: tftest.Attributes{"ready": true},
			checks: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := tftest.NewSource(t, "sdrs_failover_readiness")
			if test.prepare != nil {
				test.prepare(s.Cloud)
			}
			config := tftest.Attributes{"protection_group_id": s.GroupID}
			for name, value := range test.config {
				config[name] = value
			}
			read := s.Read(t, config)
			if len(read.Diagnostics) > 0 {
				t.Fatal(tftest.Text(read.Diagnostics))
			}
			tftest.Want(t, read.Attributes, test.want)
			if problems, _ := read.Attributes["problems"].([]any); (len(problems) == 0) != (test.want["ready"] == true) {
				t.Errorf("problems %v", problems)
			}
			checks := tftest.Objects(t, read.Attributes, "checks")
			if len(checks) != test.checks {
				t.Fatalf("%d checks, want %d", len(checks), test.checks)
			}
			if test.checks > 1 {
				stopped := checks[5]
				tftest.Want(t, stopped, tftest.Attributes{"name": "servers_stopped", "status": test.stopped})
				detail, _ := stopped["detail"].(string)
				remedy, _ := stopped["remedy"].(string)
				if !strings.Contains(detail, test.detail) || !strings.Contains(remedy, test.remedy) ||
					(remedy == "") != (test.remedy == "") {
					t.Errorf("got %v", stopped)
				}
			}
			if n := s.Count(simulator.RouteAction); n != 0 {
				t.Errorf("%d actions sent", n)
			}
		})
	}
	s := tftest.NewSource(t, "sdrs_failover_readiness")
	s.DeleteGroup(s.GroupID)
	if text := tftest.Text(s.Read(t,
		tftest.Attributes{"protection_group_id": s.GroupID}).Diagnostics); !strings.Contains(text,
		"Protection Group Not Found") {
		t.Errorf("got %s", text)
	}
}

// What could not be checked is not ready, whatever the reason.
func TestReadinessThatIsNotKnown(t *testing.T) {
	t.Parallel()
	source := tftest.NewSource(t, "sdrs_failover_readiness")
	read := func() tftest.Attributes {
		return source.Read(t, tftest.Attributes{"protection_group_id": source.GroupID}).Attributes
	}
	tftest.Want(t, read(), tftest.Attributes{"ready": true, "fully_checked": true})
	zone := tftest.Attributes{"protection_group_id": source.GroupID, "priority_availability_zone": "eu-de-01"}
	tftest.Want(t, source.Read(t, zone).Attributes, tftest.Attributes{"ready": true, "priority_station": "source"})
	source.SetServerStatus(simulator.DemoGroup().Instances[0].SourceServer.ID, "ACTIVE")
	tftest.Want(t, read(), tftest.Attributes{"ready": false, "fully_checked": true})
	source.AddGroup(simulator.DemoGroup())
	source.Inject(simulator.Fault{Route: simulator.RoutePairs, Status: http.StatusForbidden})
	found := read()
	tftest.Want(t, found, tftest.Attributes{"ready": false, "fully_checked": false})
	problems, _ := found["problems"].([]any)
	if text := fmt.Sprint(problems); len(problems) != 4 ||
		!strings.Contains(text, "The replication pairs could not be read") ||
		!strings.Contains(text, "The user may not read: replication pairs (SDRS).") {
		t.Errorf("got %q", problems)
	}
}
