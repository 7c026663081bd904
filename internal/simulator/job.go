package simulator

import (
	"fmt"
	"slices"
	"time"
)

// job is something asynchronous that runs, or has run: what an action, a creation or a deletion answers with. It takes
// its steps when their time has come, and reads SUCCESS or FAIL after the one that ends it.
type job struct {
	part

	service  string // pathSDRS or pathECS, who alone knows it
	resource resource
	steps    []step            // that are still to come
	due      time.Time         // when the first of them is
	check    func() *failure   // optional: what dooms the job as long as it runs
	progress func(percent int) // optional: shows how far it is, until all steps are taken
	begin    time.Time
	end      time.Time // expected until it has ended
	ended    bool      // it reads SUCCESS or FAIL
	failure  *failure  // how it will end, known by its steps
}

// part is a job as a client sees it, or a sub-job, which shares the times of its job.
type part struct {
	id       string
	kind     string            // job_type
	entities map[string]string // what it is about; a step may add what is only known then, such as a new id
	made     map[string]string // ids that become entities, as WithIDShown has it
	of       string            // what the sub-job is about, for a failure to name it
	parts    []*part
	failed   bool // once the job has ended
}

// resource is what the list of failed jobs says that a job was about. The failures of a job without one are not listed.
type resource struct{ group, id, name, kind, failure string }

// step is something that a job does to the cloud.
type step struct {
	after time.Duration // since the step before, or since the job was accepted
	ends  bool          // the job reads SUCCESS or FAIL from here on
	do    func(at time.Time)
}

type failure struct {
	code   string
	reason string
	of     string // whose sub-jobs fail, those of the first where empty; the others are done all the same
}

// FailNextJob lets the job of the next accepted SDRS action end as FAIL with this code and reason.
func (s *Simulator) FailNextJob(code, reason string) {
	defer s.enter().Unlock()

	s.failNext = &failure{code: code, reason: reason}
}

// ForgetJobs lets every job id, of SDRS and of ECS, answer 404 from now on. The jobs still take effect.
func (s *Simulator) ForgetJobs() {
	defer s.enter().Unlock()

	s.jobsForgotten = true
}

// StallJobs keeps running and future SDRS jobs from ending until ResumeJobs.
func (s *Simulator) StallJobs() {
	defer s.enter().Unlock()

	s.jobsStalled = true
}

// ResumeJobs ends what StallJobs began. Jobs that are overdue by then end at once.
func (s *Simulator) ResumeJobs() {
	defer s.enter().Unlock()

	s.jobsStalled = false
	for _, j := range s.jobs {
		if j.due.Before(s.now) {
			j.due = s.now
		}
	}
}

// accepted is what the client gets.
func (j *job) accepted() object { return object{"job_id": j.id} }

// start accepts a job.
func (s *Simulator) start(j *job) {
	for _, p := range j.all() {
		s.lastJob++
		p.id = fmt.Sprintf("ff8080826b45d4a5%016x", s.lastJob)
	}
	j.begin, j.end, j.due = s.now, s.now, s.now.Add(j.steps[0].after)
	for _, step := range j.steps[:slices.IndexFunc(j.steps, func(s step) bool { return s.ends })+1] {
		j.end = j.end.Add(step.after)
	}
	if j.service == pathSDRS {
		j.failure, s.failNext = s.failNext, nil
	}
	s.jobs = append(s.jobs, j)
}

// all returns the part and its sub-jobs, which have none of their own.
func (p *part) all() []*part {
	return append([]*part{p}, p.parts...)
}

// advance brings the cloud up to date: whatever fell due since the last access happens now, in the order in which it
// fell due. Whoever changes the cloud from outside does so afterwards; what that dooms is found at the next access,
// before anything else.
func (s *Simulator) advance() {
	s.now = s.clock.Now()
	for j := s.next(); j != nil; j = s.next() {
		s.step(j)
	}
	s.synchronize()
	for _, j := range s.jobs {
		if len(j.steps) > 0 && j.progress != nil {
			j.progress(j.percent(s.now))
		}
	}
}

// next lets the jobs fail whose conditions no longer hold, and returns the one whose step fell due first, or nil.
func (s *Simulator) next() *job {
	var next *job
	for _, j := range s.jobs {
		if !j.ended && j.failure == nil && j.check != nil {
			j.failure = j.check()
		}
		if len(j.steps) == 0 || j.due.After(s.now) || s.jobsStalled && j.service == pathSDRS && j.steps[0].ends {
			continue
		}
		if next == nil || j.due.Before(next.due) {
			next = j
		}
	}

	return next
}

// step takes a job's next step.
func (s *Simulator) step(j *job) {
	step, at := j.steps[0], j.due
	j.steps = j.steps[1:]
	if step.do != nil {
		step.do(at)
	}
	if step.ends {
		s.finish(j, at)
	}
	if len(j.steps) > 0 {
		j.due = at.Add(j.steps[0].after)
	}
}

// finish ends a job.
func (s *Simulator) finish(j *job, at time.Time) {
	j.ended, j.end = true, at
	if j.failure == nil {
		return
	}
	j.failed = true
	for _, p := range j.parts {
		p.failed = p.of == j.failedPart()
	}
	if j.resource.failure != "" {
		s.failed = append(s.failed, j)
	}
}

// failedPart is what a job that has failed was about, as its parts say, where it failed.
func (j *job) failedPart() string {
	if j.failure.of == "" && len(j.parts) > 0 {
		return j.parts[0].of
	}

	return j.failure.of
}

// percent is the progress of a job, below 100 until it succeeds.
func (j *job) percent(now time.Time) int {
	if j.ended && j.failure == nil {
		return 100
	}
	total := j.end.Sub(j.begin)
	if total <= 0 {
		return 0
	}

	return min(99, int(100*now.Sub(j.begin)/total))
}

// jobTime is the time format of jobs, in UTC.
func jobTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// wire returns the job, or one of its sub-jobs. That an SDRS job reads INIT for its first tenth is our choice, as is
// that one of ECS never does: the references name the status and say nothing of its time.
func (j *job) wire(now time.Time, p *part) object {
	entities := object{}
	for name, value := range p.entities {
		entities[name] = value
	}
	for _, sub := range p.parts {
		others, _ := entities["sub_jobs"].([]object)
		entities["sub_jobs"] = append(others, j.wire(now, sub))
	}

	w := object{
		"job_id": p.id, "job_type": p.kind, "begin_time": jobTime(j.begin), "end_time": nil,
		"status": "RUNNING", "error_code": nil, "fail_reason": nil, "entities": entities,
	}
	if j.ended {
		w["end_time"] = jobTime(j.end)
	}
	switch {
	case p.failed:
		w["status"], w["error_code"], w["fail_reason"] = "FAIL", j.failure.code, j.failure.reason
	case j.ended:
		w["status"] = "SUCCESS"
	case j.service == pathSDRS && now.Sub(j.begin)*10 < j.end.Sub(j.begin):
		w["status"] = "INIT"
	}

	return w
}

// showJob serves GET jobs/{id} of a service. Sub-jobs can be asked for by their own id, too. What an unknown id
// answers is not documented; a 404 is our reading.
func showJob(service, unknown string) handler {
	return func(s *Simulator, in *incoming) (any, *Problem) {
		id := in.PathValue("id")
		for _, j := range s.jobs {
			if j.service != service || s.jobsForgotten {
				continue
			}
			for _, p := range j.all() {
				if p.id == id {
					return j.wire(s.now, p), nil
				}
			}
		}

		return nil, notFound(unknown, "The job %s does not exist.", id)
	}
}
