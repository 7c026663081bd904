package evacuation

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// The results of a group, beside those of a [failover.Record].
const (
	// ResultInFlight: the wait ended, and what was asked for may go on in the cloud.
	ResultInFlight = "in_flight"
	// ResultNotBegun: the group was not asked to move. Its servers may have been stopped.
	ResultNotBegun = "not_begun"
	// ResultReady and ResultWaits are those of a dry run: the group would be moved, at once or after what moves it now.
	ResultReady = "ready"
	ResultWaits = "would_wait"
)

// Outcome is what became of a group.
type Outcome struct {
	Member
	// Result and Err are those of the workflow; both are empty for a group that was not begun.
	Result failover.Result
	Err    error
	// Verdict is the result as a word, that of the record.
	Verdict string
	// Stop is how far the stop of its servers got that came before all moves.
	Stop failover.Progress
}

// beginWithStop has the move of a group begin with the stop of its servers that came before: the workflow found them
// stopped, by whomever.
func (o *Outcome) beginWithStop() {
	began := o.Stop.Times.ServersStopRequested
	if began.IsZero() {
		return
	}
	if failure, failed := errors.AsType[*failover.Error](o.Err); failed {
		failure.Times.ServersStopRequested = began
		before := func(server ecs.Server) bool {
			return slices.ContainsFunc(o.Stop.Stopped, func(stopped ecs.Server) bool { return stopped.ID == server.ID })
		}
		failure.Stopped = slices.Concat(o.Stop.Stopped, slices.DeleteFunc(failure.Stopped, before))
		failure.Down = slices.DeleteFunc(failure.Down, before)
	} else if o.Result.Acted() {
		o.Result.Times.ServersStopRequested = began
	}
}

// verdict is what a run of the workflow comes to.
func verdict(o Outcome) string {
	failure, failed := errors.AsType[*failover.Error](o.Err)
	switch {
	case InFlight(o.Err):
		return ResultInFlight
	case failed && failure.Kind == failover.Interrupted && len(o.Stopped()) == 0 && !failure.Verified:
		return ResultNotBegun
	case o.Err != nil:
		return failover.ResultError
	case o.Result.Acted():
		return failover.ResultDone
	}
	return failover.ResultNothingToDo
}

// InFlight reports whether an operation that ended with err goes on, as far as is known, be it by an earlier run, or by
// somebody else.
func InFlight(err error) bool {
	failure, failed := errors.AsType[*failover.Error](err)
	return failed && endsWait(failure.Kind) && !failure.Verified &&
		(failure.Sent != failover.NotSent || failure.Group.Status.Phase() == sdrs.Moving)
}

// endsWait reports whether an error of a kind is the end of a wait, and not of what is waited for.
func endsWait(kind failover.Kind) bool {
	return kind == failover.TimedOut || kind == failover.Interrupted || kind == failover.LostContact
}

// Failed reports whether the group did not leave, as far as is known, or would not, or its servers were not seen in
// service.
func (o Outcome) Failed() bool { return o.Err != nil || o.Verdict == ResultNotBegun }

// Moved reports whether the group has left, or would, be it that its servers are not in service.
func (o Outcome) Moved() bool { return !o.Failed() || o.Reached().Verified }

// Reached is how far the group got that failed.
func (o Outcome) Reached() failover.Progress {
	failure, ok := errors.AsType[*failover.Error](o.Err)
	if !ok {
		return o.Stop
	}
	return failure.Progress
}

// Latest is the last observation of the group.
func (o Outcome) Latest() sdrs.Group {
	for _, group := range []sdrs.Group{o.Result.Group, o.Reached().Group, o.Stop.Group} {
		if group.ID != "" {
			return group
		}
	}
	return o.Group
}

// Stopped are the servers that the evacuation stopped, or asked to stop, of a group that has not left.
func (o Outcome) Stopped() []ecs.Server {
	var servers []ecs.Server
	seen := map[string]bool{}
	for _, progress := range []failover.Progress{o.Stop, o.Reached()} {
		for _, list := range [][]ecs.Server{progress.Stopped, progress.Requested} {
			for _, server := range list {
				if !seen[server.ID] {
					seen[server.ID] = true
					servers = append(servers, server)
				}
			}
		}
	}
	return servers
}

// Times are those of the group's operation; of a group that was not begun, those of the stop of its servers.
func (o Outcome) Times() failover.Times {
	if o.Err != nil || o.Result.Group.ID == "" {
		return o.Reached().Times
	}
	return o.Result.Times
}

// Record is the evidence of what was done about the group.
func (o Outcome) Record() failover.Record {
	result := o.Result
	result.Times = o.Times()
	if result.Group.ID == "" {
		result.Group = o.Latest()
	}
	record := failover.NewRecord(o.Operation, result, o.Err)
	record.Result = o.Verdict
	return record
}

// Table has a line for the heads, and one for each group.
func Table(outcomes []Outcome) []string {
	var text bytes.Buffer
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "GROUP\tFROM\tTO\tRESULT\tSECONDS\tDOWNTIME\t") // A buffer takes all.
	for _, o := range outcomes {
		record := o.Record()
		_, _ = fmt.Fprintf(
			w,
			"%s\t%s\t%s\t%s\t%s\t%s\t\n",
			cell(cmp.Or(o.Latest().Name, o.Group.ID)),
			cell(o.From()),
			cell(o.To()),
			o.Verdict,
			number(record.DurationSeconds),
			number(record.DowntimeSeconds),
		)
	}
	_ = w.Flush()
	lines := strings.Split(strings.TrimRight(text.String(), "\n"), "\n")
	for n := range lines {
		lines[n] = strings.TrimRight(lines[n], " ")
	}
	return lines
}

// cell is what the cloud says, on one line of a table.
func cell(text string) string { return cloud.Printable(text) }

// number is a number of seconds that may not be known.
func number(seconds *int64) string {
	if seconds == nil {
		return "-"
	}
	return fmt.Sprint(*seconds)
}

// Summary counts the results, in words.
func Summary(outcomes []Outcome, took time.Duration) string {
	counts := map[string]int{}
	for _, o := range outcomes {
		counts[o.Verdict]++
	}
	var parts []string
	for _, verdict := range []string{
		failover.ResultDone, failover.ResultNothingToDo, ResultReady, ResultWaits, failover.ResultError, ResultInFlight,
		ResultNotBegun,
	} {
		if counts[verdict] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[verdict], verdict))
		}
	}
	if len(parts) == 0 {
		return "no groups"
	}
	groups := failover.Counted(len(outcomes), "group")
	return fmt.Sprintf("%s in %s: %s", groups, took.Round(time.Second), strings.Join(parts, ", "))
}
