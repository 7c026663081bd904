package failover_test

import (
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// TestStatusTable has a case for each row and column of the status table, run through the whole workflow.
func TestStatusTable(t *testing.T) {
	t.Parallel()
	type ending string
	const (
		done        ending = "done"
		warned      ending = "done with a warning"
		switched    ending = "switched"
		waited      ending = "waited"
		notPossible ending = "not possible"
	)
	for _, test := range []struct {
		status          sdrs.Status
		active, standby ending
		// text is in the warning, and in the error of what is not possible.
		text string
	}{
		{status: "protected", active: done, standby: switched},
		{status: "error-reversing", active: switched, standby: switched},
		{status: "reversing", active: waited, standby: waited},
		{status: "failing-over", active: waited, standby: waited},
		{status: "starting", active: warned, standby: waited, text: "Another operation"},
		{status: "reprotecting", active: warned, standby: waited, text: "Another operation"},
		{status: "stopping", active: warned, standby: waited, text: "Another operation"},
		{status: "creating", active: warned, standby: waited, text: "Another operation"},
		{status: "drilling", active: warned, standby: waited, text: `"drilling"`},
		{status: "available", active: warned, standby: notPossible, text: "Enable protection"},
		{status: "failed-over", active: warned, standby: notPossible, text: "Reprotect"},
		{status: "error-starting", active: warned, standby: notPossible, text: "Enable protection again"},
		{status: "error-stopping", active: warned, standby: notPossible, text: "Disable protection again"},
		{status: "error-reprotecting", active: warned, standby: notPossible, text: "Reprotect the group again"},
		{status: "error-failing-over", active: warned, standby: notPossible, text: "Fail over again"},
		{status: "deleting", active: notPossible, standby: notPossible, text: "being deleted"},
		{status: "error", active: notPossible, standby: notPossible, text: "Delete the group"},
		{status: "error-deleting", active: notPossible, standby: notPossible, text: "Delete the group again"},
	} {
		for _, column := range []struct {
			name   string
			at     sdrs.Station
			ending ending
		}{{"active", sdrs.Target, test.active}, {"standby", sdrs.Source, test.standby}} {
			t.Run(string(test.status)+"/"+column.name, func(t *testing.T) {
				t.Parallel()
				s := newScene(t)
				s.set(test.status, column.at)
				result, err := s.switchTo(t.Context(), sdrs.Target)
				var advice failover.Advice
				var got ending
				if result.Warning != nil {
					advice = *result.Warning
				}
				refusal, refused := failed(err, failover.NotPossible)
				_, timedOut := failed(err, failover.TimedOut)
				switch {
				case refused:
					got, advice = notPossible, refusal.Advice
				case timedOut:
					got = waited
				case err != nil:
					t.Fatal(err)
				case result.Acted():
					got = switched
				case result.Warning != nil:
					got = warned
				default:
					got = done
				}
				if got != column.ending {
					t.Errorf("%s, want %s", got, column.ending)
				}
				if got == warned || got == notPossible {
					if text := advice.Reason + " " + advice.WayOut; !strings.Contains(text, test.text) {
						t.Errorf("%q lacks %q", text, test.text)
					}
				}
				accepted := 0
				if column.ending == switched {
					accepted = 1
					s.wantActive(t, sdrs.Target)
				}
				s.wantAccepted(t, accepted)
				if err == nil && result.From != column.at {
					t.Errorf("from %s, want %s", result.From, column.at)
				}
			})
		}
	}
}

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
