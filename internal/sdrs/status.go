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

// The phases of a protection group.
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

// Phase returns what the status means, [Unknown] for one that the API reference does not name.
func (s Status) Phase() Phase { return phases[s] }
