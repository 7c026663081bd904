package failover_test

import (
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Each wait of the table ends with a look at the group, whatever it has come to.
func TestWaitsLookAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		waiting  sdrs.Status
		then     sdrs.Status
		at       sdrs.Station
		accepted int
		failure  bool
	}{
		"a switch in flight succeeds":         {waiting: "reversing", then: "protected", at: sdrs.Target},
		"a switch in flight was the other":    {waiting: "reversing", then: "protected", at: sdrs.Source, accepted: 1},
		"a switch in flight fails":            {waiting: "reversing", then: "error-reversing", at: sdrs.Source, accepted: 1},
		"a failover in flight arrives":        {waiting: "failing-over", then: "failed-over", at: sdrs.Target},
		"a failover in flight leaves":         {waiting: "failing-over", then: "failed-over", at: sdrs.Source, failure: true},
		"protection is being enabled":         {waiting: "starting", then: "protected", at: sdrs.Source, accepted: 1},
		"protection is being disabled":        {waiting: "stopping", then: "available", at: sdrs.Source, failure: true},
		"the group is being created":          {waiting: "creating", then: "available", at: sdrs.Source, failure: true},
		"the group is being reprotected":      {waiting: "reprotecting", then: "protected", at: sdrs.Source, accepted: 1},
		"a status that nobody knows passes":   {waiting: "drilling", then: "protected", at: sdrs.Source, accepted: 1},
		"a status that nobody knows switches": {waiting: "drilling", then: "protected", at: sdrs.Target},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			s.set(test.waiting, sdrs.Source)
			s.clock.then[3] = func() { s.set(test.then, test.at) }
			result, err := s.switchTo(t.Context(), sdrs.Target)
			s.wantAccepted(t, test.accepted)
			if test.failure {
				if _, ok := failed(err, failover.NotPossible); !ok {
					t.Errorf("got %v, want NotPossible", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if result.Group.PriorityStation != sdrs.Target || result.From != sdrs.Source || result.Acted() != (test.accepted == 1) {
				t.Errorf("got %+v", result)
			}
		})
	}
}
