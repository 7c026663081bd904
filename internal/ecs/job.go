package ecs

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// Job is an asynchronous task of ECS.
type Job struct {
	ID         string          `json:"job_id"`
	Status     cloud.JobStatus `json:"status"`
	ErrorCode  string          `json:"error_code"`
	FailReason string          `json:"fail_reason"`
	Entities   struct {
		ServerID string `json:"server_id"`
		SubJobs  []Job  `json:"sub_jobs"`
	} `json:"entities"`
}

// State returns the status.
func (j Job) State() cloud.JobStatus { return j.Status }

// Problem returns why the job failed.
func (j Job) Problem() (code, reason string) { return j.ErrorCode, j.FailReason }

// Failure describes, on one line, what of the job and its sub-jobs has failed; empty where nothing has.
func (j Job) Failure() string {
	if j.Status != cloud.JobFail {
		return ""
	}
	parts := []string{strings.TrimSpace("job " + j.ID + " failed: " + strings.TrimSpace(j.ErrorCode+" "+j.FailReason))}
	for _, sub := range j.Entities.SubJobs {
		if sub.Status == cloud.JobFail {
			parts = append(
				parts,
				fmt.Sprintf("server %s: %s", sub.Entities.ServerID, strings.TrimSpace(sub.ErrorCode+" "+sub.FailReason)),
			)
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
