package simulator

import "slices"

// listFailureJobs serves GET task-center/failure-jobs: those of a group and its members, or of all groups without their
// members. The order isn't documented; here the newest failure is first.
func (s *Simulator) listFailureJobs(in *incoming) (any, *Problem) {
	q, problem := in.filter()
	if problem != nil {
		return nil, problem
	}

	failures := []object{}
	query := in.URL.Query()
	for _, j := range slices.Backward(s.failed) {
		if listed(j.resource, q, query.Get) {
			failures = append(failures, object{
				"job_status": "FAIL", "job_id": j.id, "job_type": j.kind, "begin_time": jobTime(j.begin),
				"resource_id": j.resource.id, "resource_name": j.resource.name, "resource_type": j.resource.kind,
				"failure_status": j.resource.failure, "error_code": j.failure.code, "fail_reason": j.failure.reason,
			})
		}
	}

	return page(q, "failure_jobs", failures)
}

// listed tells whether a list of failed jobs holds the one about r.
func listed(r resource, q filter, parameter func(string) string) bool {
	for name, value := range map[string]string{
		"failure_status": r.failure, "resource_name": r.name, "resource_type": r.kind,
	} {
		if asked := parameter(name); asked != "" && asked != value {
			return false
		}
	}

	return q.acceptsGroup(r.group) && (q.groups != nil || r.id == r.group)
}

// deleteFailureJob serves DELETE task-center/failure-jobs/{id}. It removes the record, not what is broken.
func (s *Simulator) deleteFailureJob(in *incoming) (any, *Problem) {
	id := in.PathValue("id")
	if !s.forget(func(j *job) bool { return j.id == id }) {
		return nil, notFound("SDRS.0201", "The failed job %s does not exist.", id)
	}

	return nil, nil
}

// deleteFailureJobs serves DELETE task-center/failure-jobs/batch: all records of groups, none of their members.
func (s *Simulator) deleteFailureJobs(*incoming) (any, *Problem) {
	s.forget(func(j *job) bool { return j.resource.id == j.resource.group })

	return nil, nil
}

// deleteFailureJobsOfGroup serves DELETE task-center/{id}/failure-jobs/batch: all records of a group and its members.
func (s *Simulator) deleteFailureJobsOfGroup(in *incoming) (any, *Problem) {
	g, problem := s.groupAsked(in.PathValue("id"))
	if problem != nil {
		return nil, problem
	}
	s.forget(func(j *job) bool { return j.resource.group == g.ID })

	return nil, nil
}

// forget takes failed jobs off the list and reports whether there were any.
func (s *Simulator) forget(which func(*job) bool) bool {
	before := len(s.failed)
	s.failed = slices.DeleteFunc(s.failed, which)

	return len(s.failed) < before
}
