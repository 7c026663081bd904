package protectiongroup

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// FailureJobsDataSource is sdrs_failure_jobs: the failed jobs of the task center (GET task-center/failure-jobs).
type FailureJobsDataSource struct{ dataSource }

var _ datasource.DataSourceWithConfigure = (*FailureJobsDataSource)(nil)

// NewFailureJobsDataSource returns the data source before its configuration.
func NewFailureJobsDataSource() datasource.DataSource {
	return &FailureJobsDataSource{dataSource{name: "failure_jobs"}}
}

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

func newFailureJobModel(job sdrs.FailureJob) failureJobModel {
	return failureJobModel{
		JobID:         orNull(job.JobID),
		JobType:       orNull(job.JobType),
		JobStatus:     orNull(job.JobStatus),
		FailureStatus: orNull(job.FailureStatus),
		ResourceID:    orNull(job.ResourceID),
		ResourceName:  orNull(job.ResourceName),
		ResourceType:  orNull(job.ResourceType),
		BeginTime:     timestamp(job.Begin),
		ErrorCode:     orNull(job.ErrorCode),
		FailReason:    orNull(job.FailReason),
	}
}

// Schema returns the schema of sdrs_failure_jobs.
func (d *FailureJobsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the failed jobs in the task center of SDRS.",
		Attributes: map[string]schema.Attribute{
			"protection_group_id": ofGroup("Only failures within the protection group with this id. Without it, the API lists those at " +
				"the level of groups, such as of creating or deleting one."),
			"failure_status": enumeration("Only failures of this kind, such as `reverseFail` of planned failovers.", sdrs.FailureStatuses),
			"failure_jobs": reportedList("The failed jobs, in the order of the API.", map[string]schema.Attribute{
				"job_id":         reported("The id of the job."),
				"job_type":       reported("The type of the job, for example `reverseProtectionGroupNoCG`."),
				"job_status":     reported("The status of the job: `FAIL`."),
				"failure_status": reported("The kind of the failure, see the argument of the same name."),
				"resource_id":    reported("The id of what the job was for."),
				"resource_name":  reported("The name of what the job was for."),
				"resource_type": reported("The type of what the job was for: `server_groups`, `protected_instances`, `replications`, or " +
					"`disaster_recovery_drills`. The API has been seen to write it otherwise, such as `protectedInstance`."),
				"begin_time":  reported("When the job began, RFC 3339 in UTC."),
				"error_code":  reported("The code of the error, for example `SDRS.1029`."),
				"fail_reason": reported("The reason that the service gives."),
			}),
		},
	}
}

// Read lists the failed jobs.
func (d *FailureJobsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	read(ctx, d.dataSource, req, resp, func(ctx context.Context, client *sdrs.Client, model *failureJobsModel) diag.Diagnostic {
		jobs, err := client.FailureJobs(ctx, sdrs.FailureJobFilter{
			GroupID: model.ProtectionGroupID.ValueString(),
			Status:  sdrs.FailureStatus(model.FailureStatus.ValueString()),
		})
		if err != nil {
			return unlistable(diagnostic.FailedJobs, err)
		}
		model.Jobs = each(jobs, newFailureJobModel)
		return nil
	})
}
