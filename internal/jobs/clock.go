package jobs

import (
	"context"
	"time"
)

// Clock is the time that waits live in.
type Clock interface {
	Now() time.Time
	// Sleep returns after d, or as soon as ctx ends with its error.
	Sleep(ctx context.Context, d time.Duration) error
}

// WallClock is the time of this machine.
type WallClock struct{}

// Now returns the time.
func (WallClock) Now() time.Time { return time.Now() }

// Sleep waits.
func (WallClock) Sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
