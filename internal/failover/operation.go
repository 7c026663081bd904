package failover

import (
	"context"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Decision is what to do about a group.
type Decision int

// The decisions of [Operation.Decide].
const (
	// NoAction: the group is as wanted already.
	NoAction Decision = iota
	// Act now.
	Act
	// Wait for the running job, then look again.
	Wait
	// Refuse: the operation can't start from here.
	Refuse
)

// Advice explains a decision.
type Advice struct {
	// Reason is one sentence on the group's status; empty where there is nothing to say.
	Reason string
	// Next is the way on, and WayOut says it in one sentence.
	Next   Next
	WayOut string
}

// Next is the step that leads on from a status. Where it is an operation, the refused one can start once that is done.
type Next int

// The steps that lead on.
const (
	// NextNothing is for a group that nothing has to be done about.
	NextNothing Next = iota
	// NextWait is for a group that moves: look again when it rests.
	NextWait
	// NextPlannedFailover and NextUnplannedFailover go towards the wanted site or, from an operation that is not about
	// one, towards the site that the group was being switched to.
	NextPlannedFailover
	NextUnplannedFailover
	NextEnable
	NextReprotect
	NextDisable
	// NextRecreate is to delete the group and create it anew.
	NextRecreate
	// NextTicket is a service ticket: nothing that the API documents leads on.
	NextTicket
)

// Operation returns the operation that the step is, towards station where it is about a site, and whether it is one.
func (n Next) Operation(station sdrs.Station) (Operation, bool) {
	if n < NextPlannedFailover || n > NextDisable {
		return Operation{}, false
	}
	return Operations(station)[n-NextPlannedFailover], true
}

// OperationKind is one of the things that the workflow does to a protection group.
type OperationKind int

// The kinds of operations.
const (
	KindPlannedFailover OperationKind = iota
	KindUnplannedFailover
	KindEnable
	KindReprotect
	KindDisable
)

// Operation is an operation of a kind, and towards a site where it is about one.
type Operation struct {
	Kind OperationKind
	// Name is the field's name for it, in lower case, Title the same in a title.
	Name, Title string
	// Station is the site that is to become active; empty where the operation is not about that.
	Station sdrs.Station
	// While its job runs a group is Moving; then it rests: in Rest where the job succeeded, in Failed where it didn't.
	Moving, Rest, Failed sdrs.Status

	// start sends the action.
	start func(ctx context.Context, api SDRS, groupID string) (jobID string, err error)
	// failure is where the task center lists a failed job of the operation.
	failure sdrs.FailureStatus
	// checks are what must hold before the action is sent.
	checks []readinessCheck
}

// Operations are all operations, towards station where they are about a site.
func Operations(station sdrs.Station) []Operation {
	return []Operation{
		PlannedFailover(station),
		UnplannedFailover(station),
		EnableProtection(),
		Reprotect(),
		DisableProtection(),
	}
}

// PlannedFailover makes station the production site, with its servers stopped and its data in sync
// (reverse-server-group).
func PlannedFailover(station sdrs.Station) Operation {
	return Operation{
		Kind: KindPlannedFailover, Name: "planned failover", Title: "Planned Failover", Station: station,
		failure: sdrs.ReverseFail,
		Moving:  sdrs.StatusReversing, Rest: sdrs.StatusProtected, Failed: sdrs.StatusErrorReversing,
		start: func(ctx context.Context, api SDRS, groupID string) (string, error) {
			return api.Reverse(ctx, groupID, station)
		},
		checks: []readinessCheck{checkPairs, checkHealth, checkSynchronized, checkInstances, checkServers, checkPermissions},
	}
}

// UnplannedFailover makes station the production site after a disaster at the other one, which stops replication
// (failover-server-group). The action itself has no direction: it is sent only where the other site is active.
func UnplannedFailover(station sdrs.Station) Operation {
	return Operation{
		Kind: KindUnplannedFailover, Name: "unplanned failover", Title: "Unplanned Failover", Station: station,
		failure: sdrs.FailoverFail,
		Moving:  sdrs.StatusFailingOver, Rest: sdrs.StatusFailedOver, Failed: sdrs.StatusErrorFailingOver,
		start:  func(ctx context.Context, api SDRS, groupID string) (string, error) { return api.Failover(ctx, groupID) },
		checks: []readinessCheck{checkPairs, checkLink},
	}
}

// EnableProtection starts replication of a group that is not protected, and never reprotects (start-server-group).
func EnableProtection() Operation {
	return Operation{
		Kind: KindEnable, Name: "enabling of protection", Title: "Enabling Protection",
		failure: sdrs.StartFail, start: start,
		Moving: sdrs.StatusStarting, Rest: sdrs.StatusProtected, Failed: sdrs.StatusErrorStarting,
		checks: []readinessCheck{checkPairs},
	}
}

// Reprotect starts replication of a group that has failed over, which overwrites the disks of the site that is not
// active (start-server-group).
func Reprotect() Operation {
	return Operation{
		Kind: KindReprotect, Name: "reprotection", Title: "Reprotection",
		failure: sdrs.ReprotectFail, start: start,
		Moving: sdrs.StatusReprotecting, Rest: sdrs.StatusProtected, Failed: sdrs.StatusErrorReprotecting,
		checks: []readinessCheck{checkPairs, checkStandbyServers},
	}
}

// DisableProtection stops replication (stop-server-group).
func DisableProtection() Operation {
	return Operation{
		Kind: KindDisable, Name: "disabling of protection", Title: "Disabling Protection",
		failure: sdrs.StopFail,
		Moving:  sdrs.StatusStopping, Rest: sdrs.StatusAvailable, Failed: sdrs.StatusErrorStopping,
		start: func(ctx context.Context, api SDRS, groupID string) (string, error) { return api.Stop(ctx, groupID) },
	}
}

func start(ctx context.Context, api SDRS, groupID string) (string, error) {
	return api.Start(ctx, groupID)
}

// HasChecks reports whether anything but the group's status is checked before the action is sent.
func (o Operation) HasChecks() bool { return len(o.checks) > 0 }

// Decide says what to do about a group.
func (o Operation) Decide(group sdrs.Group) (Decision, Advice) {
	found, known := statuses[group.Status]
	if !known {
		found = unknown(group.Status)
	}
	a := found[o.Kind].standby
	if o.Station == "" || group.PriorityStation == o.Station {
		a = found[o.Kind].active
	}
	return a.Decision, a.Advice
}

// DecideConfirmation is Decide for whoever wants a group to be at a site, and asks for nothing: where it is active
// there nothing is done, with advice where the group is not protected. That is not enough for a group that is
// switching, or comes to an end.
func (o Operation) DecideConfirmation(group sdrs.Group) (Decision, Advice) {
	decision, advice := o.Decide(group)
	switch {
	case group.PriorityStation != o.Station, decision == Act, decision == NoAction,
		group.Status == sdrs.StatusReversing, group.Status == sdrs.StatusFailingOver,
		group.Status == sdrs.StatusDeleting, group.Status == sdrs.StatusError, group.Status == sdrs.StatusErrorDeleting:
		return decision, advice
	case advice.Reason == "":
		advice = Advice{
			Reason: "Another operation is changing the group.", Next: NextWait,
			WayOut: "Wait for it to end, and check that the group ends protected.",
		}
	}
	return NoAction, advice
}

// DecideAdoption says what to do about a group that is to be as wanted without the operation. Waited for is only a
// switch in flight, since somebody asked for that, and a group that has no active site yet. Where the operation failed
// half-way towards the wanted site nothing is done, and the advice says so.
func (o Operation) DecideAdoption(group sdrs.Group) (Decision, Advice) {
	decision, advice := o.DecideConfirmation(group)
	switch decision {
	case Act:
		if group.PriorityStation == o.Station {
			return NoAction, Advice{Reason: reversedHalfWay, Next: NextPlannedFailover, WayOut: reverseAgain}
		}
		return Refuse, advice
	case Wait:
		switching := group.Status == sdrs.StatusReversing || group.Status == sdrs.StatusFailingOver
		if !switching && group.PriorityStation.Valid() {
			return Refuse, advice
		}
	case NoAction, Refuse:
	}
	return decision, advice
}

// done reports whether a group is what the operation's own action should make of it.
func (o Operation) done(group sdrs.Group) bool {
	return group.Status == o.Rest && (o.Station == "" || group.PriorityStation == o.Station)
}
