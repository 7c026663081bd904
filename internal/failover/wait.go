package failover

import (
	"context"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// retryRead reads, and reads again where that fails for passing reasons.
func retryRead[T any](ctx context.Context, wait *jobs.Wait, read func(context.Context) (T, error)) (T, error) {
	var got T
	err := wait.Until(ctx, func(ctx context.Context) (_ bool, err error) {
		got, err = read(ctx)
		return true, err
	})
	return got, err
}

// readGroup reads the group, repeating reads that fail for passing reasons.
func (s *run) readGroup(ctx context.Context) (sdrs.Group, error) {
	return s.readBy(ctx, s.sdrs.Group)
}

func (s *run) readBy(
	ctx context.Context,
	read func(ctx context.Context, id string) (sdrs.Group, error),
) (sdrs.Group, error) {
	group, err := retryRead(
		ctx,
		s.wait,
		func(ctx context.Context) (sdrs.Group, error) { return read(ctx, s.GroupID) },
	)
	if err == nil {
		s.record(group)
	}
	return group, err
}

// observing is a way to the replication service that many workflows share. What decides whether to act is read by Group
// all the same.
type observing interface {
	// ObservedGroup is a group as it was an interval ago at most, ListedGroup one as it is now. Neither may need a read of
	// its own.
	ObservedGroup(ctx context.Context, id string) (sdrs.Group, error)
	ListedGroup(ctx context.Context, id string) (sdrs.Group, error)
}

// look is readGroup for what is not the last look before an action.
func (s *run) look(ctx context.Context) (sdrs.Group, error) {
	if observer, ok := s.sdrs.(observing); ok {
		return s.readBy(ctx, observer.ListedGroup)
	}
	return s.readGroup(ctx)
}

// readOnce updates the observation where that is possible at once.
func (s *run) readOnce(ctx context.Context) {
	read := s.sdrs.Group
	if observer, ok := s.sdrs.(observing); ok {
		read = observer.ObservedGroup
	}
	if group, err := read(cloud.Once(ctx), s.GroupID); err == nil {
		s.record(group)
	}
}

// record keeps an observation.
func (s *run) record(group sdrs.Group) {
	s.Group = group
	s.sawMoving = s.sawMoving || s.Sent != NotSent && group.Status == s.operation.Moving
}

// notifyOf tells the workflow's user of a change, and from time to time that there was none.
func (s *run) notifyOf(ctx context.Context, overdue bool) bool {
	if s.notify == nil {
		return false
	}
	if s.JobID != "" && (overdue || s.JobID != s.notified.JobID) {
		s.readOnce(ctx) // The wait is for the job; status and percentage are the group's.
	}
	last := s.notified
	changed := s.Group.Status != last.Group.Status || s.JobID != last.JobID || len(s.Awaited) != len(last.Awaited) ||
		len(s.Unchecked) != len(last.Unchecked)
	if changed || overdue {
		s.notified = s.progress()
		s.notify(s.notified)
	}
	return changed || overdue
}

func (s *run) progress() Progress {
	progress := s.Progress
	progress.Waited, progress.FailedReads = s.wait.Waited(), s.wait.FailedReads()
	return progress
}
