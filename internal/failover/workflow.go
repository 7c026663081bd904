// Package failover switches protection groups between their sites: it observes, decides, acts at most once, waits, and
// verifies. It knows nothing of Terraform.
package failover

import (
	"context"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// SDRS is what the workflow needs of the replication service. [sdrs.Client] implements it.
type SDRS interface {
	Group(ctx context.Context, id string) (sdrs.Group, error)
	Groups(ctx context.Context, filter sdrs.GroupFilter) ([]sdrs.Group, error)
	Reverse(ctx context.Context, groupID string, station sdrs.Station) (jobID string, err error)
	Failover(ctx context.Context, groupID string) (jobID string, err error)
	Start(ctx context.Context, groupID string) (jobID string, err error)
	Stop(ctx context.Context, groupID string) (jobID string, err error)
	Job(ctx context.Context, groupID, id string) (sdrs.Job, error)
	FailureJobs(ctx context.Context, filter sdrs.FailureJobFilter) ([]sdrs.FailureJob, error)
	ProtectedInstances(ctx context.Context, filter sdrs.ProtectedInstanceFilter) ([]sdrs.ProtectedInstance, error)
	ReplicationPairs(ctx context.Context, filter sdrs.ReplicationPairFilter) ([]sdrs.ReplicationPair, error)
	Drills(ctx context.Context, filter sdrs.DrillFilter) ([]sdrs.Drill, error)
}

// ECS is what the workflow needs of servers. [ecs.Client] implements it.
type ECS interface {
	Server(ctx context.Context, id string) (ecs.Server, error)
	Servers(ctx context.Context) ([]ecs.Server, error)
	Stop(ctx context.Context, ids []string, hard bool) (jobID string, err error)
	Start(ctx context.Context, ids []string) (jobID string, err error)
	Job(ctx context.Context, id string) (ecs.Job, error)
}

// Workflow switches protection groups. It is safe for concurrent use.
type Workflow struct {
	sdrs   SDRS
	ecs    ECS
	waiter jobs.Waiter
	// notify is told how a run gets on; nil: nobody is.
	notify func(Progress)
	// requireAllChecks refuses where a check is not possible.
	requireAllChecks bool
}

// Option changes how a workflow waits.
type Option func(*Workflow)

// WithClock replaces the wall clock.
func WithClock(clock jobs.Clock) Option { return func(w *Workflow) { w.waiter.Clock = clock } }

// WithPollInterval sets the interval of the first polls, 1 s by default. It grows with the time waited, to five times
// this.
func WithPollInterval(shortest time.Duration) Option {
	return func(w *Workflow) { w.waiter.Shortest = shortest }
}

// New returns a workflow on the two services.
func New(groups SDRS, servers ECS, options ...Option) *Workflow {
	w := &Workflow{sdrs: groups, ecs: servers, waiter: jobs.NewWaiter()}
	for _, option := range options {
		option(w)
	}
	return w
}

// WithNotify returns a workflow like w that tells notify how a run gets on: when the group's status changes, when
// something could not be checked, and every ten seconds at least while it waits.
func (w *Workflow) WithNotify(notify func(Progress)) *Workflow {
	notifying := *w
	notifying.notify = notify
	return &notifying
}

// WithAllChecks returns a workflow like w that refuses to act where a check is not possible, [NotFullyChecked], if
// required.
func (w *Workflow) WithAllChecks(required bool) *Workflow {
	strict := *w
	strict.requireAllChecks = required
	return &strict
}

// WithReaders returns a workflow like w that uses what readers make of its ways to the two services.
func (w *Workflow) WithReaders(readers func(SDRS, ECS) (SDRS, ECS)) *Workflow {
	other := *w
	other.sdrs, other.ecs = readers(w.sdrs, w.ecs)
	return &other
}

// ReadGroup reads a group, once.
func (w *Workflow) ReadGroup(ctx context.Context, id string) (sdrs.Group, error) {
	return w.sdrs.Group(ctx, id)
}

// clockSkew is how far this machine's clock may be ahead of the cloud's.
const clockSkew = 5 * time.Minute

// Waiter is how the workflow waits.
func (w *Workflow) Waiter() jobs.Waiter { return w.waiter }
