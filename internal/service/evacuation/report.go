package evacuation

import (
	"fmt"
	"strings"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/evacuation"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/report"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// reported is what the report is about: the groups that are to move, and what opening says besides.
func (a *evacuate) reported(
	config model,
	request evacuation.Request,
	selection evacuation.Selection,
	began time.Time,
) (report.About, []report.Subject) {
	about := report.About{
		Action: "sdrs_evacuate_availability_zone",
		Title:  fmt.Sprintf("%s out of %s", operations(request.Planned), request.Zone),
		DryRun: request.DryRun, Starts: request.Policy.Start, Now: a.services.Workflow.Waiter().Clock.Now,
		Notes: remarks(request, selection), Began: began,
	}
	if objective, unset := config.Objective.ValueGoDuration(); !unset.HasError() {
		about.Objective = &objective
	}
	var subjects []report.Subject
	for n, wave := range selection.Waves {
		for _, member := range wave {
			subjects = append(subjects, report.Subject{Group: member.Group, Operation: member.Operation, Wave: n + 1})
		}
	}
	return about, subjects
}

// watcher has the report hear how the groups get on.
type watcher struct{ *report.File }

// Begun implements [evacuation.Watcher].
func (w watcher) Begun(groupID string) { w.Begin(groupID) }

// Ended implements [evacuation.Watcher].
func (w watcher) Ended(o evacuation.Outcome) {
	end := report.End{
		Record: o.Record(), Times: o.Times(), GoesOn: o.Verdict == evacuation.ResultInFlight,
	}
	if o.Err != nil {
		problem := tfkit.OperationFailed(o.Err, tfkit.Invoking)
		end.Summary, end.Detail = problem.Summary(), problem.Detail()
	}
	w.End(o.Group.ID, end)
}

// late names the groups that came later than the objective; empty where none did. Those that failed have errors.
func late(outcomes []evacuation.Outcome, about report.About) string {
	if about.Objective == nil || about.DryRun {
		return ""
	}
	limit := about.Began.Add(*about.Objective)
	var names []string
	for _, o := range outcomes {
		if times := o.Result.Times; times.Verified.After(limit) || times.ServersActive.After(limit) {
			names = append(names, o.Group.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("the recovery time objective of %s was missed by %s: %s",
		*about.Objective, failover.Counted(len(names), "group"), strings.Join(names, ", "))
}
