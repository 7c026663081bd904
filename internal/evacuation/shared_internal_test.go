package evacuation

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
)

// Those who ask together get one list, of all where they ask about several things. Who asks while it is read gets the
// next. Where the first of them is interrupted, the others get theirs all the same.
func TestShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked []string
		list := newShared(jobs.NewWaiter(), 0, func(ctx context.Context, of string) ([]string, error) {
			asked = append(asked, of)
			return []string{of}, jobs.WallClock{}.Sleep(ctx, time.Second)
		})
		var all sync.WaitGroup
		get := func(ctx context.Context, of, want string, after time.Duration) {
			all.Go(func() {
				time.Sleep(after)
				if got, err := list.get(ctx, of); ctx.Err() == nil && (err != nil || got[0] != want) {
					t.Errorf("asked about %q got %q, %v", of, got, err)
				}
			})
		}
		impatient, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		get(impatient, "a", "", 0)
		get(t.Context(), "b", "b", time.Millisecond) // As the other one has gone.
		get(t.Context(), "c", "", 5*time.Second)
		get(t.Context(), "d", "", 5*time.Second)
		get(t.Context(), "e", "e", 5500*time.Millisecond)
		all.Wait()
		if want := []string{"", "b", "", "e"}; !slices.Equal(asked, want) {
			t.Errorf("asked about %q, want %q", asked, want)
		}
	})
}
