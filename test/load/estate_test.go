package load_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

const oneOfTheEstate = `
resource "sdrs_protection_group" "g%[1]d" {
  name                     = "group-%[1]d"
  source_availability_zone = %[2]q
  target_availability_zone = %[3]q
  vpc_id                   = "10000000-0000-4000-8000-000000000000"
}
`

const oneServerOfIt = `
resource "sdrs_protected_instance" "g%[1]d_%[2]d" {
  protection_group_id = sdrs_protection_group.g%[1]d.id
  server_id           = %[3]q
  name                = "server-%[1]d-%[2]d"
}
`

const oneDiskOfIt = `
resource "sdrs_replication_pair" "g%[1]d_%[2]d" {
  protection_group_id = sdrs_protection_group.g%[1]d.id
  volume_id           = %[3]q
  name                = "disk-%[1]d-%[2]d"
}
`

// TestLoadEstate runs real Terraform on an estate that is declared from nothing to its end: 50 groups of 4 instances
// and 8 pairs, 650 resources. It fails where a refresh takes a quarter as many requests as there are resources.
func TestLoadEstate(t *testing.T) {
	if os.Getenv("SDRS_LOAD") == "" {
		t.Skip("a measurement of some minutes: run make load")
	}
	const groups, servers, disks, resources = 50, 4, 8, 50 * (1 + 4 + 8)
	source, target := simulator.DemoDomain().LocalAZ, simulator.DemoDomain().RemoteAZ
	options := []simulator.Option{
		simulator.WithQuota(-1, -1), simulator.WithJobDuration(100 * time.Millisecond),
		simulator.WithVPCs(simulator.VPC{ID: "10000000-0000-4000-8000-000000000000", Name: "estate"}),
	}
	configuration := providersBlock
	for g := range groups {
		configuration += fmt.Sprintf(oneOfTheEstate, g, source, target)
		for s := range servers {
			id := fmt.Sprintf("20000000-0000-4000-8000-%06d%06d", g, s)
			server, attached := simulator.NewServer(
				id,
				fmt.Sprintf("server-%d-%d", g, s),
				source,
				"10000000-0000-4000-8000-000000000000",
				10,
			)
			options = append(options, simulator.WithServers(server), simulator.WithDisks(attached...))
			configuration += fmt.Sprintf(oneServerOfIt, g, s, id)
		}
		for d := range disks {
			id := fmt.Sprintf("30000000-0000-4000-8000-%06d%06d", g, d)
			options = append(
				options,
				simulator.WithDisks(simulator.Disk{ID: id, Name: fmt.Sprintf("disk-%d-%d", g, d), AZ: source, SizeGB: 10}),
			)
			configuration += fmt.Sprintf(oneDiskOfIt, g, d, id)
		}
	}
	l := &load{Workspace: tftest.NewWorkspace(t, options...), groups: groups}
	l.Write(t, "main.tf", configuration)
	t.Log("| groups | run | wall time | CPU time | requests | connections | provider, peak |")
	l.measure(t, 1, "estate: create, -parallelism=50", "apply", "-auto-approve", "-parallelism=50")
	l.measure(t, 1, "estate: plan, no refresh", "plan", "-refresh=false", "-detailed-exitcode")
	earlier := len(l.Requests())
	l.measure(t, 1, "estate: refresh", "plan", "-refresh-only")
	if n := len(l.Requests()) - earlier; n >= resources/4 {
		t.Errorf("a refresh of %d resources took %d requests", resources, n)
	}
	l.measure(t, 2, "estate: plan", "plan", "-detailed-exitcode")
	l.measure(t, 1, "estate: destroy, -parallelism=50", "apply", "-destroy", "-auto-approve", "-parallelism=50")
	for _, group := range l.Groups() {
		if group.ID != simulator.DemoGroup().ID { // Which is there before.
			t.Errorf("left behind: %s", group.Name)
		}
	}
}
