package evacuation_test

import (
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// written is a report of JSON.
type written struct {
	State  string
	Region string
	Of     string `json:"project_id"`
	By     string `json:"provider_version"`
	Sums   map[string]any
	Notes  []string
	Groups []struct {
		Name     string `json:"group_name"`
		Result   string
		JobID    *string `json:"job_id"`
		Summary  *string `json:"error_summary"`
		Requests *string `json:"requested_at"`
		Phases   []struct {
			Phase   string
			EndedAt *string `json:"ended_at"`
			Failed  bool
		}
	}
}

func read(t *testing.T, file string) (report written) {
	t.Helper()
	content, err := fs.ReadFile(os.DirFS(filepath.Dir(file)), filepath.Base(file))
	if err == nil {
		err = json.Unmarshal(content, &report)
	}
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// phases are those of a group, as words.
func (w written) phases(group int) string {
	var words []string
	for _, phase := range w.Groups[group].Phases {
		word := phase.Phase
		if phase.Failed {
			word += " failed"
		}
		if phase.EndedAt == nil {
			word += " open"
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

// A report is there before anything moves, has how each group got on in the end, and does not replace another one.
func TestReport(t *testing.T) {
	t.Parallel()
	e := estate(3)
	c := tftest.SimulateEstate(t, e)
	file := filepath.Join(t.TempDir(), "out.json")
	if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	var before written
	c.Inject(refusal(e.Groups[1]))
	c.Inject(simulator.Fault{Route: simulator.RouteAction, Match: func(*http.Request) bool {
		if before.State == "" {
			before = read(t, file)
		}
		return false
	}})
	messages, diagnostics := c.NewAction(t, "sdrs_evacuate_availability_zone").Invoke(t.Context(), t, tftest.Attributes{
		"availability_zone": zone, "mode": "planned", "stop_servers": true, "start_servers": true, "max_parallel": int64(1),
		"protection_groups": []any{"app-01", "app-02"}, "report_file": file, "recovery_time_objective": "0s",
	})
	contains(t, strings.Join(messages, "\n"), []string{
		"the recovery time objective of 0s was missed by 1 group: app-01", "the report is in " + file,
	})
	contains(t, tftest.Text(diagnostics), []string{"Planned Failover Refused: app-02"})
	if before.State != "running" || before.Groups[0].Result != "not_begun" {
		t.Errorf("before the first action: %+v", before)
	}
	after, account := read(t, file), simulator.DefaultAccount()
	if after.State != "failed" || after.Sums["done"] != 1.0 || after.Sums["error"] != 1.0 ||
		after.Sums["recovery_time_objective_missed"] != 2.0 || len(after.Notes) != 1 ||
		after.phases(0) != "wait, stop, wait, switch, verify, start" || after.phases(1) != "wait, stop, wait failed" ||
		after.Region != account.Region || after.Of != account.ProjectID || after.By == "" ||
		*after.Groups[1].Summary != "Planned Failover Refused: app-02" || after.Groups[0].Requests == nil {
		t.Errorf("in the end: %+v", after)
	}
	kept, err := filepath.Glob(filepath.Join(filepath.Dir(file), "out-*Z.json"))
	if err != nil || len(kept) != 1 || !strings.Contains(strings.Join(messages, "\n"), kept[0]) {
		t.Errorf("%v %v", kept, err)
	}
}

// After Ctrl-C the report is complete: what is in flight goes on, with its job, and what was not begun is not.
func TestReportAfterInterrupt(t *testing.T) {
	t.Parallel()
	c := tftest.SimulateEstate(t, estate(3))
	c.SetZoneDown(zone, true)
	c.StallJobs()
	ctx, cancel := context.WithCancel(t.Context())
	c.Inject(simulator.Fault{Route: simulator.RouteGroups, Match: func(*http.Request) bool {
		if c.Accepted(simulator.ActionFailover) > 0 {
			cancel()
		}
		return false
	}})
	file := filepath.Join(t.TempDir(), "out.json")
	c.NewAction(t, "sdrs_evacuate_availability_zone").Invoke(ctx, t, tftest.Attributes{
		"availability_zone": zone, "mode": "unplanned", "max_parallel": int64(1), "report_file": file,
	})
	report := read(t, file)
	if report.State != "interrupted" || report.Sums["in_flight"] != 1.0 || report.Sums["not_begun"] != 2.0 ||
		report.Groups[0].JobID == nil || report.phases(0) != "wait, switch open" || report.phases(2) != "" {
		t.Errorf("%+v", report)
	}
}

// A report that can't be written is an error of the plan and of the action, and nothing moves. That of the end is a
// warning.
func TestReportUnwritable(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, test := range map[string]struct{ file, want string }{
		"no folder":    {filepath.Join(folder, "none", "out.html"), "Report Not Writable: "},
		"a folder":     {filepath.Join(folder, "out.html"), "it is no regular file"},
		"another kind": {filepath.Join(folder, "out.pdf"), "must end in .html or .json"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := tftest.SimulateEstate(t, estate(1))
			c.SetZoneDown(zone, true)
			if name == "a folder" {
				if err := os.Mkdir(test.file, 0o700); err != nil {
					t.Fatal(err)
				}
			}
			config := tftest.Attributes{"availability_zone": zone, "mode": "unplanned", "report_file": test.file}
			action := c.NewAction(t, "sdrs_evacuate_availability_zone")
			_, invoked := action.Invoke(t.Context(), t, config)
			for _, said := range []string{tftest.Text(action.Plan(t, config)), tftest.Text(invoked)} {
				contains(t, said, []string{test.want})
			}
			if n := c.Count(simulator.RouteAction); n != 0 {
				t.Errorf("%d actions sent", n)
			}
		})
	}
	t.Run("at the end", func(t *testing.T) {
		t.Parallel()
		c := tftest.SimulateEstate(t, estate(2))
		c.SetZoneDown(zone, true)
		gone := filepath.Join(t.TempDir(), "gone")
		if err := os.Mkdir(gone, 0o700); err != nil {
			t.Fatal(err)
		}
		c.Inject(simulator.Fault{
			Route: simulator.RouteAction,
			Match: func(*http.Request) bool { _ = os.RemoveAll(gone); return false },
		})
		_, diagnostics := c.NewAction(t, "sdrs_evacuate_availability_zone").Invoke(t.Context(), t, tftest.Attributes{
			"availability_zone": zone, "mode": "unplanned", "report_file": filepath.Join(gone, "out.html"),
		})
		text := tftest.Text(diagnostics)
		contains(t, text, []string{"WARNING: Report Incomplete: "})
		if tftest.Failed(diagnostics) || len(moved(c)) != 2 {
			t.Errorf("moved %v: %s", moved(c), text)
		}
	})
}
