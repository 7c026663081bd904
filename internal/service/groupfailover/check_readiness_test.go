package groupfailover_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestCheckReadiness(t *testing.T) {
	t.Parallel()
	server := simulator.DemoGroup().Instances[0].SourceServer.ID
	runs := func(c *tftest.Cloud) { c.SetServerStatus(server, "ACTIVE") }
	unread := func(c *tftest.Cloud) {
		c.Inject(simulator.Fault{Route: simulator.RoutePairs, Status: http.StatusForbidden})
	}
	for name, test := range map[string]struct {
		more    tftest.Attributes
		prepare func(*tftest.Cloud)
		want    string // A part of the error, or of the progress.
		fails   bool
	}{
		"ready": {
			nil, nil,
			"web-shop: a planned failover from source (eu-de-01) to target (eu-de-02) could start now", false,
		},
		"active already": {
			tftest.Attributes{"priority_station": "source"},
			nil,
			"web-shop: protected, active at source (eu-de-01) already", false,
		},
		"by its zone": {
			tftest.Attributes{"priority_availability_zone": "eu-de-01"},
			nil,
			"web-shop: protected, active at source (eu-de-01) already", false,
		},
		"no such zone": {
			tftest.Attributes{"priority_availability_zone": "eu-de-03"},
			nil,
			"Availability Zone of Another Group", true,
		},
		"a server runs": {nil, runs, "Planned Failover Not Ready: web-shop", true},
		"is stopped":    {tftest.Attributes{"stop_servers": true}, runs, "could start now", false},
		"moves": {
			nil, func(c *tftest.Cloud) { c.StallJobs(); _, _ = c.Switch(c.GroupID, "target") },
			"Planned Failover Not Ready: web-shop", true,
		},
		"not protected": {nil, func(c *tftest.Cloud) { c.Lead(t, "available") }, "Enable protection", true},
		"not known":     {nil, unread, "Planned Failover Not Fully Checked: web-shop", true},
		"need not be": {
			tftest.Attributes{"require_all_checks": false},
			unread,
			"web-shop: replication_health: unknown: The replication pairs could not be read", false,
		},
		"no drill": {
			tftest.Attributes{"max_drill_age": "2160h"},
			nil,
			"web-shop: recent_drill: warn: The group has no DR drill", false,
		},
		"no such group": {nil, func(c *tftest.Cloud) { c.DeleteGroup(c.GroupID) }, "Protection Group Not Found", true},
		"both, and worse": {
			tftest.Attributes{"require_all_checks": false},
			func(c *tftest.Cloud) { runs(c); unread(c) },
			server, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := tftest.Simulate(t)
			if test.prepare != nil {
				test.prepare(c)
			}
			config := tftest.Attributes{"protection_group_id": c.GroupID}
			maps.Copy(config, test.more)
			c.ResetRequests()
			messages, diagnostics := c.NewAction(t, "sdrs_check_readiness").Invoke(t.Context(), t, config)
			text := strings.Join(messages, "\n") + tftest.Text(diagnostics)
			if tftest.Failed(diagnostics) != test.fails || !strings.Contains(text, test.want) {
				t.Errorf("got %s", text)
			}
			for _, request := range c.Requests() {
				if request.Method != http.MethodGet && !strings.HasSuffix(request.Path, "/auth/tokens") {
					t.Errorf("sent %s %s", request.Method, request.Path)
				}
			}
		})
	}
}

// What Ctrl-C has left unread is not what need not be checked: a gate that was interrupted did not open.
func TestInterruptedCheck(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	ctx, cancel := context.WithCancel(t.Context())
	c.Inject(simulator.Fault{Route: simulator.RoutePairs, Match: func(*http.Request) bool { cancel(); return false }})
	_, diagnostics := c.NewAction(t, "sdrs_check_readiness").Invoke(ctx, t, tftest.Attributes{
		"protection_group_id": c.GroupID, "require_all_checks": false,
	})
	if text := tftest.Text(diagnostics); !strings.Contains(text, "ERROR: Planned Failover Interrupted: web-shop") {
		t.Errorf("got %q", text)
	}
}

// Real Terraform: an update whose gate fails stops and switches nothing, and one whose gate passes switches.
func TestAccCheckReadinessAsAGate(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	config := func(station string) string {
		return c.ProviderBlock() + fmt.Sprintf(`
action "sdrs_check_readiness" "gate" {
  config {
    protection_group_id = %[1]q
    stop_servers        = true
  }
}

resource "sdrs_protection_group_failover" "test" {
  protection_group_id = %[1]q
  priority_station    = %[2]q
  stop_servers        = true

  lifecycle {
    action_trigger {
      events  = [before_update]
      actions = [action.sdrs_check_readiness.gate]
    }
  }
}
`, c.GroupID, station)
	}
	c.SetServers("ACTIVE")
	var repair func()
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   tftest.Needs("actions", tfversion.Version1_14_0),
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: config("source")},
			{ // The switch itself would go on: what can't be read does not block it.
				PreConfig: func() {
					repair = c.Inject(simulator.Fault{
						Route:  simulator.RoutePairs,
						Status: http.StatusForbidden,
					})
				},
				Config:      config("target"),
				ExpectError: regexp.MustCompile("Planned Failover Not Fully Checked: web-shop"),
			},
			{
				PreConfig: func() {
					repair()
					if n := c.Count(simulator.RouteAction) + c.Count(simulator.RouteServerAction); n != 0 {
						t.Errorf("%d actions sent in spite of the gate", n)
					}
				},
				Config: config("target"),
				Check:  accepted(c, 1),
			},
		},
	})
}
