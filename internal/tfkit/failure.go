package tfkit

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Retry is how an operation is tried again by whoever asked for it.
type Retry struct {
	// Again and Resume are sentences without their full stops, the second one for what goes on. Longer is what to raise
	// where the time is too short.
	Again, Resume, Longer string
	// Shows is what becomes of a request that was accepted all the same.
	Shows string
}

// Applying is the retry of a resource's operation that is bounded by a timeout. It takes a new plan: a saved one is of
// the state before the failure, so Terraform refuses it.
func Applying(timeout string) Retry {
	return Retry{
		Again:  "Plan again, and apply",
		Resume: "Plan again, then apply: the new plan finds what is in flight, and the apply waits for its end",
		Longer: "timeouts." + timeout,
		Shows:  waitedForThen,
	}
}

const waitedForThen = "the operation is found and waited for"

// Invoking is the retry of an action.
var Invoking = Retry{
	Again: "Invoke the action again", Resume: "Invoke the action again to resume the wait", Longer: "timeout",
	Shows: waitedForThen,
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

// OperationFailed is the diagnostic for an operation that ended with err. It is the only place that words such
// failures.
func OperationFailed(err error, retry Retry) diag.Diagnostic {
	failure, ok := errors.AsType[*failover.Error](err)
	if !ok {
		return unexpectedFailure.Of(ProtectionGroup).New(err.Error())
	}
	progress := failure.Progress
	name, about := progress.Operation.Name, subject(progress.Operation)
	again := "" // Not once more, after a refusal of a busy group.
	if _, refused := errors.AsType[*refusedBefore](failure.Err); refused {
		again = " again"
	}
	r := &Report{}
	r.Progress(progress)
	r.Production = production(failure)
	switch failure.Kind {
	case failover.NotPossible:
		r.Happened = failure.Advice.Reason + " " + unchanged(progress)
		r.Next = failure.Advice.WayOut
		return r.New(notPossible.Of(about))
	case failover.NotAsPlanned:
		r.Happened = "The plan shows no switch of this group, but it would take one now. Nothing was changed."
		r.Next = "Plan again, and look at what it says about the switch."
		return r.New(groupChangedSincePlan)
	case failover.NotReady:
		r.Happened = fmt.Sprintf("The %s would fail, so it was not requested%s. The group was not changed.", name, again)
		r.Checks(failure.Checks, failover.Fail)
		r.Next = retry.after("Resolve this.")
		return r.New(notReady.Of(about))
	case failover.NotFullyChecked:
		r.Happened = fmt.Sprintf(
			"Not everything that the %s needs could be checked, and require_all_checks = true, so it was not "+
				"requested%s. The group was not changed.",
			name,
			again,
		)
		r.Checks(failure.Checks, failover.Unknown)
		r.Next = retry.after("Resolve this, or set require_all_checks = false.")
		return r.New(checksIncomplete.Of(about))
	case failover.NotVerified:
		r.Happened = fmt.Sprintf("The %s was accepted, and the group rests in another state than it should after it.", name)
		r.Next = retry.after("Look at the group in the console, and find out what happened.")
		return r.New(notVerified.Of(about))
	case failover.ServersFailed:
		return serversFailed(failure, r, retry)
	case failover.LostContact:
		if progress.Sent == failover.NotSent && unchanged(progress) == nothingChanged {
			return Unreadable(failure.GroupID, failure.Err)
		}
		fallthrough
	case failover.Refused, failover.NotStarted, failover.JobFailed, failover.TimedOut, failover.Interrupted:
		kind := ending{
			Error: jobs.Error{
				Kind: jobKinds[failure.Kind], Waited: failure.Waited, Reads: failure.Reads,
				Code: failure.Code, Reason: failure.Reason, Err: failure.Err, Unsent: progress.Sent == failover.NotSent,
			},
			noun: ProtectionGroup, operation: about, unchanged: unchanged(progress), goesOn: goesOn(progress),
		}.word(r, retry)
		for _, sub := range failure.FailedSubJobs {
			r.Fact("Failed sub-job", strings.Join(strings.Fields(sub.Type+" "+sub.ID+" "+sub.ErrorCode+" "+sub.FailReason), " "))
		}
		switch advice := failure.Advice; {
		case failure.Kind == failover.TimedOut && advice.Reason != "":
			r.Next = advice.Reason + " " + advice.WayOut + " " + r.Next
		case failure.Kind != failover.Refused || !diagnostic.IsStatus(code(failure.Err)):
		case progress.Group.Status.Phase() == sdrs.Moving:
			r.Next = retry.after("Wait until the group rests.")
		case advice.WayOut != "": // At rest it stays as it is.
			r.Next = retry.after(advice.Reason + " " + advice.WayOut)
		}
		if progress.Sent == failover.NotSent && turnedOff(progress) && progress.Group.PriorityStation.Valid() {
			r.Next += fmt.Sprintf(" To stay at %s, start the servers there yourself: nothing here does.",
				Site(progress.Group, progress.Group.PriorityStation))
		}
		r.Next += LateFailover(progress)
		return r.New(kind)
	}
	return unexpectedFailure.Of(ProtectionGroup).New(err.Error())
}

// jobKinds are the kinds of errors that operations on a group have in common with all other requests.
var jobKinds = map[failover.Kind]jobs.Kind{
	failover.Refused: jobs.Refused, failover.NotStarted: jobs.NotStarted, failover.JobFailed: jobs.Failed,
	failover.TimedOut: jobs.TimedOut, failover.Interrupted: jobs.Interrupted, failover.LostContact: jobs.LostContact,
}

// RequestFailed is the diagnostic for the creation, change, or deletion of a noun that ended with a [jobs.Error]. The
// report has the facts about the object. A request for [diagnostic.Subject.Creation] of a "Protected Instance" that is
// refused is a "Protected Instance Creation Refused".
func RequestFailed(err error, noun, operation diagnostic.Subject, r *Report, retry Retry) diag.Diagnostic {
	failure, ok := errors.AsType[*jobs.Error](err)
	if !ok {
		return unexpectedFailure.Of(noun).New(err.Error())
	}
	goesOn := "What was requested by then goes on in the cloud."
	if failure.JobID != "" {
		r.Fact("Job ID", failure.JobID)
		goesOn = fmt.Sprintf("The %s was accepted and goes on in the cloud.", operation.Name)
	}
	if failure.Unsent {
		goesOn = fmt.Sprintf("No %s was requested.", operation.Name)
	}
	end := ending{Error: *failure, noun: noun, operation: operation, unchanged: nothingChanged, goesOn: goesOn}
	if r.Changed {
		end.unchanged = "What was changed before that stays so."
	}
	return r.New(end.word(r, retry))
}

// ending is how a request ended, other than well.
type ending struct {
	jobs.Error

	noun, operation diagnostic.Subject
	// unchanged says what was changed before a request that came to nothing, goesOn what goes on after the wait.
	unchanged, goesOn string
}

// word completes a report by how a request ended, and returns the kind of that.
func (e ending) word(r *Report, retry Retry) diagnostic.Kind {
	name := e.operation.Name
	_, answered := errors.AsType[*cloud.APIError](e.Err)
	kind, goesOn, resume := diagnostic.NotSent, e.goesOn, retry.Resume
	if _, refused := errors.AsType[*refusedBefore](e.Err); refused {
		goesOn = fmt.Sprintf("The cloud had refused the %s, since the protection group was busy, and accepted nothing.", name)
		resume = retry.Again
	}
	switch e.Kind {
	case jobs.NotSent, jobs.Refused:
		if !answered {
			r.Happened = fmt.Sprintf("The request for the %s could not be sent. %s", name, e.unchanged)
			r.Next = retry.after("Check that the API can be reached.")
			break
		}
		kind = diagnostic.Refused
		r.Happened = fmt.Sprintf("The cloud refused the %s. %s", name, e.unchanged)
		r.Next = retry.after(diagnostic.Remedy(code(e.Err), resolve))
	case jobs.NotStarted:
		kind = diagnostic.NotStarted
		answer := "was lost"
		if answered {
			answer = "leaves open what became of it"
		}
		r.Happened = fmt.Sprintf(
			"The answer to the request for the %s %s, and there was no sign of it in %d reads since: as far as "+
				"that shows, the cloud did not accept it. The request was not repeated.",
			name,
			answer,
			e.Reads,
		)
		r.Next = fmt.Sprintf("%s. Should it show by then, %s.", retry.Again, retry.Shows)
	case jobs.Failed:
		kind = diagnostic.Failed
		r.Happened = fmt.Sprintf("The cloud accepted the %s, and its job failed.", name)
		r.Fact("Error code", e.Code)
		r.Fact("Reason", e.Reason)
		r.Next = retry.after(diagnostic.Remedy(e.Code, resolve)) + " To repeat a failed operation is the documented way on."
	case jobs.TimedOut:
		kind = diagnostic.TimedOut
		r.Happened = fmt.Sprintf("Gave up waiting after %s. %s", rounded(e.Waited), goesOn)
		r.Next = fmt.Sprintf("%s. If this takes as long every time, raise %s.", resume, retry.Longer)
	case jobs.Interrupted:
		kind = diagnostic.Interrupted
		r.Happened = fmt.Sprintf("The wait was interrupted after %s. %s", rounded(e.Waited), goesOn)
		r.Next = resume + "."
	case jobs.LostContact:
		if sdrs.IsNotFound(e.Err) || sdrs.IsInstanceNotFound(e.Err) || sdrs.IsPairNotFound(e.Err) {
			when := "after"
			if e.Unsent {
				when = "before"
			}
			r.Happened = fmt.Sprintf("The %s does not exist any longer. It was deleted %s the %s was requested.",
				e.noun.Name, when, name)
			r.Failure(e.Err)
			r.Next = "Find out who deleted it. Remove it from the configuration."
			return diagnostic.NotFound.Of(e.noun)
		}
		r.Happened = fmt.Sprintf("The %s can't be read any longer. %s", e.noun.Name, goesOn)
		r.Failure(e.Err)
		r.Next = reach(e.Err, "Wait until the API can be reached.") + " " + resume + "."
		return diagnostic.LostContact.Of(e.noun)
	}
	if e.Err != nil {
		r.Failure(e.Err)
	}
	return kind.Of(e.operation)
}

// reach is what to do before the API is asked again, or otherwise where it is not the session that has ended.
func reach(err error, otherwise string) string {
	if refusal, ok := errors.AsType[*cloud.APIError](err); ok && refusal.Status == http.StatusUnauthorized {
		return "Log in anew: a token that is passed in can't be renewed when it expires."
	}
	return otherwise
}

const resolve = "Resolve the reason that the cloud gives."

// serversFailed words servers that were not stopped, or not started.
func serversFailed(failure *failover.Error, r *Report, retry Retry) diag.Diagnostic {
	progress := failure.Progress
	r.Happened = fmt.Sprintf("Not all servers have become %s. %s", failure.Wanted, goesOn(progress))
	if len(progress.Awaited) == 0 {
		r.Fact("Servers", Names(failure.Servers))
	}
	if failure.Err != nil {
		r.Failure(failure.Err)
	}
	r.Next = retry.after("Resolve this, or stop and start the servers yourself.")
	if failure.Wanted == ecs.Stopped {
		return r.New(serversNotStopped)
	}
	return r.New(serversNotStarted)
}

// production says where production is, if anything has moved, or may have: the first that somebody wants to know.
func production(failure *failover.Error) string {
	group := failure.Group
	touched := failure.Sent != failover.NotSent || failure.Verified || unchanged(failure.Progress) != nothingChanged
	if !group.PriorityStation.Valid() || !touched && group.Status.Phase() != sdrs.Moving {
		return ""
	}
	site := Site(group, group.PriorityStation)
	if failure.Kind == failover.LostContact {
		return fmt.Sprintf("Production was at %s when the group was last read.", site)
	}
	switch group.Status {
	case sdrs.StatusReversing, sdrs.StatusFailingOver, sdrs.StatusErrorReversing, sdrs.StatusErrorFailingOver:
		return fmt.Sprintf("Production may be at either site: the group is %s, and %s counts as active.", group.Status, site)
	default:
		return fmt.Sprintf("Production is at %s.", site)
	}
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
	switch {
	case progress.Verified && progress.Sent == failover.NotSent && progress.From == progress.Station:
		return fmt.Sprintf("The wanted site was active already, so no %s was requested.", progress.Operation.Name)
	case progress.Verified:
		return fmt.Sprintf("The %s itself is done and verified.", progress.Operation.Name)
	}
	switch progress.Sent {
	case failover.Accepted:
		return fmt.Sprintf("The %s was accepted and goes on in the cloud.", progress.Operation.Name)
	case failover.Unanswered:
		return fmt.Sprintf(
			"The %s was requested, and the answer is not known: it may be going on in the cloud.",
			progress.Operation.Name,
		)
	case failover.NotSent:
		if progress.Group.Status.Phase() == sdrs.Moving {
			return fmt.Sprintf(
				"An operation that was already running goes on in the cloud; no %s was requested.",
				progress.Operation.Name,
			)
		}
	}
	if turnedOff(progress) {
		return fmt.Sprintf("No %s was requested. The servers that were stopped for it, or asked to, stay off.",
			progress.Operation.Name)
	}
	return fmt.Sprintf("No %s was requested.", progress.Operation.Name)
}

// turnedOff reports whether servers were stopped for an operation, or will be: the request can't be taken back.
func turnedOff(progress failover.Progress) bool {
	return len(progress.Stopped)+len(progress.Requested) > 0
}

// LateFailover is a sentence, after a space, on what must not be asked for while the cloud may still accept an unplanned
// failover whose answer was lost; empty where nothing is to be said.
func LateFailover(progress failover.Progress) string {
	group := progress.Group
	if progress.Operation.Kind != failover.KindUnplannedFailover || progress.Sent != failover.Unanswered ||
		group.Status.Phase() != sdrs.AtRest || group.PriorityStation == progress.Station {
		return ""
	}
	return " Until the failover shows, ask for no planned one: the cloud may still accept the request, which has no direction, " +
		"and would move production back after that."
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
