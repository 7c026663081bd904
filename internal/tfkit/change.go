package tfkit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
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
	// Turn is where it waits for its turn: the group's id, or what tells a new group from others.
	Turn string
	// Equal lists the ids of what equals the thing in all that tells it from others.
	Equal func(context.Context) ([]string, error)
	// KnownID is the id where that is known beforehand; empty: the cloud chooses it.
	KnownID string
	// Ready looks at what the creation needs; nil: nothing is known of that.
	Ready func(context.Context) []failover.Check
	// Send asks for it, and returns the id of the job.
	Send func(context.Context) (jobID string, err error)
	// Made returns its id from what the job is about; empty where that does not tell.
	Made func(sdrs.JobEntities) string
	// Status reads its status, empty where there is no such thing.
	Status func(ctx context.Context, id string) (sdrs.Status, error)
}

// NotReadyError is the error of a creation that the cloud would refuse. Nothing was asked for.
type NotReadyError struct{ Checks []failover.Check }

// Error names the checks that failed.
func (e *NotReadyError) Error() string { return fmt.Sprintf("not ready: %v", e.Checks) }

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

// Create makes something, and waits until it is whole. It asks once, and not at all where an equal thing exists: that may be
// what an apply that was killed has made. Errors are [jobs.Error], [EqualExists], and [NotReadyError]; what is known of it stands
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
	done, err := c.services.turn(ctx, c.wait, c.Turn)
	if err != nil {
		return err
	}
	defer done()
	before, err := retried(ctx, c.wait, c.Equal)
	if err != nil {
		return err
	}
	if len(before) > 0 {
		return &EqualExists{IDs: before}
	}
	if c.GroupID != "" && c.Ready != nil {
		if err := c.services.rest(ctx, c.wait, c.GroupID); err != nil {
			return err
		}
		if checks := c.Ready(ctx); !failover.Ready(checks) {
			return &NotReadyError{Checks: checks}
		}
	}
	c.JobID, err = c.services.submit(ctx, c.wait, c.GroupID, func(ctx context.Context) (string, error) {
		id, err := c.Send(ctx)
		c.asked = err == nil || cloud.OutcomeUnknown(err)
		return id, err
	}, func(ctx context.Context) (bool, error) { return retried(ctx, c.wait, c.seek) })
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

// job reads the job, and looks for the id at once: it must be known before the wait can be interrupted.
func (c *creating) job(ctx context.Context) (sdrs.Job, error) {
	job, err := c.services.SDRS.Job(ctx, c.GroupID, c.JobID)
	if err == nil && c.ID == "" {
		c.ID = c.Made(job.Entities)
	}
	_, _ = c.seek(ctx)
	return job, err
}

// seek looks for the id among the jobs that failed, and as that of the one thing that equals what was asked for: there was none
// before. It reports whether the id is known.
func (c *creating) seek(ctx context.Context) (bool, error) {
	if c.ID != "" {
		return true, nil
	}
	equal, err := c.Equal(ctx)
	if len(equal) == 1 {
		c.ID = equal[0]
	}
	if c.ID == "" && c.JobID != "" {
		if c.ID = c.KnownID; c.ID == "" {
			c.ID = c.services.failedTo(ctx, c.GroupID, c.JobID)
		}
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

// Settle waits until something that is being created is whole. Errors are [jobs.Error].
func (s *Services) Settle(ctx context.Context, id string, status func(context.Context, string) (sdrs.Status, error)) error {
	run := &creating{Creation: Creation{Status: status}, Created: Created{ID: id}, services: s, wait: s.beginWait()}
	return run.whole(ctx)
}

// Identified returns what became of a creation of which an earlier apply knows the job only: the id of what it made, empty
// where the job is over and that is not to be found. Errors are [jobs.Error].
func (s *Services) Identified(ctx context.Context, groupID, jobID string, made func(sdrs.JobEntities) string) (string, error) {
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

// Deletion is how the cloud deletes something on its own time.
type Deletion struct {
	// GroupID is the protection group that it changes.
	GroupID string
	// Send asks for it, and returns the id of the job.
	Send func(context.Context) (jobID string, err error)
	// Status reads the status of what is deleted, empty where there is no such thing.
	Status func(context.Context) (sdrs.Status, error)
	// Ready looks, by what Status has read, for what forbids to ask for it; nil: nothing does.
	Ready func() []failover.Check
}

// Delete deletes something, and waits until a read says that it is gone. It asks for nothing where it is gone, or being deleted.
// Errors are [jobs.Error].
func (s *Services) Delete(ctx context.Context, d Deletion) error {
	w := s.beginWait()
	done, err := s.turn(ctx, w, d.GroupID)
	if err != nil {
		return err
	}
	defer done()
	before, err := retried(ctx, w, d.Status)
	if err != nil || before == "" {
		return err
	}
	if before != sdrs.StatusDeleting {
		if d.Ready != nil {
			if checks := d.Ready(); !failover.Ready(checks) {
				return &NotReadyError{Checks: checks}
			}
		}
		deleted, err := s.askToDelete(ctx, w, d, before)
		if err != nil || deleted {
			return err
		}
	}
	return s.untilGone(ctx, w, d)
}

// askToDelete asks for a deletion, and awaits its job. It reports whether there is nothing to delete.
func (s *Services) askToDelete(ctx context.Context, w *jobs.Wait, d Deletion, before sdrs.Status) (bool, error) {
	now := before
	jobID, err := s.submit(ctx, w, d.GroupID, d.Send, func(ctx context.Context) (found bool, err error) {
		now, err = retried(ctx, w, d.Status)
		return now != before, err
	})
	if refusal, ok := errors.AsType[*jobs.Error](err); ok && refusal.Kind == jobs.Refused {
		// A code that says that the status does not allow it may mean that it is gone, or that somebody else deletes it.
		if now, unread := retried(ctx, w, d.Status); unread == nil && (now == "" || now == sdrs.StatusDeleting) {
			return now == "", nil
		}
	}
	if err != nil || jobID == "" {
		return false, err
	}
	_, _, err = jobs.Await(ctx, w, func(ctx context.Context) (sdrs.Job, error) { return s.SDRS.Job(ctx, d.GroupID, jobID) }, nil)
	return false, err
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

// Change makes a change that has its effect at once, such as another name. Where the answer is lost, made tells by a read
// whether it has. Errors are [jobs.Error].
func (s *Services) Change(
	ctx context.Context, groupID string, send func(context.Context) error, made func(context.Context) (bool, error),
) error {
	w := s.beginWait()
	done, err := s.turn(ctx, w, groupID)
	if err != nil {
		return err
	}
	defer done()
	_, err = s.submit(ctx, w, groupID, func(ctx context.Context) (string, error) { return "", send(ctx) },
		func(ctx context.Context) (bool, error) { return retried(ctx, w, made) })
	return err
}

// TimedChange is how the cloud changes something on its own time.
type TimedChange struct {
	// GroupID is the protection group that it changes.
	GroupID string
	// Send asks for it, and returns the id of the job.
	Send func(context.Context) (jobID string, err error)
	// Read reads the status of what is changed, and whether it is as it was asked for.
	Read func(context.Context) (status sdrs.Status, changed bool, err error)
}

// ChangeInTime changes something, and waits until a read shows the change. It asks for nothing where the thing is as it should
// be, or is becoming so. Errors are [jobs.Error].
func (s *Services) ChangeInTime(ctx context.Context, g TimedChange) error {
	w := s.beginWait()
	done, err := s.turn(ctx, w, g.GroupID)
	if err != nil {
		return err
	}
	defer done()
	var before sdrs.Status
	var changed bool
	look := func(ctx context.Context) (status sdrs.Status, err error) {
		status, changed, err = g.Read(ctx)
		return status, err
	}
	if before, err = retried(ctx, w, look); err != nil || changed {
		return err
	}
	if before.Phase() != sdrs.Moving {
		jobID, err := s.submit(ctx, w, g.GroupID, g.Send, func(ctx context.Context) (bool, error) {
			now, err := retried(ctx, w, look)
			return changed || now != before, err
		})
		if err != nil {
			return err
		}
		if jobID != "" {
			if _, _, err := jobs.Await(ctx, w, func(ctx context.Context) (sdrs.Job, error) {
				return s.SDRS.Job(ctx, g.GroupID, jobID)
			}, nil); err != nil {
				return err
			}
		}
	}
	return s.untilChanged(ctx, w, look, &changed)
}

// untilChanged waits until a change shows, which may be late.
func (s *Services) untilChanged(
	ctx context.Context, w *jobs.Wait, look func(context.Context) (sdrs.Status, error), changed *bool,
) error {
	w.Restart()
	var failure error
	rested, moved := 0, false
	err := w.Until(ctx, func(ctx context.Context) (bool, error) {
		status, err := look(ctx)
		switch {
		case err != nil:
			return false, err
		case status.Phase() == sdrs.Moving:
			moved = true
			return false, nil
		case *changed:
			return true, nil
		}
		if rested++; rested > jobs.StaleReads || moved && status.Phase() == sdrs.Failed {
			failure = &jobs.Error{Kind: jobs.Failed, Waited: w.Waited(), Reason: "the status is " + string(status)}
		}
		return failure != nil, nil
	})
	return errors.Join(err, failure)
}

// turn waits for the turn of a change. The error says what was waited for.
func (s *Services) turn(ctx context.Context, w *jobs.Wait, key string) (done func(), err error) {
	done = s.Turn(ctx, key)
	return done, waitedFor(w.Ended(ctx), "another change of the protection group in this apply")
}

// submit is [jobs.Wait.Submit] for a change of a group that may be busy with another one. What it is refused for then is sent
// again once the group is at rest, for nothing has happened: at the shortest interval, some times, since a change that has
// ended may still show.
func (s *Services) submit(
	ctx context.Context, w *jobs.Wait, groupID string,
	send func(context.Context) (string, error), accepted func(context.Context) (bool, error),
) (string, error) {
	for refused := 1; ; refused++ {
		id, err := w.Submit(ctx, send, accepted)
		refusal, ok := errors.AsType[*jobs.Error](err)
		if !ok || refusal.Kind != jobs.Refused || !sdrs.IsBusy(refusal.Err) || groupID == "" || refused > jobs.StaleReads {
			return id, err
		}
		tflog.Info(ctx, "The protection group is busy", map[string]any{"protection_group": groupID, "error": refusal.Err.Error()})
		if err := s.rest(ctx, w, groupID); err != nil {
			return "", err
		}
		if err := w.PauseShortest(ctx); err != nil {
			return "", waitedFor(err, "the protection group, which is busy: "+refusal.Err.Error())
		}
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
