package failover

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Synchronization is how far the disks of a protected group are copied. A group is protected long before that is done.
type Synchronization struct {
	Group sdrs.Group
	// Of is the number of the group's pairs, and Behind are those that are not synchronized.
	Of     int
	Behind []sdrs.ReplicationPair
	// Waited is the time since the wait began.
	Waited time.Duration
}

// NotSynchronized is a wait that ended before all pairs were synchronized: the only error of [Workflow.Synchronize].
// Its kind is one of a wait, or [jobs.Failed] where no pair gets on any longer. The group stays protected.
type NotSynchronized struct {
	Synchronization
	Why *jobs.Error
}

// Error is one line for a log.
func (e *NotSynchronized) Error() string {
	return fmt.Sprintf("group %s: %d of %d pairs not synchronized: %s", e.Group.ID, len(e.Behind), e.Of, e.Why)
}

// Unwrap returns why the wait ended.
func (e *NotSynchronized) Unwrap() error { return e.Why }

// Synchronize waits until all replication pairs of a protected group are synchronized (GET replications). It tells how
// that gets on, when a pair is done and every ten seconds at least; nil: nobody is told.
func (w *Workflow) Synchronize(ctx context.Context, group sdrs.Group, tell func(Synchronization)) error {
	now := Synchronization{Group: group}
	said := -1
	var wait *jobs.Wait
	wait = w.waiter.Begin(func(ctx context.Context, overdue bool) bool {
		if !overdue && len(now.Behind) == said {
			return false
		}
		said, now.Waited = len(now.Behind), wait.Waited()
		tflog.Info(ctx, "Waiting for replication pairs", map[string]any{
			"group": group.ID, "pairs": now.Of, "not_synchronized": said, "progress": strings.Join(now.Progress(), ", "),
		})
		if tell != nil {
			tell(now)
		}
		return true
	})
	idle := 0
	var stuck error
	err := wait.Until(ctx, func(ctx context.Context) (bool, error) {
		pairs, err := w.sdrs.ReplicationPairs(ctx, sdrs.ReplicationPairFilter{GroupID: group.ID})
		if err != nil {
			return false, err
		}
		getsOn := false
		now.Of, now.Behind = len(pairs), nil
		for _, pair := range pairs {
			if !synchronized(pair) {
				now.Behind = append(now.Behind, pair)
				getsOn = getsOn || pair.Status.Phase() == sdrs.Moving || pair.Status == sdrs.StatusProtected && copying(pair)
			}
		}
		if idle++; getsOn {
			idle = 0
		}
		if idle > jobs.StaleReads && len(now.Behind) > 0 {
			stuck = &jobs.Error{Kind: jobs.Failed, Waited: wait.Waited()}
		}
		return len(now.Behind) == 0 || stuck != nil, nil
	})
	ended, failed := errors.AsType[*jobs.Error](errors.Join(err, stuck))
	if !failed {
		return nil
	}
	now.Waited = wait.Waited()
	return &NotSynchronized{now, ended}
}

// synchronized reports whether a pair's disks are the same. A pair that is not protected reads active, too.
func synchronized(pair sdrs.ReplicationPair) bool {
	return pair.Status == sdrs.StatusProtected && pair.ReplicationStatus == "active" && !copying(pair)
}

// copying reports whether a pair's disks are being made the same. Pairs in sync are seen with progress 100, and with 0,
// as in the API reference's example of an active one.
func copying(pair sdrs.ReplicationPair) bool {
	return pair.ReplicationStatus == "copying" ||
		pair.ReplicationStatus == "active" && 0 < pair.Progress && pair.Progress < 100
}

// Progress says of each pair that is not synchronized how far it is.
func (s Synchronization) Progress() []string {
	texts := make([]string, 0, len(s.Behind))
	for _, pair := range s.Behind {
		texts = append(
			texts,
			fmt.Sprintf("%s (%s) is %s, %s at %d %%", pair.Name, pair.ID, pair.Status, pair.ReplicationStatus, pair.Progress),
		)
	}
	return texts
}
