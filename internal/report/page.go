package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/evacuation"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
)

//go:embed page.html.tmpl
var pageText string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"clock": clock, "stamp": stamp, "day": func(t time.Time) string { return t.UTC().Format(time.DateOnly) },
	"words":  func(name string) string { return strings.ReplaceAll(name, "_", " ") },
	"length": func(seconds int64) string { return words(time.Duration(seconds) * time.Second) },
}).Parse(pageText))

const (
	// most is how many marks the axis of time has at most.
	most = 9
	// farthest is how many times as long as the action the axis may be to show the objective.
	farthest = 3
	// whole is the length of the axis in the units of the page.
	whole = 1000
	// narrowest is the least width of a phase that took any time, or failed.
	narrowest = 2
)

// chart is the report as the page shows it.
type chart struct {
	Report
	Marks []mark
	// Limit is where on the axis the objective is; nil: it is not on it.
	Limit *float64
	Rows  []row
	// Objective and Took are durations as words; empty where there is none.
	Objective, Took string
	// Waves is set where groups have waves, Checked where they have checks.
	Waves, Checked bool
	Legend         []string
}

type mark struct {
	// X is in the units of the page, At in percent.
	X, At float64
	Text  string
}

type row struct {
	Group
	Bars []bar
	// Times are those of the record, as times of day.
	Stop, Request, Verified, Active string
}

type bar struct {
	X, Width, Y, Height float64
	Class, Text         string
}

// Missed reports whether the group missed the objective.
func (r row) Missed() bool { return r.ObjectiveMissed != nil && *r.ObjectiveMissed }

// Class says how the page shows the verdict.
func (c Check) Class() string {
	switch failover.Verdict(c.Verdict) {
	case failover.Fail:
		return "bad"
	case failover.Pass:
		return "good"
	case failover.Warn, failover.Unknown:
	}
	return "open"
}

// page writes the report as a page of HTML that needs nothing else.
func page(w io.Writer, report Report) error {
	span := report.WrittenAt.Sub(report.StartedAt)
	if report.EndedAt != nil {
		span = report.EndedAt.Sub(report.StartedAt)
	}
	took := words(span)
	span = max(span, time.Second)
	c := chart{
		Report: report, Legend: []string{PhaseWait, PhaseStop, PhaseSwitch, PhaseVerify, PhaseStart},
		Took: took,
	}
	if report.RecoveryTimeObjectiveSeconds != nil {
		c.Objective = words(time.Duration(*report.RecoveryTimeObjectiveSeconds) * time.Second)
	}
	limit := time.Duration(-1)
	if at := report.RecoveryTimeObjectiveAt; at != nil {
		if limit = at.Sub(report.StartedAt); limit <= farthest*span {
			span = max(span, limit+span/50)
		} else {
			limit = -1
		}
	}
	place := func(since time.Duration) float64 {
		return math.Round(100*whole*float64(since)/float64(span)) / 100
	}
	if limit >= 0 {
		at := place(limit)
		c.Limit = &at
	}
	for since, step := time.Duration(0), stepFor(span); since <= span; since += step {
		c.Marks = append(c.Marks, mark{X: place(since), At: place(since) * 100 / whole, Text: words(since)})
	}
	for _, group := range report.Groups {
		c.Waves, c.Checked = c.Waves || group.Wave != nil, c.Checked || len(group.Checks) > 0
		r := row{
			Group: group, Stop: timeOfDay(group.ServersStopRequestedAt), Request: timeOfDay(group.RequestedAt),
			Verified: timeOfDay(group.VerifiedAt), Active: timeOfDay(group.ServersActiveAt),
		}
		for _, phase := range group.Phases {
			end, class := report.WrittenAt, phase.Phase+" open"
			if phase.EndedAt != nil {
				end, class = *phase.EndedAt, phase.Phase
			}
			text := fmt.Sprintf("%s: %s to %s, %s", phase.Phase, clock(phase.StartedAt), clock(end), words(end.Sub(phase.StartedAt)))
			switch {
			case phase.Failed:
				class, text = "failed", text+", failed"
			case phase.EndedAt == nil:
				text += ", and goes on"
			}
			x := min(place(phase.StartedAt.Sub(report.StartedAt)), whole-narrowest)
			b := bar{X: x, Width: max(place(end.Sub(phase.StartedAt)), narrowest), Y: 4, Height: 16, Class: class, Text: text}
			if phase.Phase == PhaseWait && !phase.Failed {
				b.Y, b.Height = 10, 4
			}
			r.Bars = append(r.Bars, b)
		}
		c.Rows = append(c.Rows, r)
	}
	return pageTemplate.Execute(w, c)
}

// Class says how the page shows the group's result.
func (g Group) Class() string {
	switch g.Result {
	case failover.ResultError:
		return "bad"
	case evacuation.ResultInFlight, evacuation.ResultNotBegun, evacuation.ResultWaits, ResultRunning:
		return "open"
	}
	return "good"
}

// Failed are the groups with an error.
func (c chart) Failed() []row {
	return slices.DeleteFunc(slices.Clone(c.Rows), func(r row) bool { return r.ErrorSummary == nil })
}

// stepFor is how far the marks of an axis are apart.
func stepFor(span time.Duration) time.Duration {
	for _, step := range []time.Duration{
		time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute,
		2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour,
		6 * time.Hour, 12 * time.Hour,
	} {
		if span/step < most {
			return step
		}
	}
	return max(span/most, time.Second).Round(time.Hour)
}

// words is a duration without the parts that are zero: 1m30s, 2h.
func words(d time.Duration) string {
	text := d.Round(time.Second).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

func clock(t time.Time) string { return t.UTC().Format(time.TimeOnly) }

func stamp(t time.Time) string { return t.UTC().Format(time.DateTime) + " UTC" }

// timeOfDay is the time of day of one of a record.
func timeOfDay(text *string) string {
	if text == nil {
		return "–"
	}
	t, err := time.Parse(time.RFC3339, *text)
	if err != nil {
		return *text
	}
	return clock(t)
}
