package protectiongroup_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// webShop is what the API reports of the demo group.
func webShop() tftest.Attributes {
	return tftest.Attributes{
		"id": simulator.DemoGroup().ID, "name": "web-shop", "description": "simulated", "status": "protected",
		"progress":    int64(100),
		"active_site": "source", "active_availability_zone": "eu-de-01", "standby_availability_zone": "eu-de-02",
		"source_availability_zone": "eu-de-01", "target_availability_zone": "eu-de-02",
		"domain_id": simulator.DemoGroup().DomainID, "domain_name": simulator.DemoGroup().DomainName,
		"protected_instance_num": int64(2), "replication_num": int64(3), "disaster_recovery_drill_num": int64(0),
		"source_vpc_id": simulator.DemoGroup().VPCID, "target_vpc_id": simulator.DemoGroup().VPCID,
		"dr_type": "migration", "server_type": "ECS", "protection_type": "replication-pair",
		"created_at": "2019-05-23T03:51:58.256Z", "updated_at": "2019-05-23T07:48:12.484Z",
	}
}

// named returns a group of that name, with an id that ends in n.
func named(name string, n int) simulator.Group {
	return simulator.NewGroup(fmt.Sprintf("00000000-0000-0000-0000-%012d", n), name, 0, 0)
}

func TestGroupByID(t *testing.T) {
	t.Parallel()
	demo := simulator.DemoGroup()
	demo.PriorityStation, demo.Description = simulator.StationTarget, ""
	s := tftest.NewSource(t, "sdrs_protection_group", simulator.WithGroups(demo))
	got := s.MustRead(t, tftest.Attributes{"id": s.GroupID}, simulator.RouteGroup, 1)
	all := webShop()
	all["active_site"], all["active_availability_zone"], all["standby_availability_zone"] = "target", "eu-de-02",
		"eu-de-01"
	all["description"] = nil
	tftest.Want(t, got, all)
	if len(got) != len(all) {
		t.Errorf("%d attributes, want %d", len(got), len(all))
	}
}

func TestGroupByExactName(t *testing.T) {
	t.Parallel()
	demo := simulator.DemoGroup()
	s := tftest.NewSource(t, "sdrs_protection_group",
		simulator.WithGroups(named("web-shop-2", 1), demo, named("my-web-shop", 2)))
	got := s.MustRead(t, tftest.Attributes{"name": "web-shop"}, simulator.RouteGroups, 1)
	tftest.Want(t, got, webShop())
}

func TestGroupNotFound(t *testing.T) {
	t.Parallel()
	var groups []simulator.Group
	for n := range 12 {
		groups = append(groups, named(fmt.Sprintf("db-%02d", n), n))
	}
	s := tftest.NewSource(t, "sdrs_protection_group", simulator.WithGroups(groups...))

	text := tftest.Text(s.Read(t, tftest.Attributes{"id": "11111111-2222-3333-4444-555555555555"}).Diagnostics)
	tftest.WantText(t, tftest.WithoutRequestID(text), `
ERROR on AttributeName("id"): Protection Group Not Found: 11111111-2222-3333-4444-555555555555

There is no such protection group in this project.

  Protection group: 11111111-2222-3333-4444-555555555555
  HTTP status: 400
  Error code: SDRS.1013
  Reason: The protection group 11111111-2222-3333-4444-555555555555 does not exist.
  Request ID: -

Check id, and the region and project (tenant_name) of the provider.
`)
	text = tftest.Text(s.Read(t, tftest.Attributes{"name": "b-0"}).Diagnostics)
	tftest.WantText(t, text, `
ERROR on AttributeName("name"): Protection Group Not Found: b-0

There is no protection group named "b-0" in this project.

`+similarNames(10)+`

Check name, and the region and project (tenant_name) of the provider.
`)
	text = tftest.Text(s.Read(t, tftest.Attributes{"name": "db"}).Diagnostics)
	if !strings.Contains(text, similarNames(10)+"\n  Similar names not shown: 2\n") {
		t.Error(text)
	}
	text = tftest.Text(s.Read(t, tftest.Attributes{"name": "none"}).Diagnostics)
	tftest.WantText(t, text, `
ERROR on AttributeName("name"): Protection Group Not Found: none

There is no protection group named "none" in this project.

Check name, and the region and project (tenant_name) of the provider.
`)
}

func similarNames(count int) string {
	var lines []string
	for n := range count {
		lines = append(lines,
			fmt.Sprintf("  Similar name: db-%02d 00000000-0000-0000-0000-%012d, protected, active at source (eu-de-01)", n, n))
	}
	return strings.Join(lines, "\n")
}

func TestGroupNotUnique(t *testing.T) {
	t.Parallel()
	first, second := named("web", 1), named("web", 2)
	second.Status, second.PriorityStation = simulator.StatusAvailable, simulator.StationTarget
	s := tftest.NewSource(t, "sdrs_protection_group", simulator.WithGroups(first, second, named("web-3", 3)))
	text := tftest.Text(s.Read(t, tftest.Attributes{"name": "web"}).Diagnostics)
	tftest.WantText(t, text, `
ERROR on AttributeName("name"): Protection Group Not Unique: web

There are 2 protection groups named "web" in this project.

  Protection group: web 00000000-0000-0000-0000-000000000001, protected, active at source (eu-de-01)
  Protection group: web 00000000-0000-0000-0000-000000000002, available, active at target (eu-de-02)

Set id to that of the group that is meant, in place of name.
`)
}

// What the lists and the resources of groups share with it is tested there.
func TestGroupNotReadable(t *testing.T) {
	t.Parallel()
	s := tftest.NewSource(t, "sdrs_protection_group")
	s.Inject(simulator.Fault{Status: http.StatusForbidden, Body: `{"error": {"code": "SDRS.0005", "message": "no role"}}`})
	for want, config := range map[string]tftest.Attributes{
		"ERROR: Protection Group Not Permitted: " + s.GroupID: {"id": s.GroupID},
		"ERROR: Protection Groups Not Permitted\n":            {"name": "web-shop"},
	} {
		if text := tftest.Text(s.Read(t, config).Diagnostics); !strings.HasPrefix(text, want) {
			t.Errorf("%v: got %s", config, text)
		}
	}
	if text := tftest.Text(s.Validate(t, tftest.Attributes{"name": ""})); !strings.Contains(text,
		"length must be at least 1") {
		t.Errorf("an empty name: got %s", text)
	}
}
