package failover

import (
	"fmt"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// cell is what a status means for an operation: the decision where the wanted site is active, and where it isn't. For an
// operation that is not about a site only the first counts.
type cell struct {
	active, standby Decision
	Advice
}

// Cells that many statuses share.
var (
	always  = cell{active: Act, standby: Act}
	nothing = cell{active: NoAction, standby: NoAction}
	waits   = cell{active: Wait, standby: Wait}
	// switches is for a site that is to become active.
	switches = cell{active: NoAction, standby: Act}
	// busy is a group that moves, but not from site to site: where the wanted one is active there is nothing to wait for.
	busy = busyWith("Another operation is changing the group.")
)

func busyWith(reason string) cell {
	return cell{active: NoAction, standby: Wait, Advice: Advice{
		Reason: reason, WayOut: "Wait for it to end, and check that the group ends protected.",
	}}
}

// refused is a cell from which an operation can't start.
func refused(reason, wayOut string) cell {
	return cell{active: Refuse, standby: Refuse, Advice: Advice{Reason: reason, WayOut: wayOut}}
}

// idle is a cell in which a site is active, but the operation can't bring the group to the other one.
func idle(reason, wayOut string) cell {
	return cell{active: NoAction, standby: Refuse, Advice: Advice{Reason: reason, WayOut: wayOut}}
}

// with is a cell with advice.
func (c cell) with(reason, wayOut string) cell {
	c.Advice = Advice{Reason: reason, WayOut: wayOut}
	return c
}

// The reasons and ways out that several cells share.
const (
	notEnabled         = "Protection is not enabled, so nothing is replicated."
	enableIt           = "Enable protection of the group, and wait until it is protected."
	startFailed        = "Enabling protection failed, so nothing is replicated."
	enableAgain        = "Enable protection again, and wait until the group is protected."
	stopFailed         = "Disabling protection failed, so replication is not reliable."
	disableFirst       = "Disable protection again, then enable it."
	lookAtConsole      = "Where the wanted site is active nothing is sent, since failing over again would leave it. Look at the group in the console."
	disableThenEnable  = "Disable protection again, then enable it, and wait until the group is protected."
	reprotectFailed    = "Reprotecting failed, so nothing is replicated."
	reprotectAgain     = "Reprotect the group again, and wait until it is protected."
	failedHalfWay      = "An unplanned failover failed half-way, so replication is not reliable."
	failOverAgain      = "Fail over again to finish it, then reprotect the group."
	reversedHalfWay    = "A planned failover of the group failed half-way."
	reverseAgain       = "Perform the planned failover again, towards the same site."
	failedOver         = "The group failed over without being reprotected, so nothing is replicated."
	reprotectIt        = "Reprotect the group, which overwrites the disks of the site it failed over from, and wait until it is protected."
	wouldReprotect     = "The group has failed over. Enabling protection now would be a reprotection, which overwrites the disks of the site that is not active."
	reprotectOnPurpose = "If that is what you want, use the action sdrs_reprotect."
)

// row is what a status means for the operations, in the order of their kinds.
type row [KindDisable + 1]cell

func all(c cell) row { return row{c, c, c, c, c} }

// statuses is the matrix of all documented statuses.
var statuses = map[sdrs.Status]row{
	// status: planned failover, failover, enabling, reprotection, disabling.
	sdrs.StatusAvailable: {
		idle(notEnabled, enableIt), idle(notEnabled, enableIt), always,
		refused("The group has not failed over, and is not protected.", "Enable protection of the group instead."), nothing,
	},
	sdrs.StatusProtected: {switches, switches, nothing, nothing, always},
	sdrs.StatusFailedOver: {
		idle(failedOver, reprotectIt), idle(failedOver, reprotectIt), refused(wouldReprotect, reprotectOnPurpose), always, nothing,
	},

	// Where the wanted site is active a failover is never sent: the action has no direction, and would leave that site.
	sdrs.StatusErrorReversing: {
		always, switches.with(reversedHalfWay, reverseAgain), refused(reversedHalfWay, reverseAgain),
		refused(reversedHalfWay, reverseAgain), refused(reversedHalfWay, reverseAgain),
	},
	sdrs.StatusErrorFailingOver: {
		idle(failedHalfWay, failOverAgain), switches.with(failedHalfWay, lookAtConsole), refused(failedHalfWay, failOverAgain),
		refused(failedHalfWay, failOverAgain), refused(failedHalfWay, failOverAgain),
	},
	sdrs.StatusErrorReprotecting: {
		idle(reprotectFailed, reprotectAgain), idle(reprotectFailed, reprotectAgain),
		refused(wouldReprotect, reprotectOnPurpose), always, nothing,
	},
	sdrs.StatusErrorStarting: {
		idle(startFailed, enableAgain), idle(startFailed, enableAgain), always,
		refused("The group has not failed over. "+startFailed, "Enable protection of the group again instead."), nothing,
	},
	sdrs.StatusErrorStopping: {
		idle(stopFailed, disableThenEnable), idle(stopFailed, disableThenEnable),
		refused(stopFailed, disableFirst), refused(stopFailed, disableFirst), always,
	},

	sdrs.StatusReversing:    all(waits),
	sdrs.StatusFailingOver:  all(waits),
	sdrs.StatusStarting:     {busy, busy, waits, waits, waits},
	sdrs.StatusStopping:     {busy, busy, waits, waits, waits},
	sdrs.StatusReprotecting: {busy, busy, waits, waits, waits},
	sdrs.StatusCreating:     {busy, busy, waits, waits, waits},

	sdrs.StatusDeleting:      all(refused("The group is being deleted.", "Remove it from the configuration.")),
	sdrs.StatusError:         all(refused("The creation of the group failed.", "Delete the group and create it anew.")),
	sdrs.StatusErrorDeleting: all(refused("The deletion of the group failed half-way.", "Delete the group again, or open a service ticket.")),
}

// unknown is the row of a status that the API reference does not name.
func unknown(status sdrs.Status) row {
	other := busyWith(fmt.Sprintf("The status %q is not one that this provider knows.", status))
	return row{other, other, waits, waits, waits}
}
