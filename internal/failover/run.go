package failover

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Result is a group that is as wanted.
type Result struct {
	// Group is the last observation.
	Group sdrs.Group
	// From is the site that was active when the workflow began. Where it is not the wanted one, the site changed.
	From sdrs.Station
	// JobID, StartedAt, and FinishedAt are those of the workflow's own action, from sending it to verifying its end, and to
	// the servers being in service where the workflow starts them. They are empty where the workflow sent none: the site
	// was active, or became so by a switch already in flight.
	JobID                 string
	StartedAt, FinishedAt time.Time
	// Started are the servers that the workflow has started.
	Started []ecs.Server
	// Warning is set where the group is as wanted, but not well.
	Warning *Advice
}

// Acted reports whether the operation was started by this run of the workflow.
func (r Result) Acted() bool { return !r.StartedAt.IsZero() }

// Stay is the result for a group that is as wanted without any action, with the advice of [Operation.Decide].
func Stay(group sdrs.Group, advice Advice) Result {
	result := Result{Group: group, From: group.PriorityStation}
	if advice.Reason != "" {
		result.Warning = &advice
	}
	return result
}

// Switch is [Workflow.Run] of [PlannedFailover].
func (w *Workflow) Switch(ctx context.Context, groupID string, station sdrs.Station, policy ServerPolicy) (Result, error) {
	return w.Run(ctx, groupID, PlannedFailover(station), policy)
}

// Run makes a group what operation is to make of it, and returns when that is verified.
//
// It converges: a group that is as wanted already costs one read, an operation in flight is waited for, and only a group
// at rest is acted on, if it is ready, by one action at most. Servers are stopped before and started after it as policy
// says. It ends with ctx, which is the only deadline. Errors are *[Error], with the group as it is by then.
func (w *Workflow) Run(ctx context.Context, groupID string, operation Operation, policy ServerPolicy) (Result, error) {
	s := &run{
		Workflow: w, operation: operation, began: w.clock.Now(), asked: map[string]bool{},
		Progress: Progress{Operation: operation.Name, GroupID: groupID, Station: operation.Station},
	}
	result, err := s.convergeAndStart(ctx, policy)
	if failure, ok := errors.AsType[*Error](err); ok {
		failure.Group = s.finalRead(ctx)
	}
	return result, err
}

// finalRead reads the group once more after a failure, within the second that an interrupted apply has left; failing that, it
// returns the last observation before.
func (s *run) finalRead(ctx context.Context) sdrs.Group {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if group, err := s.sdrs.Group(ctx, s.GroupID); err == nil {
		return group
	}
	return s.Group
}

// convergeAndStart is Run without the last look after a failure.
func (s *run) convergeAndStart(ctx context.Context, policy ServerPolicy) (Result, error) {
	result, err := s.converge(ctx, policy)
	if err != nil {
		return Result{}, err
	}
	// Servers are started for an operation that is done, whoever began it, and not for a group in some other state.
	if policy.Start && s.operation.done(result.Group) {
		s.Verified = true
		if err := s.startServers(ctx); err != nil {
			return Result{}, err
		}
		result.Started = s.Started
	}
	if result.Acted() {
		result.FinishedAt = s.clock.Now()
	}
	return result, nil
}

// converge is Run without what comes after the operation.
func (s *run) converge(ctx context.Context, policy ServerPolicy) (Result, error) {
	var from sdrs.Station
	for {
		group, err := s.observe(ctx)
		if err != nil {
			return Result{}, err
		}
		if from == "" {
			from = group.PriorityStation
		}
		decision, advice := s.operation.Decide(group)
		if s.operation.still && decision != NoAction {
			return Result{}, s.fail(Error{Kind: NotAsPlanned})
		}
		switch decision {
		case NoAction:
			result := Stay(group, advice)
			result.From = from
			return result, nil
		case Refuse:
			return Result{}, s.fail(Error{Kind: NotPossible, Advice: advice})
		case Wait:
			tflog.Info(ctx, "Waiting for the running operation", map[string]any{"group": s.GroupID, "status": group.Status})
			if err := s.pause(ctx, s.next()); err != nil {
				return Result{}, err
			}
		case Act:
			ready, err := s.prepare(ctx, group, policy)
			if err != nil {
				return Result{}, err
			}
			if !ready {
				continue
			}
			started, err := s.act(ctx, group)
			if err != nil {
				return Result{}, err
			}
			if !started {
				continue
			}
			group, err := s.finish(ctx)
			if err != nil {
				return Result{}, err
			}
			return Result{Group: group, From: from, JobID: s.JobID, StartedAt: s.StartedAt}, nil
		}
	}
}

// prepare makes sure that the group is ready: the last look before anything moves. It reports false where the group is not
// what it was when that was decided.
func (s *run) prepare(ctx context.Context, group sdrs.Group, policy ServerPolicy) (bool, error) {
	if policy.Stop {
		// Production is not stopped for a switch that would be refused, nor at a site that became it just now.
		if same, err := s.check(ctx, group, policy); err != nil || !same {
			return false, err
		}
		if err := s.stopServers(ctx, policy); err != nil {
			return false, err
		}
	}
	return s.check(ctx, group, ServerPolicy{})
}

// check runs the readiness checks, and then looks whether the group is still the one that they were about: they take
// minutes, in a disaster. It reports false where it is not; then they count for nothing.
func (s *run) check(ctx context.Context, group sdrs.Group, policy ServerPolicy) (bool, error) {
	checks := s.ReadinessOf(ctx, group, s.operation, policy)
	latest, err := s.observe(ctx)
	if err != nil || latest.Status != group.Status || latest.PriorityStation != group.PriorityStation {
		return false, err
	}
	if !Ready(checks) {
		return false, s.fail(Error{Kind: NotReady, Checks: checks})
	}
	return true, nil
}

// run is one call of Run.
type run struct {
	*Workflow
	Progress
	operation Operation
	// told and toldAt are what the workflow's user was last told, and when.
	told   Progress
	toldAt time.Time
	began  time.Time
	// misses counts the reads in a row that failed.
	misses int
	// succeeded is set once the job says so.
	succeeded bool
	// unanswered is set where the answer to a request about servers was lost.
	unanswered bool
	// asked are the ids of the servers that the cloud was asked to stop.
	asked map[string]bool
	// moved is set once the group was seen to move as the operation moves it.
	moved bool
}

// act sends the action. It reports false where the cloud refused it because the group has moved meanwhile.
func (s *run) act(ctx context.Context, before sdrs.Group) (bool, error) {
	sent := s.clock.Now()
	job, err := s.operation.start(ctx, s.sdrs, s.GroupID)
	switch {
	case err == nil:
		s.Sent, s.JobID, s.StartedAt = Accepted, job, sent
		tflog.Info(ctx, "Action accepted", map[string]any{"operation": s.Operation, "group": s.GroupID, "station": s.Station, "job": job})
		return true, nil
	case cloud.OutcomeUnknown(err):
		s.Sent, s.StartedAt = Unanswered, sent
		tflog.Warn(ctx, "The answer to an action was lost", map[string]any{"operation": s.Operation, "group": s.GroupID, "error": err.Error()})
		return true, s.acceptance(ctx, before, err)
	}
	if ended := s.ended(ctx); ended != nil {
		return false, ended
	}
	if cloud.Postponed(err) { // For so long that what was checked may not hold any longer.
		return false, s.pause(ctx, s.next())
	}
	// Somebody else may have been faster; then theirs is the one to wait for.
	if after, unread := s.observe(ctx); unread == nil {
		if decision, _ := s.operation.Decide(after); decision == Wait || decision == NoAction {
			return false, nil
		}
	}
	return false, s.fail(Error{Kind: Refused, Err: err})
}

// acceptance finds out from the group whether an action without an answer was accepted. It is never sent again: a late
// acceptance of the first one would make it two.
func (s *run) acceptance(ctx context.Context, before sdrs.Group, lost error) error {
	for read := range patience {
		if read > 0 {
			if err := s.pause(ctx, s.shortest); err != nil {
				return err
			}
		}
		group, err := s.observe(ctx)
		if err != nil {
			return err
		}
		// Any other status is somebody else's doing.
		course := s.operation.Course()
		failed := group.Status == course.Failed && before.Status != course.Failed
		switched := group.PriorityStation != before.PriorityStation && group.PriorityStation == s.Station
		if group.Status == course.Moving || failed || switched || s.operation.done(group) {
			s.Sent = Accepted
			return nil
		}
	}
	return s.fail(Error{Kind: NotStarted, Reads: patience, Err: lost})
}

// finish waits for the end of an accepted action, and verifies what it did.
func (s *run) finish(ctx context.Context) (sdrs.Group, error) {
	if s.JobID != "" {
		if err := s.awaitJob(ctx); err != nil {
			return sdrs.Group{}, err
		}
	}
	wrong := 0
	for {
		group, err := s.observe(ctx)
		if err != nil {
			return sdrs.Group{}, err
		}
		if s.operation.done(group) {
			return group, nil
		}
		interval := s.next()
		switch group.Status.Phase() {
		case sdrs.Moving, sdrs.Unknown:
			wrong = 0
		case sdrs.AtRest, sdrs.Failed:
			if wrong++; wrong > patience {
				return sdrs.Group{}, s.failure(ctx)
			}
			interval = s.shortest
		}
		if err := s.pause(ctx, interval); err != nil {
			return sdrs.Group{}, err
		}
	}
}

// awaitJob waits for the job to end. A job that can't be read, or not understood, is no failure: the group's status tells,
// too.
func (s *run) awaitJob(ctx context.Context) error {
	for {
		if err := s.pause(ctx, s.next()); err != nil {
			return err
		}
		job, err := s.sdrs.Job(cloud.Once(ctx), s.GroupID, s.JobID)
		if err != nil {
			if ended := s.ended(ctx); ended != nil {
				return ended
			}
			if s.groupTells(ctx) {
				return nil
			}
			if s.misses++; cloud.Transient(err) && s.misses <= budget {
				continue
			}
			tflog.Warn(ctx, "The job can't be read, going by the group's status", map[string]any{"job": s.JobID, "error": err.Error()})
			return nil
		}
		s.misses = 0
		switch job.Status {
		case sdrs.JobSuccess:
			tflog.Info(ctx, "The job succeeded", map[string]any{"group": s.GroupID, "job": s.JobID})
			s.succeeded = true
			return nil
		case sdrs.JobFail:
			s.glance(ctx)
			return s.jobFailed(job)
		case sdrs.JobInit, sdrs.JobRunning:
		default:
			tflog.Warn(ctx, "The job has an unknown status, looking at the group's", map[string]any{"job": s.JobID, "status": job.Status})
			if s.groupTells(ctx) {
				return nil
			}
		}
	}
}

// groupTells reports whether the group shows that the operation has ended, where its job does not tell. A failed status
// counts once the group has moved: before that it may be what the operation started from.
func (s *run) groupTells(ctx context.Context) bool {
	s.glance(ctx)
	return s.operation.done(s.Group) || s.moved && s.Group.Status.Phase() == sdrs.Failed
}

// failure is the error for a group that rests in the wrong state after an action. Where a failed job left that state
// behind, the task center knows it.
func (s *run) failure(ctx context.Context) error {
	if s.Group.Status.Phase() != sdrs.Failed || s.succeeded {
		return s.fail(Error{Kind: NotVerified})
	}
	entry, found := s.failureJob(ctx)
	if !found {
		return s.fail(Error{Kind: JobFailed})
	}
	s.JobID = entry.JobID
	if job, err := s.sdrs.Job(ctx, s.GroupID, entry.JobID); err == nil && job.Status == sdrs.JobFail {
		return s.jobFailed(job)
	}
	return s.fail(Error{Kind: JobFailed, Code: entry.ErrorCode, Reason: entry.FailReason})
}

// failureJob finds the run's job in the task center: by its id, or as the latest that began since the action was sent.
func (s *run) failureJob(ctx context.Context) (sdrs.FailureJob, bool) {
	jobs, err := s.sdrs.FailureJobs(ctx, sdrs.FailureJobFilter{GroupID: s.GroupID, Status: s.operation.failure})
	if err != nil {
		return sdrs.FailureJob{}, false
	}
	since := s.StartedAt.Add(-clockSkew)
	jobs = slices.DeleteFunc(jobs, func(job sdrs.FailureJob) bool {
		if s.JobID != "" {
			return job.JobID != s.JobID
		}
		return job.Begin.Before(since)
	})
	if len(jobs) == 0 {
		return sdrs.FailureJob{}, false
	}
	return slices.MaxFunc(jobs, func(a, b sdrs.FailureJob) int { return a.Begin.Compare(b.Begin.Time) }), true
}

func (s *run) jobFailed(job sdrs.Job) error {
	failure := Error{Kind: JobFailed, Code: job.ErrorCode, Reason: job.FailReason, FailedSubJobs: slices.Collect(job.Failed())}
	if failure.Code == "" && len(failure.FailedSubJobs) > 0 {
		failure.Code, failure.Reason = failure.FailedSubJobs[0].ErrorCode, failure.FailedSubJobs[0].FailReason
	}
	return s.fail(failure)
}
