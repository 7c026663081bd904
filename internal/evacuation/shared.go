package evacuation

import (
	"context"
	"sync"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
)

// together is how long whoever asks for a list waits for others who want to know the same.
const together = 20 * time.Millisecond

// shared is a list that many ask for at the same time, and that is read once for all of them. No answer is from before
// its question: those who ask while a list is being read wait for the next.
type shared[T any] struct {
	// list reads what is of one thing, such as a protection group, or of all where of is empty.
	list  func(ctx context.Context, of string) ([]T, error)
	clock jobs.Clock
	// window is how long a question waits for others, interval how far apart the lists are at least.
	window, interval time.Duration
	// reading is held by whoever reads the list.
	reading chan struct{}

	mu   sync.Mutex
	next *round[T]
	// asked is when the last list was asked for.
	asked time.Time
}

// round are those who wait for the same list.
type round[T any] struct {
	of   string
	done chan struct{}
	// items and err are the answer, unless whoever was to ask for it was interrupted.
	items       []T
	err         error
	interrupted bool
}

func newShared[T any](
	waiter jobs.Waiter, interval time.Duration, list func(ctx context.Context, of string) ([]T, error),
) *shared[T] {
	return &shared[T]{
		list: list, clock: waiter.Clock, window: min(together, waiter.Shortest), interval: interval,
		reading: make(chan struct{}, 1),
	}
}

// get returns a list that was asked for after the call, with what is of one thing, or with more than that.
func (s *shared[T]) get(ctx context.Context, of string) ([]T, error) {
	for {
		s.mu.Lock()
		r := s.next
		first := r == nil
		switch {
		case first:
			r = &round[T]{of: of, done: make(chan struct{})}
			s.next = r
		case r.of != of:
			r.of = ""
		}
		s.mu.Unlock()
		if first { // With its context: if that ends, the others ask again.
			s.ask(ctx, r)
		}
		select {
		case <-r.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if !r.interrupted || ctx.Err() != nil {
			return r.items, r.err
		}
	}
}

// ask answers a round.
func (s *shared[T]) ask(ctx context.Context, r *round[T]) {
	defer close(r.done)
	select {
	case s.reading <- struct{}{}:
		defer func() { <-s.reading }()
		r.err = s.clock.Sleep(ctx, max(s.window, s.interval-s.clock.Now().Sub(s.asked)))
	case <-ctx.Done():
		r.err = ctx.Err()
	}
	s.mu.Lock()
	s.next, s.asked = nil, s.clock.Now()
	of := r.of
	s.mu.Unlock()
	if r.err == nil {
		r.items, r.err = s.list(ctx, of)
	}
	r.interrupted = r.err != nil && ctx.Err() != nil
}
