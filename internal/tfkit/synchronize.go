package tfkit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
)

var (
	// notSynchronized is a wait for pairs that ended too early.
	notSynchronized = diagnostic.Error(
		"Protection Not Synchronized",
		"Protection is enabled, and the wait ended before all replication pairs were synchronized. The message names those "+
			"that are not, "+
			"and how far they are. Until they are, the other site lacks data: do not switch, and do not start a DR drill.",
		"Synchronization goes on in the cloud, and takes the longer the larger the disks are. To wait for it again: plan, "+
			"then apply, or invoke the action. Raise the timeout. A pair that does not get on has to be repaired: see its "+
			"status and fault level, or the server that it has yet to be attached to. To do without the wait set "+
			"`wait_for_synchronization = false`.",
	)
	// synchronizationGoesOn is such a wait that Ctrl-C ended.
	synchronizationGoesOn = diagnostic.Warning("Synchronization Goes On",
		"Ctrl-C ended the wait for replication pairs. Protection is enabled, and the state says so.",
		"Plan again, then apply: that resumes the wait.")
)

// WaitForSynchronization describes wait_for_synchronization; the default follows.
const WaitForSynchronization = "Whether to wait, once protection is enabled, until every replication pair of the " +
	"group is synchronized: a group is `protected` long before, and until then the other site lacks data. How long that " +
	"takes depends on the size of the disks, and the timeout must allow for it."

// NotSynchronized is the diagnostic for a wait for pairs that ended with err. It is a warning for one that Ctrl-C ended
// if that is not to fail what is done.
func NotSynchronized(err error, retry Retry, tolerant bool) diag.Diagnostic {
	ended, ok := errors.AsType[*failover.NotSynchronized](err)
	if !ok {
		return unexpectedFailure.Of(ProtectionGroup).New(err.Error())
	}
	r := &Report{}
	r.Group(ended.Group)
	for _, pair := range ended.Progress() {
		r.Fact("Not synchronized", pair)
	}
	state := fmt.Sprintf(
		"Protection is enabled, and %d of %d replication pairs are not synchronized",
		len(ended.Behind),
		ended.Of,
	)
	if ended.Of == 0 {
		state = "Protection is enabled, and the replication pairs were not read"
	}
	r.Next = fmt.Sprintf("%s. If this takes as long every time, raise %s.", retry.Resume, retry.Longer)
	switch ended.Why.Kind {
	case jobs.Interrupted:
		r.Happened = fmt.Sprintf(
			"%s. The wait was interrupted after %s; synchronization goes on in the cloud.",
			state,
			rounded(ended.Waited),
		)
		r.Next = retry.Resume + "."
		if tolerant {
			return r.New(synchronizationGoesOn)
		}
	case jobs.Failed:
		r.Happened = fmt.Sprintf("%s. None of them gets on: nothing has changed for %s.", state, rounded(ended.Waited))
		r.Next = retry.after("Repair these pairs, and attach those that no server has.")
	case jobs.LostContact:
		r.Happened = state + " as of the last look. The pairs can't be read any longer; synchronization goes on in the cloud."
		r.Failure(ended.Why.Err)
		r.Next = retry.Resume + "."
	case jobs.TimedOut, jobs.NotSent, jobs.Refused, jobs.NotStarted: // The wait sends nothing.
		r.Happened = fmt.Sprintf(
			"%s. Gave up waiting after %s; synchronization goes on in the cloud.",
			state,
			rounded(ended.Waited),
		)
	}
	return r.New(notSynchronized)
}

// synchronize waits for the pairs of a group that an action has protected.
func (a *groupAction) synchronize(ctx context.Context, result failover.Result, say func(string)) error {
	return a.Services.Workflow.Synchronize(ctx, result.Group, func(now failover.Synchronization) {
		text := fmt.Sprintf("%s: %d of %d replication pairs synchronized", now.Group.Name, now.Of-len(now.Behind), now.Of)
		if progress := now.Progress(); len(progress) > 0 {
			text += ", " + progress[0]
		}
		if len(now.Behind) > 1 {
			text += fmt.Sprintf(", and %d more", len(now.Behind)-1)
		}
		say(fmt.Sprintf("%s, %s elapsed", text, now.Waited.Round(time.Second)))
	})
}
