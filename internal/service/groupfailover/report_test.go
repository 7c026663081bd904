package groupfailover_test

import (
	"context"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// The report of an action on one group says what it came to, whatever that was.
func TestReport(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		action    string
		more      tftest.Attributes
		interrupt bool
		want      []string // Patterns.
	}{
		"planned": {
			"planned_failover",
			tftest.Attributes{
				"priority_station": "target", "stop_servers": true, "start_servers": true, "recovery_time_objective": "1h",
			},
			false,
			[]string{
				`<h1>Planned failover of web-shop <span class="state good">done`, `<b>1h</b> objective`,
				`<b>0</b> missed the objective`, `class="stop"`, `class="switch"`, `class="verify"`, `class="start"`,
			},
		},
		"by a zone that is of no site": {
			"planned_failover",
			tftest.Attributes{"priority_availability_zone": "eu-de-07"},
			false,
			[]string{`<span class="state bad">failed`, `<strong class="bad">Availability Zone of Another Group: web-shop`},
		},
		"interrupted": {
			"unplanned_failover",
			tftest.Attributes{"priority_station": "target"},
			true,
			[]string{`<span class="state bad">interrupted`, `class="switch open"`, `in flight<br>Interrupted</td><td>failing-over`, `<b>1</b> in flight`},
		},
		"a drill check": {
			"check_readiness",
			tftest.Attributes{"max_drill_age": "24h", "stop_servers": true},
			false,
			[]string{`<h1>Readiness for a planned failover <span`, `<td>recent_drill</td><td class="open">warn`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := tftest.Simulate(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if test.interrupt {
				c.StallJobs()
				c.Inject(simulator.Fault{Route: simulator.RouteJob, Match: func(*http.Request) bool { cancel(); return false }})
			}
			for _, instance := range simulator.DemoGroup().Instances {
				if test.more["start_servers"] != nil {
					c.SetServerStatus(instance.SourceServer.ID, "ACTIVE")
				}
			}
			file := filepath.Join(t.TempDir(), "out.html")
			config := tftest.Attributes{"protection_group_id": c.GroupID, "report_file": file}
			maps.Copy(config, test.more)
			c.NewAction(t, "sdrs_"+test.action).Invoke(ctx, t, config)
			page, err := fs.ReadFile(os.DirFS(filepath.Dir(file)), filepath.Base(file))
			if err != nil {
				t.Fatal(err)
			}
			for _, pattern := range test.want {
				if !regexp.MustCompile(pattern).Match(page) {
					_, body, _ := strings.Cut(string(page), "<body>")
					t.Errorf("%s is not in %s", pattern, body)
				}
			}
		})
	}
}

// Where the report can't be written the plan says so, and the action does nothing.
func TestReportUnwritable(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	action, config := c.NewAction(t, "sdrs_planned_failover"), tftest.Attributes{
		"protection_group_id": c.GroupID, "priority_station": "target",
		"report_file": filepath.Join(t.TempDir(), "none", "out.html"),
	}
	_, said := action.Invoke(t.Context(), t, config)
	for _, text := range []string{tftest.Text(action.Plan(t, config)), tftest.Text(said)} {
		if !strings.Contains(text, "Report Not Writable") {
			t.Errorf("got %s", text)
		}
	}
	if n := c.Count(simulator.RouteAction); n > 0 {
		t.Errorf("%d actions sent", n)
	}
}
