package protectiongroup

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// remedies say what to do about the error codes that an operation can meet, before trying again.
var remedies = map[string]string{
	"SDRS.0005": "Give the user the permissions for SDRS in this project.",
	"SDRS.0009": "Give the user the permissions for SDRS in this project.",
	"SDRS.0209": "Wait until the group rests in a status that allows this.",
	"SDRS.1002": "Wait until the group rests in a status that allows this.",
	"SDRS.1013": "Check the id of the group, and the project that the provider works in.",
	"SDRS.1019": "Enable protection of the group, and wait until it is protected.",
	"SDRS.1023": "Wait until the group rests in a status that allows this.",
	"SDRS.1025": "The group is partly reversed: reverse it towards the same site.",
	"SDRS.1026": "The group is partly reversed: reverse it towards the same site.",
	"SDRS.1308": "Stop the servers of the group at the active site yourself.",
	"SDRS.1314": "A server of a protected instance was deleted or is faulty: repair or remove that instance.",
	"SDRS.1316": stopServers,
	"SDRS.1319": stopServers,
	"SDRS.1352": stopServers,
	"SDRS.1342": "Stop all servers of the group at the DR site, and leave them stopped until the operation has ended.",
	"SDRS.1601": "Check the group's replication pairs: one of them is in a state that does not allow this.",
	"SDRS.1830": "Wait until all replication pairs are synchronized.",
	"SDRS.1831": "Wait until the operation that has locked the disk ends.",
}

const stopServers = "Stop all servers of the group at the active site, and leave the servers at both sites stopped until the " +
	"operation has ended."

// remedy returns what to do about an error code, or otherwise.
func remedy(code, otherwise string) string {
	if text, ok := remedies[code]; ok {
		return text
	}
	return otherwise
}

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
	outcome := "Failed"
	if notPossible, ok := errors.AsType[*failover.NotPossible](err); ok {
		outcome = "Not Possible"
		r.happened = notPossible.Reason + " Nothing was changed."
		r.next = notPossible.WayOut
	} else if notReady, ok := errors.AsType[*failover.NotReady](err); ok {
		outcome = "Not Ready"
		r.happened = fmt.Sprintf("The %s would fail, so it was not requested. The group was not changed.", progress.Operation)
		r.checks(notReady.Checks, failover.Fail)
		r.next = retry.after("Resolve this.")
	} else if refused, ok := errors.AsType[*failover.Refused](err); ok {
		if _, answered := errors.AsType[*cloud.APIError](refused.Err); !answered {
			r.happened = fmt.Sprintf("The request for the %s could not be sent. Nothing was changed.", progress.Operation)
			r.failure(refused.Err)
			r.next = retry.after("Check that the API can be reached.")
			return diag.NewErrorDiagnostic(title(progress.Operation)+" Not Sent", r.String())
		}
		outcome = "Refused"
		r.happened = fmt.Sprintf("The cloud refused the %s. Nothing was changed.", progress.Operation)
		r.failure(refused.Err)
		r.next = retry.after(remedy(code(refused.Err), "Resolve the reason that the cloud gives."))
	} else if lost, ok := errors.AsType[*failover.NotStarted](err); ok {
		outcome = "Not Started"
		r.happened = fmt.Sprintf("The answer to the request for the %s was lost, and the group has not moved in %d reads since, so "+
			"the cloud did not accept it. The request was not repeated.", progress.Operation, lost.Reads)
		r.failure(lost.Err)
		r.next = retry.again + ". Should the group have moved by then, the operation is found and waited for."
	} else if failed, ok := errors.AsType[*failover.JobFailed](err); ok {
		r.happened = fmt.Sprintf("The cloud accepted the %s, and its job failed.", progress.Operation)
		r.fact("Error code", failed.Code)
		r.fact("Reason", failed.Reason)
		for _, sub := range failed.FailedSubJobs {
			r.fact("Failed sub-job", strings.Join(strings.Fields(sub.Type+" "+sub.ID+" "+sub.ErrorCode+" "+sub.FailReason), " "))
		}
		r.next = retry.after(remedy(failed.Code, "Resolve the reason that the cloud gives.")) +
			" To repeat a failed operation is the documented way on."
	} else if _, ok := errors.AsType[*failover.NotVerified](err); ok {
		outcome = "Not Verified"
		r.happened = fmt.Sprintf("The %s was accepted, and the group rests in another state than it should after it.", progress.Operation)
		r.next = retry.after("Look at the group in the console, and find out what happened.")
	} else if timedOut, ok := errors.AsType[*failover.TimedOut](err); ok {
		outcome = "Timed Out"
		r.happened = fmt.Sprintf("Gave up waiting after %s. %s", rounded(timedOut.Waited), goesOn(progress))
		r.next = fmt.Sprintf("%s to resume the wait. If this takes as long with this group, raise %s.", retry.again, retry.longer)
	} else if interrupted, ok := errors.AsType[*failover.Interrupted](err); ok {
		outcome = "Interrupted"
		r.happened = fmt.Sprintf("The wait was interrupted after %s. %s", rounded(interrupted.Waited), goesOn(progress))
		r.next = retry.again + " to resume the wait."
	} else {
		return otherwiseFailed(err, progress, r, retry)
	}
	return diag.NewErrorDiagnostic(title(progress.Operation)+" "+outcome, r.String())
}

// otherwiseFailed words the failures that are not those of the operation itself.
func otherwiseFailed(err error, progress failover.Progress, r *report, retry retry) diag.Diagnostic {
	if servers, ok := errors.AsType[*failover.ServersFailed](err); ok {
		r.happened = fmt.Sprintf("Not all servers have become %s. %s", servers.Wanted, goesOn(progress))
		r.fact("Servers", names(servers.Servers))
		if servers.Err != nil {
			r.failure(servers.Err)
		}
		r.next = retry.after("Resolve this, or stop and start the servers yourself.")
		outcome := map[ecs.Status]string{ecs.Stopped: "Stopped", ecs.Active: "Started"}[servers.Wanted]
		return diag.NewErrorDiagnostic("Servers Not "+outcome, r.String())
	}
	if contact, ok := errors.AsType[*failover.LostContact](err); ok {
		if contact.Sent == failover.NotSent {
			return unreadable(contact.GroupID, contact.Err)
		}
		if sdrs.IsNotFound(contact.Err) {
			r.happened = fmt.Sprintf("The protection group does not exist any longer. It was deleted after the %s was requested.", progress.Operation)
			r.failure(contact.Err)
			r.next = "Find out who deleted it. Remove it from the configuration."
			return diag.NewErrorDiagnostic("Protection Group Not Found", r.String())
		}
		r.happened = "The protection group can't be read any longer. " + goesOn(progress)
		r.failure(contact.Err)
		r.next = retry.again + " to resume the wait, once the API can be reached."
		return diag.NewErrorDiagnostic("Lost Contact With the Protection Group", r.String())
	}
	if _, ok := errors.AsType[*changedSincePlan](err); ok {
		r.happened = "The plan shows no switch of this group, but it would take one now. Nothing was changed."
		r.next = "Plan again, and look at what it says about the switch."
		return diag.NewErrorDiagnostic("Protection Group Changed Since the Plan", r.String())
	}
	return diag.NewErrorDiagnostic("Protection Group Operation Failed", err.Error())
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

// title returns the name of an operation in title case.
func title(operation string) string {
	words := strings.Fields(operation)
	for i, word := range words {
		if word != "of" {
			words[i] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, " ")
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
