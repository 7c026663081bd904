package failover

import (
	"errors"
	"fmt"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Sent says what became of the action.
type Sent int

// What became of the action.
const (
	// NotSent: no action was sent, or the cloud refused it. Nothing moved.
	NotSent Sent = iota
	// Accepted: the cloud accepted the action.
	Accepted
	// Unanswered: the action was sent, and its answer was lost.
	Unanswered
)

// Progress is how far an operation got; each error of the workflow has one.
type Progress struct {
	// Operation is the name of the operation.
	Operation string
	// GroupID names the group, Station the site that is to become active, if the operation is about that.
	GroupID string
	Station sdrs.Station
	// Group is the last observation; its ID is empty where there was none.
	Group sdrs.Group
	Sent  Sent
	// JobID is the id of the job, empty where it is not known.
	JobID string
	// StartedAt is when the action was sent; zero where none was.
	StartedAt time.Time
	// Waited is the time since the workflow began.
	Waited time.Duration
	// Verified is set once the operation has succeeded, and only servers remain to be started.
	Verified bool
	// Stopped are the servers that the workflow has stopped. It never starts them by itself again. Down are those that it
	// was to stop, and found stopped, be it by an earlier run. Started are those that it has started at the new site.
	Stopped, Down, Started []ecs.Server
	// Requested are the servers that the cloud was asked to stop, and that were not seen stopped since.
	Requested []ecs.Server
	// Awaited are the servers that were not in AwaitedStatus when they were last looked at.
	Awaited       []ecs.Server
	AwaitedStatus ecs.Status
}

// NotPossible is a group that the operation can't start from. Nothing was sent.
type NotPossible struct {
	Progress
	Advice
}

// Error names the status and the reason.
func (e *NotPossible) Error() string {
	return fmt.Sprintf("no %s from status %s: %s", e.Operation, e.Group.Status, e.Reason)
}

// Changed is a group that is not any longer as wanted, where nothing was to be done about that. Nothing was sent.
type Changed struct {
	Progress
}

// Error names what was found.
func (e *Changed) Error() string {
	return fmt.Sprintf("the group is %s at %s now", e.Group.Status, e.Group.PriorityStation)
}

// NotReady is a group of which a readiness check failed. Nothing was sent, but for what stopped servers.
type NotReady struct {
	Progress
	Checks []Check
}

// Error names the checks that failed.
func (e *NotReady) Error() string {
	text := "not ready for a " + e.Operation + ":"
	for _, check := range e.Checks {
		if check.Verdict == Fail {
			text += " " + check.Detail
		}
	}
	return text
}

// Refused is an action that the cloud refused. Nothing moved.
type Refused struct {
	Progress
	Err error
}

// Error repeats the refusal.
func (e *Refused) Error() string { return "the " + e.Operation + " was refused: " + e.Err.Error() }

// Unwrap returns the refusal, a cloud.APIError, or the reason why the request could not be sent.
func (e *Refused) Unwrap() error { return e.Err }

// NotStarted is an action whose answer was lost, and that the group then showed no sign of for Reads reads.
type NotStarted struct {
	Progress
	Reads int
	Err   error
}

// Error repeats how the answer was lost.
func (e *NotStarted) Error() string {
	return fmt.Sprintf("the %s did not start (%d reads unchanged) after its answer was lost: %s", e.Operation, e.Reads, e.Err)
}

// Unwrap returns how the answer was lost.
func (e *NotStarted) Unwrap() error { return e.Err }

// JobFailed is a job that the cloud accepted and then failed.
type JobFailed struct {
	Progress
	// Code and Reason are the job's, or those of its first failed sub-job; empty where no job could be read.
	Code, Reason string
	// FailedSubJobs are those of the job's sub-jobs, at any depth, that failed.
	FailedSubJobs []sdrs.Job
}

// Error names the job, its code, and its reason.
func (e *JobFailed) Error() string {
	return fmt.Sprintf("job %s failed: %s %s", e.JobID, e.Code, e.Reason)
}

// NotVerified is an operation after which the group rests in another state than the wanted one.
type NotVerified struct {
	Progress
}

// Error names what was found.
func (e *NotVerified) Error() string {
	return fmt.Sprintf("the group ended %s at %s", e.Group.Status, e.Group.PriorityStation)
}

// TimedOut is a wait that met the context's deadline. The job goes on.
type TimedOut struct {
	Progress
}

// Error names the job and the last status.
func (e *TimedOut) Error() string {
	return fmt.Sprintf("timed out after %s, job %q, last status %q", e.Waited, e.JobID, e.Group.Status)
}

// Interrupted is a wait that was canceled. The job goes on.
type Interrupted struct {
	Progress
}

// Error names the job and the last status.
func (e *Interrupted) Error() string {
	return fmt.Sprintf("interrupted after %s, job %q, last status %q", e.Waited, e.JobID, e.Group.Status)
}

// LostContact is a group that could not be read, at the start or any longer. A job that was started goes on.
type LostContact struct {
	Progress
	Err error
}

// Error repeats why the last read failed.
func (e *LostContact) Error() string { return "the protection group can't be read: " + e.Err.Error() }

// Unwrap returns why the last read failed.
func (e *LostContact) Unwrap() error { return e.Err }

// Reached returns the progress itself, so that it can be asked of any error of the workflow.
func (p Progress) Reached() Progress { return p }

// ProgressOf returns how far the operation got that ended with err; false for an error that is not the workflow's.
func ProgressOf(err error) (Progress, bool) {
	failure, ok := errors.AsType[interface {
		error
		Reached() Progress
	}](err)
	if !ok {
		return Progress{}, false
	}
	return failure.Reached(), true
}
