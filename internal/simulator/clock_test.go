package simulator_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

func TestManualClockSleep(t *testing.T) {
	t.Parallel()

	clock := simulator.NewManualClock(start)
	if err := clock.Sleep(t.Context(), time.Minute); err != nil {
		t.Error(err)
	}
	equal(t, "time", clock.Now(), start.Add(time.Minute))
	if err := clock.Sleep(t.Context(), -time.Hour); err != nil {
		t.Error(err)
	}
	clock.Advance(-time.Hour)
	equal(t, "time never goes back", clock.Now(), start.Add(time.Minute))

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := clock.Sleep(ended, time.Minute); !errors.Is(err, context.Canceled) {
		t.Errorf("ended context: got %v", err)
	}
	equal(t, "time", clock.Now(), start.Add(time.Minute))
}

func TestManualClockTimeout(t *testing.T) {
	t.Parallel()

	clock := simulator.NewManualClock(start)
	ctx, cancel := clock.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, ok := ctx.Deadline(); ok {
		t.Error("the context reports a deadline, which network code would take for wall-clock time")
	}

	clock.Advance(time.Minute - 1)
	if err := ctx.Err(); err != nil {
		t.Errorf("before the deadline: got %v", err)
	}
	clock.Advance(1)
	if err := ctx.Err(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("at the deadline: got %v", err)
	}
	<-ctx.Done()
}

func TestManualClockSleepsToTheDeadlineOnly(t *testing.T) {
	t.Parallel()

	type key struct{}
	for name, derive := range map[string]func(context.Context) (context.Context, context.CancelFunc){
		"itself":        func(ctx context.Context) (context.Context, context.CancelFunc) { return ctx, func() {} },
		"with a cancel": context.WithCancel,
		"with a value": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithValue(ctx, key{}, 1), func() {}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			clock := simulator.NewManualClock(start)
			outer, cancel := clock.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			ctx, cancelDerived := derive(outer)
			defer cancelDerived()

			if err := clock.Sleep(ctx, 59*time.Second); err != nil {
				t.Error(err)
			}
			if err := clock.Sleep(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			equal(t, "time", clock.Now(), start.Add(time.Minute))
			<-ctx.Done()
		})
	}
}

func TestManualClockNestedTimeouts(t *testing.T) {
	t.Parallel()

	clock := simulator.NewManualClock(start)
	outer, cancelOuter := clock.WithTimeout(t.Context(), time.Minute)
	defer cancelOuter()
	inner, cancelInner := clock.WithTimeout(outer, time.Hour)
	defer cancelInner()
	if err := clock.Sleep(inner, 2*time.Hour); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	equal(t, "time", clock.Now(), start.Add(time.Minute))
}

func TestManualClockContextEndsWithItsParent(t *testing.T) {
	t.Parallel()

	clock := simulator.NewManualClock(start)
	parent, cancelParent := context.WithCancel(t.Context())
	ctx, cancel := clock.WithTimeout(parent, time.Minute)
	defer cancel()
	cancelParent()
	if err := ctx.Err(); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-ctx.Done()
}

func TestManualClockCancel(t *testing.T) {
	t.Parallel()

	clock := simulator.NewManualClock(start)
	ctx, cancel := clock.WithTimeout(t.Context(), time.Minute)
	cancel()
	cancel()
	clock.Advance(time.Hour)
	if err := ctx.Err(); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}

	past, cancelPast := clock.WithTimeout(t.Context(), 0)
	defer cancelPast()
	if err := past.Err(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("no time at all: got %v", err)
	}
}

func TestWallClockIsTheDefault(t *testing.T) {
	t.Parallel()

	s := simulator.New(simulator.WithGroups(simulator.DemoGroup()), simulator.WithJobDuration(0))
	if _, err := s.Switch(groupID, "target"); err != nil {
		t.Fatal(err)
	}
	g, _ := s.Group(groupID)
	equal(t, "status", g.Status, "protected")
	if age := time.Since(g.UpdatedAt); age < 0 || age > time.Minute {
		t.Errorf("updated %s ago", age)
	}
}
