package simulator

import (
	"context"
	"sync"
	"time"
)

// Clock tells the simulator what time it is. Everything that happens in the simulated cloud is derived from it.
type Clock interface {
	Now() time.Time
}

type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

// ManualClock is a Clock that only moves when it is told to, for tests that must not wait. Its zero value is not
// usable; use NewManualClock. It is safe for concurrent use.
type ManualClock struct {
	mu       sync.Mutex
	now      time.Time
	contexts map[*manualContext]struct{}
}

// NewManualClock returns a clock that stands still at start.
func NewManualClock(start time.Time) *ManualClock {
	return &ManualClock{now: start, contexts: map[*manualContext]struct{}{}}
}

// Now returns the simulated time.
func (c *ManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()

	return c.now
}

// Advance moves the clock forward by d and ends the contexts whose deadline is reached. A d below zero is ignored.
func (c *ManualClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.advanceTo(c.now.Add(d))
}

// Sleep stands in for a wait of d: it moves the clock and returns at once. When ctx has ended it returns ctx.Err() and
// the clock stays; when ctx, or a context that it was derived from, was made by WithTimeout and would end during the
// wait, the clock moves to that deadline only and Sleep returns context.DeadlineExceeded.
func (c *ManualClock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}

	c.mu.Lock()
	defer c.mu.Unlock()

	wake := c.now.Add(d)
	if limit, ok := ctx.Value(contextKey{c}).(*manualContext); ok && !wake.Before(limit.deadline) {
		c.advanceTo(limit.deadline)

		return context.DeadlineExceeded
	}
	c.advanceTo(wake)

	return nil
}

// WithTimeout is context.WithTimeout in simulated time: the context ends with context.DeadlineExceeded once the clock
// has moved by d, or with its parent. The context reports no deadline, because the network code below it would compare
// that with the wall clock.
func (c *ManualClock) WithTimeout(parent context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	c.mu.Lock()
	defer c.mu.Unlock()

	ctx := &manualContext{Context: parent, clock: c, deadline: c.now.Add(d), done: make(chan struct{})}
	if outer, ok := parent.Value(contextKey{c}).(*manualContext); ok && outer.deadline.Before(ctx.deadline) {
		ctx.deadline = outer.deadline
	}
	c.contexts[ctx] = struct{}{}
	stop := context.AfterFunc(parent, func() { c.end(ctx, parent.Err()) })
	c.advanceTo(c.now)

	return ctx, func() {
		stop()
		c.end(ctx, context.Canceled)
	}
}

// advanceTo moves the clock, never backwards. The caller holds c.mu.
func (c *ManualClock) advanceTo(t time.Time) {
	if t.After(c.now) {
		c.now = t
	}
	for ctx := range c.contexts {
		if !ctx.deadline.After(c.now) {
			c.endLocked(ctx, context.DeadlineExceeded)
		}
	}
}

func (c *ManualClock) end(ctx *manualContext, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.endLocked(ctx, err)
}

func (c *ManualClock) endLocked(ctx *manualContext, err error) {
	if ctx.err != nil {
		return
	}
	ctx.err = err
	close(ctx.done)
	delete(c.contexts, ctx)
}

// contextKey finds the innermost context that a clock made, through the contexts derived from it.
type contextKey struct{ clock *ManualClock }

type manualContext struct {
	context.Context // the parent

	clock    *ManualClock
	deadline time.Time
	done     chan struct{}
	err      error // guarded by clock.mu
}

func (m *manualContext) Deadline() (time.Time, bool) { return time.Time{}, false }

func (m *manualContext) Done() <-chan struct{} { return m.done }

func (m *manualContext) Err() error {
	m.clock.mu.Lock()
	err := m.err
	m.clock.mu.Unlock()

	if err != nil {
		return err
	}
	// The parent's end arrives by way of a goroutine; asking for it here leaves no gap.
	return m.Context.Err()
}

func (m *manualContext) Value(key any) any {
	if key == (contextKey{m.clock}) {
		return m
	}

	return m.Context.Value(key)
}
