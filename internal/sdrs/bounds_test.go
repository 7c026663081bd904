package sdrs_test

import (
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// A service that never comes to an end of a list must not keep a refresh until its timeout, nor fill the memory.
func TestListsEnd(t *testing.T) {
	t.Parallel()
	client, sim := newClient(t)
	sim.Inject(simulator.Fault{
		Route: simulator.RouteGroups, Times: 1000, Status: http.StatusOK,
		Body: `{"count": 1000000000, "server_groups": [{"id": "x"}]}`,
	})
	groups, err := client.Groups(t.Context(), sdrs.GroupFilter{})
	if n := sim.Count(simulator.RouteGroups); err == nil || n > 1000 {
		t.Errorf("got %d groups after %d pages, %v", len(groups), n, err)
	}
}

// An answer may be 10 MiB large, but a value of two bytes must not become one of 500.
func TestAnswersOfManyValuesAreRefused(t *testing.T) { //nolint:paralleltest // It measures memory.
	client, sim := newClient(t)
	const values = 3_000_000
	for name, test := range map[string]struct {
		body string
		call func() error
	}{
		"groups": {`{"server_groups": [{}` + strings.Repeat(",{}", values) + `]}`, func() error {
			return second(client.Groups(t.Context(), sdrs.GroupFilter{}))
		}},
		"job": {`{"status": "FAIL", "entities": {"sub_jobs": [{}` + strings.Repeat(",{}", values) + `]}}`, func() error {
			return second(client.Job(t.Context(), "", "any"))
		}},
	} {
		remove := sim.Inject(simulator.Fault{Status: http.StatusOK, Body: test.body})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := test.call()
		runtime.ReadMemStats(&after)
		remove()
		if mib := (after.TotalAlloc - before.TotalAlloc) >> 20; err == nil || mib > 200 {
			t.Errorf("%s: %d MiB were allocated, %v", name, mib, err)
		}
	}
}
