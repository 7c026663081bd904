package sdrs

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// FailureStatus tells what kind of job failed.
type FailureStatus string

// The documented failures: of a group's own jobs, and of those of its parts.
const (
	ReverseFail   FailureStatus = "reverseFail"
	FailoverFail  FailureStatus = "failoverFail"
	ReprotectFail FailureStatus = "reprotectFail"
	StartFail     FailureStatus = "startFail"
	StopFail      FailureStatus = "stopFail"

	CreateFail FailureStatus = "createFail"
	DeleteFail FailureStatus = "deleteFail"
	AttachFail FailureStatus = "attachFail"
	DetachFail FailureStatus = "detachFail"
	ExpandFail FailureStatus = "expandFail"
	ResizeFail FailureStatus = "resizeFail"
)

// FailureStatuses are the statuses that failed jobs can be selected by.
var FailureStatuses = []FailureStatus{
	ReverseFail, FailoverFail, ReprotectFail, StartFail, StopFail,
	CreateFail, DeleteFail, AttachFail, DetachFail, ExpandFail, ResizeFail,
}

// FailureJob is an entry of the task center: a job that failed.
type FailureJob struct {
	JobID         string          `json:"job_id"`
	JobType       string          `json:"job_type"`
	JobStatus     cloud.JobStatus `json:"job_status"`
	FailureStatus FailureStatus   `json:"failure_status"`
	ResourceID    string          `json:"resource_id"`
	ResourceName  string          `json:"resource_name"`
	ResourceType  string          `json:"resource_type"`
	Begin         Time            `json:"begin_time"`
	ErrorCode     string          `json:"error_code"`
	FailReason    string          `json:"fail_reason"`
}

// FailureJobFilter selects failed jobs; an empty status selects all. For an empty group see [Client.FailureJobs].
type FailureJobFilter struct {
	GroupID string
	Status  FailureStatus
}

type failureJobPage struct {
	Jobs  []FailureJob `json:"failure_jobs"`
	Count int          `json:"count"`
}

func (p failureJobPage) items() []FailureJob { return p.Jobs }
func (p failureJobPage) total() int          { return p.Count }

// FailureJobs lists failed jobs, all pages (GET task-center/failure-jobs): those within a group, or without one those
// at the level of groups, such as their creation and deletion.
func (c *Client) FailureJobs(ctx context.Context, filter FailureJobFilter) ([]FailureJob, error) {
	return list[failureJobPage](ctx, c, "/task-center/failure-jobs", values(map[string]string{
		"server_group_id": c.groupID(filter.GroupID),
		"failure_status":  string(filter.Status),
	}), filter.check)
}

// check holds a listed job against the filter, as far as it says what it is about: jobs of a group's parts do not name
// the group.
func (f FailureJobFilter) check(path string, job FailureJob) error {
	if f.Status != "" && job.FailureStatus != "" && job.FailureStatus != f.Status {
		return cloud.Malformed(http.MethodGet, path,
			fmt.Sprintf("the job %q is listed as %q, not %q", job.JobID, job.FailureStatus, f.Status))
	}
	if f.GroupID != "" && job.ofGroup() {
		return cloud.CheckID(path, groupNoun, f.GroupID, job.ResourceID)
	}
	return nil
}

// ofGroup reports whether the job is one of a group itself. The API has several names for each type of resource.
func (j FailureJob) ofGroup() bool {
	return strings.HasPrefix(j.ResourceType, "server_group") || strings.HasPrefix(j.ResourceType, "protectionGroup")
}

// DeleteFailureJob removes the record of a failed job, at once, and not what the job left behind (DELETE
// task-center/failure-jobs/{id}).
func (c *Client) DeleteFailureJob(ctx context.Context, id string) error {
	return c.session.Delete(ctx, cloud.SDRS, "/task-center/failure-jobs/"+url.PathEscape(id), nil, nil)
}

// DeleteFailureJobs removes the records of all failed jobs within a group (DELETE
// task-center/{group}/failure-jobs/batch); for an empty group those at the level of groups (DELETE
// task-center/failure-jobs/batch). See [Client.DeleteFailureJob].
func (c *Client) DeleteFailureJobs(ctx context.Context, groupID string) error {
	path := "/task-center/failure-jobs/batch"
	if groupID != "" {
		path = "/task-center/" + url.PathEscape(c.groupID(groupID)) + "/failure-jobs/batch"
	}
	return c.session.Delete(ctx, cloud.SDRS, path, nil, nil)
}
