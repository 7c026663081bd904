package failover

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Times are when the parts of an operation happened, all by this machine's clock; zero where a part did not happen.
type Times struct {
	// ServersStopRequested is when servers were first asked to stop.
	ServersStopRequested time.Time `json:"servers_stop_requested_at,omitzero"`
	// ServersStopped is when the last of those was seen stopped.
	ServersStopped time.Time `json:"servers_stopped_at,omitzero"`
	// Requested is when the workflow sent its own action.
	Requested time.Time `json:"requested_at,omitzero"`
	// JobFinished is when the job of that was seen ended, well or not.
	JobFinished time.Time `json:"job_finished_at,omitzero"`
	// Verified is when the group was seen to be what the operation makes of it.
	Verified time.Time `json:"verified_at,omitzero"`
	// ServersActive is when the last server was seen in service at the new site, for a workflow that starts them.
	ServersActive time.Time `json:"servers_active_at,omitzero"`
	// Resumed is set where an earlier run of the workflow sent the action. Nobody may have looked when it ended, so
	// that the time of its job counts, and not that of the verification.
	Resumed bool `json:"-"`
}

// Acted reports whether the workflow sent its own action.
func (t Times) Acted() bool { return !t.Requested.IsZero() }

// Duration is the time from the request to the servers being in service, or, where none were started, to the
// verification. It is not known where the workflow sent nothing, or did not see the end.
func (t Times) Duration() (took time.Duration, known bool) {
	end := t.Verified
	switch {
	case !t.ServersActive.IsZero():
		end = t.ServersActive
	case t.Resumed:
		end = t.JobFinished
	}
	if !t.Acted() || end.Before(t.Requested) {
		return 0, false
	}
	return end.Sub(t.Requested), true
}

// Downtime is the time from the first stop of servers, or from the request where the workflow stopped none, to the last
// server being in service. It is not known where the workflow did not start them: whoever did knows.
func (t Times) Downtime() (took time.Duration, known bool) {
	began := t.Requested
	if !t.ServersStopRequested.IsZero() {
		began = t.ServersStopRequested
	}
	if !t.Acted() || t.ServersActive.Before(began) {
		return 0, false
	}
	return t.ServersActive.Sub(began), true
}

// Missed reports whether an operation took longer than a recovery time objective, and how long it took: the downtime
// where that is known, otherwise the duration. Where neither is known, nothing was missed that anybody could show.
func (t Times) Missed(objective time.Duration) (took time.Duration, missed bool) {
	took, known := t.Downtime()
	if !known {
		took, known = t.Duration()
	}
	return took, known && took > objective
}

// RecordPrefix begins the line of a [Record].
const RecordPrefix = "sdrs-record: "

// The results of a [Record].
const (
	// ResultDone: the operation has done what it should.
	ResultDone = "done"
	// ResultNothingToDo: the group was as wanted, or became so by somebody else's operation.
	ResultNothingToDo = "nothing_to_do"
	// ResultError: the operation ended with an error. What it started may go on.
	ResultError = "error"
)

// Record is the evidence of one operation. Its fields are null in JSON where they are not known, or did not happen.
type Record struct {
	GroupID   string `json:"group_id"`
	GroupName string `json:"group_name"`
	// Operation is the name of the operation.
	Operation string `json:"operation"`
	// From is the site that was active when the operation began, To the one that is wanted, or, where the operation is not
	// about that, the one that is active.
	From                 *string `json:"from"`
	FromAvailabilityZone *string `json:"from_availability_zone"`
	To                   *string `json:"to"`
	ToAvailabilityZone   *string `json:"to_availability_zone"`
	// ActiveSite and Status are those of the last look at the group.
	ActiveSite             *string `json:"active_site"`
	ActiveAvailabilityZone *string `json:"active_availability_zone"`
	Status                 *string `json:"status"`
	JobID                  *string `json:"job_id"`
	// The times are RFC 3339 in UTC, to the second.
	ServersStopRequestedAt *string `json:"servers_stop_requested_at"`
	RequestedAt            *string `json:"requested_at"`
	JobFinishedAt          *string `json:"job_finished_at"`
	VerifiedAt             *string `json:"verified_at"`
	ServersActiveAt        *string `json:"servers_active_at"`
	// Seconds are whole.
	DurationSeconds *int64 `json:"duration_seconds"`
	DowntimeSeconds *int64 `json:"downtime_seconds"`
	Result          string `json:"result"`
	// Error is the kind of the error.
	Error *string `json:"error"`
}

// NewRecord returns the record of a call of [Workflow.Run] for operation that returned result and err.
func NewRecord(operation Operation, result Result, err error) Record {
	progress := Progress{Group: result.Group, From: result.From, JobID: result.JobID, Times: result.Times}
	record := Record{Operation: operation.Name, Result: ResultNothingToDo}
	if result.Acted() {
		record.Result = ResultDone
	}
	if err != nil {
		record.Result = ResultError
		if failure, ok := errors.AsType[*Error](err); ok {
			progress, record.Error = failure.Progress, text(failure.Kind.String())
		}
	}
	group, to := progress.Group, operation.Station
	if to == "" {
		to = group.PriorityStation
	}
	record.GroupID, record.GroupName = cloud.Printable(group.ID), cloud.Printable(group.Name)
	if group.ID == "" {
		record.GroupID = cloud.Printable(progress.GroupID)
	}
	record.From, record.FromAvailabilityZone = site(group, progress.From)
	record.To, record.ToAvailabilityZone = site(group, to)
	record.ActiveSite, record.ActiveAvailabilityZone = site(group, group.PriorityStation)
	record.Status, record.JobID = text(string(group.Status)), text(progress.JobID)

	times := progress.Times
	record.ServersStopRequestedAt, record.RequestedAt = timestamp(times.ServersStopRequested), timestamp(times.Requested)
	record.JobFinishedAt, record.VerifiedAt = timestamp(times.JobFinished), timestamp(times.Verified)
	record.ServersActiveAt = timestamp(times.ServersActive)
	record.DurationSeconds, record.DowntimeSeconds = seconds(times.Duration()), seconds(times.Downtime())
	return record
}

// Line is the record as one printable line: [RecordPrefix], and an object of JSON.
func (r Record) Line() string {
	encoded, _ := json.Marshal(r) // Texts and numbers can't fail.
	return RecordPrefix + string(encoded)
}

// text is what the cloud, or nobody, says: it is escaped before it becomes JSON, so that the line stays one of JSON
// when it is made printable.
func text(value string) *string {
	if value == "" {
		return nil
	}
	value = cloud.Printable(value)
	return &value
}

func site(group sdrs.Group, station sdrs.Station) (name, zone *string) {
	if station == "" {
		return nil, nil
	}
	return text(string(station)), text(group.AvailabilityZone(station))
}

func timestamp(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return text(t.UTC().Format(time.RFC3339))
}

func seconds(d time.Duration, known bool) *int64 {
	if !known {
		return nil
	}
	whole := int64(d.Round(time.Second).Seconds())
	return &whole
}
