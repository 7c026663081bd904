package groupfailover

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// unfinishedSwitch is a switch that an apply sent and did not see through. It is kept beside the state, so that the
// next apply can finish what remains (the servers to start) and record the whole of it. Without sites it is one that
// was not sent, and that servers were stopped for.
type unfinishedSwitch struct {
	From  sdrs.Station   `json:"from,omitempty"`
	To    sdrs.Station   `json:"to,omitempty"`
	JobID string         `json:"job_id,omitempty"`
	Times failover.Times `json:"times"`
	// Stopped are the ids of the servers that were asked to stop for one that was not sent.
	Stopped []string `json:"stopped,omitempty"`
}

// unfinishedKey is where the switch is kept in the resource's private state.
const unfinishedKey = "unfinished_switch"

type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

type privateState interface {
	privateReader
	privateWriter
}

// remember keeps the switch that ended with err, if the cloud accepted it, or was asked to stop servers for it, and
// forgets one that failed: what is kept is what the next apply finds done or in flight. An apply that asked for nothing
// leaves what an earlier one kept.
func remember(ctx context.Context, private privateState, err error) diag.Diagnostics {
	progress := tfkit.Reached(err)
	unsent := progress.Sent == failover.NotSent
	if unsent && progress.Times.ServersStopRequested.IsZero() {
		return nil
	}
	if !unsent && (progress.Sent != failover.Accepted || progress.Group.Status.Phase() == sdrs.Failed) {
		return forget(ctx, private)
	}
	earlier, diags := recall(ctx, private)
	kept := unfinishedSwitch{Times: earlier.sinceFirstStop(progress.Times)}
	if unsent {
		kept.Stopped = earlier.Stopped
		for _, server := range slices.Concat(progress.Stopped, progress.Requested) {
			kept.Stopped = append(kept.Stopped, server.ID)
		}
	} else {
		kept.From, kept.To, kept.JobID = progress.Station.Other(), progress.Station, progress.JobID
	}
	encoded, err := json.Marshal(kept)
	if err != nil {
		return append(diags, warnNotRecorded(err))
	}
	return append(diags, private.SetKey(ctx, unfinishedKey, encoded)...)
}

// sinceFirstStop returns the times of a switch for which an earlier apply may have stopped the servers: where there
// were none left to stop, theirs is the first stop.
func (u unfinishedSwitch) sinceFirstStop(times failover.Times) failover.Times {
	if u.To == "" && times.ServersStopRequested.IsZero() {
		times.ServersStopRequested = u.Times.ServersStopRequested
	}
	return times
}

// recall returns the switch that was kept; its stations are empty where there is none.
func recall(ctx context.Context, private privateReader) (unfinishedSwitch, diag.Diagnostics) {
	var kept unfinishedSwitch
	encoded, diags := private.GetKey(ctx, unfinishedKey)
	if len(encoded) > 0 {
		if err := json.Unmarshal(encoded, &kept); err != nil {
			diags.Append(warnNotRecorded(err))
		}
	}
	return kept, diags
}

// warnNotRecorded warns that what is kept of a switch is lost.
func warnNotRecorded(err error) diag.Diagnostic {
	return switchNotRecorded.New(fmt.Sprintf("What is kept of an unfinished switch can't be written or read: %s. "+
		"The switch itself goes on. Plan again, and apply; last_failover may lack it.", err))
}

// outlived forgets a switch whose group rests at the other site: whatever brings it to that one later is another
// switch.
func outlived(ctx context.Context, reader privateReader, writer privateWriter, group sdrs.Group) diag.Diagnostics {
	kept, diags := recall(ctx, reader)
	if kept.To != "" && group.Status == sdrs.StatusProtected && group.PriorityStation != kept.To {
		diags.Append(forget(ctx, writer)...)
	}
	return diags
}

// forget ends the keeping.
func forget(ctx context.Context, private privateWriter) diag.Diagnostics {
	return private.SetKey(ctx, unfinishedKey, []byte("null"))
}

// completed is the result of a switch that this apply found done or in flight, as that of the whole switch. Where its
// job is not known, has failed, or can't be read, it may have been another one that brought the group here, and the
// result stays as it is: last_failover is evidence.
func (r *groupFailover) completed(ctx context.Context, kept unfinishedSwitch, result failover.Result) failover.Result {
	if kept.JobID == "" {
		return result
	}
	job, err := r.Services.SDRS.Job(ctx, result.Group.ID, kept.JobID)
	if err != nil || job.Status != cloud.JobSuccess {
		return result
	}
	times := kept.Times
	times.Resumed = true
	times.Verified, times.ServersActive = result.Times.Verified, result.Times.ServersActive
	// The cloud's clock and this machine's may be minutes apart: of the job's times only how long it took counts.
	if began, ended := job.Begin.Time, job.End.Time; !began.IsZero() && !ended.Before(began) {
		times.JobFinished = times.Requested.Add(ended.Sub(began))
		if times.JobFinished.After(times.Verified) { // The job's times are whole seconds.
			times.JobFinished = times.Verified
		}
	}
	result.From, result.JobID, result.Times = kept.From, kept.JobID, times
	return result
}
