package failover

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// CheckRecentDrill is the check of [Workflow.RecentDrill].
const CheckRecentDrill = "recent_drill"

// drilledPeriod is the longest three months: for so long the service counts a drill, also one that is gone.
const drilledPeriod = 92 * 24 * time.Hour

// RecentDrill checks whether a group has a DR drill that is available and no older than maxAge. Where it has none the
// service may know of one that was deleted, but not of when that was. The check warns, and never fails: a drill does
// not make a switch possible (GET disaster-recovery-drills; where there is none, GET server-groups).
func (w *Workflow) RecentDrill(ctx context.Context, group sdrs.Group, maxAge time.Duration) Check {
	check := Check{
		Name: CheckRecentDrill, Verdict: Warn, Remedy: "Create a DR drill, and see whether its servers do what they " +
			"should: a drill shows more than these checks.",
	}
	drills, err := w.sdrs.Drills(ctx, sdrs.DrillFilter{GroupID: group.ID})
	if err != nil {
		return unread(check.Name, "DR drills", err)
	}
	drills = slices.DeleteFunc(drills, func(drill sdrs.Drill) bool {
		return drill.Status != sdrs.StatusAvailable || drill.CreatedAt.IsZero()
	})
	if len(drills) == 0 {
		return w.drilledOnce(ctx, group, maxAge, check)
	}
	newest := slices.MaxFunc(drills, func(a, b sdrs.Drill) int { return a.CreatedAt.Compare(b.CreatedAt.Time) })
	age := max(w.waiter.Clock.Now().Sub(newest.CreatedAt.Time), 0).Truncate(time.Minute)
	check.Detail = fmt.Sprintf("The newest DR drill of the group, %s (%s), is %s old", newest.Name, newest.ID, age)
	if age > maxAge {
		check.Detail += fmt.Sprintf(", and should be %s old at most.", maxAge)
		return check
	}
	return Check{Name: check.Name, Verdict: Pass, Detail: check.Detail + "."}
}

// drilledOnce completes the check of a group that has no drill now.
func (w *Workflow) drilledOnce(ctx context.Context, group sdrs.Group, maxAge time.Duration, check Check) Check {
	undrilled, err := w.sdrs.Groups(ctx, sdrs.GroupFilter{Name: group.Name, QueryType: "period_no_dr_drill"})
	if err != nil {
		return unread(check.Name, "groups without a DR drill", err)
	}
	check.Detail = "The group has no DR drill, and has had none for three months."
	if slices.ContainsFunc(undrilled, func(other sdrs.Group) bool { return cloud.SameID(other.ID, group.ID) }) {
		return check
	}
	check.Detail = "The group has no DR drill now. The service counts one within three months, and does not tell its time."
	if maxAge >= drilledPeriod {
		check.Verdict, check.Remedy = Pass, ""
	}
	return check
}

// drillable are the statuses of a group from which a DR drill can be created.
var drillable = []sdrs.Status{
	sdrs.StatusAvailable, sdrs.StatusProtected, sdrs.StatusFailedOver, sdrs.StatusErrorStarting, sdrs.StatusErrorStopping,
	sdrs.StatusErrorReversing, sdrs.StatusErrorFailingOver, sdrs.StatusErrorReprotecting,
}

// DrillReadiness checks whether a DR drill of a group that was read just now could be created, and would have all the
// data: by the group's status, and its pairs (GET replications). What can't be read is an unknown check.
func (w *Workflow) DrillReadiness(ctx context.Context, group sdrs.Group) []Check {
	found := w.inspect(ctx, group, ServerPolicy{}, []readinessCheck{checkPairs})
	status := Check{Name: CheckGroupStatus, Verdict: Pass, Detail: fmt.Sprintf("The group is %s.", group.Status)}
	switch {
	case group.Status.Phase() == sdrs.Moving:
		status.Verdict, status.Remedy = Warn, "The drill waits until the group rests."
	case group.Status.Phase() != sdrs.Unknown && !slices.Contains(drillable, group.Status):
		status.Verdict, status.Remedy = Fail, "In this status the cloud takes no DR drill. Repair the group, or delete it."
	}
	return []Check{status, found.checkPairs(), found.checkCopied()}
}

// checkCopied is the check that a drill is of all the data. Replication may be off: what was copied before is drilled
// then.
func (i *inspection) checkCopied() Check {
	if i.pairErr != nil {
		return unread(CheckReplicationSynchronized, "replication pairs", i.pairErr)
	}
	var copying, faulty []string
	for _, pair := range i.pairs {
		name := fmt.Sprintf("%s (%s)", pair.Name, pair.ID)
		switch {
		case pair.Status == sdrs.StatusInvalid || pair.Status == sdrs.StatusFault:
			faulty = append(faulty, name+" is "+string(pair.Status))
		case pair.FaultLevel != "" && pair.FaultLevel != "0":
			faulty = append(faulty, name+" has fault level "+string(pair.FaultLevel))
		case pair.ReplicationStatus == "copying" || pair.Progress < 100 && (pair.Progress > 0 ||
			pair.ReplicationStatus != "active"):
			copying = append(copying, fmt.Sprintf("%s at %d %%", name, pair.Progress))
		}
	}
	return verdict(
		CheckReplicationSynchronized,
		"All replication pairs are synchronized.",
		finding{
			copying,
			"These pairs are not fully synchronized: ",
			"Wait until they are: the servers of a drill may not boot otherwise.",
		},
		finding{faulty, "These pairs are faulty: ", "Repair or delete the pairs in the console."},
	)
}
