package simulator

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// Nothing that the simulator serves today is created, or fails between two steps. The engine of jobs can do both, which
// this shows with drills that it doesn't have.
func TestJobOfANounToCome(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		fails  bool // half-way, by its own doing
		doomed bool // from outside, after the first step
		want   []string
	}{
		"created": {want: []string{
			"0s: INIT map[] []",
			"5s: RUNNING map[drill_id:new] [creating]",
			"10s: SUCCESS map[drill_id:new] [creating]",
			"15s: SUCCESS map[drill_id:new] [available]",
		}},
		"fails half-way": {fails: true, want: []string{
			"0s: INIT map[] []",
			"5s: RUNNING map[drill_id:new] [creating]",
			"10s: FAIL map[drill_id:new] [creating]",
			"15s: FAIL map[drill_id:new] [error]",
		}},
		"doomed from outside": {doomed: true, want: []string{
			"0s: INIT map[] []",
			"5s: RUNNING map[drill_id:new] [creating]",
			"10s: FAIL map[drill_id:new] [creating]",
			"15s: FAIL map[drill_id:new] [error]",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			clock := NewManualClock(time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC))
			s := New(WithClock(clock), WithJobDuration(time.Hour))
			var drills []string
			healthy := true

			unlock := s.enter().Unlock
			j := &job{
				part:     part{kind: "createDrill", entities: map[string]string{}, parts: []*part{{}, {}}},
				service:  pathSDRS,
				resource: resource{id: "new", name: "drill", kind: "drill", failure: "createFail"},
			}
			j.check = func() *failure {
				if healthy {
					return nil
				}

				return &failure{code: "SDRS.0013", reason: "no longer healthy", part: 1}
			}
			j.steps = []step{
				{after: 5 * time.Second, do: func(time.Time) {
					drills = append(drills, "creating")
					j.entities["drill_id"] = "new"
					if test.fails {
						j.failure = &failure{code: "SDRS.0013", reason: "fell over", part: 1}
					}
				}},
				{after: 5 * time.Second, ends: true},
				{after: 5 * time.Second, do: func(time.Time) {
					drills[0] = "available"
					if j.failure != nil {
						drills[0] = "error"
					}
				}},
			}
			s.start(j)
			unlock()

			var got []string
			for n := range 4 {
				unlock := s.enter().Unlock
				got = append(got, fmt.Sprintf("%ds: %v %v %v", 5*n, j.wire(s.now, &j.part)["status"], j.entities, drills))
				unlock()
				healthy = !test.doomed
				clock.Advance(5 * time.Second)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n%q, want\n%q", got, test.want)
			}
			failed := test.fails || test.doomed
			if j.parts[0].failed || j.parts[1].failed != failed {
				t.Error("the wrong sub-job failed")
			}
			if slices.Contains(s.failed, j) != failed {
				t.Errorf("%d failed jobs are listed", len(s.failed))
			}
		})
	}
}
