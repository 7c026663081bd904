// Package failover switches protection groups between their sites: it observes, decides, acts at most once, waits, and
// verifies. It knows nothing of Terraform.
package failover

import (
	"context"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// SDRS is what the workflow needs of the replication service. [sdrs.Client] implements it.
type SDRS interface {
	Group(ctx context.Context, id string) (sdrs.Group, error)
	Reverse(ctx context.Context, groupID string, station sdrs.Station) (jobID string, err error)
	Failover(ctx context.Context, groupID string) (jobID string, err error)
	Start(ctx context.Context, groupID string) (jobID string, err error)
	Stop(ctx context.Context, groupID string) (jobID string, err error)
	Job(ctx context.Context, groupID, id string) (sdrs.Job, error)
	FailureJobs(ctx context.Context, filter sdrs.FailureJobFilter) ([]sdrs.FailureJob, error)
	ProtectedInstances(ctx context.Context, filter sdrs.ProtectedInstanceFilter) ([]sdrs.ProtectedInstance, error)
	ReplicationPairs(ctx context.Context, filter sdrs.ReplicationPairFilter) ([]sdrs.ReplicationPair, error)
}

// ECS is what the workflow needs of servers. [ecs.Client] implements it.
type ECS interface {
	Server(ctx context.Context, id string) (ecs.Server, error)
	Stop(ctx context.Context, ids []string, hard bool) (jobID string, err error)
	Start(ctx context.Context, ids []string) (jobID string, err error)
	Job(ctx context.Context, id string) (ecs.Job, error)
}

// Clock is the time that the workflow lives in.
type Clock interface {
	Now() time.Time
	// Sleep returns after d, or as soon as ctx ends with its error.
	Sleep(ctx context.Context, d time.Duration) error
}

// Workflow switches protection groups. It is safe for concurrent use.
type Workflow struct {
	sdrs  SDRS
	ecs   ECS
	clock Clock
	// shortest is the interval of the first polls; the others derive from it.
	shortest time.Duration
	// notify is told how a run gets on; nil: nobody is.
	notify func(Progress)
}

// Option changes how a workflow waits.
type Option func(*Workflow)

// WithClock replaces the wall clock.
func WithClock(clock Clock) Option { return func(w *Workflow) { w.clock = clock } }

// WithPollInterval sets the interval of the first polls, 1 s by default. It grows with the time waited, to five times
// this.
func WithPollInterval(shortest time.Duration) Option {
	return func(w *Workflow) { w.shortest = shortest }
}

// New returns a workflow on the two services.
func New(groups SDRS, servers ECS, options ...Option) *Workflow {
	w := &Workflow{sdrs: groups, ecs: servers, clock: wallClock{}, shortest: time.Second}
	for _, option := range options {
		option(w)
	}
	return w
}

// Notifying returns a workflow like w that tells notify how a run gets on: when the group's status changes, and every ten
// seconds at least while it waits.
func (w *Workflow) Notifying(notify func(Progress)) *Workflow {
	telling := *w
	telling.notify = notify
	return &telling
}

const (
	// growth makes a poll's interval a fraction of the time already waited: who waited a minute learns of the end at
	// most three seconds late.
	growth = 20
	// longest caps the interval, as a multiple of the shortest: later knowledge is lost recovery time.
	longest = 5
	// patience is for how many reads, each the shortest interval apart, the API may lag behind what it did: behind a
	// job that it calls successful, and behind an action whose answer was lost.
	patience = 30
	// budget is how many reads in a row may fail before the wait is given up, each sent once: some two minutes at the
	// beginning of a wait, five when it has become slow.
	budget = 60
	// clockSkew is how far this machine's clock may be ahead of the cloud's.
	clockSkew = 5 * time.Minute
)

// interval returns how long to wait for the next poll after having waited for long.
func (w *Workflow) interval(waited time.Duration) time.Duration {
	return min(max(waited/growth, w.shortest), longest*w.shortest)
}

type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

func (wallClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
