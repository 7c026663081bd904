package e2e_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	goversion "github.com/hashicorp/go-version"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

var (
	// changeRow is a row of the guide's table: a type and an argument there, and here; without the latter it is left out.
	changeRow = regexp.MustCompile("(?m)^\\| `(opentelekomcloud_\\w+)` \\| `(\\w+)` \\| `(\\w+)` \\| (?:`(\\w+)` \\|$)?")
	// moves are the guide's moved blocks.
	moves      = regexp.MustCompile("(?s)\n```terraform\n(moved {.*?)\n```")
	movedTypes = regexp.MustCompile(`(?m)^  from = (\w+)\.\w+\n  to   = (\w+)\.`)
	openings   = regexp.MustCompile(`^(?:resource|data) "(\w+)"`)
	argument   = regexp.MustCompile(`^  (\w+)( *=)`)
)

// TestAccOpentelekomcloud takes over what the opentelekomcloud provider made, and creates what its users write, with
// the changes of the guide, and no others. The state is one that provider made.
func TestAccOpentelekomcloud(t *testing.T) {
	t.Parallel()
	guide, err := fs.ReadFile(repository, "templates/guides/coming-from-opentelekomcloud.md")
	if err != nil {
		t.Fatal(err)
	}
	theirs, _ := os.ReadFile("testdata/opentelekomcloud.tf")
	state, err := os.ReadFile("testdata/opentelekomcloud.state.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"resources/protection_group.md", "resources/protected_instance.md", "resources/replication_pair.md",
		"resources/replication_pair_attachment.md",
	} {
		types := movedTypes.FindStringSubmatch(template(t, name))
		if types == nil || !regexp.MustCompile(types[1]+`\.\w+\n  to   = `+types[2]+`\.`).Match(guide) {
			t.Errorf("%s moves %q, and the guide does not", name, types)
		}
	}
	ours := required + translate(string(theirs), changeRow.FindAllStringSubmatch(string(guide), -1))

	w := newWorkspace(t, simulator.WithEstate(simulator.EmptyEstate()), simulator.WithJobDuration(100*time.Millisecond))
	w.Needs(t, "moves between types", goversion.Must(goversion.NewVersion("1.8")))
	w.Write(t, "main.tf", ours)
	w.Run(t, "apply", "-auto-approve")
	w.wantSettled(t)

	var made struct {
		Values struct {
			RootModule struct {
				Resources []struct {
					Type   string
					Values map[string]any
				}
			} `json:"root_module"`
		}
	}
	if err := w.JSON(t.Context(), &made, "show", "-json"); err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{}
	for _, resource := range made.Values.RootModule.Resources {
		for _, name := range []string{"id", "target_server_id", "target_volume_id"} {
			ids[resource.Type+"."+name], _ = resource.Values[name].(string)
		}
	}
	moved := &workspace{w.Sibling(t)}
	moved.Write(t, "main.tf", ours+moves.FindStringSubmatch(string(guide))[1])
	moved.Write(t, "terraform.tfstate", theirState(t, state, ids))
	// Terraform starts each provider that the state names. Any serves: to move, it asks the one here.
	standIn := filepath.Join(moved.Dir, "terraform-provider-opentelekomcloud")
	if err := os.Symlink(w.Provider, standIn); err != nil {
		t.Fatal(err)
	}
	settings := strings.Replace(w.Read(t, "cli.tfrc"), "dev_overrides {",
		"dev_overrides {\n    \"registry.terraform.io/opentelekomcloud/opentelekomcloud\" = \""+moved.Dir+"\"", 1)
	moved.Write(t, "cli.tfrc", settings)
	moved.Environment = append(moved.Environment, "TF_CLI_CONFIG_FILE="+filepath.Join(moved.Dir, "cli.tfrc"))
	w.ResetRequests()
	plan := moved.Run(t, "plan", "-out=saved.tfplan")
	if strings.Count(plan, " has moved to ") != 4 ||
		!strings.Contains(plan, "Plan: 0 to add, 0 to change, 0 to destroy.") {
		t.Errorf("it does more than move:\n%s", plan)
	}
	moved.Run(t, "apply", "saved.tfplan")
	moved.wantSettled(t)
	for _, request := range w.Requests() {
		if request.Accepted {
			t.Errorf("%s was accepted", request.Action)
		}
	}
}

// translate changes a configuration by the rows of the table. A data source goes with the argument that used it.
func translate(configuration string, rows [][]string) string {
	var kept []string
	block := ""
	for _, line := range strings.Split(configuration, "\n") {
		if found := openings.FindStringSubmatch(line); found != nil {
			block = found[1]
		}
		if strings.HasPrefix(line, "data ") {
			continue
		}
		leaveOut := false
		for _, row := range rows {
			if found := argument.FindStringSubmatch(line); found != nil && block == row[1] && found[1] == row[2] {
				leaveOut = row[4] == ""
				line = "  " + row[4] + strings.TrimPrefix(line, "  "+row[2])
			}
		}
		if !leaveOut {
			kept = append(kept, line)
		}
	}
	translated := strings.Join(kept, "\n")
	for _, row := range rows {
		translated = strings.ReplaceAll(translated, row[1], row[3])
	}
	return translated
}

// theirState is the state of the opentelekomcloud provider for what is in the cloud, by its ids.
func theirState(t *testing.T, state []byte, ids map[string]string) string {
	t.Helper()
	var theirs struct {
		Resources []struct {
			Type      string
			Instances []struct{ Attributes map[string]any }
		}
	}
	if err := json.Unmarshal(state, &theirs); err != nil {
		t.Fatal(err)
	}
	var changes []string
	for _, resource := range theirs.Resources {
		for theirName, here := range map[string]string{
			"opentelekomcloud_sdrs_protectiongroup_v1.id":                "sdrs_protection_group.id",
			"opentelekomcloud_sdrs_protected_instance_v1.id":             "sdrs_protected_instance.id",
			"opentelekomcloud_sdrs_protected_instance_v1.target_id":      "sdrs_protected_instance.target_server_id",
			"opentelekomcloud_sdrs_replication_pair_v1.id":               "sdrs_replication_pair.id",
			"opentelekomcloud_sdrs_replication_pair_v1.target_volume_id": "sdrs_replication_pair.target_volume_id",
		} {
			if name, found := strings.CutPrefix(theirName, resource.Type+"."); found {
				id, _ := resource.Instances[0].Attributes[name].(string)
				changes = append(changes, id, ids[here])
			}
		}
	}
	return strings.NewReplacer(changes...).
		Replace(string(state))
	// At once: an id there may be that of another thing here.
}
