package report

import (
	"sync"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/evacuation"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// About says what an action is about that is to be reported.
type About struct {
	// Action is its name, Title what it does in a line.
	Action, Title string
	DryRun        bool
	Origin
	// Starts is set where servers are started.
	Starts bool
	// Objective is the recovery time objective; nil: there is none. It counts from the beginning of the action, or, with
	// ObjectivePerGroup, from when the one group of the action is asked to move, or its servers to stop.
	Objective         *time.Duration
	ObjectivePerGroup bool
	Notes             []string
	// Now is the clock, and Began when the action began.
	Now   func() time.Time
	Began time.Time
}

// Subject is a group that an action is about, before anything happens to it.
type Subject struct {
	Group     sdrs.Group
	Operation failover.Operation
	// Wave counts from 1; 0: there are no waves.
	Wave int
}

// End is how a group ended.
type End struct {
	Record failover.Record
	Times  failover.Times
	// GoesOn is set where the wait ended, and not what is waited for.
	GoesOn bool
	// Summary and Detail are those of the error; empty where there is none.
	Summary, Detail string
	Checks          []Check
}

// records collects how the groups of an action get on. It is safe for concurrent use.
type records struct {
	About

	mu     sync.Mutex
	groups []*record
	state  string
	notes  []string
	ended  time.Time
	// changed is set where something happened since the last snapshot.
	changed bool
}

// record is how a group gets on.
type record struct {
	Group
	id    string
	begun time.Time
	times failover.Times
	// ended is zero until the group has ended.
	ended  time.Time
	goesOn bool
}

func newRecords(about About, subjects []Subject) *records {
	r := &records{About: about, state: StateRunning, notes: about.Notes}
	for _, subject := range subjects {
		group := &record{id: cloud.CanonicalID(subject.Group.ID)}
		group.Record = failover.NewRecord(subject.Operation, failover.Result{
			Group: subject.Group, From: subject.Group.PriorityStation,
		}, nil)
		group.Result = evacuation.ResultNotBegun
		if subject.Wave > 0 {
			group.Wave = &subject.Wave
		}
		r.groups = append(r.groups, group)
	}
	return r
}

// change changes what is known of a group that has not ended.
func (r *records) change(groupID string, change func(*record)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	id := cloud.CanonicalID(groupID)
	for _, group := range r.groups {
		if group.id == id && group.ended.IsZero() {
			change(group)
			r.changed = true
		}
	}
}

// begin notes that it is a group's turn.
func (r *records) begin(groupID string) {
	r.change(groupID, func(group *record) {
		if group.begun.IsZero() {
			group.begun = r.Now()
		}
		group.Result = ResultRunning
	})
}

// progress notes how far a group got.
func (r *records) progress(progress failover.Progress) {
	r.change(progress.GroupID, func(group *record) {
		group.learn(progress.Times)
		if progress.Group.ID != "" {
			group.Record = failover.NewRecord(progress.Operation, failover.Result{
				Group: progress.Group, From: progress.From, JobID: progress.JobID, Times: group.times,
			}, nil)
		}
		group.Result = ResultRunning
	})
}

// end notes how a group ended.
func (r *records) end(groupID string, end End) {
	r.change(groupID, func(group *record) {
		group.learn(end.Times)
		group.Record, group.ended, group.goesOn, group.Checks = end.Record, r.Now(), end.GoesOn, end.Checks
		group.ErrorSummary, group.ErrorDetail = known(end.Summary), known(end.Detail)
	})
}

// close notes how the action ended.
func (r *records) close(state string, notes []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.state, r.ended, r.changed = state, r.Now(), true
	r.notes = append(r.notes, notes...)
}

func known(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// learn takes the times that are set. Where the servers of all groups are stopped first, those of the two runs of a
// group come one after the other.
func (g *record) learn(times failover.Times) {
	for _, time := range []struct{ known, new *time.Time }{
		{&g.times.ServersStopRequested, &times.ServersStopRequested},
		{&g.times.ServersStopped, &times.ServersStopped},
		{&g.times.Requested, &times.Requested},
		{&g.times.JobFinished, &times.JobFinished},
		{&g.times.Verified, &times.Verified},
		{&g.times.ServersActive, &times.ServersActive},
	} {
		if !time.new.IsZero() {
			*time.known = *time.new
		}
	}
}

// failed reports whether the group has ended with an error, and nothing of it goes on.
func (g *record) failed() bool { return g.Result == failover.ResultError && !g.goesOn }

// moment is a time as reports have it.
func moment(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// phases are those of a group so far.
func (g *record) phases(starts bool) []Phase {
	var phases []Phase
	open := false
	// add adds a phase that began, until the first of the times that is known; failing that it is the last one.
	add := func(name string, from time.Time, to ...time.Time) {
		if from.IsZero() || open {
			return
		}
		phase := Phase{Phase: name, StartedAt: moment(from)}
		open = true
		for _, t := range to {
			if !t.IsZero() {
				end := moment(t)
				phase.EndedAt, open = &end, false
				break
			}
		}
		phases = append(phases, phase)
	}
	t := g.times
	add(PhaseWait, g.begun, t.ServersStopRequested, t.Requested, t.Verified)
	add(PhaseStop, t.ServersStopRequested, t.ServersStopped, t.Requested)
	add(PhaseWait, t.ServersStopped, t.Requested, t.Verified)
	add(PhaseSwitch, t.Requested, t.JobFinished, t.Verified)
	add(PhaseVerify, t.JobFinished, t.Verified)
	if starts {
		add(PhaseStart, t.Verified, t.ServersActive)
	}
	last := len(phases) - 1
	if g.ended.IsZero() || g.goesOn || last < 0 {
		return phases
	}
	switch {
	case !g.failed() && open && phases[last].Phase == PhaseStart:
		return phases[:last] // There are no servers.
	case g.Error != nil && *g.Error == failover.JobFailed.String() && open && phases[last].Phase == PhaseVerify:
		phases, last = phases[:last], last-1 // The job has ended, and there is nothing to verify.
	case open:
		end := moment(g.ended)
		phases[last].EndedAt = &end
	}
	phases[last].Failed = g.failed()
	return phases
}

// arrival is when the group was as wanted, or when that is not yet so, now. It reports whether it was.
func (g *record) arrival(now time.Time) (at time.Time, arrived bool) {
	if g.Result != failover.ResultDone && g.Result != failover.ResultNothingToDo {
		return now, false
	}
	for _, t := range []time.Time{g.times.ServersActive, g.times.Verified, g.ended} {
		if !t.IsZero() {
			return t, true
		}
	}
	return now, false
}

// limit is when the time of the objective is over; zero where there is none, or where it has not begun.
func (r *records) limit() time.Time {
	switch {
	case r.Objective == nil || r.DryRun:
		return time.Time{}
	case !r.ObjectivePerGroup:
		return r.Began.Add(*r.Objective)
	case len(r.groups) == 0 || !r.groups[0].times.Acted():
		return time.Time{}
	}
	times := r.groups[0].times
	if r.Starts && !times.ServersStopRequested.IsZero() {
		return times.ServersStopRequested.Add(*r.Objective)
	}
	return times.Requested.Add(*r.Objective)
}

// snapshot is the report by now.
func (r *records) snapshot() Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changed = false
	now := r.Now()
	report := Report{
		Action: r.Action, Title: cloud.Printable(r.Title), State: r.state, DryRun: r.DryRun, Origin: r.Origin,
		StartedAt: moment(r.Began), WrittenAt: moment(now), Notes: []string{}, Groups: []Group{},
	}
	if !r.ended.IsZero() {
		ended, took := moment(r.ended), seconds(r.ended.Sub(r.Began))
		report.EndedAt, report.DurationSeconds = &ended, &took
	}
	if r.Objective != nil {
		objective := seconds(*r.Objective)
		report.RecoveryTimeObjectiveSeconds = &objective
	}
	limit := r.limit()
	if !limit.IsZero() {
		at := moment(limit)
		report.RecoveryTimeObjectiveAt = &at
	}
	for _, note := range r.notes {
		report.Notes = append(report.Notes, cloud.Printable(note))
	}
	for _, g := range r.groups {
		group := g.Group
		group.Phases, group.Checks = append([]Phase{}, g.phases(r.Starts)...), append([]Check{}, g.Checks...)
		if at, arrived := g.arrival(now); !limit.IsZero() && (arrived || at.After(limit)) {
			missed := at.After(limit)
			group.ObjectiveMissed = &missed
		}
		report.Groups = append(report.Groups, group)
	}
	report.Sums = sumsOf(report.Groups)
	return report
}

func seconds(d time.Duration) int64 { return int64(d.Round(time.Second).Seconds()) }

// sumsOf counts the results.
func sumsOf(groups []Group) Sums {
	sums := Sums{Groups: len(groups)}
	counts := map[string]*int{
		failover.ResultDone: &sums.Done, failover.ResultNothingToDo: &sums.NothingToDo,
		failover.ResultError: &sums.Error, evacuation.ResultReady: &sums.Ready, evacuation.ResultWaits: &sums.WouldWait,
		evacuation.ResultInFlight: &sums.InFlight, evacuation.ResultNotBegun: &sums.NotBegun,
		ResultRunning: &sums.Running,
	}
	for _, group := range groups {
		if count := counts[group.Result]; count != nil {
			*count++
		}
		if group.ObjectiveMissed != nil && *group.ObjectiveMissed {
			sums.ObjectiveMissed++
		}
		if took := group.DowntimeSeconds; took != nil &&
			(sums.LongestDowntimeSeconds == nil || *took > *sums.LongestDowntimeSeconds) {
			sums.LongestDowntimeSeconds = took
		}
	}
	return sums
}
