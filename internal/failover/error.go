package failover

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
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

// Progress is how far an operation got.
type Progress struct {
	Operation Operation
	// GroupID names the group, Station the site that is to become active, if the operation is about that.
	GroupID string
	Station sdrs.Station
	// Group is the last observation; its ID is empty where there was none.
	Group sdrs.Group
	Sent  Sent
	// JobID is the id of the job, empty where it is not known.
	JobID string
	// From is the site that was active when the workflow began, or the one that its own switch leaves; empty where the
	// group could not be read.
	From  sdrs.Station
	Times Times
	// Waited is the time since the workflow began.
	Waited time.Duration
	// FailedReads is how many reads in a row have failed by now: what is told was true before them.
	FailedReads int
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
	// Unchecked are the checks that were not possible.
	Unchecked []Check
}

// Kind says how an operation ended that did not succeed.
type Kind int

// The kinds of [Error]. Up to Refused nothing was sent, but for what stopped servers.
const (
	// NotPossible: the operation can't start from the status of the group.
	NotPossible Kind = iota
	// NotAsPlanned: nothing was to be done, and the group is not any longer as wanted.
	NotAsPlanned
	// NotReady: a readiness check failed.
	NotReady
	// NotFullyChecked: a readiness check was not possible, and all are required.
	NotFullyChecked
	// Refused: the cloud refused the action, or it could not be sent.
	Refused
	// NotStarted: the answer to the action was lost, and the group then showed no sign of it.
	NotStarted
	// JobFailed: the cloud accepted the action, and its job failed.
	JobFailed
	// NotVerified: after the action the group rests in another state than the wanted one.
	NotVerified
	// ServersFailed: a request about servers was refused, or servers can't come to the wanted status.
	ServersFailed
	// TimedOut: the wait met its deadline. What was started goes on.
	TimedOut
	// Interrupted: the wait was canceled. What was started goes on.
	Interrupted
	// LostContact: the group can't be read, at the start or any longer. What was started goes on.
	LostContact
)

var kinds = map[Kind]string{
	NotPossible: "NotPossible", NotAsPlanned: "NotAsPlanned", NotReady: "NotReady", NotFullyChecked: "NotFullyChecked",
	Refused: "Refused", NotStarted: "NotStarted", JobFailed: "JobFailed", NotVerified: "NotVerified",
	ServersFailed: "ServersFailed", TimedOut: "TimedOut", Interrupted: "Interrupted", LostContact: "LostContact",
}

// String names the kind.
func (k Kind) String() string { return kinds[k] }

// Error is an operation that did not succeed: the only error of [Workflow.Run]. Which of the fields after Progress are
// set depends on the kind.
type Error struct {
	Kind Kind
	Progress
	// Advice is why the operation is NotPossible, and what leads on. For TimedOut and Refused it is about the group's
	// status, if there is anything to say.
	Advice Advice
	// Checks are those of a group that is NotReady or NotFullyChecked.
	Checks []Check
	// Reads is how often the group was looked at for a sign of an action that has NotStarted.
	Reads int
	// Code and Reason are those of the job of JobFailed, or of its first failed sub-job; empty where no job could be read.
	Code, Reason string
	// FailedSubJobs are those of the job's sub-jobs, at any depth, that failed.
	FailedSubJobs []sdrs.Job
	// Servers have not become Wanted, for ServersFailed.
	Servers []ecs.Server
	Wanted  ecs.Status
	// Err is the refusal, how the answer was lost, or why the last read failed. For ServersFailed it is nil where the
	// servers themselves failed.
	Err error
}

// asError returns the workflow's error for one of it, or of its waits.
func asError(err error) *Error {
	if failure, ok := errors.AsType[*Error](err); ok {
		return failure
	}
	failure, ok := errors.AsType[*jobs.Error](err)
	if !ok {
		return &Error{Kind: LostContact, Err: err}
	}
	kind := map[jobs.Kind]Kind{
		jobs.NotSent: Refused, jobs.Refused: Refused, jobs.NotStarted: NotStarted, jobs.Failed: JobFailed,
		jobs.TimedOut: TimedOut, jobs.Interrupted: Interrupted, jobs.LostContact: LostContact,
	}[failure.Kind]
	return &Error{Kind: kind, Reads: failure.Reads, Err: failure.Err}
}

// Error is one line for a log: what a user sees is worded elsewhere.
func (e *Error) Error() string {
	parts := []string{
		fmt.Sprintf(
			"%s: %s after %s, group %s is %q at %q",
			e.Operation.Name,
			e.Kind,
			e.Waited,
			e.GroupID,
			e.Group.Status,
			e.Group.PriorityStation,
		),
	}
	add := func(text string) {
		if text != "" {
			parts = append(parts, text)
		}
	}
	if e.JobID != "" {
		add("job " + e.JobID)
	}
	add(e.Advice.Reason)
	for _, check := range e.Checks {
		if check.Verdict == Fail || check.Verdict == Unknown {
			add(check.Detail)
		}
	}
	add(strings.TrimSpace(e.Code + " " + e.Reason))
	for _, server := range e.Servers {
		add(server.String())
	}
	if e.Err != nil {
		add(e.Err.Error())
	}
	return strings.Join(parts, "; ")
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }
