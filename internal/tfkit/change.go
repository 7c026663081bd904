package tfkit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// lastLook is how long what was asked for is looked for after the wait for it has ended: Ctrl-C must not take longer.
const lastLook = time.Second

// Creation is how the cloud makes something on its own time.
type Creation struct {
	// GroupID is the protection group that it changes; empty where there is none yet.
	GroupID string
	// Turn is where it waits for its turn: what tells a new group from others; empty: the group's id.
	Turn string
	// Equal lists the ids of what equals the thing in all that tells it from others.
	Equal func(context.Context) ([]string, error)
	// Check holds what it needs against what there is, right before it is asked for, each time. What fails ends the
	// creation with [Unfit], and an error does, too; nil: there is nothing to check.
	Check func(context.Context) ([]failover.Check, error)
	// Send asks for it, and returns the id of the job.
	Send func(context.Context) (jobID string, err error)
	// Made returns its id from what the job is about; empty where that does not tell.
	Made func(sdrs.JobEntities) string
	// Status reads its status, empty where there is no such thing.
	Status func(ctx context.Context, id string) (sdrs.Status, error)
}

// Created is what is known of something that was asked for.
type Created struct {
	ID    string // Empty: not known, or there is none.
	JobID string // Empty: the answer was lost, or nothing was asked for.
}

// EqualExists is the error of a creation of what is there already. Nothing was asked for.
type EqualExists struct{ IDs []string }

// Error names what is there.
func (e *EqualExists) Error() string { return fmt.Sprintf("it exists already: %v", e.IDs) }

// creating is a [Creation] that goes on.
type creating struct {
	Creation
	Created

	services *Services
	wait     *jobs.Wait
	asked    bool
}

// Create makes something, and waits until it is whole. It asks once, and not at all where an equal thing exists: that
// may be what an apply that was killed has made. Errors are [jobs.Error] and [EqualExists]; what is known of it stands
// beside them.
func (s *Services) Create(ctx context.Context, c Creation) (Created, error) {
	run := &creating{Creation: c, services: s, wait: s.beginWait()}
	err := run.create(ctx)
	if err != nil && run.asked && run.ID == "" {
		late, cancel := context.WithTimeout(cloud.Once(context.WithoutCancel(ctx)), lastLook)
		defer cancel()
		_, _ = run.seek(late)
	}
	return run.Created, err
}

func (c *creating) create(ctx context.Context) error {
	done, err := c.services.turn(ctx, c.wait, cmp.Or(c.Turn, c.GroupID))
	if err != nil {
		return err
	}
	defer done()
	if err := c.check(ctx); err != nil {
		return err
	}
	c.JobID, err = c.services.submit(ctx, c.wait, c.GroupID, func(ctx context.Context) (string, error) {
		id, err := c.Send(ctx)
		c.asked = err == nil || cloud.OutcomeUnknown(err)
		return id, err
	}, c.check, func(ctx context.Context) (bool, error) { return retried(ctx, c.wait, c.seek) })
	if err != nil {
		return err
	}
	if c.JobID != "" {
		if _, _, err := jobs.Await(ctx, c.wait, c.job, nil); err != nil {
			return err
		}
	}
	return c.whole(ctx)
}

// check looks for an equal thing, and checks once the group rests: what is true while it moves says nothing.
func (c *creating) check(ctx context.Context) error {
	equal, err := retried(ctx, c.wait, c.Equal)
	if err != nil {
		return err
	}
	if len(equal) > 0 {
		return &EqualExists{IDs: equal}
	}
	if c.Check == nil {
		return nil
	}
	if c.GroupID != "" {
		if err := c.services.rest(ctx, c.wait, c.GroupID); err != nil {
			return err
		}
	}
	checks, err := c.Check(ctx)
	if err == nil && !failover.Ready(checks) {
		err = &Unfit{Checks: checks}
	}
	return err
}

// job reads the job, and looks for the id at once: it must be known before the wait can be interrupted.
func (c *creating) job(ctx context.Context) (sdrs.Job, error) {
	job, err := c.services.SDRS.Job(ctx, c.GroupID, c.JobID)
	if err == nil && c.ID == "" {
		c.ID = c.Made(job.Entities)
	}
	_, _ = c.seek(ctx)
	return job, err
}

// seek looks for the id among the jobs that failed, and as that of the one thing that equals what was asked for: there
// was none before. It reports whether the id is known.
func (c *creating) seek(ctx context.Context) (bool, error) {
	if c.ID != "" {
		return true, nil
	}
	equal, err := c.Equal(ctx)
	if len(equal) == 1 {
		c.ID = equal[0]
	}
	if c.ID == "" && c.JobID != "" {
		c.ID = c.services.failedTo(ctx, c.GroupID, c.JobID)
	}
	return c.ID != "", err
}

// failedTo returns what a failed job was about; empty where the list of them does not tell.
func (s *Services) failedTo(ctx context.Context, groupID, jobID string) string {
	failed, err := s.SDRS.FailureJobs(ctx, sdrs.FailureJobFilter{GroupID: groupID})
	if err != nil {
		return ""
	}
	for _, job := range failed {
		if job.JobID == jobID {
			return job.ResourceID
		}
	}
	return ""
}

// whole waits until what the job has made is at rest. It may show late.
func (c *creating) whole(ctx context.Context) error {
	c.wait.Restart()
	var failure error
	missing := 0
	err := c.wait.Until(ctx, func(ctx context.Context) (bool, error) {
		status := sdrs.Status("")
		found, err := c.seek(ctx)
		if found {
			status, err = c.Status(ctx, c.ID)
		}
		if err != nil {
			return false, err
		}
		switch {
		case status == "":
			missing++
			if missing > jobs.StaleReads {
				failure = c.failed("the job has ended, and there is nothing to be seen of what it made")
			}
		case status.Phase() == sdrs.Failed:
			failure = c.failed("the status is " + string(status))
		case status.Phase() != sdrs.Moving:
			return true, nil
		}
		return failure != nil, nil
	})
	return errors.Join(err, failure)
}

func (c *creating) failed(reason string) error {
	return &jobs.Error{Kind: jobs.Failed, JobID: c.JobID, Waited: c.wait.Waited(), Reason: reason}
}

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

// Settle waits until something that is being created is whole. Errors are [jobs.Error].
func (s *Services) Settle(
	ctx context.Context,
	id string,
	status func(context.Context, string) (sdrs.Status, error),
) error {
	run := &creating{Creation: Creation{Status: status}, Created: Created{ID: id}, services: s, wait: s.beginWait()}
	return run.whole(ctx)
}

// Identified returns what became of a creation of which an earlier apply knows the job only: the id of what it made,
// empty where the job is over and that is not to be found. Errors are [jobs.Error].
func (s *Services) Identified(
	ctx context.Context,
	groupID, jobID string,
	made func(sdrs.JobEntities) string,
) (string, error) {
	wait, id := s.beginWait(), ""
	err := wait.Until(ctx, func(ctx context.Context) (bool, error) {
		job, err := s.SDRS.Job(ctx, groupID, jobID)
		if err != nil {
			return false, err
		}
		if id = made(job.Entities); id == "" && job.Status == cloud.JobFail {
			id = s.failedTo(ctx, groupID, jobID)
		}
		return id != "" || job.Status == cloud.JobFail || job.Status == cloud.JobSuccess, nil
	})
	return id, err
}

// Look reads something, and again where that fails for passing reasons. Errors are [jobs.Error].
func (s *Services) Look(ctx context.Context, read func(context.Context) error) error {
	_, err := retried(ctx, s.beginWait(), func(ctx context.Context) (struct{}, error) { return struct{}{}, read(ctx) })
	return err
}

// Deletion is how the cloud deletes something on its own time.
type Deletion struct {
	// GroupID is the protection group that it changes.
	GroupID string
	// Send asks for it, and returns the id of the job.
	Send func(context.Context) (jobID string, err error)
	// Status reads the status of what is deleted, empty where there is no such thing.
	Status func(context.Context) (sdrs.Status, error)
	// Check forbids to ask for it, by what Status has read last; nil: nothing does.
	Check func() error
}

// Delete deletes a subject, and waits until a read says that it is gone. It asks for nothing where it is gone, or being
// deleted. Errors are [jobs.Error].
func (s *Services) Delete(ctx context.Context, subject diagnostic.Subject, d Deletion) error {
	w := s.beginWait()
	done, err := s.turn(ctx, w, d.GroupID)
	if err != nil {
		return err
	}
	defer done()
	for {
		before, err := s.settled(ctx, w, subject, d.Status)
		if err != nil || before == "" {
			return err
		}
		if before == sdrs.StatusDeleting {
			break
		}
		if d.Check != nil {
			if err := d.Check(); err != nil {
				return err
			}
		}
		now, err := s.askToDelete(ctx, w, d, before)
		if err != nil || now == "" {
			return err
		}
		if now == sdrs.StatusDeleting || now.Phase() != sdrs.Moving {
			break
		}
	}
	return s.untilGone(ctx, w, d)
}

// askToDelete asks for a deletion, and awaits its job. It returns the status that was seen last, empty where it is
// gone.
func (s *Services) askToDelete(ctx context.Context, w *jobs.Wait, d Deletion, before sdrs.Status) (sdrs.Status, error) {
	again := checkedAgain(w, &before, d.Status, d.Check)
	jobID, err := s.submit(ctx, w, d.GroupID, d.Send, again, func(ctx context.Context) (found bool, err error) {
		now, err := retried(ctx, w, d.Status)
		return now != before, err
	})
	if refusal, ok := errors.AsType[*jobs.Error](err); ok && refusal.Kind == jobs.Refused {
		// A code that says that the status does not allow it may mean that it is gone, or that somebody else does something
		// to it.
		if now, unread := retried(ctx, w, d.Status); unread == nil && (now == "" || now.Phase() == sdrs.Moving) {
			return now, nil
		}
	}
	if err == nil {
		err = s.await(ctx, w, d.GroupID, jobID)
	}
	return sdrs.StatusDeleting, err
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

// Modification is a change that the cloud makes on its own time, such as another size.
type Modification struct {
	// GroupID is the protection group that it changes.
	GroupID string
	// Send asks for it, and returns the id of the job.
	Send func(context.Context) (jobID string, err error)
	// Status reads the status of what is changed.
	Status func(context.Context) (sdrs.Status, error)
	// Check forbids to ask for it, by what Status has read last; nil: nothing does.
	Check func() error
	// Made reports whether it is as it should be, and false where that can't be told.
	Made func(context.Context) (bool, error)
	// Already reports whether a refusal says that it is as it should be.
	Already func(error) bool
}

// Modify changes a subject once nobody else does, and waits until it is changed. It asks for nothing where nothing is
// to be changed. Errors are [jobs.Error].
func (s *Services) Modify(ctx context.Context, subject diagnostic.Subject, m Modification) error {
	w := s.beginWait()
	done, err := s.turn(ctx, w, m.GroupID)
	if err != nil {
		return err
	}
	defer done()
	for {
		before, err := s.settled(ctx, w, subject, m.Status)
		if err != nil {
			return err
		}
		made := func(ctx context.Context) (bool, error) {
			if before.Phase() == sdrs.Failed {
				return false, nil // An earlier try may have changed half of it.
			}
			return retried(ctx, w, m.Made)
		}
		if done, err := made(ctx); done || err != nil {
			return err
		}
		if m.Check != nil {
			if err := m.Check(); err != nil {
				return err
			}
		}
		again := checkedAgain(w, &before, m.Status, m.Check)
		jobID, err := s.submit(ctx, w, m.GroupID, m.Send, again, func(ctx context.Context) (bool, error) {
			if now, err := retried(ctx, w, m.Status); now != before || err != nil {
				return true, err
			}
			return made(ctx)
		})
		if refusal, ok := errors.AsType[*jobs.Error](err); ok && refusal.Kind == jobs.Refused {
			if m.Already(refusal.Err) {
				return nil
			}
			if now, unread := retried(ctx, w, m.Status); unread == nil && now.Phase() == sdrs.Moving {
				continue // Somebody else was first.
			}
		}
		if err != nil {
			return err
		}
		return s.modified(ctx, w, subject, m, jobID)
	}
}

// modified waits for the end of a change that was asked for; its job may not be known.
func (s *Services) modified(
	ctx context.Context, w *jobs.Wait, subject diagnostic.Subject, m Modification, jobID string,
) error {
	if err := s.await(ctx, w, m.GroupID, jobID); err != nil {
		return err
	}
	w.Restart()
	status, err := s.settled(ctx, w, subject, m.Status)
	if err == nil && status.Phase() == sdrs.Failed {
		return &jobs.Error{Kind: jobs.Failed, JobID: jobID, Waited: w.Waited(), Reason: "the status is " + string(status)}
	}
	return err
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

// untilGone waits until a deletion shows, which may be late.
func (s *Services) untilGone(ctx context.Context, w *jobs.Wait, d Deletion) error {
	w.Restart()
	var failure error
	rested, moved := 0, false
	err := w.Until(ctx, func(ctx context.Context) (bool, error) {
		status, err := d.Status(ctx)
		if err != nil || status == "" {
			return err == nil, err
		}
		if status.Phase() == sdrs.Moving {
			moved = true
			return false, nil
		}
		if rested++; rested > jobs.StaleReads || moved && status == sdrs.StatusErrorDeleting {
			failure = &jobs.Error{Kind: jobs.Failed, Waited: w.Waited(), Reason: "the status is " + string(status)}
		}
		return failure != nil, nil
	})
	return errors.Join(err, failure)
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
		moved, err := s.busy(ctx, w, groupID, refusal.Err)
		if err != nil {
			return "", err
		}
		if moved {
			refused = 0
		}
		if again == nil {
			continue
		}
		if err := again(ctx); err != nil {
			return "", err
		}
	}
}

// Run is [failover.Workflow.Run] for a group that may be busy with a change that has ended, as for [Services.submit]:
// the members that protection needs were made right before.
func (s *Services) Run(
	ctx context.Context, workflow *failover.Workflow, groupID string, operation failover.Operation,
) (failover.Result, error) {
	w := s.beginWait()
	for refused := 1; ; refused++ {
		result, err := workflow.Run(ctx, groupID, operation, failover.ServerPolicy{})
		failure, ok := errors.AsType[*failover.Error](err)
		if !ok || failure.Kind != failover.Refused || !sdrs.IsBusy(failure.Err) || refused > jobs.StaleReads {
			return result, err
		}
		moved, ended := s.busy(ctx, w, groupID, failure.Err)
		if ended != nil {
			return result, err
		}
		if moved {
			refused = 0
		}
	}
}

// busy waits, after a refusal, until neither a group nor a member of it moves, and for the shortest interval more: a
// change that has ended may still show. It reports whether a member did: then earlier refusals say nothing any longer.
func (s *Services) busy(ctx context.Context, w *jobs.Wait, groupID string, refusal error) (moved bool, err error) {
	if err = s.rest(ctx, w, groupID); err != nil {
		return false, err
	}
	if moved, err = s.membersRest(ctx, w, groupID); err != nil {
		return moved, err
	}
	return moved, waitedFor(w.PauseShortest(ctx), "the protection group, which is busy: "+refusal.Error())
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
	what := ""
	err = w.Until(ctx, func(ctx context.Context) (bool, error) {
		what = s.movingMember(ctx, groupID)
		waited = waited || what != ""
		return what == "", nil
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
