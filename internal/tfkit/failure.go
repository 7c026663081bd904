package tfkit

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Retry is how an operation is tried again by whoever asked for it.
type Retry struct {
	// Again is a sentence without its full stop, Longer what to raise where the time is too short.
	Again, Longer string
}

// Applying is the retry of a resource's operation that is bounded by a timeout.
func Applying(timeout string) Retry {
	return Retry{Again: "Apply again", Longer: "timeouts." + timeout}
}

// after returns a remedy with what comes after it.
func (r Retry) after(remedy string) string { return remedy + " Then " + lower(r.Again) + "." }

// Reached is how far the operation got that ended with err.
func Reached(err error) failover.Progress {
	if failure, ok := errors.AsType[*failover.Error](err); ok {
		return failure.Progress
	}
	return failover.Progress{}
}

// OperationFailed is the diagnostic for an operation that ended with err. It is the only place that words such failures.
func OperationFailed(err error, retry Retry) diag.Diagnostic {
	failure, ok := errors.AsType[*failover.Error](err)
	if !ok {
		return unexpectedFailure.New(err.Error())
	}
	progress := failure.Progress
	name, about := progress.Operation.Name, subject(progress.Operation)
	r := &Report{}
	r.Progress(progress)
	switch failure.Kind {
	case failover.NotPossible:
		r.Happened = failure.Advice.Reason + " " + unchanged(progress)
		r.Next = failure.Advice.WayOut
		return notPossible.Of(about).New(r.String())
	case failover.NotAsPlanned:
		r.Happened = "The plan shows no switch of this group, but it would take one now. Nothing was changed."
		r.Next = "Plan again, and look at what it says about the switch."
		return groupChangedSincePlan.New(r.String())
	case failover.NotReady:
		r.Happened = fmt.Sprintf("The %s would fail, so it was not requested. The group was not changed.", name)
		r.Checks(failure.Checks, failover.Fail)
		r.Next = retry.after("Resolve this.")
		return notReady.Of(about).New(r.String())
	case failover.Refused:
		return refused(failure, r, retry)
	case failover.NotStarted:
		answer := "was lost"
		if _, answered := errors.AsType[*cloud.APIError](failure.Err); answered {
			answer = "leaves open what became of it"
		}
		r.Happened = fmt.Sprintf("The answer to the request for the %s %s, and the group has shown no sign of it in %d reads since: as "+
			"far as that shows, the cloud did not accept it. The request was not repeated.", name, answer, failure.Reads)
		r.Failure(failure.Err)
		r.Next = retry.Again + ". Should the group have moved by then, the operation is found and waited for."
		return diagnostic.NotStarted.Of(about).New(r.String())
	case failover.JobFailed:
		r.Happened = fmt.Sprintf("The cloud accepted the %s, and its job failed.", name)
		r.Fact("Error code", failure.Code)
		r.Fact("Reason", failure.Reason)
		for _, sub := range failure.FailedSubJobs {
			r.Fact("Failed sub-job", strings.Join(strings.Fields(sub.Type+" "+sub.ID+" "+sub.ErrorCode+" "+sub.FailReason), " "))
		}
		r.Next = retry.after(diagnostic.Remedy(failure.Code, "Resolve the reason that the cloud gives.")) +
			" To repeat a failed operation is the documented way on."
		return diagnostic.Failed.Of(about).New(r.String())
	case failover.NotVerified:
		r.Happened = fmt.Sprintf("The %s was accepted, and the group rests in another state than it should after it.", name)
		r.Next = retry.after("Look at the group in the console, and find out what happened.")
		return notVerified.Of(about).New(r.String())
	case failover.ServersFailed:
		return serversFailed(failure, r, retry)
	case failover.TimedOut:
		r.Happened = fmt.Sprintf("Gave up waiting after %s. %s", rounded(failure.Waited), goesOn(progress))
		r.Next = fmt.Sprintf("%s to resume the wait. If this takes as long with this group, raise %s.", retry.Again, retry.Longer)
		return diagnostic.TimedOut.Of(about).New(r.String())
	case failover.Interrupted:
		r.Happened = fmt.Sprintf("The wait was interrupted after %s. %s", rounded(failure.Waited), goesOn(progress))
		r.Next = retry.Again + " to resume the wait."
		return diagnostic.Interrupted.Of(about).New(r.String())
	case failover.LostContact:
		return lostContact(failure, r, retry)
	}
	return unexpectedFailure.New(err.Error())
}

// refused words an action that the cloud refused, or that could not be sent.
func refused(failure *failover.Error, r *Report, retry Retry) diag.Diagnostic {
	if _, answered := errors.AsType[*cloud.APIError](failure.Err); !answered {
		r.Happened = fmt.Sprintf("The request for the %s could not be sent. %s", failure.Operation.Name, unchanged(failure.Progress))
		r.Failure(failure.Err)
		r.Next = retry.after("Check that the API can be reached.")
		return diagnostic.NotSent.Of(subject(failure.Operation)).New(r.String())
	}
	r.Happened = fmt.Sprintf("The cloud refused the %s. %s", failure.Operation.Name, unchanged(failure.Progress))
	r.Failure(failure.Err)
	r.Next = retry.after(diagnostic.Remedy(code(failure.Err), "Resolve the reason that the cloud gives."))
	return diagnostic.Refused.Of(subject(failure.Operation)).New(r.String())
}

// serversFailed words servers that were not stopped, or not started.
func serversFailed(failure *failover.Error, r *Report, retry Retry) diag.Diagnostic {
	progress := failure.Progress
	r.Happened = fmt.Sprintf("Not all servers have become %s. %s", failure.Wanted, goesOn(progress))
	if len(progress.Awaited) == 0 {
		r.Fact("Servers", Names(failure.Servers))
	}
	if asked := progress.Requested; failure.Wanted == ecs.Stopped && len(asked) < len(progress.Awaited) {
		r.Fact("Servers that were asked to stop before that", Names(unstated(asked)))
	}
	if failure.Err != nil {
		r.Failure(failure.Err)
	}
	r.Next = retry.after("Resolve this, or stop and start the servers yourself.")
	if failure.Wanted == ecs.Stopped {
		return serversNotStopped.New(r.String())
	}
	return serversNotStarted.New(r.String())
}

// lostContact words a group that can't be read.
func lostContact(failure *failover.Error, r *Report, retry Retry) diag.Diagnostic {
	if failure.Sent == failover.NotSent && unchanged(failure.Progress) == nothingChanged {
		return Unreadable(failure.GroupID, failure.Err)
	}
	if sdrs.IsNotFound(failure.Err) {
		r.Happened = fmt.Sprintf("The protection group does not exist any longer. It was deleted after the %s was requested.", failure.Operation.Name)
		r.Failure(failure.Err)
		r.Next = "Find out who deleted it. Remove it from the configuration."
		return diagnostic.NotFound.Of(ProtectionGroup).New(r.String())
	}
	r.Happened = "The protection group can't be read any longer. " + goesOn(failure.Progress)
	r.Failure(failure.Err)
	r.Next = retry.Again + " to resume the wait, once the API can be reached."
	return diagnostic.LostContact.Of(ProtectionGroup).New(r.String())
}

const nothingChanged = "Nothing was changed."

// unchanged says what was changed before an operation that was not requested.
func unchanged(progress failover.Progress) string {
	if len(progress.Stopped)+len(progress.Awaited)+len(progress.Started) > 0 {
		return "The group was not changed, but servers were: see below."
	}
	return nothingChanged
}

// goesOn says what the cloud does after the provider has stopped waiting.
func goesOn(progress failover.Progress) string {
	if progress.Verified {
		return fmt.Sprintf("The %s itself is done and verified.", progress.Operation.Name)
	}
	switch progress.Sent {
	case failover.Accepted:
		return fmt.Sprintf("The %s was accepted and goes on in the cloud.", progress.Operation.Name)
	case failover.Unanswered:
		return fmt.Sprintf("The %s was requested, and the answer is not known: it may be going on in the cloud.", progress.Operation.Name)
	case failover.NotSent:
		if progress.Group.Status.Phase() == sdrs.Moving {
			return fmt.Sprintf("An operation that was already running goes on in the cloud; no %s was requested.", progress.Operation.Name)
		}
	}
	return fmt.Sprintf("No %s was requested.", progress.Operation.Name)
}

func lower(sentence string) string { return strings.ToLower(sentence[:1]) + sentence[1:] }

func rounded(d time.Duration) time.Duration {
	if d < time.Second {
		return d.Round(time.Millisecond)
	}
	return d.Round(time.Second)
}

func code(err error) string {
	if refusal, ok := errors.AsType[*cloud.APIError](err); ok {
		return refusal.Code
	}
	return ""
}
