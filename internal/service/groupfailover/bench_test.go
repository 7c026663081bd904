package groupfailover_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// BenchmarkRefresh refreshes groups by the plugin protocol, ten at a time as Terraform does, without Terraform's own part.
func BenchmarkRefresh(b *testing.B) {
	for _, groups := range []int{1, 50, 500} {
		b.Run(fmt.Sprintf("groups=%d", groups), func(b *testing.B) {
			var seeds []simulator.Group
			for i := range groups {
				seeds = append(seeds, simulator.NewGroup(fmt.Sprintf("%08x-0000-4000-8000-000000000000", i), fmt.Sprintf("group-%d", i), 2, 3))
			}
			c := tftest.Simulate(b, simulator.WithGroups(seeds...))
			resource, diagnostics := c.NewResource(b, typeName, nil)
			if len(diagnostics) > 0 {
				b.Fatal(tftest.Text(diagnostics))
			}
			var states []tftest.State
			for _, group := range seeds {
				states = append(states, resource.Import(b, group.ID))
			}
			c.ResetRequests()
			rounds := 0
			for b.Loop() {
				rounds++
				refresh(b, resource, states)
			}
			b.ReportMetric(float64(len(c.Requests()))/float64(rounds), "requests")
		})
	}
}

// refresh refreshes states, ten at a time.
func refresh(b *testing.B, resource *tftest.Resource, states []tftest.State) {
	b.Helper()
	const parallelism = 10
	waiting := make(chan tftest.State)
	var workers sync.WaitGroup
	for range parallelism {
		workers.Go(func() {
			for state := range waiting {
				if read := resource.Refresh(b, state); read.Attributes["active_site"] != "source" {
					b.Error(tftest.Text(read.Diagnostics))
				}
			}
		})
	}
	for _, state := range states {
		waiting <- state
	}
	close(waiting)
	workers.Wait()
}
