package tfkit

import (
	"context"
	"errors"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

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
