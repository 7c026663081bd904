package simulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

func TestGroupWire(t *testing.T) {
	c := newCloud(t)
	r := c.sdrs("server-groups/" + groupID)
	equal(t, "HTTP status", r.status, http.StatusOK)
	sameKeys(t, "body", r.body, "server_group")
	group, _ := r.at("server_group").(map[string]any)
	sameKeys(t, "group", group, "id", "name", "description", "source_availability_zone", "target_availability_zone",
		"domain_id", "domain_name", "status", "protected_status", "replication_status", "health_status", "progress",
		"priority_station", "protected_instance_num", "replication_num", "disaster_recovery_drill_num", "source_vpc_id",
		"target_vpc_id", "test_vpc_id", "dr_type", "server_type", "created_at", "updated_at", "protection_type",
		"replication_model")
	for key, want := range map[string]any{
		"id": groupID, "name": "web-shop", "status": "protected", "priority_station": "source",
		"source_availability_zone": "eu-de-01", "target_availability_zone": "eu-de-02",
		"protected_status": nil, "replication_status": nil, "health_status": nil, "test_vpc_id": nil,
		"replication_model":      nil,
		"protected_instance_num": 2.0, "replication_num": 3.0, "created_at": "2019-05-23 03:51:58.256",
		"updated_at": "2019-05-23 07:48:12.484", "protection_type": "replication-pair",
		"dr_type": "migration", "server_type": "ECS",
		"description": "simulated",
	} {
		equal(t, key, group[key], want)
	}

	c.UpdateGroup(groupID, func(g *simulator.Group) { g.Description = "" })
	equal(t, "no description", c.sdrs("server-groups/"+groupID).at("server_group", "description"), nil)

	r = c.sdrs("server-groups")
	sameKeys(t, "list", r.body, "count", "server_groups")
	if len(r.list("server_groups")[0]) != len(group) {
		t.Error("a group of the list has other keys than the group alone")
	}
}

func TestSnapshotIsACopy(t *testing.T) {
	c := newCloud(t)
	g := c.group()
	g.Instances[0].Status = "changed"
	g.Instances[0].Pairs[0].Status = "changed"
	again := c.group()
	equal(t, "instance", again.Instances[0].Status, "protected")
	equal(t, "pair", again.Instances[0].Pairs[0].Status, "protected")

	c.AddGroup(g)
	equal(t, "replaced", c.group().Instances[0].Status, "changed")
	equal(t, "count", c.sdrs("server-groups").at("count"), any(1.0))
	if _, ok := c.Group("nowhere"); ok {
		t.Error("an unknown group was found")
	}
}

func TestSeed(t *testing.T) {
	t.Parallel()

	seen := map[string]bool{}
	unique := func(ids ...string) {
		for _, id := range ids {
			if seen[id] || id == "" {
				t.Errorf("the id %q is not unique", id)
			}
			seen[id] = true
		}
	}
	for _, id := range []string{"a", "b"} {
		g := simulator.NewGroup(id, "same", 3, 7)
		unique(g.ID, g.VPCID)
		sizes := []int{3, 2, 2}
		for n, i := range g.Instances {
			unique(i.ID, i.SourceServer.ID, i.TargetServer.ID)
			equal(t, "pairs", len(i.Pairs), sizes[n])
			for _, p := range i.Pairs {
				unique(p.ID, p.SourceVolume, p.TargetVolume)
			}
		}
	}
	equal(t, "deterministic", simulator.DemoGroup().Instances[1].ID, simulator.DemoGroup().Instances[1].ID)
	equal(t, "no instances", len(simulator.NewGroup("c", "empty", 0, 3).Instances), 0)
}

func TestUpdateGroupStampsTheTime(t *testing.T) {
	c := newCloud(t)
	c.clock.Advance(time.Hour)
	c.UpdateGroup(groupID, func(g *simulator.Group) { g.Name = "renamed" })
	equal(t, "updated", c.group().UpdatedAt, start.Add(time.Hour))
	c.UpdateGroup("nowhere", func(*simulator.Group) { t.Error("an unknown group was changed") })
}
