package failover

import "github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"

// Rows that several operations share.
var (
	moving    = row{active: Wait, standby: Wait}
	elsewhere = row{
		active: NoAction, standby: Wait,
		Advice: Advice{
			Reason: "Another operation is changing the group.",
			WayOut: "Wait for it to end, and check that the group ends protected.",
		},
	}
	nothing = row{active: NoAction, standby: NoAction}
	act     = row{active: Act, standby: Act}
)

// refused is a row from which an operation can't start.
func refused(reason, wayOut string) row {
	return row{active: Refuse, standby: Refuse, Advice: Advice{Reason: reason, WayOut: wayOut}}
}

// idle is a row in which a site is active, but the operation can't bring the group to the other one.
func idle(reason, wayOut string) row {
	return row{active: NoAction, standby: Refuse, Advice: Advice{Reason: reason, WayOut: wayOut}}
}

// with adds the rows that end any operation to a table.
func with(table map[sdrs.Status]row) map[sdrs.Status]row {
	table[sdrs.StatusDeleting] = refused("The group is being deleted.", "Remove it from the configuration.")
	table[sdrs.StatusError] = refused("The creation of the group failed.", "Delete the group and create it anew.")
	table[sdrs.StatusErrorDeleting] = refused("The deletion of the group failed half-way.", "Delete the group again, or open a service ticket.")
	return table
}

// The reasons and ways out that several tables share.
const (
	notEnabled         = "Protection is not enabled, so nothing is replicated."
	enableIt           = "Enable protection of the group, and wait until it is protected."
	startFailed        = "Enabling protection failed, so nothing is replicated."
	enableAgain        = "Enable protection again, and wait until the group is protected."
	stopFailed         = "Disabling protection failed, so replication is not reliable."
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
	reprotectOnPurpose = "If that is what you want, use the action sdrs_reprotect, or set reprotect = true."
)

// plannedFailoverRows is the status table of a planned failover.
var plannedFailoverRows = with(map[sdrs.Status]row{
	sdrs.StatusProtected:      {active: NoAction, standby: Act},
	sdrs.StatusErrorReversing: act,

	sdrs.StatusReversing:   moving,
	sdrs.StatusFailingOver: moving,

	sdrs.StatusStarting:     elsewhere,
	sdrs.StatusReprotecting: elsewhere,
	sdrs.StatusStopping:     elsewhere,
	sdrs.StatusCreating:     elsewhere,

	sdrs.StatusAvailable:         idle(notEnabled, enableIt),
	sdrs.StatusFailedOver:        idle(failedOver, reprotectIt),
	sdrs.StatusErrorStarting:     idle(startFailed, enableAgain),
	sdrs.StatusErrorStopping:     idle(stopFailed, disableThenEnable),
	sdrs.StatusErrorReprotecting: idle(reprotectFailed, reprotectAgain),
	sdrs.StatusErrorFailingOver:  idle(failedHalfWay, failOverAgain),
})

// failoverRows is the status table of an unplanned failover. Where the wanted site is active nothing is ever sent: the
// action has no direction, and would leave that site.
var failoverRows = with(map[sdrs.Status]row{
	sdrs.StatusProtected:  {active: NoAction, standby: Act},
	sdrs.StatusFailedOver: {active: NoAction, standby: Refuse, Advice: Advice{Reason: failedOver, WayOut: reprotectIt}},
	sdrs.StatusErrorFailingOver: {active: NoAction, standby: Act, Advice: Advice{
		Reason: failedHalfWay, WayOut: "Where the wanted site is active nothing is sent, since failing over again would leave it. Look at the group in the console.",
	}},
	sdrs.StatusErrorReversing: {active: NoAction, standby: Act, Advice: Advice{Reason: reversedHalfWay, WayOut: reverseAgain}},

	sdrs.StatusReversing:   moving,
	sdrs.StatusFailingOver: moving,

	sdrs.StatusStarting:     elsewhere,
	sdrs.StatusReprotecting: elsewhere,
	sdrs.StatusStopping:     elsewhere,
	sdrs.StatusCreating:     elsewhere,

	sdrs.StatusAvailable:         idle(notEnabled, enableIt),
	sdrs.StatusErrorStarting:     idle(startFailed, enableAgain),
	sdrs.StatusErrorStopping:     idle(stopFailed, disableThenEnable),
	sdrs.StatusErrorReprotecting: idle(reprotectFailed, reprotectAgain),
})

// inMotion adds the rows of a moving group to a table.
func inMotion(table map[sdrs.Status]row) map[sdrs.Status]row {
	for _, status := range []sdrs.Status{
		sdrs.StatusStarting, sdrs.StatusStopping, sdrs.StatusReversing, sdrs.StatusFailingOver, sdrs.StatusReprotecting, sdrs.StatusCreating,
	} {
		table[status] = moving
	}
	return with(table)
}

// enableRows is the status table of enabling protection.
var enableRows = inMotion(map[sdrs.Status]row{
	sdrs.StatusAvailable:     act,
	sdrs.StatusErrorStarting: act,
	sdrs.StatusProtected:     nothing,

	sdrs.StatusFailedOver:        refused(wouldReprotect, reprotectOnPurpose),
	sdrs.StatusErrorReprotecting: refused(wouldReprotect, reprotectOnPurpose),
	sdrs.StatusErrorStopping:     refused(stopFailed, "Disable protection again, then enable it."),
	sdrs.StatusErrorReversing:    refused(reversedHalfWay, reverseAgain),
	sdrs.StatusErrorFailingOver:  refused(failedHalfWay, failOverAgain),
})

// reprotectRows is the status table of reprotecting.
var reprotectRows = inMotion(map[sdrs.Status]row{
	sdrs.StatusFailedOver:        act,
	sdrs.StatusErrorReprotecting: act,
	sdrs.StatusProtected:         nothing,

	sdrs.StatusAvailable:        refused("The group has not failed over, and is not protected.", "Enable protection of the group instead."),
	sdrs.StatusErrorStarting:    refused("The group has not failed over. "+startFailed, "Enable protection of the group again instead."),
	sdrs.StatusErrorStopping:    refused(stopFailed, "Disable protection again, then enable it."),
	sdrs.StatusErrorReversing:   refused(reversedHalfWay, reverseAgain),
	sdrs.StatusErrorFailingOver: refused(failedHalfWay, failOverAgain),
})

// disableRows is the status table of disabling protection. Where nothing is replicated there is nothing to disable.
var disableRows = inMotion(map[sdrs.Status]row{
	sdrs.StatusProtected:     act,
	sdrs.StatusErrorStopping: act,
	sdrs.StatusAvailable:     nothing,

	sdrs.StatusErrorStarting:     nothing,
	sdrs.StatusFailedOver:        nothing,
	sdrs.StatusErrorReprotecting: nothing,
	sdrs.StatusErrorReversing:    refused(reversedHalfWay, reverseAgain),
	sdrs.StatusErrorFailingOver:  refused(failedHalfWay, failOverAgain),
})
