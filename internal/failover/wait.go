package failover

import (
	"context"
	"errors"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// observe reads the group, repeating reads that fail for passing reasons.
func (s *run) observe(ctx context.Context) (sdrs.Group, error) {
	group, err := patiently(ctx, s, func(ctx context.Context) (sdrs.Group, error) { return s.sdrs.Group(ctx, s.GroupID) })
	if err == nil {
		s.saw(group)
	}
	return group, err
}

// saw keeps an observation.
func (s *run) saw(group sdrs.Group) {
	s.Group = group
	s.moved = s.moved || s.Sent != NotSent && group.Status == s.operation.Course().Moving
}

// missed counts a read that failed, and returns an error where it was one too many.
func (s *run) missed(ctx context.Context, err error) error {
	if ended := s.ended(ctx); ended != nil {
		return ended
	}
	if s.misses++; !cloud.Transient(err) || s.misses > budget {
		return s.fail(Error{Kind: LostContact, Err: err})
	}
	return nil
}

// glance updates the observation for an error's text, where that is possible at once.
func (s *run) glance(ctx context.Context) {
	if group, err := s.sdrs.Group(cloud.Once(ctx), s.GroupID); err == nil {
		s.saw(group)
	}
}

// pause waits, and tells the workflow's user about it.
func (s *run) pause(ctx context.Context, d time.Duration) error {
	s.tell(ctx)
	if err := s.clock.Sleep(ctx, d); err != nil {
		return s.ended(ctx)
	}
	return nil
}

// tellEvery is how long a wait goes on at most without a word.
const tellEvery = 10 * time.Second

// tell tells the workflow's user of a change, and from time to time that there was none.
func (s *run) tell(ctx context.Context) {
	if s.notify == nil {
		return
	}
	overdue := s.clock.Now().Sub(s.toldAt) >= tellEvery
	if s.JobID != "" && (overdue || s.JobID != s.told.JobID) {
		s.glance(ctx) // The wait is for the job; status and percentage are the group's.
	}
	changed := s.Group.Status != s.told.Group.Status || s.JobID != s.told.JobID || len(s.Awaited) != len(s.told.Awaited)
	if changed || overdue {
		s.told, s.toldAt = s.progress(), s.clock.Now()
		s.notify(s.told)
	}
}

// ended returns the error for a context that has ended, nil for one that has not.
func (s *run) ended(ctx context.Context) error {
	switch err := ctx.Err(); {
	case err == nil:
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		return s.fail(Error{Kind: TimedOut})
	default:
		return s.fail(Error{Kind: Interrupted})
	}
}

// next returns the interval to the next poll. It starts anew with the action: what was waited for before has ended.
func (s *run) next() time.Duration {
	since := s.began
	if !s.StartedAt.IsZero() {
		since = s.StartedAt
	}
	return s.interval(s.clock.Now().Sub(since))
}

// fail completes an error by how far the operation got.
func (s *run) fail(failure Error) *Error {
	failure.Progress = s.progress()
	return &failure
}

func (s *run) progress() Progress {
	progress := s.Progress
	progress.Waited = s.waited()
	return progress
}

func (s *run) waited() time.Duration { return s.clock.Now().Sub(s.began) }

// patiently reads, and reads again where that fails for passing reasons.
func patiently[T any](ctx context.Context, s *run, read func(context.Context) (T, error)) (T, error) {
	for {
		got, err := read(cloud.Once(ctx))
		if err == nil {
			s.misses = 0
			return got, nil
		}
		if err := s.missed(ctx, err); err != nil {
			return got, err
		}
		if err := s.pause(ctx, s.next()); err != nil {
			return got, err
		}
	}
}
