package failover

import (
	"fmt"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// answer is what an operation does about a group, and why.
type answer struct {
	Decision
	Advice
}

// cell is what a status means for an operation: where the wanted site is active, and where it isn't. For an operation
// that is not about a site only the first counts.
type cell struct{ active, standby answer }

// Cells that many statuses share.
var (
	starts = both(answer{Decision: Act})
	done   = both(answer{Decision: NoAction})
	waits  = both(answer{Decision: Wait})
	// switches is for a site that is to become active.
	switches = cell{active: done.active, standby: starts.standby}
)

func both(a answer) cell { return cell{active: a, standby: a} }

func all(c cell) row { return row{c, c, c, c, c} }

// refuse is the answer to an operation that can't start, and has not been done either.
func refuse(reason string, next Next, wayOut string) answer {
	return answer{Decision: Refuse, Advice: Advice{Reason: reason, Next: next, WayOut: wayOut}}
}

// refused is the cell of an operation that can't start, whichever site is active.
func refused(reason string, next Next, wayOut string) cell { return both(refuse(reason, next, wayOut)) }

// The reasons and ways out that several cells share.
const (
	notEnabled      = "Protection is not enabled, so nothing is replicated."
	enableIt        = "Enable protection of the group, and wait until it is protected."
	startFailed     = "Enabling protection failed, so nothing is replicated."
	enableAgain     = "Enable protection again, and wait until the group is protected."
	stopFailed      = "Disabling protection failed, so replication is not reliable."
	disableFirst    = "Disable protection again, then enable it, and wait until the group is protected."
	reprotectFailed = "Reprotecting failed, so nothing is replicated."
	reprotectAgain  = "Reprotect the group again, and wait until it is protected."
	failedHalfWay   = "An unplanned failover failed half-way, so replication is not reliable."
	failOverAgain   = "Fail over again, towards the same site, to finish it. Then reprotect the group."
	failOverThere   = "Fail over again, towards the site that the group was failed over to, to finish it. Then " +
		"reprotect the group."
	// In this status the cloud takes nothing but another failover.
	failsBack = "An unplanned failover failed half-way, and the wanted site counts as active. All that the cloud allows " +
		"now is to fail over again, which has no direction: it would leave the wanted site."
	askSupport = "Open a service ticket with the ids of the group and of the failed job: the data source " +
		"sdrs_failure_jobs and the console's task list have it."
	reversedHalfWay = "A planned failover of the group failed half-way."
	reverseAgain    = "Perform the planned failover again, towards the same site. If that is not possible, open a " +
		"service ticket."
	failedOver  = "The group failed over without being reprotected, so nothing is replicated."
	reprotectIt = "Reprotect the group, which overwrites the disks of the site it failed over from, and wait until " +
		"it is protected."
	wouldReprotect = "The group has failed over. Enabling protection now would be a reprotection, which overwrites " +
		"the disks of the site that is not active."
	reprotectFirst   = "If that is what you want, use the action sdrs_reprotect."
	cantDisable      = "The cloud disables protection only where the group is protected, or disabling it has failed."
	enableToDisable  = "Enable protection again, and disable it when the group is protected."
	reprotectDisable = "Reprotect the group, which overwrites the disks of the site that is not active, and disable " +
		"protection when the group is protected."
)

// row is what a status means for the operations, in the order of their kinds.
type row [KindDisable + 1]cell

// statuses is the matrix of all documented statuses. Nothing is to be done only where the group is what the operation
// makes of it: any other status at rest is one to start from, or to be led out of.
var statuses = map[sdrs.Status]row{
	// status: planned failover, failover, enabling, reprotection, disabling.
	sdrs.StatusAvailable: {
		refused(notEnabled, NextEnable, enableIt), refused(notEnabled, NextEnable, enableIt), starts,
		refused(
			"The group has not failed over, and is not protected.",
			NextEnable,
			"Enable protection of the group instead.",
		), done,
	},
	sdrs.StatusProtected: {switches, switches, done, done, starts},
	sdrs.StatusFailedOver: {
		refused(failedOver, NextReprotect, reprotectIt),
		cell{active: done.active, standby: refuse(failedOver, NextReprotect, reprotectIt)},
		refused(wouldReprotect, NextReprotect, reprotectFirst), starts,
		refused("The group has failed over. "+cantDisable, NextReprotect, reprotectDisable),
	},

	// Where the wanted site is active a failover is never sent: the action has no direction, and would leave that site.
	sdrs.StatusErrorReversing: {
		starts,
		cell{active: refuse(reversedHalfWay, NextPlannedFailover, reverseAgain), standby: starts.standby},
		refused(reversedHalfWay, NextPlannedFailover, reverseAgain),
		refused(reversedHalfWay, NextPlannedFailover, reverseAgain),
		refused(reversedHalfWay, NextPlannedFailover, reverseAgain),
	},
	sdrs.StatusErrorFailingOver: {
		cell{
			active:  refuse(failsBack, NextTicket, askSupport),
			standby: refuse(failedHalfWay, NextUnplannedFailover, failOverAgain),
		},
		cell{active: refuse(failsBack, NextTicket, askSupport), standby: starts.standby},
		refused(
			failedHalfWay,
			NextUnplannedFailover,
			failOverThere,
		), refused(failedHalfWay, NextUnplannedFailover, failOverThere),
		refused(failedHalfWay, NextUnplannedFailover, failOverThere),
	},
	sdrs.StatusErrorReprotecting: {
		refused(reprotectFailed, NextReprotect, reprotectAgain), refused(reprotectFailed, NextReprotect, reprotectAgain),
		refused(wouldReprotect, NextReprotect, reprotectFirst), starts,
		refused(reprotectFailed+" "+cantDisable, NextReprotect, reprotectDisable),
	},
	sdrs.StatusErrorStarting: {
		refused(startFailed, NextEnable, enableAgain), refused(startFailed, NextEnable, enableAgain), starts,
		refused("The group has not failed over. "+startFailed, NextEnable, "Enable protection of the group again instead."),
		refused(startFailed+" "+cantDisable, NextEnable, enableToDisable),
	},
	sdrs.StatusErrorStopping: {
		refused(stopFailed, NextDisable, disableFirst), refused(stopFailed, NextDisable, disableFirst),
		refused(stopFailed, NextDisable, disableFirst), refused(stopFailed, NextDisable, disableFirst), starts,
	},

	sdrs.StatusReversing:    all(waits),
	sdrs.StatusFailingOver:  all(waits),
	sdrs.StatusStarting:     all(waits),
	sdrs.StatusStopping:     all(waits),
	sdrs.StatusReprotecting: all(waits),
	sdrs.StatusCreating:     all(waits),

	sdrs.StatusDeleting: all(refused("The group is being deleted.", NextRecreate,
		"Remove it from the configuration. If it is needed, create it anew once it is gone.")),
	sdrs.StatusError: all(
		refused("The creation of the group failed.", NextRecreate, "Delete the group and create it anew."),
	),
	sdrs.StatusErrorDeleting: all(refused("The deletion of the group failed half-way.", NextTicket,
		"Delete the group again. If that fails, open a service ticket.")),
}

// unknown is the row of a status that the API reference does not name: it may pass.
func unknown(status sdrs.Status) row {
	return all(both(answer{Decision: Wait, Advice: Advice{
		Reason: fmt.Sprintf("The status %q is not one that this provider knows.", status), Next: NextTicket,
		WayOut: "Look at the group in the console. If it stays so, open a service ticket.",
	}}))
}
