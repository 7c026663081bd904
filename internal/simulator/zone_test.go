package simulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// What an outage of a zone allows on a group that runs there, until it is back.
func TestZoneDown(t *testing.T) {
	const zone = "eu-de-01"
	estate := simulator.MixedEstate(2, 1).Leaving(zone)
	clock := simulator.NewManualClock(time.Date(2026, 11, 28, 3, 0, 0, 0, time.UTC))
	c := newCloud(t, simulator.WithClock(clock), simulator.WithEstate(estate), simulator.WithZoneDown(zone))
	for n, g := range estate.Groups {
		server := []simulator.Server{g.Instances[0].SourceServer, g.Instances[0].TargetServer}[n]
		if equal(t, "zone", []string{g.SourceAZ, g.TargetAZ}[n], zone); server.Status != "ACTIVE" {
			t.Errorf("%s does not run", g.Name)
		}
		equal(t, "fault level", c.pair(g.Instances[0].Pairs[0].ID).at("fault_level"), any("2"))
		stop := `{"os-stop":{"type":"HARD","servers":[{"id":"` + server.ID + `"}]}}`
		job := c.call(http.MethodPost, "/ecs/v1/"+c.Account.ProjectID+"/cloudservers/action", stop).textAt("job_id")
		clock.Advance(time.Minute)
		equal(t, "stop", c.ecs("jobs/"+job).textAt("status"), "FAIL")

		refusals := func(want string, act func() error) {
			t.Helper()
			if err := act(); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %q", g.Name, err, want)
			}
			clock.Advance(time.Minute)
		}
		protect := func() error { _, err := c.Protect(g.ID); return err }
		refusals("SDRS.1601", func() error { _, err := c.Switch(g.ID, []string{"target", "source"}[n]); return err })
		refusals("", func() error { _, err := c.Failover(g.ID); return err })
		equal(t, "fault level", c.pair(g.Instances[0].Pairs[0].ID).at("fault_level"), any("0"))
		refusals("SDRS.1601", protect)
		c.SetZoneDown(zone, false)
		refusals("", protect)
		c.SetZoneDown(zone, true)
	}
}
