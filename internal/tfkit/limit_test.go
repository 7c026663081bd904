package tfkit_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// The timeout of an operation is for the operation: what it waits for its turn, behind those of the same apply, does
// not count. An interrupt ends that, too. Whose time is over gives the turn back: the others wait for it without end.
func TestTimeoutStandsStillInTheQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const id = "40df180b-9fe2-471a-8c64-1b758dc84189"
		services, diags := &tfkit.Services{}, diag.Diagnostics{}
		within := func(parent context.Context) (context.Context, context.CancelFunc) {
			return tfkit.Within(parent, func(context.Context, time.Duration) (time.Duration, diag.Diagnostics) {
				return time.Minute, nil
			}, &diags)
		}
		first := services.Turn(t.Context(), id)
		ctx, cancel := within(t.Context())
		defer cancel()
		time.Sleep(20 * time.Second)
		time.AfterFunc(time.Hour, first)
		done := services.Turn(ctx, id)
		time.Sleep(39 * time.Second)
		synctest.Wait()
		if err := ctx.Err(); err != nil {
			t.Errorf("after 59 s of its own: %v", err)
		}
		request, stop := context.WithCancel(ctx)
		defer stop()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if err := request.Err(); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("after 61 s of its own: %v", err)
		}

		interrupted, interrupt := context.WithCancel(t.Context())
		waiting, end := within(interrupted)
		defer end()
		time.AfterFunc(time.Hour, interrupt)
		services.Turn(waiting, id)() // The turn is not its own.
		if err := waiting.Err(); !errors.Is(err, context.Canceled) {
			t.Errorf("interrupted: %v", err)
		}
		done()

		services.Workflow = failover.New(nil, nil)
		for range 100 { // Both are ready, and the choice is by chance.
			if err := services.Change(waiting, id, nil, nil); err == nil {
				t.Error("an interrupted change was made")
			}
		}
		time.AfterFunc(time.Hour, services.Turn(t.Context(), id)) // Nobody has kept it.
		err := services.Change(t.Context(), id, func(context.Context) error { return errors.New("no route") }, nil)
		if failure, ok := errors.AsType[*jobs.Error](err); !ok || failure.Waited != 0 {
			t.Errorf("the queue counts: %v", err)
		}
	})
}
