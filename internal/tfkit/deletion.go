package tfkit

import (
	"context"
	"errors"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

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
