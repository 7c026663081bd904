// Package report is what an action leaves for the archive: how each protection group got on, over time, in a file of
// JSON or on a page of HTML that needs nothing else. It is written as the action goes. The package knows nothing of
// Terraform.
package report

import (
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
)

// The states of a [Report].
const (
	// StateRunning: the action went on when this was written. Where nothing newer comes, its program was killed.
	StateRunning = "running"
	// StateDone: the action has done what it should.
	StateDone = "done"
	// StateFailed: the action ended with an error.
	StateFailed = "failed"
	// StateInterrupted: the action was interrupted. Jobs go on in the cloud.
	StateInterrupted = "interrupted"
)

// ResultRunning is the result of a group, beside those of a record, whose turn it is.
const ResultRunning = "running"

// The phases of a [Phase].
const (
	// PhaseWait: it is checked, or waits for its turn, or for what moves it already.
	PhaseWait = "wait"
	// PhaseStop: its servers are stopped.
	PhaseStop = "stop"
	// PhaseSwitch: the job of the action runs.
	PhaseSwitch = "switch"
	// PhaseVerify: the job has ended, and the group is watched until it is as wanted.
	PhaseVerify = "verify"
	// PhaseStart: its servers are started, until they are in service.
	PhaseStart = "start"
)

// Report is the record of one action. In JSON its fields are null where they are not known, or did not happen. Times
// are RFC 3339 in UTC, seconds are whole.
type Report struct {
	// Action is the name of the action, Title what it did in a line.
	Action string `json:"action"`
	Title  string `json:"title"`
	State  string `json:"state"`
	DryRun bool   `json:"dry_run"`
	Origin
	// WrittenAt is when this was known; EndedAt is null while the action runs.
	StartedAt       time.Time  `json:"started_at"`
	WrittenAt       time.Time  `json:"written_at"`
	EndedAt         *time.Time `json:"ended_at"`
	DurationSeconds *int64     `json:"duration_seconds"`
	// RecoveryTimeObjectiveSeconds is the objective, RecoveryTimeObjectiveAt when its time is over.
	RecoveryTimeObjectiveSeconds *int64     `json:"recovery_time_objective_seconds"`
	RecoveryTimeObjectiveAt      *time.Time `json:"recovery_time_objective_at"`
	Sums                         Sums       `json:"sums"`
	// Notes are sentences on what else there is to know, such as which groups stay.
	Notes  []string `json:"notes"`
	Groups []Group  `json:"groups"`
}

// Origin is where a report comes from; empty is what is not known.
type Origin struct {
	ProviderVersion string `json:"provider_version"`
	Region          string `json:"region"`
	ProjectID       string `json:"project_id"`
}

// Sums are how many groups have each result.
type Sums struct {
	Groups      int `json:"groups"`
	Done        int `json:"done"`
	NothingToDo int `json:"nothing_to_do"`
	Ready       int `json:"ready"`
	WouldWait   int `json:"would_wait"`
	Error       int `json:"error"`
	InFlight    int `json:"in_flight"`
	NotBegun    int `json:"not_begun"`
	Running     int `json:"running"`
	// ObjectiveMissed are the groups that missed the recovery time objective.
	ObjectiveMissed int `json:"recovery_time_objective_missed"`
	// LongestDowntimeSeconds is the longest of the downtimes that are known.
	LongestDowntimeSeconds *int64 `json:"longest_downtime_seconds"`
}

// Group is a group: the fields of its record, and how it came to that.
type Group struct {
	failover.Record
	// Wave counts from 1; null where the action has no waves.
	Wave *int `json:"wave"`
	// ObjectiveMissed is null where there is no objective, or that is open.
	ObjectiveMissed *bool `json:"recovery_time_objective_missed"`
	// ErrorSummary and ErrorDetail are what Terraform says of the error.
	ErrorSummary *string `json:"error_summary"`
	ErrorDetail  *string `json:"error_detail"`
	// Phases are in the order of time.
	Phases []Phase `json:"phases"`
	// Checks are those of sdrs_check_readiness.
	Checks []Check `json:"checks"`
}

// Phase is a part of what was done about a group.
type Phase struct {
	Phase     string    `json:"phase"`
	StartedAt time.Time `json:"started_at"`
	// EndedAt is null for a phase that went on when the report was written, or that goes on in the cloud.
	EndedAt *time.Time `json:"ended_at"`
	// Failed is set where the group failed in this phase.
	Failed bool `json:"failed"`
}

// Check is one condition of an operation.
type Check struct {
	Name    string `json:"name"`
	Verdict string `json:"verdict"`
	Detail  string `json:"detail"`
	Remedy  string `json:"remedy"`
}
