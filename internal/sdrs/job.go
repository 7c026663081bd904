package sdrs

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// Job is an asynchronous task of SDRS.
type Job struct {
	ID     string          `json:"job_id"`
	Type   string          `json:"job_type"`
	Status cloud.JobStatus `json:"status"`
	Begin  Time            `json:"begin_time"`
	// End is zero while the job runs.
	End        Time        `json:"end_time"`
	ErrorCode  string      `json:"error_code"`
	FailReason string      `json:"fail_reason"`
	Entities   JobEntities `json:"entities"`
}

// JobEntities are what a job is about: a create tells the id of what it made there, and nowhere else. While the job
// runs, or where it makes nothing of the kind, an id is empty.
type JobEntities struct {
	GroupID    string `json:"server_group_id"`
	InstanceID string `json:"protected_instance_id"`
	PairID     string `json:"replication_pair_id"`
	DrillID    string `json:"disaster_recovery_drill_id"`
	NICID      string `json:"nic_id"`
	SubJobs    []Job  `json:"sub_jobs"`
}

// State returns the status.
func (j Job) State() cloud.JobStatus { return j.Status }

// Problem returns why the job failed, in its own words or those of its first sub-job that failed.
func (j Job) Problem() (code, reason string) {
	if j.ErrorCode == "" {
		for sub := range j.Failed() {
			return sub.ErrorCode, sub.FailReason
		}
	}
	return j.ErrorCode, j.FailReason
}

// Failed yields the sub-jobs, at any depth, that failed.
func (j Job) Failed() iter.Seq[Job] {
	return func(yield func(Job) bool) { j.failed(yield) }
}

func (j Job) failed(yield func(Job) bool) bool {
	for _, sub := range j.Entities.SubJobs {
		if sub.Status == cloud.JobFail && !yield(sub) {
			return false
		}
		if !sub.failed(yield) {
			return false
		}
	}
	return true
}

// Job reads a job of a group (GET jobs/{id}); an empty group is one that is not known.
func (c *Client) Job(ctx context.Context, groupID, id string) (Job, error) {
	path := "/jobs/" + url.PathEscape(id)
	var job Job
	if err := c.session.Get(ctx, cloud.SDRS, path, nil, &job); err != nil {
		return Job{}, err
	}
	if job.Status == "" {
		return Job{}, cloud.Malformed(http.MethodGet, path, "the job has no status")
	}
	if err := job.check(path, groupID, id); err != nil {
		return Job{}, err
	}
	return job, nil
}

// check holds the job against the question, as far as it says what it is about.
func (j Job) check(path, groupID, id string) error {
	if j.ID != "" {
		if err := cloud.CheckID(path, "job", id, j.ID); err != nil {
			return err
		}
	}
	if groupID == "" || j.Entities.GroupID == "" {
		return nil
	}
	return cloud.CheckID(path, groupNoun, groupID, j.Entities.GroupID)
}
