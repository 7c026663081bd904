package groupfailover

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// unfinishedSwitch is a switch that an apply sent and did not see through. It is kept beside the state, so that the next
// apply can finish what remains (the servers to start) and record the whole of it.
type unfinishedSwitch struct {
	From      sdrs.Station `json:"from"`
	To        sdrs.Station `json:"to"`
	JobID     string       `json:"job_id"`
	StartedAt time.Time    `json:"started_at"`
}

// unfinishedKey is where the switch is kept in the resource's private state.
const unfinishedKey = "unfinished_switch"

type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// remember keeps the switch that ended with err, if the cloud accepted it, and forgets one that failed: what is kept is what
// the next apply finds done or in flight. An apply that sent none leaves what an earlier one kept.
func remember(ctx context.Context, private privateWriter, err error) diag.Diagnostics {
	progress := tfkit.Reached(err)
	if progress.Sent == failover.NotSent {
		return nil
	}
	if progress.Sent != failover.Accepted || progress.Group.Status.Phase() == sdrs.Failed {
		return forget(ctx, private)
	}
	encoded, err := json.Marshal(unfinishedSwitch{
		From: progress.Station.Other(), To: progress.Station, JobID: progress.JobID, StartedAt: progress.StartedAt,
	})
	if err != nil {
		return diag.Diagnostics{notRecorded(err)}
	}
	return private.SetKey(ctx, unfinishedKey, encoded)
}

// recall returns the switch that was kept; its stations are empty where there is none.
func recall(ctx context.Context, private privateReader) (unfinishedSwitch, diag.Diagnostics) {
	var kept unfinishedSwitch
	encoded, diags := private.GetKey(ctx, unfinishedKey)
	if len(encoded) > 0 {
		if err := json.Unmarshal(encoded, &kept); err != nil {
			diags.Append(notRecorded(err))
		}
	}
	return kept, diags
}

// notRecorded warns that what is kept of a switch is lost.
func notRecorded(err error) diag.Diagnostic {
	return diagnostic.SwitchNotRecorded.New(fmt.Sprintf("What is kept of an unfinished switch can't be written or read: %s. "+
		"The switch itself goes on. Apply again; last_failover may lack it.", err))
}

// outlived forgets a switch whose group rests at the other site: whatever brings it to that one later is another switch.
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

// completed is the result of a switch that this apply found done or in flight, as that of the whole switch. It ended
// when its job did, or now, if there were servers to start. Where the job is not known, has failed, or can't be read, it may
// have been another one that brought the group here, and the result stays as it is: last_failover is evidence.
func (r *groupFailover) completed(ctx context.Context, kept unfinishedSwitch, result failover.Result) failover.Result {
	if kept.JobID == "" {
		return result
	}
	job, err := r.Services.SDRS.Job(ctx, result.Group.ID, kept.JobID)
	if err != nil || job.Status != cloud.JobSuccess {
		return result
	}
	// Both times are of one clock, the cloud's or this machine's: they may be minutes apart.
	began, ended := job.Begin.Time, job.End.Time
	now := time.Now()
	if began.IsZero() || ended.IsZero() || len(result.Started) > 0 && now.After(kept.StartedAt) {
		began, ended = kept.StartedAt, now
	}
	if ended.Before(began) {
		return result
	}
	result.From, result.JobID, result.StartedAt, result.FinishedAt = kept.From, kept.JobID, began, ended
	return result
}
