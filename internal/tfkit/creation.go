package tfkit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

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
	if ended, ok := errors.AsType[*jobs.Error](err); ok {
		ended.Unsent = !run.asked
	}
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
				unseen := c.failed("the job has ended, and there is nothing to be seen of what it made")
				if c.ID == "" {
					unseen.Err = errNotIdentified
				}
				failure = unseen
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

// errNotIdentified is a creation whose job has ended well, as far as can be told, and does not tell what it made.
var errNotIdentified = errors.New("the id of what was created is not known")

func (c *creating) failed(reason string) *jobs.Error {
	return &jobs.Error{Kind: jobs.Failed, JobID: c.JobID, Waited: c.wait.Waited(), Reason: reason}
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
// empty where the job is over and that is not to be found, and whether the job succeeded. Errors are [jobs.Error].
func (s *Services) Identified(
	ctx context.Context,
	groupID, jobID string,
	made func(sdrs.JobEntities) string,
) (id string, succeeded bool, err error) {
	err = s.beginWait().Until(ctx, func(ctx context.Context) (bool, error) {
		job, err := s.SDRS.Job(ctx, groupID, jobID)
		if err != nil {
			return false, err
		}
		if id = made(job.Entities); id == "" && job.Status == cloud.JobFail {
			id = s.failedTo(ctx, groupID, jobID)
		}
		succeeded = job.Status == cloud.JobSuccess
		return id != "" || succeeded || job.Status == cloud.JobFail, nil
	})
	return id, succeeded, err
}
