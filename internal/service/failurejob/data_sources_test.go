package failurejob_test

import (
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestFailureJobs(t *testing.T) {
	t.Parallel()
	clock := simulator.NewManualClock(time.Date(2026, time.March, 1, 12, 0, 0, 250e6, time.UTC))
	s := tftest.NewSource(t, "sdrs_failure_jobs", simulator.WithClock(clock))
	s.FailNextJob("SDRS.1029", "the array is on fire")
	id, err := s.Switch(s.GroupID, simulator.StationTarget)
	if err != nil {
		t.Fatal(err)
	}
	clock.Advance(time.Minute)
	found := s.List(t, nil)
	if len(found) != 1 {
		t.Fatalf("got %v", found)
	}
	tftest.Want(t, found[0], tftest.Attributes{
		"job_id": id, "job_type": "reverseProtectionGroupNoCG", "job_status": "FAIL", "failure_status": "reverseFail",
		"resource_id": s.GroupID, "resource_name": "web-shop", "resource_type": "server_groups",
		"begin_time": "2026-03-01T12:00:00.25Z", "error_code": "SDRS.1029", "fail_reason": "the array is on fire",
	})
	tftest.WantItem(
		t,
		"sdrs_failure_jobs",
		`{"failure_jobs": [{"job_id": "x", "failure_status": "drillFail", "error_code": null,
		"fail_reason": null, "begin_time": null}], "count": 1}`,
		tftest.Attributes{
			"job_id": "x", "failure_status": "drillFail", "error_code": nil, "fail_reason": nil, "begin_time": nil,
		},
	)
}
