package report

import (
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/evacuation"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
)

// The last phase is the one in which a group failed, or that goes on; what did not happen is none.
func TestPhases(t *testing.T) {
	t.Parallel()
	switched := failover.Times{Requested: at(10), JobFinished: at(30)}
	verified := switched
	verified.Verified = at(31)
	jobFailed := failover.JobFailed.String()
	for want, group := range map[string]record{
		"wait, switch, verify":        {Group: Group{Record: failover.Record{Result: failover.ResultDone}}, times: verified},
		"wait, switch failed":         {Group: Group{Record: failover.Record{Result: failover.ResultError, Error: &jobFailed}}, times: switched},
		"wait, switch, verify failed": {Group: Group{Record: failover.Record{Result: failover.ResultError}}, times: switched},
		"wait, switch, verify open":   {Group: Group{Record: failover.Record{Result: failover.ResultError}}, times: switched, goesOn: true},
	} {
		group.begun, group.ended = at(0), at(60)
		var got []string
		for _, phase := range group.phases(true) {
			word := phase.Phase
			if phase.EndedAt == nil {
				word += " open"
			}
			if phase.Failed {
				word += " failed"
			}
			got = append(got, word)
		}
		if got := strings.Join(got, ", "); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// When the time is over that a group may take, and whether it was: what needs nothing has not missed it.
func TestLimit(t *testing.T) {
	t.Parallel()
	objective := 20 * time.Second
	stopped := failover.Times{ServersStopRequested: at(5), Requested: at(10)}
	for name, test := range map[string]struct {
		about About
		times failover.Times
		want  time.Time
	}{
		"from the beginning":      {about: About{}, times: stopped, want: at(20)},
		"a dry run":               {about: About{DryRun: true}, times: stopped},
		"from the stop":           {about: About{ObjectivePerGroup: true, Starts: true}, times: stopped, want: at(25)},
		"servers are not started": {about: About{ObjectivePerGroup: true}, times: stopped, want: at(30)},
		"nothing was asked for":   {about: About{ObjectivePerGroup: true}},
	} {
		test.about.Objective, test.about.Began = &objective, start
		test.about.Now = func() time.Time { return at(100) }
		r := records{About: test.about, groups: []*record{{
			Group: Group{Record: failover.Record{Result: failover.ResultNothingToDo}}, times: test.times, ended: at(12),
		}}}
		missed := r.snapshot().Groups[0].ObjectiveMissed
		if got := r.limit(); !got.Equal(test.want) || missed != nil && *missed || (missed == nil) != test.want.IsZero() {
			t.Errorf("%s: got %s, want %s; missed is %v", name, got, test.want, missed)
		}
	}
	long, short := int64(7), int64(5)
	groups := []Group{
		{Record: failover.Record{Result: evacuation.ResultInFlight, DowntimeSeconds: &short}},
		{Record: failover.Record{DowntimeSeconds: &long}},
	}
	if sums := sumsOf(groups); *sums.LongestDowntimeSeconds != long || groups[0].Class() != "open" {
		t.Errorf("the longest is %d s; what is in flight is %s", *sums.LongestDowntimeSeconds, groups[0].Class())
	}
}
