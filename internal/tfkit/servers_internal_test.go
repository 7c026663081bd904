package tfkit

import (
	"errors"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
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

// Values that are known at apply only are still held against what validation would have refused, and pairs that were not
// read are not called synchronized.
func TestKnownLate(t *testing.T) {
	t.Parallel()
	for _, station := range []bool{false, true} {
		if NamesOneSite(station, !station) != nil || NamesOneSite(station, station) == nil {
			t.Errorf("with a station (%v), or both alike", station)
		}
	}
	unread := &failover.NotSynchronized{Why: &jobs.Error{Kind: jobs.LostContact, Err: errors.New("no answer")}}
	if said := NotSynchronized(unread, Invoking, false).Detail(); !strings.Contains(said, "the replication pairs were not read") {
		t.Error(said)
	}
}
