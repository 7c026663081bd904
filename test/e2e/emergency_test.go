package e2e_test

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

var readmeCommand = regexp.MustCompile(`(?m)^ *terraform (init|apply -invoke.*)$`)

// TestAccEmergency does what the README of examples/emergency says: in an empty home, with the provider in a folder and
// without a registry. 30 groups with 90 servers leave a zone that is down, in three waves. Two fail, and one answer is
// lost. The guide on leaving a zone has the output.
func TestAccEmergency(t *testing.T) {
	t.Parallel()
	const zone = "eu-de-01"
	estate := simulator.MixedEstate(30, 3).Leaving(zone)
	w := newWorkspace(t, simulator.WithJobDuration(time.Second), simulator.WithServerJobDuration(500*time.Millisecond),
		simulator.WithEstate(estate), simulator.WithZoneDown(zone))
	w.Needs(t, "actions", tfversion.Version1_14_0)
	w.DeleteGroup(demo.ID)

	folder, err := fs.Sub(repository, "examples/emergency")
	if err != nil {
		t.Fatal(err)
	}
	w.Dir = filepath.Join(w.Dir, "emergency")
	if err := os.CopyFS(w.Dir, folder); err != nil {
		t.Fatal(err)
	}
	waves := `[["app-01", "app-02", "app-03", "app-04", "app-05"], ["app-11", "app-12", "app-13", "app-14", "app-15", "app-16", "app-17"]]`
	w.Write(t, "main.tf", strings.NewReplacer("= [] #", "= "+waves+" #", `"30m"`, `"8s"`).Replace(w.Read(t, "main.tf")))
	home := t.TempDir()
	mirror := filepath.Join(
		home,
		".terraform.d/plugins/registry.terraform.io/terraform-sdrs/sdrs/1.0.0",
		runtime.GOOS+"_"+runtime.GOARCH,
	)
	if err := os.MkdirAll(mirror, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(w.Provider, filepath.Join(mirror, "terraform-provider-sdrs_v1.0.0")); err != nil {
		t.Fatal(err)
	}
	w.Environment = append(
		w.Environment,
		"HOME="+home,
		"TF_CLI_CONFIG_FILE=",
		"HTTPS_PROXY=http://127.0.0.1:9",
	) // Nobody is there.

	// One is refused, one must not fail over, and of one the answer is lost.
	about := func(n int) func(*http.Request) bool {
		return func(r *http.Request) bool { return strings.Contains(r.URL.Path, estate.Groups[n].ID) }
	}
	grant := w.Inject(simulator.Fault{
		Route: simulator.RouteAction, Match: about(4), Status: http.StatusBadRequest,
		Body: `{"error":{"code":"SDRS.0013","message":"Internal error."}}`,
	})
	link := func(level string) {
		w.UpdateGroup(estate.Groups[16].ID, func(g *simulator.Group) { g.Instances[0].Pairs[0].FaultLevel = level })
	}
	link("5")
	w.Inject(simulator.Fault{Route: simulator.RouteAction, Match: about(11), Cut: simulator.CutAfter, Times: 1})

	run := func(command string, code int) string {
		t.Helper()
		arguments := strings.Fields(command)
		if arguments[0] == "apply" {
			arguments = slices.Insert(arguments, 1, "-auto-approve")
		}
		output := w.RunExit(t, code, w.Terraform, arguments...)
		transcript(t, "terraform "+command, output)
		return output
	}
	commands := readmeCommand.FindAllStringSubmatch(w.Read(t, "README.md"), -1)
	if len(commands) != 4 {
		t.Fatalf("the README has the commands %v", commands)
	}
	settings := regexp.MustCompile(`(?s)  config \{\n(.*?)  \}`).FindAllStringSubmatch(w.Read(t, "main.tf"), -1)
	reported := regexp.MustCompile(`\n| +(report_file|recovery_time_objective) .*`)
	if len(settings) != 3 || reported.ReplaceAllString(settings[1][1], "") !=
		reported.ReplaceAllString(settings[0][1], "")+"    dry_run           = true" {
		t.Errorf("what is checked is not what runs: %q", settings)
	}
	run(commands[0][1], 0)
	w.Environment = append(w.Environment, "OS_PASSWORD=wrong")
	if refused := run(commands[1][1], 1); strings.Contains(refused, "Add a provider block") ||
		!strings.Contains(refused, "Login Failed") {
		t.Errorf("with a wrong password\n%s", refused)
	}
	w.Environment = w.Environment[:len(w.Environment)-1]
	began := time.Now()
	first := run(commands[1][1], 1)
	t.Logf("30 groups took %s", time.Since(began).Round(time.Second))
	for _, part := range readPage(t, "guides/leaving-an-availability-zone.md") {
		if part.heading == "## The zone is gone" && part.language == "" {
			wantPrinted(t, part.text, first)
		}
	}
	for _, part := range []string{
		"Protection Groups Will Leave the Availability Zone: eu-de-01", "28 of 30 groups moved out of eu-de-01.",
		"Failed: Unplanned Failover Refused: app-05", "Failed: Unplanned Failover Not Ready: app-17",
		"app-12  eu-de-01  eu-de-02  done ", "28 done, 2 error",
	} {
		if !strings.Contains(unwrapped(first), unwrapped(part)) {
			t.Errorf("%q is not in\n%s", part, first)
		}
	}
	if n := w.Accepted(simulator.ActionFailover); n != 28 {
		t.Errorf("%d failovers accepted", n)
	}
	if page := w.Read(t, "evacuation.html"); strings.Count(page, `class="failure"`) != 2 {
		t.Errorf("the report says %s", page)
	} else if file := os.Getenv("SDRS_REPORT"); file != "" { // For the picture in the guide.
		if err := os.WriteFile(file, []byte(page), 0o600); err != nil { //nolint:gosec // Whoever runs the test names it.
			t.Error(err)
		}
	}
	run(commands[3][1], 1) // The check of what is left.

	grant()
	link("0")
	second := run(commands[1][1], 0)
	if n := w.Accepted(simulator.ActionFailover); n != 30 || !strings.Contains(second, "2 groups to move") {
		t.Errorf("%d failovers accepted\n%s", n, second)
	}
	for _, group := range w.Groups() {
		entered := group.TargetAZ
		if group.PriorityStation == simulator.StationSource {
			entered = group.SourceAZ
		}
		if entered == zone || group.Status != simulator.StatusFailedOver {
			t.Errorf("%s is %s in %s", group.Name, group.Status, entered)
		}
	}
	for _, request := range w.Requests() {
		if request.Accepted && request.Action != simulator.ActionFailover && request.Action != startServers {
			t.Errorf("%s was accepted", request.Action)
		}
	}

	w.SetZoneDown(zone, false)
	run(commands[2][1], 0)
	run(commands[2][1], 0) // Nothing is left to do.
	if n := w.Accepted(simulator.ActionStart); n != 30 {
		t.Errorf("%d reprotections accepted", n)
	}
}

// TestAccEmergencyPlan lets a group come to run in the zone between the plan, which is kept in a file, and its apply: it
// is reported, and stays.
func TestAccEmergencyPlan(t *testing.T) {
	t.Parallel()
	estate := simulator.MixedEstate(3, 1)
	w := newWorkspace(t, simulator.WithJobDuration(time.Millisecond), simulator.WithEstate(estate))
	w.Needs(t, "actions", tfversion.Version1_14_0)
	w.DeleteGroup(demo.ID)
	w.Write(t, "main.tf", readRepository(t, "examples/emergency/main.tf"))
	plan := w.Run(t, "plan", "-out=kept", "-invoke=action.sdrs_evacuate_availability_zone.now",
		"-var=availability_zone=eu-de-01", "-var=mode=unplanned", `-var=also=["app-01"]`)
	if !strings.Contains(plan, "Wave 1: app-03") || strings.Contains(plan, "app-02") {
		t.Errorf("planned\n%s", plan)
	}
	if _, err := w.Failover(estate.Groups[1].ID); err != nil { // From the other zone.
		t.Fatal(err)
	}
	applied := w.Run(t, "apply", "kept")
	for _, part := range []string{
		"not asked for, so they stay in eu-de-01: app-02", "Protection Groups Stay in the Availability Zone: eu-de-01",
		"2 done",
	} {
		if !strings.Contains(unwrapped(applied), part) {
			t.Errorf("%q is not in\n%s", part, applied)
		}
	}
	for n, group := range estate.Groups {
		actions := 0
		for _, request := range w.Requests() {
			if request.Accepted && request.Route == simulator.RouteAction && strings.Contains(request.Path, group.ID) {
				actions++
			}
		}
		if want := (n + 1) % 2; actions != want {
			t.Errorf("%s: %d actions, want %d", group.Name, actions, want)
		}
	}
}
