package simulator_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// The clock goes to the end of a context, and no further, whatever the context was made into.
func TestManualClock(t *testing.T) {
	t.Parallel()

	type key struct{}
	type derived func(*simulator.ManualClock, context.Context) (context.Context, context.CancelFunc)
	for name, derive := range map[string]derived{
		"itself": func(_ *simulator.ManualClock, ctx context.Context) (context.Context, context.CancelFunc) {
			return ctx, func() {}
		},
		"with a cancel": func(_ *simulator.ManualClock, ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithCancel(ctx)
		},
		"with a value": func(_ *simulator.ManualClock, ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithValue(ctx, key{}, 1), func() {}
		},
		"with more time": func(clock *simulator.ManualClock, ctx context.Context) (context.Context, context.CancelFunc) {
			return clock.WithTimeout(ctx, time.Hour)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			clock := simulator.NewManualClock(start)
			outer, cancel := clock.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			ctx, cancelDerived := derive(clock, outer)
			defer cancelDerived()

			if err := clock.Sleep(ctx, 59*time.Second); err != nil {
				t.Error(err)
			}
			if err := clock.Sleep(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			equal(t, "time", clock.Now(), start.Add(time.Minute))
			<-ctx.Done()
			clock.Advance(-time.Hour)
			if err := clock.Sleep(t.Context(), -time.Hour); err != nil {
				t.Error(err)
			}
			equal(t, "time never goes back", clock.Now(), start.Add(time.Minute))
		})
	}
}

func TestManualClockContextEndsWithItsParent(t *testing.T) {
	t.Parallel()

	parent, cancelParent := context.WithCancel(t.Context())
	ctx, cancel := simulator.NewManualClock(start).WithTimeout(parent, time.Minute)
	defer cancel()
	cancelParent()
	if err := ctx.Err(); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
