package ecs

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// JobStatus is the status of a job.
type JobStatus string

// JobFail is the status of a job that has failed.
const JobFail JobStatus = "FAIL"

// Job is an asynchronous task of ECS.
type Job struct {
	ID         string    `json:"job_id"`
	Status     JobStatus `json:"status"`
	ErrorCode  string    `json:"error_code"`
	FailReason string    `json:"fail_reason"`
	Entities   struct {
		ServerID string `json:"server_id"`
		SubJobs  []Job  `json:"sub_jobs"`
	} `json:"entities"`
}

// Failure describes, on one line, what of the job and its sub-jobs has failed; empty where nothing has.
func (j Job) Failure() string {
	if j.Status != JobFail {
		return ""
	}
	parts := []string{strings.TrimSpace("job " + j.ID + " failed: " + strings.TrimSpace(j.ErrorCode+" "+j.FailReason))}
	for _, sub := range j.Entities.SubJobs {
		if sub.Status == JobFail {
			parts = append(parts, fmt.Sprintf("server %s: %s", sub.Entities.ServerID, strings.TrimSpace(sub.ErrorCode+" "+sub.FailReason)))
		}
	}
	return strings.Join(parts, "; ")
}

// Job reads a job (GET jobs/{id}).
func (c *Client) Job(ctx context.Context, id string) (Job, error) {
	path := "/jobs/" + url.PathEscape(id)
	var job Job
	if err := c.session.Get(ctx, cloud.ECS, path, nil, &job); err != nil {
		return Job{}, err
	}
	if job.Status == "" {
		return Job{}, cloud.Malformed(http.MethodGet, path, "the job has no status")
	}
	if job.ID != "" {
		if err := cloud.CheckID(path, "job", id, job.ID); err != nil {
			return Job{}, err
		}
	}
	return job, nil
}
