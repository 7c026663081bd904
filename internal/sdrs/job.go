package sdrs

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// JobStatus is the status of a job.
type JobStatus string

// The documented statuses of a job. Any other means that it has not ended.
const (
	JobInit    JobStatus = "INIT"
	JobRunning JobStatus = "RUNNING"
	JobSuccess JobStatus = "SUCCESS"
	JobFail    JobStatus = "FAIL"
)

// Job is an asynchronous task of SDRS.
type Job struct {
	ID     string    `json:"job_id"`
	Type   string    `json:"job_type"`
	Status JobStatus `json:"status"`
	Begin  Time      `json:"begin_time"`
	// End is zero while the job runs.
	End        Time   `json:"end_time"`
	ErrorCode  string `json:"error_code"`
	FailReason string `json:"fail_reason"`
	Entities   struct {
		GroupID string `json:"server_group_id"`
		SubJobs []Job  `json:"sub_jobs"`
	} `json:"entities"`
}

// Failed yields the sub-jobs, at any depth, that failed.
func (j Job) Failed() iter.Seq[Job] {
	return func(yield func(Job) bool) { j.failed(yield) }
}

func (j Job) failed(yield func(Job) bool) bool {
	for _, sub := range j.Entities.SubJobs {
		if sub.Status == JobFail && !yield(sub) {
			return false
		}
		if !sub.failed(yield) {
			return false
		}
	}
	return true
}

// Job reads a job (GET jobs/{id}).
func (c *Client) Job(ctx context.Context, id string) (Job, error) {
	path := "/jobs/" + url.PathEscape(id)
	var job Job
	if err := c.session.Get(ctx, cloud.SDRS, path, nil, &job); err != nil {
		return Job{}, err
	}
	if job.Status == "" {
		return Job{}, malformed(http.MethodGet, path, "the job has no status")
	}
	return job, nil
}
