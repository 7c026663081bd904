package groupfailover_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func readinessConfig(c *tftest.Cloud, more string) string {
	return c.ProviderBlock() + fmt.Sprintf("data \"sdrs_failover_readiness\" \"test\" {\n  protection_group_id = %q\n  %s\n}\n", c.GroupID, more)
}

func TestAccReadiness(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	const address = "data.sdrs_failover_readiness.test"
	server := simulator.DemoGroup().Instances[0].SourceServer
	has := func(name, value string) resource.TestCheckFunc {
		return resource.TestCheckResourceAttr(address, name, value)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{
				Config: readinessConfig(c, ""),
				Check: resource.ComposeAggregateTestCheckFunc(
					has("priority_station", "target"), has("active_site", "source"), has("name", "web-shop"), has("ready", "true"), has("problems.#", "0"),
					has("checks.#", "7"), has("checks.5.name", "servers_stopped"), has("checks.5.status", "pass"),
					resource.TestCheckNoResourceAttr(address, "checks.5.remedy"),
				),
			},
			{ // Not ready is a finding, not an error.
				PreConfig: func() { c.SetServerStatus(server.ID, "ACTIVE") },
				Config:    readinessConfig(c, `priority_station = "target"`),
				Check: resource.ComposeAggregateTestCheckFunc(
					has("ready", "false"), has("checks.5.status", "fail"),
					resource.TestMatchResourceAttr(address, "checks.5.detail", regexp.MustCompile(server.ID)),
					resource.TestMatchResourceAttr(address, "checks.5.remedy", regexp.MustCompile("Stop them")),
				),
			},
			{ // Production runs on any day without a switch.
				Config: readinessConfig(c, `stop_servers = true`),
				Check:  resource.ComposeAggregateTestCheckFunc(has("ready", "true"), has("checks.5.status", "pass")),
			},
			{
				Config: readinessConfig(c, `priority_station = "source"`),
				Check:  resource.ComposeAggregateTestCheckFunc(has("ready", "true"), has("checks.#", "1")),
			},
			{
				Config:      readinessConfig(c, `priority_station = "primary"`),
				ExpectError: regexp.MustCompile(`"primary"`),
			},
			{
				PreConfig:   func() { c.DeleteGroup(c.GroupID) },
				Config:      readinessConfig(c, ""),
				ExpectError: regexp.MustCompile("Protection Group Not Found"),
			},
		},
	})
	if n := c.Count(simulator.RouteAction); n != 0 {
		t.Errorf("%d actions sent", n)
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
	source.SetServerStatus(simulator.DemoGroup().Instances[0].SourceServer.ID, "ACTIVE")
	tftest.Want(t, read(), tftest.Attributes{"ready": false, "fully_checked": true})
	source.AddGroup(simulator.DemoGroup())
	source.Inject(simulator.Fault{Route: simulator.RoutePairs, Status: http.StatusForbidden})
	found := read()
	tftest.Want(t, found, tftest.Attributes{"ready": false, "fully_checked": false})
	problems, _ := found["problems"].([]any)
	if text := fmt.Sprint(problems); len(problems) != 4 || !strings.Contains(text, "The replication pairs could not be read") ||
		!strings.Contains(text, "The user may not read: replication pairs (SDRS).") {
		t.Errorf("got %q", problems)
	}
}
