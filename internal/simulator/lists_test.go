package simulator_test

import (
	"net/http"
	"net/url"
	"strings"
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
		"protected_status": nil, "replication_status": nil, "health_status": nil, "test_vpc_id": nil, "replication_model": nil,
		"protected_instance_num": 2.0, "replication_num": 3.0, "created_at": "2019-05-23 03:51:58.256",
		"updated_at": "2019-05-23 07:48:12.484", "protection_type": "replication-pair", "dr_type": "migration", "server_type": "ECS",
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

func TestUnknownGroup(t *testing.T) {
	c := newCloud(t)
	r := c.sdrs("server-groups/nowhere")
	equal(t, "HTTP status", r.status, http.StatusBadRequest)
	equal(t, "code", r.at("error", "code"), any("SDRS.1013"))
}

func TestInstanceWire(t *testing.T) {
	c := newCloud(t)
	r := c.sdrs("protected-instances?server_group_id=" + groupID)
	sameKeys(t, "body", r.body, "count", "protected_instances")
	instance := r.list("protected_instances")[0]
	sameKeys(t, "instance", instance, "id", "name", "description", "server_group_id", "status", "progress", "source_server",
		"target_server", "created_at", "updated_at", "priority_station", "attachment", "tags", "metadata")
	equal(t, "created", instance["created_at"], any("2019-05-23 03:51:58.256"))
	equal(t, "source server", instance["source_server"], any(c.group().Instances[0].SourceServer.ID))
	attachments := reply{body: instance}.list("attachment")
	equal(t, "attachments", len(attachments), 2)
	sameKeys(t, "attachment", attachments[1], "replication", "device")
	equal(t, "device", attachments[1]["device"], any("/dev/vdb"))
	equal(t, "frozen", reply{body: instance}.at("metadata", "__system__frozen"), nil)

	c.UpdateGroup(groupID, func(g *simulator.Group) { g.Instances[0].Frozen = true })
	instance = c.sdrs("protected-instances").list("protected_instances")[0]
	equal(t, "frozen", reply{body: instance}.at("metadata", "__system__frozen"), any("true"))
}

func TestPairWire(t *testing.T) {
	c := newCloud(t)
	r := c.sdrs("replications")
	sameKeys(t, "body", r.body, "count", "replications")
	pair := r.list("replications")[0]
	sameKeys(t, "pair", pair, "id", "name", "description", "replication_model", "status", "progress", "replication_status",
		"attachment", "server_group_id", "volume_ids", "priority_station", "fault_level", "created_at", "updated_at",
		"record_metadata")
	want := c.group().Instances[0]
	equal(t, "created", pair["created_at"], any("2019-05-23T03:51:58.256108"))
	equal(t, "volumes", pair["volume_ids"], any(want.Pairs[0].SourceVolume+","+want.Pairs[0].TargetVolume))
	equal(t, "model", pair["replication_model"], any("hypermetro"))
	equal(t, "fault level", pair["fault_level"], any("0"))
	attachment := reply{body: pair}.list("attachment")[0]
	sameKeys(t, "attachment", attachment, "device", "protected_instance")
	equal(t, "instance", attachment["protected_instance"], any(want.ID))
	metadata, _ := pair["record_metadata"].(map[string]any)
	sameKeys(t, "metadata", metadata, "multiattach", "bootable", "volume_size", "volume_type")
}

func TestActiveDomainsAndQuotas(t *testing.T) {
	c := newCloud(t)
	domain := c.sdrs("active-domains").list("domains")[0]
	sameKeys(t, "domain", domain, "id", "name", "description", "sold_out", "local_replication_cluster", "remote_replication_cluster")
	equal(t, "local", reply{body: domain}.at("local_replication_cluster", "availability_zone"), any("eu-de-01"))
	equal(t, "remote", reply{body: domain}.at("remote_replication_cluster", "availability_zone"), any("eu-de-02"))
	equal(t, "domain", domain["id"], any(c.group().DomainID))

	quotas := c.sdrs("sdrs/quotas")
	resources, _ := quotas.at("quotas").(map[string]any)
	list := reply{body: resources}.list("resources")
	equal(t, "quotas", len(list), 2)
	sameKeys(t, "quota", list[0], "type", "used", "quota", "min", "max")
	equal(t, "groups", list[0]["used"], any(1.0))
	equal(t, "group quota", list[0]["quota"], any(50.0))
	equal(t, "pairs", list[1]["used"], any(3.0))
	equal(t, "pair quota", list[1]["quota"], any(100.0))
}

// names returns the names of a list's items.
func names(r reply, key string) string {
	var all []string
	for _, item := range r.list(key) {
		name, _ := item["name"].(string)
		all = append(all, name)
	}

	return strings.Join(all, " ")
}

func TestGroupFilters(t *testing.T) {
	c := newCloud(t)
	c.UpdateGroup(groupID, func(g *simulator.Group) { g.Name = "alpha-shop" })
	beta, gamma := simulator.NewGroup("1", "beta-shop", 1, 1), simulator.NewGroup("2", "gamma", 1, 1)
	beta.Status = "available"
	gamma.Status, gamma.PriorityStation = "error-reversing", "target"
	c.AddGroup(beta)
	c.AddGroup(gamma)

	for query, want := range map[string]struct {
		names string
		count int
	}{
		"":                                       {"alpha-shop beta-shop gamma", 3},
		"limit=1":                                {"alpha-shop", 3},
		"limit=0":                                {"", 3},
		"limit=1000&offset=1":                    {"beta-shop gamma", 3},
		"limit=1&offset=1":                       {"beta-shop", 3},
		"offset=9":                               {"", 3},
		"name=shop":                              {"alpha-shop beta-shop", 2},
		"name=shop&limit=1":                      {"alpha-shop", 2},
		"name=Shop":                              {"", 0},
		"status=available":                       {"beta-shop", 1},
		"availability_zone=eu-de-02":             {"gamma", 1},
		"availability_zone=eu-de-01":             {"alpha-shop beta-shop", 2},
		"query_type=status_abnormal":             {"gamma", 1},
		"query_type=stop_protected":              {"beta-shop", 1},
		"query_type=period_no_dr_drill&offset=2": {"gamma", 3},
	} {
		r := c.sdrs("server-groups?" + query)
		equal(t, query, names(r, "server_groups"), want.names)
		equal(t, query+" count", r.at("count"), any(float64(want.count)))
	}
}

func TestInvalidFilters(t *testing.T) {
	c := newCloud(t)
	ids := `["` + strings.Repeat(`x","`, 30) + `x"]`
	for _, query := range []string{
		"limit=1001", "limit=-1", "limit=many", "offset=-1", "query_type=all", "server_group_ids=x", "server_group_ids=" + url.QueryEscape(ids),
	} {
		for _, list := range []string{"server-groups", "protected-instances", "replications", "task-center/failure-jobs"} {
			r := c.sdrs(list + "?" + query)
			equal(t, list+"?"+query, r.status, http.StatusBadRequest)
			equal(t, list+"?"+query, r.at("badrequest", "code"), any("SDRS.0204"))
		}
	}
	equal(t, "instance ids", c.sdrs("replications?protected_instance_ids=x").status, http.StatusBadRequest)
}

func TestInstanceAndPairFilters(t *testing.T) {
	c := newCloud(t)
	c.AddGroup(simulator.NewGroup("g2", "crm", 1, 1))
	c.UpdateGroup(groupID, func(g *simulator.Group) {
		g.Instances[1].PriorityStation = "target"
		g.Instances[1].Status = "fault"
		g.Instances[1].Pairs[0].PriorityStation = "target"
		g.Instances[1].Pairs[0].Status = "invalid"
	})
	first := c.group().Instances[0].ID

	for query, want := range map[string]struct{ instances, pairs string }{
		"":                           {"web-shop-1 web-shop-2 crm-1", "web-shop-1-disk-1 web-shop-1-disk-2 web-shop-2-disk-1 crm-1-disk-1"},
		"server_group_id=" + groupID: {"web-shop-1 web-shop-2", "web-shop-1-disk-1 web-shop-1-disk-2 web-shop-2-disk-1"},
		"server_group_id=unknown":    {"", ""},
		"server_group_ids=" + url.QueryEscape(`["g2","x"]`): {"crm-1", "crm-1-disk-1"},
		"name=shop-2":                    {"web-shop-2", "web-shop-2-disk-1"},
		"status=protected&limit=1":       {"web-shop-1", "web-shop-1-disk-1"},
		"availability_zone=eu-de-02":     {"web-shop-2", "web-shop-2-disk-1"},
		"query_type=status_abnormal":     {"web-shop-2", "web-shop-2-disk-1"},
		"protected_instance_id=" + first: {"web-shop-1 web-shop-2 crm-1", "web-shop-1-disk-1 web-shop-1-disk-2"},
		"offset=1&limit=1&protected_instance_ids=" + url.QueryEscape(`["`+first+`","unknown"]`): {"web-shop-2", "web-shop-1-disk-2"},
	} {
		equal(t, "instances?"+query, names(c.sdrs("protected-instances?"+query), "protected_instances"), want.instances)
		equal(t, "pairs?"+query, names(c.sdrs("replications?"+query), "replications"), want.pairs)
	}
	equal(t, "count", c.sdrs("replications?limit=1&server_group_id="+groupID).at("count"), any(3.0))
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
