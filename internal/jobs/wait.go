// Package jobs submits what the cloud does on its own time, and waits for it: the same for every noun. A create is
// [Wait.Submit], [Await], and the id among the entities of the job; a delete is Submit, Await, and [Wait.Until] it is
// gone. The package knows neither nouns nor Terraform.
package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

const (
	// StaleReads is for how many reads, each the shortest interval apart, the API may lag behind what it did: behind a job
	// that it calls successful, and behind a request whose answer was lost.
	StaleReads = 30
	// growth makes a poll's interval a fraction of the time already waited: who waited a minute learns of the end at
	// most three seconds late.
	growth = 20
	// longest caps the interval, as a multiple of the shortest: later knowledge is lost recovery time.
	longest = 5
	// maxFailedReads is how many reads in a row may fail before the wait is given up, each sent once: some two minutes at
	// the beginning of a wait, five when it has become slow.
	maxFailedReads = 60
	// notifyEvery is how long a wait goes on at most without a word.
	notifyEvery = 10 * time.Second
)

// Waiter says how to wait. It is safe for concurrent use.
type Waiter struct {
	Clock Clock
	// Shortest is the interval of the first polls. It grows with the time waited, to five times this.
	Shortest time.Duration
}

// NewWaiter returns a waiter by the wall clock that polls every second at first.
func NewWaiter() Waiter { return Waiter{Clock: WallClock{}, Shortest: time.Second} }

// Wait is one wait, through all that it takes: its reads share one budget.
type Wait struct {
	Waiter
	began, restarted time.Time
	// failedReads counts those in a row.
	failedReads int
	jobID       string
	notify      func(ctx context.Context, overdue bool) (said bool)
	notifiedAt  time.Time
}

// Begin begins a wait. Before each pause notify may say a word, and reports whether it did; it is overdue after ten
// seconds without one. It may be nil.
func (w Waiter) Begin(notify func(ctx context.Context, overdue bool) (said bool)) *Wait {
	now := w.Clock.Now()
	return &Wait{Waiter: w, began: now, restarted: now, notify: notify}
}

// Waited is the time since the wait began.
func (w *Wait) Waited() time.Duration { return w.Clock.Now().Sub(w.began) }

// FailedReads is how many reads in a row have failed by now.
func (w *Wait) FailedReads() int { return w.failedReads }

// Anew begins the wait anew: what came before was no part of it.
func (w *Wait) Anew() {
	w.began = w.Clock.Now()
	w.Restart()
}

// Restart lets the intervals grow anew: what was waited for before has ended.
func (w *Wait) Restart() { w.restarted = w.Clock.Now() }

// Succeeded tells of a read that succeeded, be it in part: the budget of failed reads begins anew.
func (w *Wait) Succeeded() { w.failedReads = 0 }

// Failed tells of a read that failed. It returns an error where that is no use repeating, or was one too many.
func (w *Wait) Failed(ctx context.Context, err error) error {
	if ended := w.Ended(ctx); ended != nil {
		return ended
	}
	if w.failedReads++; !cloud.Transient(err) || w.failedReads > maxFailedReads {
		return w.fail(Error{Kind: LostContact, Err: err})
	}
	return nil
}

// Until reads until done. A read that fails is repeated, at the same interval, unless that is no use.
func (w *Wait) Until(ctx context.Context, read func(context.Context) (done bool, err error)) error {
	for {
		done, err := read(cloud.Once(ctx))
		switch {
		case err != nil:
			err = w.Failed(ctx, err)
		case done:
			w.Succeeded()
			return nil
		default:
			w.Succeeded()
		}
		if err != nil {
			return err
		}
		if err := w.Pause(ctx); err != nil {
			return err
		}
	}
}

// Pause waits for the next poll: longer, the longer the wait has been going on.
func (w *Wait) Pause(ctx context.Context) error {
	return w.pause(ctx, w.Interval(w.Clock.Now().Sub(w.restarted)))
}

// PauseShortest waits for the next poll of something that will not take long.
func (w *Wait) PauseShortest(ctx context.Context) error { return w.pause(ctx, w.Shortest) }

func (w *Wait) pause(ctx context.Context, d time.Duration) error {
	if w.notify != nil && w.notify(ctx, w.Clock.Now().Sub(w.notifiedAt) >= notifyEvery) {
		w.notifiedAt = w.Clock.Now()
	}
	if err := w.Clock.Sleep(ctx, d); err != nil {
		return w.Ended(ctx)
	}
	return nil
}

// Interval returns how long to wait for the next poll after having waited for long.
func (w Waiter) Interval(waited time.Duration) time.Duration {
	return min(max(waited/growth, w.Shortest), longest*w.Shortest)
}

// Ended returns the error for a context that has ended, nil for one that has not.
func (w *Wait) Ended(ctx context.Context) error {
	switch err := ctx.Err(); {
	case err == nil:
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		return w.fail(Error{Kind: TimedOut})
	default:
		return w.fail(Error{Kind: Interrupted})
	}
}

// fail completes an error by how far the wait got.
func (w *Wait) fail(failure Error) *Error {
	failure.JobID, failure.Waited = w.jobID, w.Waited()
	return &failure
}
