// Package failurejob is the failed jobs of the task center in Terraform.
package failurejob

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

type failureJobsModel struct {
	ProtectionGroupID types.String      `tfsdk:"protection_group_id"`
	FailureStatus     types.String      `tfsdk:"failure_status"`
	Jobs              []failureJobModel `tfsdk:"failure_jobs"`
}

type failureJobModel struct {
	JobID         types.String `tfsdk:"job_id"`
	JobType       types.String `tfsdk:"job_type"`
	JobStatus     types.String `tfsdk:"job_status"`
	FailureStatus types.String `tfsdk:"failure_status"`
	ResourceID    types.String `tfsdk:"resource_id"`
	ResourceName  types.String `tfsdk:"resource_name"`
	ResourceType  types.String `tfsdk:"resource_type"`
	BeginTime     types.String `tfsdk:"begin_time"`
	ErrorCode     types.String `tfsdk:"error_code"`
	FailReason    types.String `tfsdk:"fail_reason"`
}

func fromAPI(job sdrs.FailureJob) failureJobModel {
	return failureJobModel{
		JobID:         tfkit.OrNull(job.JobID),
		JobType:       tfkit.OrNull(job.JobType),
		JobStatus:     tfkit.OrNull(job.JobStatus),
		FailureStatus: tfkit.OrNull(job.FailureStatus),
		ResourceID:    tfkit.OrNull(job.ResourceID),
		ResourceName:  tfkit.OrNull(job.ResourceName),
		ResourceType:  tfkit.OrNull(job.ResourceType),
		BeginTime:     tfkit.Timestamp(job.Begin),
		ErrorCode:     tfkit.OrNull(job.ErrorCode),
		FailReason:    tfkit.OrNull(job.FailReason),
	}
}

// NewDataSources returns sdrs_failure_jobs: the failed jobs of the task center (GET task-center/failure-jobs).
func NewDataSources() datasource.DataSource {
	return tfkit.DataSource[failureJobsModel]{
		Name:        "failure_jobs",
		Description: "Lists the failed jobs in the task center of SDRS.",
		Attributes: map[string]schema.Attribute{
			"protection_group_id": tfkit.OfGroup("Only failures within the protection group with this id. Without it, the API " +
				"lists those at the level of groups, such as of creating or deleting one."),
			"failure_status": tfkit.Enumeration("Only failures of this kind, such as `reverseFail` of planned failovers.",
				sdrs.FailureStatuses),
			"failure_jobs": tfkit.ReportedList("The failed jobs, in the order of the API.", map[string]schema.Attribute{
				"job_id":         tfkit.Reported("The id of the job."),
				"job_type":       tfkit.Reported("The type of the job, for example `reverseProtectionGroupNoCG`."),
				"job_status":     tfkit.Reported("The status of the job: `FAIL`."),
				"failure_status": tfkit.Reported("The kind of the failure, see the argument of the same name."),
				"resource_id":    tfkit.Reported("The id of what the job was for."),
				"resource_name":  tfkit.Reported("The name of what the job was for."),
				"resource_type": tfkit.Reported("The type of what the job was for: `server_groups`, `protected_instances`, " +
					"`replications`, or `disaster_recovery_drills`. The API has been seen to write it otherwise, such as " +
					"`protectedInstance`."),
				"begin_time":  tfkit.Reported("When the job began, RFC 3339 in UTC."),
				"error_code":  tfkit.Reported("The code of the error, for example `SDRS.1029`."),
				"fail_reason": tfkit.Reported("The reason that the service gives."),
			}),
		},
		Fill: tfkit.Listing(subject, func(ctx context.Context, client *sdrs.Client, model *failureJobsModel) error {
			jobs, err := client.FailureJobs(ctx, sdrs.FailureJobFilter{
				GroupID: model.ProtectionGroupID.ValueString(),
				Status:  sdrs.FailureStatus(model.FailureStatus.ValueString()),
			})
			model.Jobs = tfkit.Each(jobs, fromAPI)
			return err
		}),
	}.New()
}
