package failurejob_test

import (
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestFailureJobFilters(t *testing.T) {
	t.Parallel()
	const other = "00000000-0000-0000-0000-000000000007"
	clock := simulator.NewManualClock(time.Date(2026, time.March, 1, 12, 0, 0, 250e6, time.UTC))
	s := tftest.NewSource(t, "sdrs_failure_jobs", simulator.WithClock(clock))
	s.FailNextJob("SDRS.1029", "the array is on fire")
	id, err := s.Switch(s.GroupID, simulator.StationTarget)
	if err != nil {
		t.Fatal(err)
	}
	clock.Advance(time.Minute)
	for query, test := range map[string]struct {
		config tftest.Attributes
		want   int
	}{
		"":                             {want: 1},
		"server_group_id=" + s.GroupID: {config: tftest.Attributes{"protection_group_id": s.GroupID}, want: 1},
		"failure_status=reverseFail":   {config: tftest.Attributes{"failure_status": "reverseFail"}, want: 1},
		"failure_status=createFail":    {config: tftest.Attributes{"failure_status": "createFail"}},
		"server_group_id=" + other:     {config: tftest.Attributes{"protection_group_id": other}},
	} {
		found := tftest.Objects(t, s.MustRead(t, test.config, simulator.RouteFailureJobs, 1), "failure_jobs")
		if len(found) != test.want {
			t.Errorf("%s: %d jobs, want %d", query, len(found), test.want)
		}
		if got := s.Query(t); got != query {
			t.Errorf("query %s, want %s", got, query)
		}
		for _, job := range found {
			tftest.Want(t, job, tftest.Attributes{
				"job_id": id, "job_type": "reverseProtectionGroupNoCG", "job_status": "FAIL", "failure_status": "reverseFail",
				"resource_id": s.GroupID, "resource_name": "web-shop", "resource_type": "protectionGroup",
				"begin_time": "2026-03-01T12:00:00.25Z", "error_code": "SDRS.1029", "fail_reason": "the array is on fire",
			})
		}
	}
}
