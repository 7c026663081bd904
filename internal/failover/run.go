package failover

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Result is a group that is as wanted.
type Result struct {
	// Group is the last observation.
	Group sdrs.Group
	// From is the site that was active when the workflow began, or the one that its own switch left. Where it is not the
	// wanted one, the site changed.
	From sdrs.Station
	// JobID is that of the workflow's own action. It is empty where the workflow sent none: the site was active, or became
	// so by a switch already in flight.
	JobID string
	Times Times
	// Started are the servers that the workflow has started.
	Started []ecs.Server
	// Unchecked are the checks that were not possible when the workflow acted all the same.
	Unchecked []Check
	// Warning is set where [Workflow.Confirm] or [Workflow.Adopt] finds the group at the wanted site, but not protected.
	Warning *Advice
}

// Acted reports whether the operation was started by this run of the workflow.
func (r Result) Acted() bool { return r.Times.Acted() }

// asWanted is the result for a group that is at the wanted site without any action, with advice where it is not
// protected.
func asWanted(group sdrs.Group, advice Advice) Result {
	result := Result{Group: group, From: group.PriorityStation}
	if advice.Reason != "" {
		result.Warning = &advice
	}
	return result
}

// Run makes a group what operation is to make of it, and returns when that is verified.
//
// It converges: a group that is as wanted already costs one read, an operation in flight is waited for, and only a
// group at rest is acted on, if it is ready, by one action at most. Servers are stopped before and started after it as
// policy says. It ends with ctx, which is the only deadline. Errors are *[Error], with the group as it is by then. That
// nothing had to be sent is no success by itself: a group at rest in any other status than the wanted one is an error,
// too.
func (w *Workflow) Run(ctx context.Context, groupID string, operation Operation, policy ServerPolicy) (Result, error) {
	s := w.begin(groupID, operation)
	return s.end(ctx, policy, s.converge)
}

// Confirm is Run for a group that must be at the wanted site already, protected or not: any other one is an error,
// [NotAsPlanned]. It starts servers where the group is protected, and sends nothing else.
func (w *Workflow) Confirm(
	ctx context.Context,
	groupID string,
	operation Operation,
	policy ServerPolicy,
) (Result, error) {
	s := w.begin(groupID, operation)
	return s.end(ctx, policy, s.confirm)
}

// Adopt is Confirm that waits for a switch in flight, see [Operation.DecideAdoption].
func (w *Workflow) Adopt(
	ctx context.Context,
	groupID string,
	operation Operation,
	policy ServerPolicy,
) (Result, error) {
	s := w.begin(groupID, operation)
	return s.end(ctx, policy, s.adopt)
}

// StopServers stops the servers of a group that operation is to move, by the policy and after the checks that Run would
// make before that, and sends nothing else. So the servers of many groups can be stopped before the first group moves:
// Run then finds them stopped. It waits for what moves the group, and stops nothing of one that operation has nothing
// to do about. Errors are those of Run.
func (w *Workflow) StopServers(
	ctx context.Context,
	groupID string,
	operation Operation,
	policy ServerPolicy,
) (Progress, error) {
	s := w.begin(groupID, operation)
	policy.Start = false
	_, err := s.end(ctx, policy, s.stopOnly)
	s.Times.Verified = time.Time{} // The operation has yet to begin.
	return s.progress(), err
}

// run is one call of Run, Confirm, Adopt, or StopServers.
type run struct {
	*Workflow
	Progress
	wait      *jobs.Wait
	operation Operation
	// notified is what the workflow's user was last told.
	notified Progress
	// succeeded is set once the job says so.
	succeeded bool
	// stopRequested are the ids of the servers that the cloud was asked to stop.
	stopRequested map[string]bool
	// instances are those that the last look at the group found; nil: there was none, or they could not be read.
	instances []sdrs.ProtectedInstance
	// sawMoving is set once the group was seen to move as the operation moves it.
	sawMoving bool
}

func (w *Workflow) begin(groupID string, operation Operation) *run {
	s := &run{
		Workflow: w, operation: operation, stopRequested: map[string]bool{},
		Progress: Progress{Operation: operation, GroupID: groupID, Station: operation.Station},
	}
	s.wait = w.waiter.Begin(s.notifyOf)
	return s
}

// end does what comes around the operation itself: the start of servers, and the final read after a failure.
func (s *run) end(
	ctx context.Context,
	policy ServerPolicy,
	operate func(context.Context, ServerPolicy) (Result, error),
) (Result, error) {
	result, err := operate(ctx, policy)
	// Servers are started for an operation that is done, whoever began it, and not for a group in some other state.
	if err == nil && result.Warning == nil {
		s.Times.Verified = s.waiter.Clock.Now()
		if policy.Start {
			s.Verified = true
			err = s.startServers(ctx)
			result.Started = s.Started
		}
	}
	if err != nil {
		failure := asError(err)
		failure.Progress = s.progress()
		failure.Group = s.finalRead(ctx)
		if failure.Kind == Refused { // Only the status by now tells whether waiting helps.
			_, failure.Advice = s.operation.Decide(failure.Group)
		}
		return Result{}, failure
	}
	result.Times, result.Unchecked = s.Times, s.Unchecked
	return result, nil
}

// finalRead reads the group once more after a failure, within the second that an interrupted apply has left; failing
// that, it returns the last observation before.
func (s *run) finalRead(ctx context.Context) sdrs.Group {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if group, err := s.sdrs.Group(ctx, s.GroupID); err == nil {
		return group
	}
	return s.Group
}

// confirm is Confirm without what comes after it.
func (s *run) confirm(ctx context.Context, _ ServerPolicy) (Result, error) {
	group, err := s.readGroup(ctx)
	if err != nil {
		return Result{}, err
	}
	decision, advice := s.operation.DecideConfirmation(group)
	if decision != NoAction {
		return Result{}, &Error{Kind: NotAsPlanned}
	}
	return asWanted(group, advice), nil
}

// adopt is Adopt without what comes after it.
func (s *run) adopt(ctx context.Context, _ ServerPolicy) (Result, error) {
	for {
		group, err := s.readGroup(ctx)
		if err != nil {
			return Result{}, err
		}
		switch decision, advice := s.operation.DecideAdoption(group); {
		case decision == NoAction:
			return asWanted(group, advice), nil
		case decision == Refuse && group.PriorityStation == s.Station:
			return Result{}, &Error{Kind: NotPossible, Advice: advice}
		case decision != Wait:
			return Result{}, &Error{Kind: NotAsPlanned}
		}
		if err := s.wait.Pause(ctx); err != nil {
			return Result{}, err
		}
	}
}

// converge is Run without what comes after the operation.
func (s *run) converge(ctx context.Context, policy ServerPolicy) (Result, error) {
	for {
		group, err := s.look(ctx)
		if err != nil {
			return Result{}, err
		}
		if s.From == "" {
			s.From = group.PriorityStation
		}
		switch decision, advice := s.operation.Decide(group); decision {
		case NoAction:
			return Result{Group: group, From: s.From}, nil
		case Refuse:
			return Result{}, &Error{Kind: NotPossible, Advice: advice}
		case Wait:
			tflog.Info(ctx, "Waiting for the running operation", map[string]any{"group": s.GroupID, "status": group.Status})
			if err := s.wait.Pause(ctx); err != nil {
				failure := asError(err)
				failure.Advice = advice
				return Result{}, failure
			}
		case Act:
			ready, err := s.prepare(ctx, group, policy)
			if err != nil {
				return Result{}, err
			}
			if !ready {
				continue
			}
			if s.Station != "" { // Whatever was active when the workflow began, or counts as active half-way.
				s.From = s.Station.Other()
			}
			started, err := s.send(ctx, group)
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
			return Result{Group: group, From: s.From, JobID: s.JobID}, nil
		}
	}
}

// stopOnly is StopServers without what comes after it.
func (s *run) stopOnly(ctx context.Context, policy ServerPolicy) (Result, error) {
	for {
		group, err := s.look(ctx)
		if err != nil {
			return Result{}, err
		}
		switch decision, advice := s.operation.Decide(group); decision {
		case NoAction:
			return Result{Group: group}, nil
		case Refuse:
			return Result{}, &Error{Kind: NotPossible, Advice: advice}
		case Wait:
			if err := s.wait.Pause(ctx); err != nil {
				return Result{}, err
			}
		case Act:
			same, err := s.check(ctx, group, policy)
			if err != nil {
				return Result{}, err
			}
			if same {
				return Result{Group: group}, s.stopServers(ctx, policy)
			}
		}
	}
}

// prepare makes sure that the group is ready: the last look before anything moves. It reports false where the group is
// not what it was when that was decided.
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
	checks, instances := s.readiness(ctx, group, s.operation, policy)
	last := s.readGroup
	if policy.Stop { // There is another before the action.
		last = s.look
	}
	latest, err := last(ctx)
	if err != nil || latest.Status != group.Status || latest.PriorityStation != group.PriorityStation {
		return false, err
	}
	if !Ready(checks) {
		return false, &Error{Kind: NotReady, Checks: checks}
	}
	s.instances = instances
	unknown := Unknowns(checks)
	if s.requireAllChecks && len(unknown) > 0 {
		return false, &Error{Kind: NotFullyChecked, Checks: checks}
	}
	if s.Unchecked = unknown; len(unknown) > 0 {
		s.notifyOf(ctx, false) // Before anything moves.
	}
	return true, nil
}

// send sends the action. It reports false where it is to be decided anew whether to: where the cloud refused it because
// the group has moved meanwhile, or had no time for it for so long that what was checked may not hold any longer.
func (s *run) send(ctx context.Context, before sdrs.Group) (bool, error) {
	sent := s.waiter.Clock.Now()
	job, err := s.wait.Submit(ctx, func(ctx context.Context) (string, error) {
		job, err := s.operation.start(ctx, s.sdrs, s.GroupID)
		if cloud.OutcomeUnknown(err) {
			tflog.Warn(
				ctx,
				"The answer to an action was lost",
				map[string]any{"operation": s.Operation.Name, "group": s.GroupID, "error": err.Error()},
			)
			s.Sent, s.Times.Requested = Unanswered, sent
			s.wait.Restart()
		}
		return job, err
	}, func(ctx context.Context) (bool, error) { return s.started(ctx, before) })
	if err == nil {
		if s.Times.Requested.IsZero() {
			s.wait.Restart()
		}
		s.Sent, s.JobID, s.Times.Requested = Accepted, job, sent
		tflog.Info(
			ctx,
			"Action accepted",
			map[string]any{"operation": s.Operation.Name, "group": s.GroupID, "station": s.Station, "job": job},
		)
		return true, nil
	}
	failure, ok := errors.AsType[*jobs.Error](err)
	if !ok || failure.Kind != jobs.Refused && failure.Kind != jobs.NotSent {
		return false, err
	}
	if cloud.Postponed(err) {
		return false, s.wait.Pause(ctx)
	}
	// Somebody else may have been faster; then theirs is the one to wait for.
	if after, unread := s.readGroup(ctx); unread == nil {
		if decision, _ := s.operation.Decide(after); decision == Wait || decision == NoAction {
			return false, nil
		}
	}
	return false, err
}

// started reports whether the group shows that an action without an answer was accepted.
func (s *run) started(ctx context.Context, before sdrs.Group) (bool, error) {
	group, err := s.readGroup(ctx)
	if err != nil {
		return false, err
	}
	// Any other status is somebody else's doing.
	failed := group.Status == s.operation.Failed && before.Status != s.operation.Failed
	switched := group.PriorityStation != before.PriorityStation && group.PriorityStation == s.Station
	return group.Status == s.operation.Moving || failed || switched || s.operation.done(group), nil
}

// finish waits for the end of an accepted action, and verifies what it did.
func (s *run) finish(ctx context.Context) (sdrs.Group, error) {
	if s.JobID != "" {
		read := func(ctx context.Context) (sdrs.Job, error) { return s.sdrs.Job(ctx, s.GroupID, s.JobID) }
		job, known, err := jobs.Await(ctx, s.wait, read, s.groupTells)
		if known {
			s.Times.JobFinished = s.waiter.Clock.Now()
		}
		if known && err != nil {
			return sdrs.Group{}, jobFailed(job)
		}
		if err != nil {
			return sdrs.Group{}, err
		}
		s.succeeded = known
	}
	wrong := 0
	for {
		group, err := s.look(ctx)
		if err != nil {
			return sdrs.Group{}, err
		}
		if s.operation.done(group) {
			return group, nil
		}
		pause := s.wait.Pause
		switch group.Status.Phase() {
		case sdrs.Moving, sdrs.Unknown:
			wrong = 0
		case sdrs.AtRest, sdrs.Failed:
			if wrong++; wrong > jobs.StaleReads {
				return sdrs.Group{}, s.failure(ctx)
			}
			pause = s.wait.PauseShortest
		}
		if err := pause(ctx); err != nil {
			return sdrs.Group{}, err
		}
	}
}

// groupTells reports whether the group shows that the operation has ended, where its job does not tell. A failed status
// counts once the group has moved: before that it may be what the operation started from.
func (s *run) groupTells(ctx context.Context) bool {
	s.readOnce(ctx)
	return s.operation.done(s.Group) || s.sawMoving && s.Group.Status.Phase() == sdrs.Failed
}

// failure is the error for a group that rests in the wrong state after an action. Where a failed job left that state
// behind, the task center knows it.
func (s *run) failure(ctx context.Context) error {
	if s.Group.Status.Phase() != sdrs.Failed || s.succeeded {
		return &Error{Kind: NotVerified}
	}
	entry, found := s.failureJob(ctx)
	if !found {
		return &Error{Kind: JobFailed}
	}
	s.JobID = entry.JobID
	if job, err := s.sdrs.Job(ctx, s.GroupID, entry.JobID); err == nil && job.Status == cloud.JobFail {
		return jobFailed(job)
	}
	return &Error{Kind: JobFailed, Code: entry.ErrorCode, Reason: entry.FailReason}
}

// failureJob finds the run's job in the task center: by its id, or as the latest that began since the action was sent.
func (s *run) failureJob(ctx context.Context) (sdrs.FailureJob, bool) {
	found, err := s.sdrs.FailureJobs(ctx, sdrs.FailureJobFilter{GroupID: s.GroupID, Status: s.operation.failure})
	if err != nil {
		return sdrs.FailureJob{}, false
	}
	since := s.Times.Requested.Add(-clockSkew)
	found = slices.DeleteFunc(found, func(job sdrs.FailureJob) bool {
		if s.JobID != "" {
			return job.JobID != s.JobID
		}
		return job.Begin.Before(since)
	})
	if len(found) == 0 {
		return sdrs.FailureJob{}, false
	}
	return slices.MaxFunc(found, func(a, b sdrs.FailureJob) int { return a.Begin.Compare(b.Begin.Time) }), true
}

func jobFailed(job sdrs.Job) *Error {
	code, reason := job.Problem()
	return &Error{Kind: JobFailed, Code: code, Reason: reason, FailedSubJobs: slices.Collect(job.Failed())}
}
