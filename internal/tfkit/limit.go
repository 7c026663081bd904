package tfkit

import (
	"context"
	"sync"
	"time"
)

// limited is a context with a time limit that stands still while an operation waits for its turn: with many members in
// a group the last of them would otherwise have no time left before it begins.
type limited struct {
	context.Context //nolint:containedctx // It is one.

	over  chan struct{}
	timer *time.Timer

	mu   sync.Mutex
	ends time.Time
	err  error
}

// limitedKey is what a limited context finds itself by.
type limitedKey struct{}

// limit bounds an operation.
func limit(parent context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	l := &limited{Context: parent, over: make(chan struct{}), ends: time.Now().Add(by)}
	if by <= 0 {
		l.end(context.DeadlineExceeded)
	}
	l.timer = time.AfterFunc(by, func() { l.end(context.DeadlineExceeded) })
	forget := context.AfterFunc(parent, func() { l.end(parent.Err()) })
	return l, func() {
		forget()
		l.timer.Stop()
		l.end(context.Canceled)
	}
}

func (l *limited) end(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		l.err = err
		close(l.over)
	}
}

// standingStill stops the time limit of a context that has one, until it is told to go on.
func standingStill(ctx context.Context) (goOn func()) {
	l, found := ctx.Value(limitedKey{}).(*limited)
	if !found || !l.timer.Stop() {
		return func() {}
	}
	left := time.Until(l.ends)
	return func() {
		l.ends = time.Now().Add(left)
		l.timer.Reset(left)
	}
}

// Deadline reports none: when it is can't be known.
func (l *limited) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

// Done is closed when the time is over, or the parent has ended.
func (l *limited) Done() <-chan struct{} { return l.over }

// Err returns why the context has ended.
func (l *limited) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// Value returns the context itself for its key.
func (l *limited) Value(key any) any {
	if key == (limitedKey{}) {
		return l
	}
	return l.Context.Value(key)
}
