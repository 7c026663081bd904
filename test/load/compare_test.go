package load_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// theirTypes are the opentelekomcloud provider's resources for the same things.
var theirTypes = map[string]string{
	"sdrs_protection_group":          "opentelekomcloud_sdrs_protectiongroup_v1",
	"sdrs_protection_group_failover": "opentelekomcloud_sdrs_protectiongroup_v1",
	"sdrs_protected_instance":        "opentelekomcloud_sdrs_protected_instance_v1",
	"sdrs_replication_pair":          "opentelekomcloud_sdrs_replication_pair_v1",
}

// compare measures a refresh of what l has applied beside one of the same by the opentelekomcloud provider, whose
// binary is SDRS_LOAD_OTHER, and beside one of as many resources of a provider that reads nothing. They take turns.
//
// On loopback only what the machine computes takes time. Then the cloud goes away, to where a round trip takes 20 ms.
func (l *load) compare(t *testing.T, name, theirs, floor string) {
	t.Helper()
	other := os.Getenv("SDRS_LOAD_OTHER")
	if other == "" {
		t.Log("compared with none: SDRS_LOAD_OTHER, the path of terraform-provider-opentelekomcloud, is not set")
		return
	}
	folder := filepath.Join(t.TempDir(), "floor")
	//nolint:gosec // A folder of our own.
	build := exec.CommandContext(t.Context(), "go", "build", "-o", folder+"/terraform-provider-floor", "./floor")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the floor: %v\n%s", err, output)
	}
	sides := []struct {
		name string
		*load
		figures
	}{
		{name: "here", load: l},
		{name: "opentelekomcloud", load: l.beside(t, "opentelekomcloud/opentelekomcloud", other, theirs)},
		{name: "nothing read", load: l.beside(t, "terraform-sdrs/floor", folder+"/terraform-provider-floor", floor)},
	}
	l.importInto(t, sides[1].load)
	l.Run(t, "-chdir="+sides[2].folder, "apply", "-auto-approve")
	nearby, opened := l.Environment, *l.opened
	defer func() { l.Environment, *l.opened = nearby, opened }()
	for _, where := range []string{"", ", 20 ms away"} {
		if where != "" {
			l.moveAway(t, 20*time.Millisecond)
		}
		for round := range 4 {
			for n := range sides {
				if round == 1 { // What the first round took was a warm-up.
					sides[n].figures = figures{}
				}
				sides[n].figures = sides[n].run(t, sides[n].figures, "plan", "-refresh-only")
			}
		}
		for _, side := range sides {
			l.log(t, name+where+", "+side.name, side.figures)
		}
	}
}

// beside returns a folder of the workspace with a configuration for another provider.
func (l *load) beside(t *testing.T, source, binary, configuration string) *load {
	t.Helper()
	beside := &load{l.Workspace, l.groups, filepath.Base(source), binary, l.opened}
	if err := os.MkdirAll(filepath.Join(l.Dir, beside.folder), 0o700); err != nil {
		t.Fatal(err)
	}
	l.Write(t, "cli.tfrc", strings.Replace(l.Read(t, "cli.tfrc"), "dev_overrides {",
		fmt.Sprintf("dev_overrides {\n    %q = %q", "registry.terraform.io/"+source, filepath.Dir(binary)), 1))
	l.Write(t, beside.folder+"/main.tf", fmt.Sprintf(
		"terraform {\n  required_providers {\n    %s = { source = %q }\n  }\n}\n%s", beside.folder, source, configuration))
	return beside
}

// importInto has another provider import all that l has in its state. What it changes are flags that its state alone
// has.
func (l *load) importInto(t *testing.T, other *load) {
	t.Helper()
	var state struct {
		Values struct {
			RootModule struct {
				Resources []struct {
					Address, Type string
					Values        struct{ ID string }
				}
			} `json:"root_module"`
		}
	}
	if err := l.JSON(t.Context(), &state, "show", "-json"); err != nil {
		t.Fatal(err)
	}
	var imports strings.Builder
	for _, r := range state.Values.RootModule.Resources {
		fmt.Fprintf(&imports, "import {\n  to = %s\n  id = %q\n}\n",
			theirTypes[r.Type]+strings.TrimPrefix(r.Address, r.Type), r.Values.ID)
	}
	l.Write(t, other.folder+"/imports.tf", imports.String())
	output := l.Run(t, "-chdir="+other.folder, "apply", "-auto-approve")
	summary := regexp.MustCompile(`(\d+) imported, 0 added, \d+ changed, 0 destroyed`).FindStringSubmatch(output)
	if summary == nil || summary[1] != strconv.Itoa(len(state.Values.RootModule.Resources)) {
		t.Fatalf("not all is imported: %s", output[max(0, len(output)-200):])
	}
	if err := os.Remove(filepath.Join(l.Dir, other.folder, "imports.tf")); err != nil {
		t.Fatal(err)
	}
}

// TestLoadCount compares a refresh of 500 groups by count.
func TestLoadCount(t *testing.T) {
	if os.Getenv("SDRS_LOAD") == "" {
		t.Skip("a measurement of some minutes: run make load")
	}
	const groups = 500
	var seeds []simulator.Group
	for n := range groups {
		seeds = append(seeds, simulator.NewGroup(
			fmt.Sprintf("%08x-0000-4000-8000-000000000000", n), fmt.Sprintf("group-%d", n), 2, 3))
		seeds[n].VPCID = "10000000-0000-4000-8000-000000000000"
	}
	l := loadOf(tftest.NewWorkspace(t, simulator.WithGroups(seeds...)), groups)
	l.Write(t, "main.tf", providersBlock+`
resource "sdrs_protection_group_failover" "g" {
  count               = 500
  protection_group_id = format("%08x-0000-4000-8000-000000000000", count.index)
  priority_station    = "source"
}
`)
	l.Run(t, "apply", "-auto-approve", "-parallelism=50")
	l.compare(t, "count: refresh", `
resource "opentelekomcloud_sdrs_protectiongroup_v1" "g" {
  count                    = 500
  name                     = "group-${count.index}"
  description              = "simulated"
  source_availability_zone = "eu-de-01"
  target_availability_zone = "eu-de-02"
  domain_id                = "fb4bb8e3-a574-4437-a156-78c916aeea4d"
  source_vpc_id            = "10000000-0000-4000-8000-000000000000"
  dr_type                  = "migration"
  enable                   = true
}
`, `
resource "floor_thing" "g" {
  count = 500
  of    = format("%08x-0000-4000-8000-000000000000", count.index)
}
`)
}
