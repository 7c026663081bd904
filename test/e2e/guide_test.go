package e2e_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// planOfThree finds the configuration and the output in the guide.
var planOfThree = regexp.MustCompile("(?s)## A plan of three groups\n.*?```terraform\n(.*?)```.*?```\n(.*?)```")

// TestAccPlanOfThreeGroups plans a switch of three groups, of which one is not ready, and another one was switched
// elsewhere. The guide has the configuration, and all that this prints after the refresh.
func TestAccPlanOfThreeGroups(t *testing.T) {
	t.Parallel()
	guide, err := fs.ReadFile(repository, "templates/guides/planned-failover.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	blocks := planOfThree.FindStringSubmatch(string(guide))
	if blocks == nil {
		t.Fatal("the guide has no plan of three groups")
	}
	w := newWorkspace(t, simulator.WithJobDuration(0), simulator.WithGroups(orders(), archive()))
	w.Write(t, "versions.tf", required)
	w.Write(t, "main.tf", blocks[1])
	w.Run(t, "apply", "-auto-approve", "-var=site=source")
	inProduction(t, w)
	w.UpdateGroup(orders().ID, func(group *simulator.Group) {
		pair := &group.Instances[0].Pairs[0]
		pair.ReplicationStatus, pair.Progress = simulator.ReplicationCopying, 40
	})
	if _, err := w.Switch(archive().ID, simulator.StationSource); err != nil {
		t.Fatal(err)
	}
	output := w.Run(t, "plan", "-out=switch.tfplan", "-var=site=target")
	if strings.Contains(output, "OpenTofu") {
		t.Skip("the guide has what Terraform prints")
	}
	_, got, _ := strings.Cut(output, "\n\nTerraform used")
	if got = "Terraform used" + strings.TrimRight(got, "\n") + "\n"; got != blocks[2] {
		t.Errorf("the guide has another output than this:\n%s", got)
	}
}
