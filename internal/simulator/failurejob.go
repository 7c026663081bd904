package simulator

import "slices"

// listFailureJobs serves GET task-center/failure-jobs. The order isn't documented; here the newest failure is first.
func (s *Simulator) listFailureJobs(in *incoming) (any, *Problem) {
	q, problem := in.filter()
	if problem != nil {
		return nil, problem
	}

	failures := []object{}
	status := in.URL.Query().Get("failure_status")
	for _, j := range slices.Backward(s.failed) {
		if q.acceptsGroup(j.resource.id) && (status == "" || status == j.resource.failure) {
			failures = append(failures, object{
				"job_status": "FAIL", "job_id": j.id, "job_type": j.kind, "begin_time": jobTime(j.begin),
				"resource_id": j.resource.id, "resource_name": j.resource.name, "resource_type": j.resource.kind,
				"failure_status": j.resource.failure, "error_code": j.failure.code, "fail_reason": j.failure.reason,
			})
		}
	}

	return page(q, "failure_jobs", failures)
}
