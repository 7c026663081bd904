package sdrs

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// DefaultWindow is how long a read waits for others that one list could answer, too. It is little beside a request, and
// long enough for the reads that Terraform begins at the same time.
const DefaultWindow = 20 * time.Millisecond

// rounds gathers reads of all kinds: those that wait are answered together, so that as many as Terraform makes at the
// same time come together again.
type rounds struct {
	window time.Duration

	mu sync.Mutex
	// kinds are those of which reads wait, and waiting is the number of these.
	kinds []interface {
		take(round int) (answer func())
	}
	waiting int
	// serving is set while a goroutine serves those that wait. It is told of each that arrives, and goes on once expected
	// of them do, if that is known.
	serving  bool
	expected int
	arrived  chan struct{}
	// begun is the number of rounds so far.
	begun int
}

// Whoever was answered is waited for, after the last that came back, for as long as the lists took: then to wait costs
// no more than to ask once more, also on a busy machine. These are its bounds, in windows. It is not waited out while as
// many reads come each time; the least must not be less than what Terraform takes to go on with ten resources.
const (
	leastComeback = 4
	mostComeback  = 10
)

// gathering answers reads of single things that are asked for at the same time from one list. No answer is from before
// its read: those that come while a list is being read wait for the next one.
type gathering[T any] struct {
	*rounds

	// list lists the things of a protection group, or of the project where the id is empty, and id is that of one of them.
	list func(ctx context.Context, groupID string) ([]T, error)
	id   func(T) string

	readings []*reading[T]
	// refused is set once the cloud has refused a list: each read is on its own from then on.
	refused bool
	// last is what the last list told, which was asked for in a round; it is nil while that list is being read, and late
	// are the reads of questions before it that came meanwhile.
	last      map[string]*T
	lastRound int
	late      []*reading[T]
}

// reading is a read that waits.
type reading[T any] struct {
	ctx         context.Context //nolint:containedctx // The read's own, whose end ends the list when all others have ended.
	groupID, id string
	answer      chan *T // Nil: a list does not tell.
	// done is closed once the read that no list answered is over.
	done chan struct{}
}

func newRounds(window time.Duration) *rounds {
	return &rounds{window: window, arrived: make(chan struct{}, 1)}
}

func newGathering[T any](
	of *rounds, list func(context.Context, string) ([]T, error), id func(T) string,
) *gathering[T] {
	return &gathering[T]{rounds: of, list: list, id: id}
}

// askedKey is where a context has the number of rounds that had begun when it was asked.
type askedKey struct{}

// Asked returns a context for all reads of one question that is asked now: a list that is asked for after it may answer
// each.
func (c *Client) Asked(ctx context.Context) context.Context {
	r := c.gatheredGroups.rounds
	r.mu.Lock()
	defer r.mu.Unlock()
	return context.WithValue(ctx, askedKey{}, r.begun)
}

// find returns the thing with an id, in a protection group if that is known, from a list that was asked for after the
// call, or after the question that it is part of. It reports false where no list tells: the read is alone, the list
// can't be read, or lacks the id, which is no proof that there is no such thing. Then done is to be called after the
// caller's own read.
func (g *gathering[T]) find(ctx context.Context, groupID, id string) (found T, ok bool, done func()) {
	r := &reading[T]{
		ctx: ctx, groupID: cloud.CanonicalID(groupID), id: cloud.CanonicalID(id), answer: make(chan *T, 1),
		done: make(chan struct{}),
	}
	g.join(r)
	select {
	case answer := <-r.answer:
		if answer != nil {
			return *answer, true, func() {}
		}
	case <-ctx.Done():
	}
	return found, false, func() { close(r.done) }
}

func (g *gathering[T]) join(r *reading[T]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if asked, known := r.ctx.Value(askedKey{}).(int); known && g.lastRound > asked {
		if g.last == nil {
			g.late = append(g.late, r)
			return
		}
		if told := g.last[r.id]; told != nil {
			r.answer <- told
			return
		}
	}
	if g.refused {
		r.answer <- nil
		return
	}
	if len(g.readings) == 0 {
		g.kinds = append(g.kinds, g)
	}
	g.readings = append(g.readings, r)
	g.waiting++
	if !g.serving {
		g.serving, g.expected = true, 0
		go g.serve()
	}
	select {
	case g.arrived <- struct{}{}:
	default:
	}
}

// serve serves those that wait, until nobody does.
func (r *rounds) serve() {
	limit := r.window
	for {
		r.gather(limit)
		answered, answers := r.begin()
		if answered == 0 {
			return
		}
		asked := time.Now()
		var all sync.WaitGroup
		for _, answer := range answers {
			all.Go(answer)
		}
		all.Wait()
		r.expect(answered)
		limit = min(max(time.Since(asked), leastComeback*r.window), mostComeback*r.window)
	}
}

// gather waits until all that are expected wait, or until nobody has come for so long.
func (r *rounds) gather(limit time.Duration) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for !r.complete() {
		select {
		case <-r.arrived:
			timer.Reset(limit)
		case <-timer.C:
			return
		}
	}
}

func (r *rounds) complete() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.expected > 0 && r.waiting >= r.expected
}

// begin begins a round with all that wait now: their number, and what answers them, a function for each kind.
func (r *rounds) begin() (number int, answers []func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	number = r.waiting
	r.serving = number > 0
	r.begun++
	for _, kind := range r.kinds {
		answers = append(answers, kind.take(r.begun))
	}
	r.kinds, r.waiting = nil, 0
	return number, answers
}

// expect notes how many reads are likely to wait soon: whoever has an answer now asks for the next thing.
func (r *rounds) expect(answered int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.expected = answered + r.waiting
	if answered == 1 && r.waiting > 0 { // They have waited for one that was alone long enough.
		r.expected = r.waiting
	}
}

// take takes all reads that wait, and returns what answers them.
func (g *gathering[T]) take(round int) func() {
	batch := g.readings
	g.readings = nil
	if len(batch) == 1 {
		return func() {
			batch[0].answer <- nil
			select { // Others that come meanwhile were begun at the same time, and would each be alone, too.
			case <-batch[0].done:
			case <-time.After(g.window):
			}
		}
	}
	g.last, g.lastRound = nil, round
	return func() {
		found := g.readList(batch)
		g.mu.Lock()
		batch = append(batch, g.late...)
		g.last, g.late = found, nil
		g.mu.Unlock()
		for _, r := range batch {
			r.answer <- found[r.id]
		}
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
		return map[string]*T{}
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

// ObserveGroup is [Client.Group] for a refresh: reads that are asked for at the same time are answered from one list
// (GET server-groups) that was asked for after all of them, and what that does not tell is read alone.
func (c *Client) ObserveGroup(ctx context.Context, id string) (Group, error) {
	group, found, done := c.gatheredGroups.find(ctx, "", id)
	defer done()
	if !found || group.check(http.MethodGet, groupPath(id), id) != nil {
		return c.Group(ctx, id)
	}
	c.groupIDs.Store(cloud.CanonicalID(id), group.ID)
	return group, nil
}

// ObserveInstance is [Client.ProtectedInstance] for a refresh, see [Client.ObserveGroup] (GET protected-instances). The
// list is that of a protection group where all reads are of the same one, and of the project otherwise.
func (c *Client) ObserveInstance(ctx context.Context, groupID, id string) (ProtectedInstance, error) {
	instance, found, done := c.gatheredInstances.find(ctx, groupID, id)
	defer done()
	if !found || (instanceAnswer{instance}).check(http.MethodGet, instancePath(id), id) != nil {
		return c.ProtectedInstance(ctx, id)
	}
	return instance, nil
}

// ObservePair is [Client.ReplicationPair] for a refresh, see [Client.ObserveInstance] (GET replications).
func (c *Client) ObservePair(ctx context.Context, groupID, id string) (ReplicationPair, error) {
	pair, found, done := c.gatheredPairs.find(ctx, groupID, id)
	defer done()
	if !found || (pairAnswer{pair}).check(http.MethodGet, pairPath(id), id) != nil {
		return c.ReplicationPair(ctx, id)
	}
	return pair, nil
}
