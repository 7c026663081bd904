package failover_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// BenchmarkSwitch switches a group of two instances whose job takes D of simulated time, and reports what that costs:
// the time from the job's end to the return, the requests of the switch and those of the readiness checks before it,
// which are made at the same time, and the connections. The login counts for the connections only.
func BenchmarkSwitch(b *testing.B) {
	for _, d := range []time.Duration{3 * time.Second, 12 * time.Second, time.Minute, 5 * time.Minute} {
		b.Run(fmt.Sprintf("D=%s", d), func(b *testing.B) {
			var late time.Duration
			var requests, readiness, connections int
			for b.Loop() {
				// Jobs that end between two polls show the worst.
				for _, job := range []time.Duration{d, d + 100*time.Millisecond, d + d/100} {
					s := newScene(b, simulator.WithJobDuration(job))
					result, err := s.switchTo(b.Context(), sdrs.Target)
					if err != nil {
						b.Fatal(err)
					}
					took, _ := result.Times.Duration()
					late = max(late, took-job)
					checks := s.Count(simulator.RouteInstances) + s.Count(simulator.RoutePairs) + s.Count(simulator.RouteServer)
					requests = max(requests, len(s.Requests())-s.loggedIn-checks)
					readiness = max(readiness, checks)
					connections = max(connections, s.Connections())
				}
			}
			b.ReportMetric(late.Seconds(), "s-late")
			b.ReportMetric(float64(requests), "requests")
			b.ReportMetric(float64(readiness), "readiness-requests")
			b.ReportMetric(float64(connections), "connections")
			b.ReportMetric(0, "ns/op") // The time of the simulation says nothing.
		})
	}
}
