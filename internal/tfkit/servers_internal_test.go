package tfkit

import (
	"errors"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// That servers are stopped or started is said even where it is not known which, and at which site.
func TestServersThatAreNotKnown(t *testing.T) {
	t.Parallel()
	operation := failover.PlannedFailover(sdrs.Target)
	group := sdrs.Group{ID: "g-1", Status: sdrs.StatusErrorReversing, PriorityStation: sdrs.Source}
	unknown := []failover.Check{{Name: failover.CheckServersStopped, Verdict: failover.Unknown}}
	policy := failover.ServerPolicy{Stop: true, Start: true}
	for want, said := range map[string]diag.Diagnostics{
		"stops the servers of the group at both sites":                                   warnStops(operation, group, unknown, policy),
		"Servers: those that run, which is not known":                                    warnStops(operation, group, unknown, policy),
		"Servers: those that are not in service, which is not known\n  Error: no answer": warnStarts(operation, group, nil, errors.New("no answer")),
	} {
		if len(said) != 1 || !strings.Contains(said[0].Detail(), want) {
			t.Errorf("%q is not in %v", want, said)
		}
	}
	// Servers that were stopped for a switch that is done are not left so.
	report := &Report{}
	report.Progress(failover.Progress{Group: group, Verified: true, Stopped: []ecs.Server{{ID: "s-1"}}})
	if strings.Contains(report.String(), "left so") {
		t.Error(report)
	}
}
