package sdrs

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// DefaultWindow is how long a read waits for others that one list could answer, too. It is little beside a request, and long
// enough for the reads that Terraform begins at the same time.
const DefaultWindow = 20 * time.Millisecond

// gathering answers reads of single things that are asked for at the same time from one list. No answer is from before its
// read: those that come while a list is being read wait for the next one.
type gathering[T any] struct {
	window time.Duration
	// list lists the things of a protection group, or of the project where the id is empty, and id is that of one of them.
	list func(ctx context.Context, groupID string) ([]T, error)
	id   func(T) string

	mu      sync.Mutex
	waiting []*reading[T]
	// serving is set while a goroutine serves those that wait, and enough tells it that expected of them do.
	serving  bool
	expected int
	enough   chan struct{}
	// refused is set once the cloud has refused a list: each read is on its own from then on.
	refused bool
}

// reading is a read that waits.
type reading[T any] struct {
	ctx         context.Context //nolint:containedctx // The read's own, whose end ends the list when all others have ended.
	groupID, id string
	answer      chan *T // Nil: a list does not tell.
}

func newGathering[T any](
	window time.Duration, list func(context.Context, string) ([]T, error), id func(T) string,
) *gathering[T] {
	return &gathering[T]{window: window, list: list, id: id, enough: make(chan struct{}, 1)}
}

// find returns the thing with an id, in a protection group if that is known, from a list that was asked for after the call. It
// reports false where no list tells: the read is alone, the list can't be read, or lacks the id, which is no proof that there
// is no such thing.
func (g *gathering[T]) find(ctx context.Context, groupID, id string) (found T, ok bool) {
	r := &reading[T]{ctx: ctx, groupID: cloud.CanonicalID(groupID), id: cloud.CanonicalID(id), answer: make(chan *T, 1)}
	if !g.join(r) {
		return found, false
	}
	select {
	case answer := <-r.answer:
		if answer != nil {
			return *answer, true
		}
	case <-ctx.Done():
	}
	return found, false
}

func (g *gathering[T]) join(r *reading[T]) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.refused {
		return false
	}
	g.waiting = append(g.waiting, r)
	if !g.serving {
		g.serving, g.expected = true, 0
		go g.serve()
	}
	if g.expected > 0 && len(g.waiting) >= g.expected {
		select {
		case g.enough <- struct{}{}:
		default:
		}
	}
	return true
}

// serve serves those that wait, until nobody does.
func (g *gathering[T]) serve() {
	for {
		timer := time.NewTimer(g.window)
		select {
		case <-g.enough:
		case <-timer.C:
		}
		timer.Stop()
		batch := g.take()
		if batch == nil {
			return
		}
		g.read(batch)
		g.expect(len(batch))
	}
}

// take returns all that wait now; nil: nobody does.
func (g *gathering[T]) take() []*reading[T] {
	g.mu.Lock()
	defer g.mu.Unlock()
	batch := g.waiting
	g.waiting, g.serving = nil, batch != nil
	return batch
}

// expect notes how many reads are likely to wait soon: whoever has an answer now asks for the next thing.
func (g *gathering[T]) expect(answered int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.expected = answered + len(g.waiting)
	select {
	case <-g.enough:
	default:
	}
}

// read answers all reads of a batch.
func (g *gathering[T]) read(batch []*reading[T]) {
	found := map[string]*T{}
	if len(batch) > 1 {
		found = g.readList(batch)
	}
	for _, r := range batch {
		r.answer <- found[r.id]
	}
}

// readList reads what a batch asks for, once: where that fails, each read is on its own.
func (g *gathering[T]) readList(batch []*reading[T]) map[string]*T {
	ctx, cancel := context.WithCancel(cloud.Once(context.WithoutCancel(batch[0].ctx)))
	defer cancel()
	left := atomic.Int64{}
	left.Store(int64(len(batch)))
	groupID := batch[0].groupID
	for _, r := range batch {
		defer context.AfterFunc(r.ctx, func() {
			if left.Add(-1) == 0 {
				cancel()
			}
		})()
		if r.groupID != groupID {
			groupID = ""
		}
	}
	things, err := g.list(ctx, groupID)
	if err != nil {
		g.mu.Lock()
		g.refused = g.refused || ctx.Err() == nil && !cloud.Transient(err)
		g.mu.Unlock()
		return nil
	}
	found, times := map[string]*T{}, map[string]int{}
	for n := range things {
		id := cloud.CanonicalID(g.id(things[n]))
		found[id] = &things[n]
		times[id]++
	}
	for id, n := range times {
		if n > 1 { // It moved from one page to the next, and may have changed on the way.
			delete(found, id)
		}
	}
	return found
}

// ObserveGroup is [Client.Group] for a refresh: reads that are asked for at the same time are answered from one list (GET
// server-groups) that was asked for after all of them, and what that does not tell is read alone.
func (c *Client) ObserveGroup(ctx context.Context, id string) (Group, error) {
	group, found := c.gatheredGroups.find(ctx, "", id)
	if !found || group.check(http.MethodGet, groupPath(id), id) != nil {
		return c.Group(ctx, id)
	}
	c.groupIDs.Store(cloud.CanonicalID(id), group.ID)
	return group, nil
}

// ObserveInstance is [Client.ProtectedInstance] for a refresh, see [Client.ObserveGroup] (GET protected-instances). The list is
// that of a protection group where all reads are of the same one, and of the project otherwise.
func (c *Client) ObserveInstance(ctx context.Context, groupID, id string) (ProtectedInstance, error) {
	instance, found := c.gatheredInstances.find(ctx, groupID, id)
	if !found || (instanceAnswer{instance}).check(http.MethodGet, instancePath(id), id) != nil {
		return c.ProtectedInstance(ctx, id)
	}
	return instance, nil
}

// ObservePair is [Client.ReplicationPair] for a refresh, see [Client.ObserveInstance] (GET replications).
func (c *Client) ObservePair(ctx context.Context, groupID, id string) (ReplicationPair, error) {
	pair, found := c.gatheredPairs.find(ctx, groupID, id)
	if !found || (pairAnswer{pair}).check(http.MethodGet, pairPath(id), id) != nil {
		return c.ReplicationPair(ctx, id)
	}
	return pair, nil
}
