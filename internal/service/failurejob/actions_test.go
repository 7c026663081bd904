package failurejob_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// A list is cleared by one request, which is repeated where its answer is lost, none where it is empty, and what was on
// it is said before.
func TestClearing(t *testing.T) {
	t.Parallel()
	refused := simulator.Fault{Status: http.StatusForbidden, Body: `{"error":{"code":"SDRS.0009","message":"no"}}`}
	for name, test := range map[string]struct {
		all, none bool
		fault     simulator.Fault // At the request to clear the group's list.
		cleared   int
		says      []string
	}{
		"a group":            {cleared: 1, says: []string{"web-shop: clearing reverseFail of web-shop (", "SDRS.1029 made up", "web-shop: 1 failed jobs cleared"}},
		"all":                {all: true, cleared: 1, says: []string{"project: clearing", "web-shop: no failed jobs"}},
		"nothing to do":      {none: true, says: []string{"web-shop: no failed jobs, nothing had to be requested"}},
		"the answer is lost": {fault: simulator.Fault{Cut: simulator.CutAfter, Times: 1}, cleared: 2, says: []string{"web-shop: 1 failed jobs cleared"}},
		"refused":            {fault: refused, says: []string{"ERROR: Failed Jobs Not Cleared: web-shop", "SDRS.0009"}},
		"without effect":     {fault: simulator.Fault{Status: http.StatusNoContent}, says: []string{"ERROR: Failed Jobs Not Cleared: web-shop", "is still on it"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := tftest.Simulate(t, simulator.WithGroups(tftest.Warehouse()))
			if !test.none {
				c.FailNextJob("SDRS.1029", "made up")
				if _, err := c.Switch(c.GroupID, simulator.StationTarget); err != nil {
					t.Fatal(err)
				}
				c.Await(t, "error-reversing")
			}
			config := tftest.Attributes{"protection_group_id": c.GroupID}
			if test.all {
				config = tftest.Attributes{"all": true}
			}
			if test.fault.Status > 0 || test.fault.Cut != 0 {
				test.fault.Route = simulator.RouteDeleteGroupFailureJobs
				c.Inject(test.fault)
			}
			a := c.NewAction(t, "sdrs_clear_failure_jobs")
			if planned := a.Plan(t, config); len(planned) > 0 {
				t.Error(tftest.Text(planned))
			}
			messages, diagnostics := a.Invoke(t.Context(), t, config)
			said := strings.Join(messages, "\n") + tftest.Text(diagnostics)
			for _, part := range test.says {
				if !strings.Contains(said, part) {
					t.Errorf("%q lacks %q", said, part)
				}
			}
			if tftest.Failed(diagnostics) != strings.Contains(strings.Join(test.says, ""), "ERROR") {
				t.Error(said)
			}
			cleared := c.Accepted(simulator.RouteDeleteGroupFailureJobs) + c.Accepted(simulator.RouteDeleteFailureJobs)
			if cleared != test.cleared {
				t.Errorf("%d lists cleared, want %d", cleared, test.cleared)
			}
		})
	}
}
