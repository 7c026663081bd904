package evacuation_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/evacuation"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

// BenchmarkEvacuation moves 30 groups whose jobs take 3 s in one wave, 10 at a time, in real time: unplanned and
// planned, with and without a start of their servers, as it is, and with an API that refuses all beyond 20 requests in
// a second. It reports the time, that against the ideal of 9 s, and the requests for each group.
func BenchmarkEvacuation(b *testing.B) {
	const groups, job = 30, 3 * time.Second
	for _, setting := range []struct {
		name           string
		planned, start bool
		limit          int
	}{
		{name: "unplanned"},
		{name: "unplanned, throttled", limit: 20},
		{name: "unplanned, started", start: true},
		{name: "planned", planned: true},
		{name: "planned, started", planned: true, start: true},
		{name: "planned, started, throttled", planned: true, start: true, limit: 20},
	} {
		b.Run(setting.name, func(b *testing.B) {
			for b.Loop() {
				estate := simulator.MixedEstate(groups, 3).Leaving(zone)
				c := simtest.New(b, simulator.WithEstate(estate), simulator.WithJobDuration(job))
				c.SetZoneDown(zone, !setting.planned)
				session := c.Session(b)
				client := sdrs.NewClient(session)
				if setting.limit > 0 {
					throttle(c.Simulator, setting.limit)
				}
				c.ResetRequests()
				request := evacuation.Request{
					Zone: zone, MaxParallel: 10, Planned: setting.planned,
					Policy: failover.ServerPolicy{Stop: true, Start: setting.start},
				}
				began := time.Now()
				all, err := client.Groups(b.Context(), sdrs.GroupFilter{})
				if err != nil {
					b.Fatal(err)
				}
				for _, o := range evacuate(b.Context(), failover.New(client, ecs.NewClient(session)), request, all) {
					if o.Verdict != failover.ResultDone {
						b.Errorf("%s: %v", o.Group.Name, o.Err)
					}
				}
				took := time.Since(began)
				if n := c.Accepted(simulator.ActionFailover) + c.Accepted(simulator.ActionReverse); n != groups {
					b.Errorf("%d accepted", n)
				}
				b.ReportMetric(took.Seconds(), "s")
				b.ReportMetric(took.Seconds()/(groups/10*job).Seconds(), "of-ideal")
				b.ReportMetric(float64(len(c.Requests()))/groups, "requests/group")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// throttle refuses all requests beyond so many in a second.
func throttle(sim *simulator.Simulator, perSecond int) {
	var mu sync.Mutex
	var second int64
	n := 0
	sim.Inject(simulator.Fault{Status: http.StatusTooManyRequests, Match: func(*http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		if now := time.Now().Unix(); now != second {
			second, n = now, 0
		}
		n++
		return n > perSecond
	}})
}
