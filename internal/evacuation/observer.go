package evacuation

import (
	"context"
	"sync"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Lister lists the groups of the project.
type Lister interface {
	Groups(ctx context.Context, filter sdrs.GroupFilter) ([]sdrs.Group, error)
}

const (
	// jobEvery is for how long a job is not read at most, whatever the list of groups says.
	jobEvery = time.Minute
	// growth and longest make the lists rarer the longer the youngest job runs, as the workflow's own reads are.
	growth  = 20
	longest = 5
)

// observer is the way of many workflows to the replication service. While groups move it lists them, once in each
// interval for all, and takes a job for one that runs as long as its group moves by the list. Everything else goes
// straight through: what a group is like before the action and at the end, and how its job ended, is a read of its own.
type observer struct {
	failover.SDRS
	lister Lister
	waiter jobs.Waiter

	mu sync.Mutex
	// groups are those of the last list by their canonical ids; nil: there is none. It was asked for at listed.
	groups map[string]sdrs.Group
	listed time.Time
	// read is when the job with an id was last read, or first asked for; newest is the latest of the first times.
	read   map[string]time.Time
	newest time.Time
}

func newObserver(api failover.SDRS, lister Lister, waiter jobs.Waiter) *observer {
	return &observer{SDRS: api, lister: lister, waiter: waiter, read: map[string]time.Time{}}
}

// Job reads a job, unless the list of groups says that the job's group moves.
func (o *observer) Job(ctx context.Context, groupID, id string) (sdrs.Job, error) {
	o.mu.Lock()
	now := o.waiter.Clock.Now()
	last, begun := o.read[id]
	if !begun {
		last, o.newest, o.read[id] = now, now, now
	}
	if now.Sub(last) >= jobEvery {
		o.read[id] = now
		o.mu.Unlock()
		return o.SDRS.Job(ctx, groupID, id)
	}
	group := o.list(ctx, groupID)
	o.mu.Unlock()
	if group.Status.Phase() == sdrs.Moving {
		return sdrs.Job{ID: id, Status: cloud.JobRunning}, nil
	}
	return o.SDRS.Job(ctx, groupID, id)
}

// ObservedGroup is Group for whoever only wants to know how a group gets on: where it moves, the list will do.
func (o *observer) ObservedGroup(ctx context.Context, id string) (sdrs.Group, error) {
	o.mu.Lock()
	group := o.list(ctx, id)
	o.mu.Unlock()
	if group.Status.Phase() == sdrs.Moving {
		return group, nil
	}
	return o.Group(ctx, id)
}

// list returns a group by the list of this interval; an empty one where it is not there. The caller holds o.mu.
func (o *observer) list(ctx context.Context, id string) sdrs.Group {
	now := o.waiter.Clock.Now()
	interval := min(max(now.Sub(o.newest)/growth, o.waiter.Shortest), longest*o.waiter.Shortest)
	if o.groups == nil || now.Sub(o.listed) >= interval {
		o.groups, o.listed = map[string]sdrs.Group{}, now
		groups, _ := o.lister.Groups(cloud.Once(ctx), sdrs.GroupFilter{}) // Without a list, all is read one by one.
		for _, group := range groups {
			o.groups[cloud.CanonicalID(group.ID)] = group
		}
	}
	return o.groups[cloud.CanonicalID(id)]
}
