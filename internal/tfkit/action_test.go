package tfkit_test

import (
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// A line of progress names its group and says what is waited for, also before the first answer and after a lost one.
func TestProgressText(t *testing.T) {
	t.Parallel()
	for want, progress := range map[string]failover.Progress{
		"g-1: could not be read yet, 2s elapsed": {GroupID: "g-1", FailedReads: 9},
		"db: protected, the request was not answered: looking whether it was accepted, 2s elapsed": {
			Group: sdrs.Group{Name: "db", Status: sdrs.StatusProtected}, Sent: failover.Unanswered,
		},
		"db: failing-over (3 %), job j-1, 2s elapsed": {
			Group: sdrs.Group{Name: "db", Status: sdrs.StatusFailingOver, Progress: 3}, JobID: "j-1", FailedReads: 2,
		},
		"db: failing-over (3 %), as of before the last 9 reads, which failed, 2s elapsed": {
			Group: sdrs.Group{Name: "db", Status: sdrs.StatusFailingOver, Progress: 3}, FailedReads: 9,
		},
	} {
		progress.Waited = 2 * time.Second
		if got := tfkit.ProgressText(progress); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
