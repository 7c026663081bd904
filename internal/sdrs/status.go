package sdrs

import (
	"maps"
	"slices"
)

// Status is the status of a protection group, a protected instance, or a replication pair.
type Status string

// The documented statuses of a protection group.
const (
	StatusAvailable  Status = "available" // Created, protection is off.
	StatusProtected  Status = "protected"
	StatusFailedOver Status = "failed-over"
	StatusError      Status = "error" // Creation failed.

	StatusCreating     Status = "creating"
	StatusDeleting     Status = "deleting"
	StatusStarting     Status = "starting"
	StatusStopping     Status = "stopping"
	StatusReversing    Status = "reversing"
	StatusFailingOver  Status = "failing-over"
	StatusReprotecting Status = "reprotecting"

	StatusErrorDeleting     Status = "error-deleting"
	StatusErrorStarting     Status = "error-starting"
	StatusErrorStopping     Status = "error-stopping"
	StatusErrorReversing    Status = "error-reversing"
	StatusErrorFailingOver  Status = "error-failing-over"
	StatusErrorReprotecting Status = "error-reprotecting"
)

// Phase is what a status means to somebody who waits.
type Phase int

// The phases of a protection group, a protected instance, or a replication pair.
const (
	// Unknown is a status that the API reference does not name.
	Unknown Phase = iota
	// AtRest is a status that only the user changes.
	AtRest
	// Moving is a status that a running job will change.
	Moving
	// Failed is a status that a failed job left behind; it is at rest, too.
	Failed
)

var phases = map[Status]Phase{
	StatusAvailable:  AtRest,
	StatusProtected:  AtRest,
	StatusFailedOver: AtRest,
	StatusError:      Failed,

	StatusCreating:     Moving,
	StatusDeleting:     Moving,
	StatusStarting:     Moving,
	StatusStopping:     Moving,
	StatusReversing:    Moving,
	StatusFailingOver:  Moving,
	StatusReprotecting: Moving,

	StatusErrorDeleting:     Failed,
	StatusErrorStarting:     Failed,
	StatusErrorStopping:     Failed,
	StatusErrorReversing:    Failed,
	StatusErrorFailingOver:  Failed,
	StatusErrorReprotecting: Failed,
}

// GroupStatuses are the documented statuses of a protection group. Protected instances and replication pairs have them,
// too: see [InstanceStatuses] and [PairStatuses].
var GroupStatuses = slices.Sorted(maps.Keys(phases))

// The statuses that protected instances and replication pairs have while they are changed, and after a change that
// failed.
const (
	StatusResizing    Status = "resizing"
	StatusNICCreating Status = "nic-creating"
	StatusNICDeleting Status = "nic-deleting"
	StatusExtending   Status = "extending"
	StatusAttaching   Status = "attaching"
	StatusDetaching   Status = "detaching"

	StatusErrorResizing  Status = "error-resizing"
	StatusErrorExtending Status = "error-extending"
	StatusErrorAttaching Status = "error-attaching"
	StatusErrorDetaching Status = "error-detaching"
)

var memberPhases = map[Status]Phase{
	StatusResizing: Moving, StatusNICCreating: Moving, StatusNICDeleting: Moving,
	StatusExtending: Moving, StatusAttaching: Moving, StatusDetaching: Moving,

	StatusErrorResizing: Failed, StatusErrorExtending: Failed, StatusErrorAttaching: Failed, StatusErrorDetaching: Failed,
}

// Phase returns what the status means, [Unknown] for one that the API reference does not name.
func (s Status) Phase() Phase {
	if phase, found := memberPhases[s]; found {
		return phase
	}
	return phases[s]
}
