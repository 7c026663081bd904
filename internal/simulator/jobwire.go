package simulator

import (
	"slices"
	"time"
)

// The ends of the job types of a group, of its instances and of its pairs; the operation's name is the beginning.
const (
	groupJobSuffix    = "ProtectionGroupNoCG"
	instanceJobSuffix = "ProtectedInstanceNoCG"
	pairJobSuffix     = "ProtectionGroupRepNoCG"
)

type jobWire struct {
	JobID      string      `json:"job_id"`
	JobType    string      `json:"job_type"`
	BeginTime  string      `json:"begin_time"`
	EndTime    *string     `json:"end_time"`
	Status     string      `json:"status"`
	ErrorCode  *string     `json:"error_code"`
	FailReason *string     `json:"fail_reason"`
	Entities   jobEntities `json:"entities"`
}

type jobEntities struct {
	ServerGroupID string    `json:"server_group_id,omitempty"`
	ServerID      string    `json:"server_id,omitempty"`
	SubJobs       []jobWire `json:"sub_jobs,omitempty"`
}

type failureJob struct {
	JobStatus     string `json:"job_status"`
	ResourceID    string `json:"resource_id"`
	ResourceName  string `json:"resource_name"`
	ResourceType  string `json:"resource_type"`
	FailureStatus string `json:"failure_status"`
	JobID         string `json:"job_id"`
	JobType       string `json:"job_type"`
	BeginTime     string `json:"begin_time"`
	ErrorCode     string `json:"error_code"`
	FailReason    string `json:"fail_reason"`
}

// jobTime is the time format of jobs, in UTC.
func jobTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// wire returns the job as a whole, or the sub-job of a part or pair when it is called for one.
func (j *job) wire(now time.Time, id, kind string, failed bool) jobWire {
	w := jobWire{
		JobID: id, JobType: kind, BeginTime: jobTime(j.begin),
		Status: "INIT", Entities: jobEntities{ServerGroupID: j.groupID},
	}
	switch {
	case j.ended && failed:
		w.Status, w.ErrorCode, w.FailReason = "FAIL", &j.failure.code, &j.failure.reason
	case j.ended:
		w.Status = "SUCCESS"
	case j.started(now):
		w.Status = "RUNNING"
	}
	if j.ended {
		end := jobTime(j.end)
		w.EndTime = &end
	}

	return w
}

// showJob serves GET jobs/{id}. Sub-jobs can be asked for by their own id, too.
func (s *Simulator) showJob(in *incoming) answer {
	id := in.PathValue("id")
	for _, j := range s.jobs {
		if s.jobsForgotten {
			break
		}
		if w, found := findJob(j.tree(in.now), id); found {
			return ok(w)
		}
	}

	return notFound("SDRS.0201", "The job %s does not exist.", id).answer()
}

func (j *job) tree(now time.Time) jobWire {
	w := j.wire(now, j.id, j.op.name+groupJobSuffix, j.failure != nil)
	for n, p := range j.parts {
		failed := j.failure != nil && j.failure.part == n
		sub := j.wire(now, p.id, j.op.name+instanceJobSuffix, failed)
		for _, id := range p.pairIDs {
			sub.Entities.SubJobs = append(sub.Entities.SubJobs, j.wire(now, id, j.op.name+pairJobSuffix, failed))
		}
		w.Entities.SubJobs = append(w.Entities.SubJobs, sub)
	}

	return w
}

func findJob(w jobWire, id string) (jobWire, bool) {
	if w.JobID == id {
		return w, true
	}
	for _, sub := range w.Entities.SubJobs {
		if match, found := findJob(sub, id); found {
			return match, true
		}
	}

	return jobWire{}, false
}

// listFailureJobs serves GET task-center/failure-jobs, the newest failure first.
func (s *Simulator) listFailureJobs(in *incoming) answer {
	query := in.URL.Query()
	q, problem := parseFilter(query)
	if problem != nil {
		return problem.answer()
	}

	failures := []failureJob{}
	for _, f := range slices.Backward(s.failures) {
		status := query.Get("failure_status")
		if q.acceptsGroup(f.ResourceID) && (status == "" || status == f.FailureStatus) {
			failures = append(failures, f)
		}
	}

	return ok(map[string]any{"failure_jobs": page(q, failures), "count": len(failures)})
}
