package jobs

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// Job is a job of any service.
type Job interface {
	// State is the status of the job, Problem why it failed.
	State() cloud.JobStatus
	Problem() (code, reason string)
}

// Await waits for a job to end, and returns it; one that failed with an [Error]. A job that can't be read, or not
// understood, is no failure: it is not known then, and what it was to change has to tell. Where it tells already, ended
// reports that; it may be nil.
func Await[J Job](
	ctx context.Context, w *Wait, read func(context.Context) (J, error), ended func(context.Context) bool,
) (job J, known bool, err error) {
	for {
		if err := w.Pause(ctx); err != nil {
			return job, false, err
		}
		job, err = read(cloud.Once(ctx))
		if err == nil {
			w.Succeeded()
		}
		switch state := job.State(); {
		case err == nil && state == cloud.JobSuccess:
			return job, true, nil
		case err == nil && state == cloud.JobFail:
			code, reason := job.Problem()
			return job, true, w.fail(Error{Kind: Failed, Code: code, Reason: reason})
		case err == nil && (state == cloud.JobInit || state == cloud.JobRunning):
			continue
		case err == nil:
			tflog.Warn(ctx, "The job has an unknown status", map[string]any{"job": w.jobID, "status": state})
		}
		if over := w.Ended(ctx); over != nil {
			return job, false, over
		}
		if ended != nil && ended(ctx) {
			return job, false, nil
		}
		if err == nil {
			continue
		}
		if lost, ok := errors.AsType[*Error](w.Failed(ctx, err)); ok {
			if lost.Kind != LostContact {
				return job, false, lost
			}
			tflog.Warn(ctx, "The job can't be read", map[string]any{"job": w.jobID, "error": err.Error()})
			return job, false, nil
		}
	}
}
