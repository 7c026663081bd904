package tfkit

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// StatusOf returns a read of something and its status, empty where there is no such thing, for a [Creation] or a
// [Deletion]. What was read last stays in found, also where a later read fails.
func StatusOf[T any](
	found *T, read func(ctx context.Context, id string) (T, error), notFound func(error) bool, status func(T) sdrs.Status,
) func(context.Context, string) (sdrs.Status, error) {
	return func(ctx context.Context, id string) (sdrs.Status, error) {
		now, err := read(ctx, id)
		switch {
		case notFound(err):
			return "", nil
		case err != nil:
			return "", err
		}
		*found = now
		return status(now), nil
	}
}

// Look reads something, and again where that fails for passing reasons. Errors are [jobs.Error].
func (s *Services) Look(ctx context.Context, read func(context.Context) error) error {
	_, err := retried(ctx, s.beginWait(), func(ctx context.Context) (struct{}, error) { return struct{}{}, read(ctx) })
	return err
}

// settled waits until something is not changed by anybody, but for its deletion, and returns the status.
func (s *Services) settled(
	ctx context.Context, w *jobs.Wait, subject diagnostic.Subject, read func(context.Context) (sdrs.Status, error),
) (status sdrs.Status, err error) {
	what := "the " + subject.Name
	err = w.Until(ctx, func(ctx context.Context) (_ bool, err error) {
		if status, err = read(ctx); err == nil {
			what = fmt.Sprintf("the %s, which is %s", subject.Name, status)
		}
		return status.Phase() != sdrs.Moving || status == sdrs.StatusDeleting, err
	})
	return status, waitedFor(err, what)
}

// Resting returns a read that waits until nobody changes something.
func (s *Services) Resting(
	subject diagnostic.Subject, read func(context.Context) (sdrs.Status, error),
) func(context.Context) (sdrs.Status, error) {
	return func(ctx context.Context) (sdrs.Status, error) { return s.settled(ctx, s.beginWait(), subject, read) }
}

// await waits for the end of a job; there is nothing to wait for where it is not known.
func (s *Services) await(ctx context.Context, w *jobs.Wait, groupID, jobID string) error {
	if jobID == "" {
		return nil
	}
	read := func(ctx context.Context) (sdrs.Job, error) { return s.SDRS.Job(ctx, groupID, jobID) }
	_, _, err := jobs.Await(ctx, w, read, nil)
	return err
}

// Change makes a change that has its effect at once, such as another name. Where the answer is lost, made tells by a
// read whether it has. Errors are [jobs.Error].
func (s *Services) Change(
	ctx context.Context, groupID string, send func(context.Context) error, made func(context.Context) (bool, error),
) error {
	w := s.beginWait()
	done, err := s.turn(ctx, w, groupID)
	if err != nil {
		return err
	}
	defer done()
	_, err = s.submit(ctx, w, groupID, func(ctx context.Context) (string, error) { return "", send(ctx) }, nil,
		func(ctx context.Context) (bool, error) { return retried(ctx, w, made) })
	return err
}

// turn waits for the turn of a change. The error says what was waited for: whose time is over has no turn, or gives it
// back, for the others wait for it as long as it takes.
func (s *Services) turn(ctx context.Context, w *jobs.Wait, key string) (done func(), err error) {
	done = s.Turn(ctx, key)
	if err = waitedFor(w.Ended(ctx), "another change of the protection group in this apply"); err != nil {
		done()
		return nil, err
	}
	w.Anew() // As the timeout does.
	return done, nil
}

// submit is [jobs.Wait.Submit] for a change of a group that may be busy with another one. What it is refused for then
// is sent again once the group is at rest, for nothing has happened: at the shortest interval, some times, since a
// change that has ended may still show. Before that again may forbid it: the group may have been switched meanwhile.
func (s *Services) submit(
	ctx context.Context, w *jobs.Wait, groupID string,
	send func(context.Context) (string, error), again func(context.Context) error,
	accepted func(context.Context) (bool, error),
) (string, error) {
	for refused := 1; ; refused++ {
		id, err := w.Submit(ctx, send, accepted)
		refusal, ok := errors.AsType[*jobs.Error](err)
		if !ok || refusal.Kind != jobs.Refused || !sdrs.IsBusy(refusal.Err) || groupID == "" || refused > jobs.StaleReads {
			return id, err
		}
		tflog.Info(
			ctx,
			"The protection group is busy",
			map[string]any{"protection_group": groupID, "error": refusal.Err.Error()},
		)
		moved, err := s.busy(ctx, w, groupID)
		if err == nil && again != nil {
			err = again(ctx)
		}
		if err != nil {
			return "", afterRefusal(err, refusal.Err)
		}
		if moved {
			refused = 0
		}
	}
}

// refusedBefore is why a wait ended, after a request that was refused since the group was busy: nothing was accepted.
type refusedBefore struct{ why, refusal error }

// Error says both.
func (e *refusedBefore) Error() string {
	text := "the request before that was refused: " + e.refusal.Error()
	if e.why != nil {
		text = e.why.Error() + "; " + text
	}
	return text
}

// Unwrap returns why the wait ended.
func (e *refusedBefore) Unwrap() error { return e.why }

// afterRefusal notes in the error of a wait that the request before it was refused.
func afterRefusal(err, refusal error) error {
	if ended, ok := errors.AsType[*jobs.Error](err); ok {
		ended.Err = &refusedBefore{why: ended.Err, refusal: refusal}
	}
	return err
}

// Run is [failover.Workflow.Run] for a group that may be busy with a change that has ended, as for [Services.submit]:
// the members that protection needs were made right before.
func (s *Services) Run(
	ctx context.Context, workflow *failover.Workflow, groupID string, operation failover.Operation,
) (failover.Result, error) {
	w := s.beginWait()
	var refusal error
	for refused := 1; ; refused++ {
		result, err := workflow.Run(ctx, groupID, operation, failover.ServerPolicy{})
		failure, ok := errors.AsType[*failover.Error](err)
		if !ok || failure.Kind != failover.Refused || !sdrs.IsBusy(failure.Err) || refused > jobs.StaleReads {
			if ok && refusal != nil && failure.Sent == failover.NotSent && failure.Kind != failover.Refused {
				failure.Err = &refusedBefore{why: failure.Err, refusal: refusal}
			}
			return result, err
		}
		refusal = failure.Err
		moved, err := s.busy(ctx, w, groupID)
		if ended, ok := errors.AsType[*jobs.Error](afterRefusal(err, refusal)); ok {
			return result, notAgain(failure, ended)
		}
		if moved {
			refused = 0
		}
	}
}

// notAgain is the error of an operation that was refused, where the wait for trying it again has ended.
func notAgain(refused *failover.Error, ended *jobs.Error) error {
	for kind, of := range jobKinds {
		if of == ended.Kind {
			refused.Kind = kind
		}
	}
	refused.Waited, refused.Err, refused.Advice = ended.Waited, ended.Err, failover.Advice{}
	return refused
}

// busy waits, after a refusal, until neither a group nor a member of it moves, and for the shortest interval more: a
// change that has ended may still show. It reports whether a member did: then earlier refusals say nothing any longer.
func (s *Services) busy(ctx context.Context, w *jobs.Wait, groupID string) (moved bool, err error) {
	if err = s.rest(ctx, w, groupID); err != nil {
		return false, err
	}
	if moved, err = s.membersRest(ctx, w, groupID); err != nil {
		return moved, err
	}
	return moved, waitedFor(w.PauseShortest(ctx), "the protection group, which was busy")
}

// checkedAgain returns a check by what a new read of the status finds. That is the status before the next request: what
// changed it meanwhile is no sign that this one was accepted.
func checkedAgain(
	w *jobs.Wait, before *sdrs.Status, status func(context.Context) (sdrs.Status, error), check func() error,
) func(context.Context) error {
	return func(ctx context.Context) (err error) {
		if *before, err = retried(ctx, w, status); err == nil && check != nil {
			err = check()
		}
		return err
	}
}

// rest waits until nothing moves a group. One that is gone does not move.
func (s *Services) rest(ctx context.Context, w *jobs.Wait, groupID string) error {
	what := "the protection group"
	err := w.Until(ctx, func(ctx context.Context) (bool, error) {
		group, err := s.SDRS.Group(ctx, groupID)
		if err == nil {
			what = fmt.Sprintf("the protection group, which is %s", group.Status)
		}
		return sdrs.IsNotFound(err) || group.Status.Phase() != sdrs.Moving, ignoreNotFound(err)
	})
	return waitedFor(err, what)
}

// membersRest waits until nobody changes a member of a group, whose status does not tell of that (GET
// protected-instances, replications). It reports whether it had to. What can't be read is not waited for.
func (s *Services) membersRest(ctx context.Context, w *jobs.Wait, groupID string) (waited bool, err error) {
	what := "the members of the protection group"
	err = w.Until(ctx, func(ctx context.Context) (bool, error) {
		moving := s.movingMember(ctx, groupID)
		if moving != "" {
			what, waited = moving, true
		}
		return moving == "", ctx.Err()
	})
	return waited, waitedFor(err, what)
}

// movingMember names a member of a group that is being changed; empty: none is.
func (s *Services) movingMember(ctx context.Context, groupID string) string {
	instances, _ := s.SDRS.ProtectedInstances(ctx, sdrs.ProtectedInstanceFilter{GroupID: groupID})
	for _, instance := range instances {
		if instance.Status.Phase() == sdrs.Moving {
			return fmt.Sprintf("the protected instance %s, which is %s", instance.ID, instance.Status)
		}
	}
	pairs, _ := s.SDRS.ReplicationPairs(ctx, sdrs.ReplicationPairFilter{GroupID: groupID})
	for _, pair := range pairs {
		if pair.Status.Phase() == sdrs.Moving {
			return fmt.Sprintf("the replication pair %s, which is %s", pair.ID, pair.Status)
		}
	}
	return ""
}

func ignoreNotFound(err error) error {
	if sdrs.IsNotFound(err) {
		return nil
	}
	return err
}

// waitedFor says what was waited for when a wait ended.
func waitedFor(err error, what string) error {
	if ended, ok := errors.AsType[*jobs.Error](err); ok && ended.Err == nil {
		ended.Err = errors.New("waited for " + what)
	}
	return err
}

// beginWait begins a wait for a change.
func (s *Services) beginWait() *jobs.Wait {
	var wait *jobs.Wait
	wait = s.Workflow.Waiter().Begin(func(ctx context.Context, overdue bool) bool {
		if overdue {
			tflog.Info(ctx, "Waiting for a change", map[string]any{"waited": wait.Waited().String()})
		}
		return overdue
	})
	return wait
}

// retried reads, and reads again where that fails for passing reasons.
func retried[T any](ctx context.Context, w *jobs.Wait, read func(context.Context) (T, error)) (T, error) {
	var got T
	err := w.Until(ctx, func(ctx context.Context) (_ bool, err error) {
		got, err = read(ctx)
		return true, err
	})
	return got, err
}
