package protectiongroup

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

// retry is how an operation is tried again by whoever asked for it.
type retry struct {
	// again is a sentence without its full stop, longer what to raise where the time is too short.
	again, longer string
}

// applying is the retry of a resource's operation that is bounded by a timeout.
func applying(timeout string) retry {
	return retry{again: "Apply again", longer: "timeouts." + timeout}
}

// after returns a remedy with what comes after it.
func (r retry) after(remedy string) string { return remedy + " Then " + lower(r.again) + "." }

// operationFailed is the diagnostic for an operation that ended with err, and for what the group is like by now. It is
// the only place that words such failures.
func operationFailed(err error, group sdrs.Group, retry retry) diag.Diagnostic {
	progress, _ := failover.ProgressOf(err)
	progress.Group = group
	r := &report{}
	r.progress(progress)
	outcome := diagnostic.Failed
	if notPossible, ok := errors.AsType[*failover.NotPossible](err); ok {
		outcome = diagnostic.NotPossible
		r.happened = notPossible.Reason + " " + unchanged(progress)
		r.next = notPossible.WayOut
	} else if notReady, ok := errors.AsType[*failover.NotReady](err); ok {
		outcome = diagnostic.NotReady
		r.happened = fmt.Sprintf("The %s would fail, so it was not requested. The group was not changed.", progress.Operation)
		r.checks(notReady.Checks, failover.Fail)
		r.next = retry.after("Resolve this.")
	} else if refused, ok := errors.AsType[*failover.Refused](err); ok {
		if _, answered := errors.AsType[*cloud.APIError](refused.Err); !answered {
			r.happened = fmt.Sprintf("The request for the %s could not be sent. %s", progress.Operation, unchanged(progress))
			r.failure(refused.Err)
			r.next = retry.after("Check that the API can be reached.")
			return diagnostic.NotSent.Of(progress.Operation).New(r.String())
		}
		outcome = diagnostic.Refused
		r.happened = fmt.Sprintf("The cloud refused the %s. %s", progress.Operation, unchanged(progress))
		r.failure(refused.Err)
		r.next = retry.after(diagnostic.Remedy(code(refused.Err), "Resolve the reason that the cloud gives."))
	} else if lost, ok := errors.AsType[*failover.NotStarted](err); ok {
		outcome = diagnostic.NotStarted
		answer := "was lost"
		if _, answered := errors.AsType[*cloud.APIError](lost.Err); answered {
			answer = "leaves open what became of it"
		}
		r.happened = fmt.Sprintf("The answer to the request for the %s %s, and the group has shown no sign of it in %d reads since: as "+
			"far as that shows, the cloud did not accept it. The request was not repeated.", progress.Operation, answer, lost.Reads)
		r.failure(lost.Err)
		r.next = retry.again + ". Should the group have moved by then, the operation is found and waited for."
	} else if failed, ok := errors.AsType[*failover.JobFailed](err); ok {
		r.happened = fmt.Sprintf("The cloud accepted the %s, and its job failed.", progress.Operation)
		r.fact("Error code", failed.Code)
		r.fact("Reason", failed.Reason)
		for _, sub := range failed.FailedSubJobs {
			r.fact("Failed sub-job", strings.Join(strings.Fields(sub.Type+" "+sub.ID+" "+sub.ErrorCode+" "+sub.FailReason), " "))
		}
		r.next = retry.after(diagnostic.Remedy(failed.Code, "Resolve the reason that the cloud gives.")) +
			" To repeat a failed operation is the documented way on."
	} else if _, ok := errors.AsType[*failover.NotVerified](err); ok {
		outcome = diagnostic.NotVerified
		r.happened = fmt.Sprintf("The %s was accepted, and the group rests in another state than it should after it.", progress.Operation)
		r.next = retry.after("Look at the group in the console, and find out what happened.")
	} else if timedOut, ok := errors.AsType[*failover.TimedOut](err); ok {
		outcome = diagnostic.TimedOut
		r.happened = fmt.Sprintf("Gave up waiting after %s. %s", rounded(timedOut.Waited), goesOn(progress))
		r.next = fmt.Sprintf("%s to resume the wait. If this takes as long with this group, raise %s.", retry.again, retry.longer)
	} else if interrupted, ok := errors.AsType[*failover.Interrupted](err); ok {
		outcome = diagnostic.Interrupted
		r.happened = fmt.Sprintf("The wait was interrupted after %s. %s", rounded(interrupted.Waited), goesOn(progress))
		r.next = retry.again + " to resume the wait."
	} else {
		return otherwiseFailed(err, progress, r, retry)
	}
	return outcome.Of(progress.Operation).New(r.String())
}

// otherwiseFailed words the failures that are not those of the operation itself.
func otherwiseFailed(err error, progress failover.Progress, r *report, retry retry) diag.Diagnostic {
	if servers, ok := errors.AsType[*failover.ServersFailed](err); ok {
		r.happened = fmt.Sprintf("Not all servers have become %s. %s", servers.Wanted, goesOn(progress))
		if len(progress.Awaited) == 0 {
			r.fact("Servers", names(servers.Servers))
		}
		if asked := progress.Requested; servers.Wanted == ecs.Stopped && len(asked) < len(progress.Awaited) {
			r.fact("Servers that were asked to stop before that", names(unstated(asked)))
		}
		if servers.Err != nil {
			r.failure(servers.Err)
		}
		r.next = retry.after("Resolve this, or stop and start the servers yourself.")
		if servers.Wanted == ecs.Stopped {
			return diagnostic.ServersNotStopped.New(r.String())
		}
		return diagnostic.ServersNotStarted.New(r.String())
	}
	if contact, ok := errors.AsType[*failover.LostContact](err); ok {
		if contact.Sent == failover.NotSent && unchanged(progress) == nothingChanged {
			return unreadable(contact.GroupID, contact.Err)
		}
		if sdrs.IsNotFound(contact.Err) {
			r.happened = fmt.Sprintf("The protection group does not exist any longer. It was deleted after the %s was requested.", progress.Operation)
			r.failure(contact.Err)
			r.next = "Find out who deleted it. Remove it from the configuration."
			return diagnostic.GroupNotFound.New(r.String())
		}
		r.happened = "The protection group can't be read any longer. " + goesOn(progress)
		r.failure(contact.Err)
		r.next = retry.again + " to resume the wait, once the API can be reached."
		return diagnostic.LostContact.New(r.String())
	}
	if _, ok := errors.AsType[*failover.Changed](err); ok {
		r.happened = "The plan shows no switch of this group, but it would take one now. Nothing was changed."
		r.next = "Plan again, and look at what it says about the switch."
		return diagnostic.GroupChangedSincePlan.New(r.String())
	}
	return diagnostic.OperationFailed.New(err.Error())
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
		return fmt.Sprintf("The %s itself is done and verified.", progress.Operation)
	}
	switch progress.Sent {
	case failover.Accepted:
		return fmt.Sprintf("The %s was accepted and goes on in the cloud.", progress.Operation)
	case failover.Unanswered:
		return fmt.Sprintf("The %s was requested, and the answer is not known: it may be going on in the cloud.", progress.Operation)
	case failover.NotSent:
		if progress.Group.Status.Phase() == sdrs.Moving {
			return fmt.Sprintf("An operation that was already running goes on in the cloud; no %s was requested.", progress.Operation)
		}
	}
	return fmt.Sprintf("No %s was requested.", progress.Operation)
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
