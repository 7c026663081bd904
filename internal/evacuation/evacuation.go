// Package evacuation moves many protection groups out of an availability zone: it chooses them, moves them in waves,
// some at a time, each by one run of [failover.Workflow], and keeps what became of each. It knows nothing of Terraform.
package evacuation

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Evacuation is how groups are moved.
type Evacuation struct {
	Workflow *failover.Workflow
	// RequireAllChecks fails a dry run where a check is not possible. The workflow has its own word on that.
	RequireAllChecks bool
	// Timeout is how long each group may take; 0: as long as it takes.
	Timeout time.Duration
	// Turn waits until nobody else in this process changes a group; nil: nobody does.
	Turn func(ctx context.Context, groupID string) (done func())
	// Say is told how it gets on, one line at a time. Progress and Ended word the lines about a group.
	Say      func(line string)
	Progress func(failover.Progress) string
	Ended    func(Outcome) string
	// Watcher is told the same without words; nil: there is none.
	Watcher Watcher
}

// Watcher is told how groups get on, of several at the same time.
type Watcher interface {
	// Begun: it is the turn of a group, which comes twice with StopAllFirst.
	Begun(groupID string)
	Progress(failover.Progress)
	Ended(Outcome)
}

// nobody is the watcher where there is none.
type nobody struct{}

func (nobody) Begun(string)               {}
func (nobody) Progress(failover.Progress) {}
func (nobody) Ended(Outcome)              {}

// run is an evacuation that goes on.
type run struct {
	Evacuation
	Request
	teller *teller
	// halted is set once no further group is to begin.
	halted atomic.Bool
}

// Run moves the groups of a selection, and returns what became of each, in their order. It ends with ctx, like the
// workflow. At most one action is sent about each group, by the workflow, which reads the group again before that.
func (e Evacuation) Run(ctx context.Context, request Request, selection Selection) []Outcome {
	r := &run{Evacuation: e, Request: request}
	if r.Watcher == nil {
		r.Watcher = nobody{}
	}
	r.halted.Store(request.Halt && len(selection.Problems) > 0) // These have failed already.
	r.teller = newTeller(e.Workflow.Waiter().Clock, e.Say)
	r.Workflow = e.Workflow.WithReaders(func(groups failover.SDRS, machines failover.ECS) (failover.SDRS, failover.ECS) {
		return newObserver(groups, e.Workflow.Waiter()), newServers(machines, e.Workflow.Waiter())
	})
	waves := make([][]*Outcome, len(selection.Waves))
	var all []*Outcome
	for n, wave := range selection.Waves {
		for _, member := range wave {
			waves[n] = append(waves[n], &Outcome{Member: member, Verdict: ResultNotBegun})
		}
		all = append(all, waves[n]...)
	}
	if r.StopAllFirst && r.policy().Stop && !r.DryRun {
		for _, wave := range slices.Backward(waves) {
			r.each(ctx, wave, r.stop)
		}
	}
	for _, wave := range waves {
		r.each(ctx, wave, r.move)
	}
	outcomes := make([]Outcome, 0, len(all))
	for _, outcome := range all {
		outcomes = append(outcomes, *outcome)
	}
	return outcomes
}

// each does something about the groups of a wave, some at a time, and returns when all have ended. Where the evacuation
// is to halt, or has been interrupted, no further one is begun.
func (r *run) each(ctx context.Context, wave []*Outcome, do func(context.Context, *Outcome)) {
	var limited errgroup.Group
	limited.SetLimit(max(r.MaxParallel, 1))
	for _, outcome := range wave {
		limited.Go(func() error {
			if r.halted.Load() || ctx.Err() != nil || outcome.Err != nil {
				return nil
			}
			bounded := ctx
			if r.Timeout > 0 {
				var cancel context.CancelFunc
				bounded, cancel = context.WithTimeout(ctx, r.Timeout)
				defer cancel()
			}
			if r.Turn != nil {
				defer r.Turn(bounded, outcome.Group.ID)()
			}
			r.Watcher.Begun(outcome.Group.ID)
			do(bounded, outcome)
			if outcome.Err != nil && r.Halt {
				r.halted.Store(true)
			}
			return nil
		})
	}
	_ = limited.Wait() // What failed stands in the outcomes.
}

// workflow is the workflow that reports about one group.
func (r *run) workflow(group sdrs.Group) *failover.Workflow {
	return r.Workflow.WithNotify(func(progress failover.Progress) {
		r.Watcher.Progress(progress)
		progress.Group.Name = group.Name // Known also where the group could not be read yet.
		r.teller.tell(group.ID, r.Progress(progress))
	})
}

// policy is what a group's operation does about its servers.
func (r *run) policy() failover.ServerPolicy {
	policy := r.Policy
	policy.Stop = policy.Stop && r.Planned // An unplanned failover stops them itself.
	return policy
}

// stop stops the servers of a group before any group moves.
func (r *run) stop(ctx context.Context, outcome *Outcome) {
	id := outcome.Group.ID
	outcome.Stop, outcome.Err = r.workflow(outcome.Group).StopServers(ctx, id, outcome.Operation, r.policy())
	if outcome.Err != nil {
		r.finish(outcome)
	}
}

// move moves a group, or looks whether it could be moved.
func (r *run) move(ctx context.Context, outcome *Outcome) {
	id := outcome.Group.ID
	if r.DryRun {
		outcome.Verdict, outcome.Err = r.check(ctx, outcome.Member)
	} else {
		outcome.Result, outcome.Err = r.workflow(outcome.Group).Run(ctx, id, outcome.Operation, r.policy())
		outcome.beginWithStop()
	}
	r.finish(outcome)
}

// finish notes what became of a group, and says so.
func (r *run) finish(outcome *Outcome) {
	if !r.DryRun {
		outcome.Verdict = verdict(*outcome)
	}
	r.Watcher.Ended(*outcome)
	r.teller.tell(outcome.Group.ID, r.Ended(*outcome))
}

// check makes the checks of a group, and sends nothing but reads.
func (r *run) check(ctx context.Context, member Member) (string, error) {
	began := r.Workflow.Waiter().Clock.Now()
	failure := &failover.Error{Progress: failover.Progress{
		Operation: member.Operation, GroupID: member.Group.ID, Station: member.Operation.Station,
	}}
	fail := func(kind failover.Kind) (string, error) {
		failure.Kind, failure.Waited = kind, r.Workflow.Waiter().Clock.Now().Sub(began)
		switch err := ctx.Err(); {
		case errors.Is(err, context.DeadlineExceeded):
			failure.Kind = failover.TimedOut
		case err != nil:
			failure.Kind = failover.Interrupted
		}
		return failover.ResultError, failure
	}
	group, err := r.Workflow.ReadGroup(ctx, member.Group.ID)
	if err != nil {
		failure.Err = err
		return fail(failover.LostContact)
	}
	failure.Group, failure.From = group, group.PriorityStation
	switch decision, advice := member.Operation.Decide(group); decision {
	case failover.NoAction:
		return failover.ResultNothingToDo, nil
	case failover.Wait:
		return ResultWaits, nil
	case failover.Refuse:
		failure.Advice = advice
		return fail(failover.NotPossible)
	case failover.Act:
	}
	failure.Checks = r.Workflow.ReadinessOf(ctx, group, member.Operation, r.policy())
	switch {
	case !failover.Ready(failure.Checks):
		return fail(failover.NotReady)
	case r.RequireAllChecks && len(failover.Unknowns(failure.Checks)) > 0:
		return fail(failover.NotFullyChecked)
	case ctx.Err() != nil: // What was not read by then is unknown, which is no word on the group.
		return fail(failover.LostContact)
	}
	return ResultReady, nil
}
