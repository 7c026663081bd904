package failover

import "github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"

// Operations are all operations, towards station where they are about a site.
func Operations(station sdrs.Station) []Operation {
	return []Operation{PlannedFailover(station), UnplannedFailover(station), EnableProtection(), Reprotect(), DisableProtection()}
}

// Course is the statuses that a group goes through with an operation: Moving while its job runs, then Rest where that
// succeeds and Failed where it doesn't.
type Course struct{ Moving, Rest, Failed sdrs.Status }

// Course returns what the operation's own action makes of a group.
func (o Operation) Course() Course {
	course := map[sdrs.FailureStatus]Course{
		sdrs.ReverseFail:   {Moving: sdrs.StatusReversing, Failed: sdrs.StatusErrorReversing},
		sdrs.FailoverFail:  {Moving: sdrs.StatusFailingOver, Failed: sdrs.StatusErrorFailingOver},
		sdrs.StartFail:     {Moving: sdrs.StatusStarting, Failed: sdrs.StatusErrorStarting},
		sdrs.ReprotectFail: {Moving: sdrs.StatusReprotecting, Failed: sdrs.StatusErrorReprotecting},
		sdrs.StopFail:      {Moving: sdrs.StatusStopping, Failed: sdrs.StatusErrorStopping},
	}[o.failure]
	course.Rest = o.rest
	return course
}
