package evacuation

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// jobEvery is for how long a job is not read at most, whatever the list of groups says.
const jobEvery = time.Minute

// observer is the way of many workflows to the replication service. While groups move it lists them, once in each
// interval for all, and takes a job for one that runs as long as its group moves by the list. What checks look at is
// listed for all groups that are checked at the same time. Everything else goes straight through: the last look at a
// group before its action, and how its job ended, are reads of their own.
type observer struct {
	failover.SDRS
	waiter    jobs.Waiter
	now       *shared[sdrs.Group]
	instances *shared[sdrs.ProtectedInstance]
	pairs     *shared[sdrs.ReplicationPair]

	mu sync.Mutex
	// groups are those of the last list by their canonical ids. It was asked for at listed; zero: there is none. While there
	// are too many requests for it, unlisted is set.
	groups   map[string]sdrs.Group
	listed   time.Time
	unlisted bool
	// read is when the job with an id was last read, or first asked for; newest is the latest of the first times.
	read   map[string]time.Time
	newest time.Time
}

func newObserver(api failover.SDRS, waiter jobs.Waiter) *observer {
	o := &observer{
		SDRS: api, waiter: waiter, read: map[string]time.Time{},
		instances: newShared(waiter, 0, func(ctx context.Context, of string) ([]sdrs.ProtectedInstance, error) {
			return api.ProtectedInstances(ctx, sdrs.ProtectedInstanceFilter{GroupID: of})
		}),
		pairs: newShared(waiter, 0, func(ctx context.Context, of string) ([]sdrs.ReplicationPair, error) {
			return api.ReplicationPairs(ctx, sdrs.ReplicationPairFilter{GroupID: of})
		}),
	}
	o.now = newShared(waiter, 0, func(ctx context.Context, _ string) ([]sdrs.Group, error) {
		asked := waiter.Clock.Now()
		groups, err := api.Groups(ctx, sdrs.GroupFilter{})
		if err == nil {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.keep(groups, asked)
		}
		return groups, err
	})
	return o
}

// keep makes groups the list of this interval, unless there is a later one. The caller holds o.mu.
func (o *observer) keep(groups []sdrs.Group, asked time.Time) {
	if asked.Before(o.listed) {
		return
	}
	o.listed, o.unlisted = asked, false
	o.groups = make(map[string]sdrs.Group, len(groups))
	for _, group := range groups {
		o.groups[cloud.CanonicalID(group.ID)] = group
	}
}

// Job reads a job, unless the list of groups says that the job's group moves, or there are too many requests for it.
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
	running := group.Status.Phase() == sdrs.Moving || o.unlisted
	o.mu.Unlock()
	if running {
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
	return o.ListedGroup(ctx, id)
}

// list returns a group by the list of this interval; an empty one where it is not there. The caller holds o.mu.
func (o *observer) list(ctx context.Context, id string) sdrs.Group {
	now := o.waiter.Clock.Now()
	// The lists become rarer the longer the youngest job runs, as the workflow's own reads do.
	if o.listed.IsZero() || now.Sub(o.listed) >= o.waiter.Interval(now.Sub(o.newest)) {
		groups, err := o.Groups(cloud.Once(ctx), sdrs.GroupFilter{})
		o.keep(groups, now)
		// Where there are too many requests for a list, a read of each group would make it worse. After any other failure they
		// are read one by one: so a wait learns that the cloud is gone, and goes on where only lists fail.
		o.unlisted = err != nil && cloud.Throttled(err)
	}
	return o.groups[cloud.CanonicalID(id)]
}

// ListedGroup is Group by a list for all who ask at the same time.
func (o *observer) ListedGroup(ctx context.Context, id string) (sdrs.Group, error) {
	groups, err := o.now.get(ctx, "")
	if err != nil && (cloud.Throttled(err) || ctx.Err() != nil) {
		return sdrs.Group{}, err
	}
	found := of(groups, id, func(group sdrs.Group) string { return group.ID })
	// Twice: it moved from one page to the next, and may have changed on the way. Not at all: that is no proof.
	if len(found) != 1 || found[0].Status == "" || !found[0].PriorityStation.Valid() {
		return o.Group(ctx, id)
	}
	return found[0], nil
}

// ProtectedInstances lists those of a group, by a list for all who ask at the same time.
func (o *observer) ProtectedInstances(
	ctx context.Context,
	filter sdrs.ProtectedInstanceFilter,
) ([]sdrs.ProtectedInstance, error) {
	all, err := o.instances.get(ctx, filter.GroupID)
	found := of(all, filter.GroupID, func(instance sdrs.ProtectedInstance) string { return instance.GroupID })
	if err == nil && len(found) > 0 && whole(all) {
		return found, nil
	}
	return o.SDRS.ProtectedInstances(ctx, filter)
}

// ReplicationPairs lists those of a group, by a list for all who ask at the same time.
func (o *observer) ReplicationPairs(
	ctx context.Context,
	filter sdrs.ReplicationPairFilter,
) ([]sdrs.ReplicationPair, error) {
	all, err := o.pairs.get(ctx, filter.GroupID)
	found := of(all, filter.GroupID, func(pair sdrs.ReplicationPair) string { return pair.GroupID })
	if err == nil && len(found) > 0 && whole(all) {
		return found, nil
	}
	return o.SDRS.ReplicationPairs(ctx, filter)
}

// whole reports whether a list was one page. Of several, something may have moved from one to another unseen: a server
// that is missing would not be started, and the group be done.
func whole[T any](things []T) bool { return len(things) < sdrs.ItemsOnPage }

// of are the things with an id.
func of[T any](things []T, id string, idOf func(T) string) []T {
	return slices.DeleteFunc(slices.Clone(things), func(thing T) bool { return !cloud.SameID(idOf(thing), id) })
}
