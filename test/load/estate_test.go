package load_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// dialect is how a provider declares a group, a server of it, and a disk of it.
type dialect struct{ group, server, disk string }

var (
	here = dialect{group: `
resource "sdrs_protection_group" "g%[1]d" {
  name                     = "group-%[1]d"
  source_availability_zone = %[2]q
  target_availability_zone = %[3]q
  vpc_id                   = "10000000-0000-4000-8000-000000000000"
}
`, server: `
resource "sdrs_protected_instance" "g%[1]d_%[2]d" {
  protection_group_id = sdrs_protection_group.g%[1]d.id
  server_id           = %[3]q
  name                = "server-%[1]d-%[2]d"
}
`, disk: `
resource "sdrs_replication_pair" "g%[1]d_%[2]d" {
  protection_group_id = sdrs_protection_group.g%[1]d.id
  volume_id           = %[3]q
  name                = "disk-%[1]d-%[2]d"
}
`}
	there = dialect{group: `
resource "opentelekomcloud_sdrs_protectiongroup_v1" "g%[1]d" {
  name                     = "group-%[1]d"
  source_availability_zone = %[2]q
  target_availability_zone = %[3]q
  domain_id                = "fb4bb8e3-a574-4437-a156-78c916aeea4d"
  source_vpc_id            = "10000000-0000-4000-8000-000000000000"
  dr_type                  = "migration"
}
`, server: `
resource "opentelekomcloud_sdrs_protected_instance_v1" "g%[1]d_%[2]d" {
  group_id  = opentelekomcloud_sdrs_protectiongroup_v1.g%[1]d.id
  server_id = %[3]q
  name      = "server-%[1]d-%[2]d"
}
`, disk: `
resource "opentelekomcloud_sdrs_replication_pair_v1" "g%[1]d_%[2]d" {
  group_id  = opentelekomcloud_sdrs_protectiongroup_v1.g%[1]d.id
  volume_id = %[3]q
  name      = "disk-%[1]d-%[2]d"
}
`}
	nowhere = dialect{group: `
resource "floor_thing" "g%[1]d" { of = "%[2]s, %[3]s" }
`, server: `
resource "floor_thing" "s%[1]d_%[2]d" { of = "${floor_thing.g%[1]d.id}, %[3]s" }
`, disk: `
resource "floor_thing" "d%[1]d_%[2]d" { of = "${floor_thing.g%[1]d.id}, %[3]s" }
`}
)

// estate is so many groups of 4 servers and 8 disks.
func (d dialect) estate(groups int) string {
	var text strings.Builder
	for g := range groups {
		fmt.Fprintf(&text, d.group, g, simulator.DemoDomain().LocalAZ, simulator.DemoDomain().RemoteAZ)
		for s := range 4 {
			fmt.Fprintf(&text, d.server, g, s, serverID(g, s))
		}
		for n := range 8 {
			fmt.Fprintf(&text, d.disk, g, n, diskID(g, n))
		}
	}
	return text.String()
}

func serverID(group, n int) string { return fmt.Sprintf("20000000-0000-4000-8000-%06d%06d", group, n) }

func diskID(group, n int) string { return fmt.Sprintf("30000000-0000-4000-8000-%06d%06d", group, n) }

// TestLoadEstate runs real Terraform on an estate that is declared from nothing to its end: 50 groups of 4 instances
// and 8 pairs, 650 resources. It fails where a refresh takes a quarter as many requests as there are resources.
func TestLoadEstate(t *testing.T) {
	if os.Getenv("SDRS_LOAD") == "" {
		t.Skip("a measurement of some minutes: run make load")
	}
	const groups, resources = 50, 50 * (1 + 4 + 8)
	const vpc = "10000000-0000-4000-8000-000000000000"
	zone := simulator.DemoDomain().LocalAZ
	options := []simulator.Option{
		simulator.WithQuota(-1, -1), simulator.WithJobDuration(100 * time.Millisecond),
		simulator.WithVPCs(simulator.VPC{ID: vpc, Name: "estate"}),
	}
	for g := range groups {
		for s := range 4 {
			server, attached := simulator.NewServer(serverID(g, s), fmt.Sprintf("server-%d-%d", g, s), zone, vpc, 10)
			options = append(options, simulator.WithServers(server), simulator.WithDisks(attached...))
		}
		for n := range 8 {
			disk := simulator.Disk{ID: diskID(g, n), Name: fmt.Sprintf("disk-%d-%d", g, n), AZ: zone, SizeGB: 10}
			options = append(options, simulator.WithDisks(disk))
		}
	}
	l := loadOf(tftest.NewWorkspace(t, options...), groups)
	l.Write(t, "main.tf", providersBlock+here.estate(groups))
	t.Log("| groups | run | wall time | CPU time | requests | connections | provider, peak |")
	l.measure(t, 1, "estate: create, -parallelism=50", "apply", "-auto-approve", "-parallelism=50")
	l.measure(t, 1, "estate: plan, no refresh", "plan", "-refresh=false", "-detailed-exitcode")
	earlier := len(l.Requests())
	l.measure(t, 1, "estate: refresh", "plan", "-refresh-only")
	if n := len(l.Requests()) - earlier; n >= resources/4 {
		t.Errorf("a refresh of %d resources took %d requests", resources, n)
	}
	l.compare(t, "estate: refresh", there.estate(groups), nowhere.estate(groups))
	l.measure(t, 2, "estate: plan", "plan", "-detailed-exitcode")
	l.measure(t, 1, "estate: destroy, -parallelism=50", "apply", "-destroy", "-auto-approve", "-parallelism=50")
	for _, group := range l.Groups() {
		if group.ID != simulator.DemoGroup().ID { // Which is there before.
			t.Errorf("left behind: %s", group.Name)
		}
	}
}
