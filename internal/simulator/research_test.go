package simulator_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// seeds are the options that say what there is, and stand for nothing that the reference leaves open.
var seeds = []string{
	"WithClock", "WithDisks", "WithDomains", "WithEstate", "WithGroups", "WithPastJobs", "WithQuota", "WithServers",
	"WithTokenLifetime", "WithVPCs",
}

// Each open point of the reference names its knob, or that there is none, and each knob has one point.
func TestResearch(t *testing.T) {
	t.Parallel()

	option := regexp.MustCompile(`(?m)^func (With\w+)\(`)
	var knobs []string
	for _, file := range must(filepath.Glob("*.go")) {
		for _, found := range option.FindAllStringSubmatch(string(must(os.ReadFile(file))), -1) { //nolint:gosec // Ours.
			if !slices.Contains(seeds, found[1]) {
				knobs = append(knobs, found[1])
			}
		}
	}
	var named []string
	index := string(must(os.ReadFile("../../docs/research/README.md")))
	knobLine, knobName := regexp.MustCompile(`(?m)^- Knob: (none|.+)`), regexp.MustCompile("`(With\\w+)`")
	for _, file := range must(filepath.Glob("../../docs/research/*.md")) {
		if name := filepath.Base(file); name == "README.md" || name == "foreign-clients.md" {
			continue
		}
		points := strings.Split(string(must(os.ReadFile(file))), "\n## ")[1:] //nolint:gosec // Of this repository.
		for _, point := range points {
			heading, _, _ := strings.Cut(point, "\n")
			lines := knobLine.FindAllStringSubmatch(point, -1)
			if len(lines) != 1 {
				t.Errorf("%s: %q names no knob, nor that there is none", file, heading)

				continue
			}
			names := knobName.FindAllStringSubmatch(lines[0][1], -1)
			if (len(names) == 0) != strings.HasPrefix(lines[0][1], "none") {
				t.Errorf("%s: %q has the knob %q", file, heading, lines[0][1])
			}
			for _, name := range names {
				named = append(named, name[1])
			}
			if !strings.Contains(index, "["+heading+"]("+filepath.Base(file)+"#") {
				t.Errorf("%s: %q is not in the index", file, heading)
			}
		}
	}
	slices.Sort(knobs)
	slices.Sort(named)
	if !slices.Equal(knobs, named) {
		t.Errorf("the simulator has the knobs\n%v\nthe pages have\n%v", knobs, named)
	}
}
