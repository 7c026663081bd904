package failover_test

import (
	"slices"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// TestCourses runs each operation from each status at rest that it acts on, and watches the statuses that the cloud shows.
func TestCourses(t *testing.T) {
	t.Parallel()
	for _, operation := range failover.Operations(sdrs.Target) {
		for _, fails := range []bool{false, true} {
			t.Run(operation.Name, func(t *testing.T) {
				t.Parallel()
				s := newScene(t)
				from := slices.IndexFunc(sdrs.GroupStatuses, func(status sdrs.Status) bool {
					decision, _ := operation.Decide(sdrs.Group{Status: status, PriorityStation: sdrs.Source})
					return decision == failover.Act && status.Phase() == sdrs.AtRest
				})
				if from < 0 {
					t.Fatal("there is no status at rest that it acts on")
				}
				s.lead(t, sdrs.GroupStatuses[from])
				if fails {
					s.FailNextJob("SDRS.0013", "the array is on fire")
				}
				var moving []sdrs.Status
				workflow := s.workflow.WithNotify(func(progress failover.Progress) {
					if status := progress.Group.Status; status.Phase() == sdrs.Moving && !slices.Contains(moving, status) {
						moving = append(moving, status)
					}
				})
				ctx, cancel := s.clock.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				_, err := workflow.Run(ctx, groupID, operation, s.policy)
				want, course := operation.Rest, operation
				if fails {
					want = course.Failed
				}
				if _, failed := failed(err, failover.JobFailed); failed != fails || !failed && err != nil {
					t.Fatal(err)
				}
				if group, _ := s.Group(groupID); !slices.Equal(moving, []sdrs.Status{course.Moving}) || sdrs.Status(group.Status) != want {
					t.Errorf("it went through %v to %s, want %s and %s", moving, group.Status, course.Moving, want)
				}
			})
		}
	}
}
