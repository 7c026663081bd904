package report

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/evacuation"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

var start = time.Date(2026, 11, 28, 3, 0, 0, 0, time.UTC)

// at is so many seconds after the start.
func at(seconds float64) time.Time { return start.Add(time.Duration(seconds * float64(time.Second))) }

// story is a report on three groups with a name that is an attack: one is done, one failed, one is in flight.
func story(name string) *records {
	now := start
	objective := 90 * time.Second
	var subjects []Subject
	operation := failover.UnplannedFailover(sdrs.Target)
	for _, id := range []string{"a", "b", "c"} {
		subjects = append(subjects, Subject{
			Group: sdrs.Group{ID: id, Name: name + id, PriorityStation: sdrs.Source}, Operation: operation, Wave: 1,
		})
	}
	r := newRecords(About{
		Action: "sdrs_evacuate_availability_zone", Title: "Unplanned failovers out of " + name, Starts: true,
		Origin:    Origin{ProviderVersion: "1.2.3", Region: name, ProjectID: "p-1"},
		Objective: &objective, Notes: []string{name}, Began: start, Now: func() time.Time { return now },
	}, subjects)
	for _, subject := range subjects {
		r.begin(subject.Group.ID)
	}
	now = at(50)
	r.progress(failover.Progress{
		GroupID: "c", Group: subjects[2].Group, Operation: operation, Times: failover.Times{Requested: at(10)},
	})
	end := func(n int, result string, times failover.Times, failure string) {
		record := failover.NewRecord(operation, failover.Result{Group: subjects[n].Group, Times: times}, nil)
		record.Result = result
		r.end(record.GroupID, End{
			Record: record, Times: times, GoesOn: result == evacuation.ResultInFlight, Summary: failure, Detail: failure,
		})
	}
	end(0, failover.ResultDone, failover.Times{
		Requested: at(10), JobFinished: at(30), Verified: at(31), ServersActive: at(50),
	}, "")
	end(1, failover.ResultError, failover.Times{Requested: at(10)}, name)
	now = at(100)
	end(2, evacuation.ResultInFlight, failover.Times{}, name)
	r.begin("a") // It has ended.
	r.close(StateInterrupted, []string{"more"})
	return r
}

// The page needs nothing from outside and runs nothing, whatever groups are called; it has a bar for each phase.
func TestPage(t *testing.T) {
	t.Parallel()
	const name = `<script src="//evil">'&</title></style><img onerror=x>` + "\n"
	var written bytes.Buffer
	if err := page(&written, story(name).snapshot()); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`terraform-provider-sdrs 1\.2\.3 at .*, about the project p-1 in &lt;script`).Match(written.Bytes()) {
		t.Errorf("the page does not say what wrote it, and about what:\n%s", &written)
	}
	root, err := html.Parse(&written)
	if err != nil {
		t.Fatal(err)
	}
	bars, names := map[string]int{}, 0
	elements := strings.Fields("html head meta title style body header h1 h2 span p ul li b svg rect line div br footer " +
		"table thead tbody tr th td strong pre")
	attributes := regexp.MustCompile(`^(lang|charset|http-equiv|content|name|class|style|viewbox|preserveaspectratio|` +
		`aria-\w+|role|[xy][12]?|width|height)$`)
	for node := range root.Descendants() {
		if node.Type == html.ElementNode {
			if !slices.Contains(elements, node.Data) {
				t.Errorf("there is a <%s>", node.Data)
			}
			for _, attribute := range node.Attr {
				if !attributes.MatchString(strings.ToLower(attribute.Key)) {
					t.Errorf("<%s> has %s", node.Data, attribute.Key)
				}
				if attribute.Key == "class" && node.Data == "rect" && node.FirstChild != nil { // Those of the legend say nothing.
					bars[attribute.Val]++
				}
			}
		}
		if node.Type == html.TextNode {
			if style := node.Data; node.Parent.Data == "style" && (regexp.MustCompile(`url\(|@import`).MatchString(style) ||
				!strings.Contains(style, "prefers-color-scheme: dark") || !strings.Contains(style, "@media print")) {
				t.Error("the style is not all of it")
			}
			if strings.Contains(node.Data, `<script src="//evil">'&</title></style><img onerror=x>\n`) {
				names++
			}
		}
	}
	for class, want := range map[string]int{
		"wait": 3, "switch": 1, "verify": 1, "start": 1, "failed": 1, "switch open": 1,
	} {
		if bars[class] != want {
			t.Errorf("%d bars of %q, want %d", bars[class], class, want)
		}
	}
	if names < 9 {
		t.Errorf("the name is there %d times", names)
	}
	// An objective that is far off would leave no room for what happened.
	far, hour := story("x"), time.Hour
	far.Objective = &hour
	if err := page(&written, far.snapshot()); err != nil || !strings.Contains(written.String(), "objective, 1h, far to the right") {
		t.Errorf("%v: the objective is not far to the right", err)
	}
}

// The objective counts from the beginning: who was there in time has not missed it, and who is not there yet has.
func TestObjective(t *testing.T) {
	t.Parallel()
	report := story("x").snapshot()
	var missed []any
	for _, group := range report.Groups {
		missed = append(missed, *group.ObjectiveMissed)
	}
	if !slices.Equal(missed, []any{false, true, true}) || !report.RecoveryTimeObjectiveAt.Equal(at(90)) ||
		report.Sums.ObjectiveMissed != 2 || *report.Sums.LongestDowntimeSeconds != 40 || *report.DurationSeconds != 100 ||
		!slices.Equal(report.Notes, []string{"x", "more"}) {
		t.Errorf("missed %v: %+v", missed, report.Sums)
	}
}
