package simulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

func TestInstanceRefusals(t *testing.T) {
	c := emptyCloud(t, simulator.WithQuota(50, 5), simulator.WithMemberLimits(1, -1))
	g := c.madeGroup()
	moving := c.madeGroup()
	c.UpdateGroup(moving, func(g *simulator.Group) { g.Status = "stopping" })
	post := func(want string, body string) ask { return ask{"POST", "protected-instances", body, want} }
	tags := strings.Repeat(`{"key":"x","value":""},`, 10) + `{"key":"x","value":""}`
	c.answers(
		post("400 SDRS.0201", `{}`),
		post("400 SDRS.0201", newInstance(g, web.ID, `,"tenancy":"shared"`)),
		post("400 SDRS.0202", strings.Replace(newInstance(g, web.ID), `"web"`, `"the web"`, 1)),
		post("400 SDRS.0212", newInstance(g, web.ID, `,"description":"<"`)),
		post("400 SDRS.2203", newInstance(g, web.ID, `,"tags":[`+tags+`]`)),
		post("400 SDRS.2204", newInstance(g, web.ID, `,"tags":[{"key":"a b","value":""}]`)),
		post("400 SDRS.2205", newInstance(g, web.ID, `,"tags":[{"key":"","value":""}]`)),
		post("400 SDRS.2207", newInstance(g, web.ID, `,"tags":[{"key":"x","value":"<"}]`)),
		post("400 SDRS.2209", newInstance(g, web.ID, `,"tags":[{"key":"x","value":""},{"key":"x","value":""}]`)),
		post("400 SDRS.1002", newInstance(moving, web.ID)),
		post("400 SDRS.1326", newInstance(g, "none")),
		post("400 SDRS.0210", newInstance(g, "no id")),
		post("400 SDRS.1303", newInstance(g, db.ID)),
		post("400 SDRS.1353", newInstance(g, web.ID, `,"flavorRef":"g1.large.2"`)),
		post("400 SDRS.1335", newInstance(g, web.ID, `,"primary_ip_address":"10.20.0.9"`)),
		post("400 SDRS.1335", newInstance(g, web.ID, `,"primary_subnet_id":"none"`)),
		post("400 SDRS.0219", newInstance(g, web.ID, `,"primary_subnet_id":"`+project.VPCs[0].Subnets[0].ID+
			`","primary_ip_address":"192.168.0.1"`)),
		post("400 SDRS.1334", newInstance(g, web.ID, `,"primary_subnet_id":"`+project.VPCs[0].Subnets[0].ID+
			`","primary_ip_address":"10.20.1.10"`)),
	)
	disks := project.DisksOf(web.ID)
	for _, test := range []struct {
		want   string
		change func()
	}{
		{"400 SDRS.1304", func() { c.UpdateServer(web.ID, func(s *simulator.Server) { s.VPCID = "other" }) }},
		{"400 SDRS.1333", func() { c.SetServerStatus(web.ID, "REBUILD") }},
		{"400 SDRS.1336", func() { c.UpdateServer(web.ID, func(s *simulator.Server) { s.ExtensionNIC = true }) }},
		{"400 SDRS.1359", func() { c.UpdateServer(web.ID, func(s *simulator.Server) { s.Locked = true }) }},
		{"400 SDRS.1356", func() { c.UpdateServer(web.ID, func(s *simulator.Server) { s.Flavor = "c6.large.2" }) }},
		{"400 SDRS.1802", func() { c.UpdateDisk(disks[1].ID, func(d *simulator.Disk) { d.Encrypted = true }) }},
		{"400 SDRS.1806", func() { c.UpdateDisk(disks[1].ID, func(d *simulator.Disk) { d.Shared = true }) }},
		{"400 SDRS.1322", func() { c.UpdateDisk(disks[0].ID, func(d *simulator.Disk) { d.Status = "error" }) }},
		{"400 SDRS.1339", func() {
			c.UpdateDisk(disks[0].ID, func(d *simulator.Disk) { d.Attachments[0].Device = "/dev/vdx" })
		}},
		{"400 SDRS.1321", func() {
			for _, d := range disks {
				c.UpdateDisk(d.ID, func(d *simulator.Disk) { d.Attachments = nil })
			}
		}},
	} {
		server, _ := c.CloudServer(web.ID)
		test.change()
		c.answers(post(test.want, newInstance(g, web.ID)))
		c.UpdateServer(web.ID, func(s *simulator.Server) { *s = server })
		for _, d := range disks {
			c.UpdateDisk(d.ID, func(seed *simulator.Disk) { *seed = d })
		}
	}

	id := c.madeInstance(g, web.ID)
	second := c.madeGroup()
	c.answers(
		post("400 SDRS.1305", newInstance(second, web.ID)),
		post("400 SDRS.1305", newInstance(second, c.instance(id).textAt("target_server"))),
		post("400 SDRS.1358", newInstance(g, project.Servers[1].ID)),
		ask{"PUT", "protected-instances/" + id, `{"protected_instance":{"name":""}}`, "400 SDRS.0202"},
		ask{"PUT", "protected-instances/none", `{"protected_instance":{"name":"x"}}`, "400 SDRS.1320"},
		ask{"GET", "protected-instances/none", "", "400 SDRS.1320"},
		ask{"GET", "protected-instances/no%20id", "", "400 SDRS.0208"},
		ask{"DELETE", "protected-instances/none", "", "400 SDRS.1301"},
		ask{"DELETE", "protected-instances/" + id, `{"protected_instance":{}}`, "400 SDRS.0201"},
		ask{"DELETE", "server-groups/" + g, "", "400 SDRS.1001"},
		ask{"DELETE", "protected-instances/" + id, "", "200"},
		ask{"DELETE", "protected-instances/" + id, "", "400 SDRS.1301"},
	)
	c.clock.Advance(jobDuration)
	c.madePair(second, spare.ID)
	c.answers(post("400 SDRS.0306", newInstance(second, project.Servers[1].ID)))
	at := []simulator.DiskAttachment{{ServerID: project.Servers[1].ID, Device: "/dev/vdx"}}
	c.UpdateDisk(spare.ID, func(d *simulator.Disk) { d.Attachments = at })
	c.answers(post("400 SDRS.1811", newInstance(second, project.Servers[1].ID)))
}

// What the foreign clients don't see of a creation: where the replicas are, and what they are called.
func TestReplicasOfAnInstance(t *testing.T) {
	c := emptyCloud(t)
	g := c.madeGroup()
	subnet := project.VPCs[0].Subnets[0].ID
	created := c.made("protected-instances", newInstance(g, web.ID, `,"flavorRef":"s3.xlarge.2","primary_subnet_id":"`+
		subnet+`","primary_ip_address":"10.20.0.99"`), "protected_instance_id")
	i := c.instance(created)
	dr, _ := c.CloudServer(i.textAt("target_server"))
	equal(t, "DR server", strings.Join([]string{dr.Name, dr.Status, dr.AZ, dr.Flavor, dr.NICs[0].IP}, " "),
		"web-1 SHUTOFF eu-de-02 s3.xlarge.2 10.20.0.99")
	for n, a := range i.list("attachment") {
		pair := c.pair(reply{body: a}.textAt("replication"))
		source, target, _ := strings.Cut(pair.textAt("volume_ids"), ",")
		disk := project.DisksOf(web.ID)[n]
		equal(t, "production disk", source, disk.ID)
		replica, _ := c.Disk(target)
		equal(t, "replica", fmt.Sprint(replica.AZ, replica.Name, replica.SizeGB, replica.Attachments),
			fmt.Sprintf("eu-de-02%s%d [{%s %s}]", disk.Name, disk.SizeGB, dr.ID, a["device"]))
		if !strings.HasPrefix(pair.textAt("name"), "Replication-Pair-") {
			t.Errorf("name: got %s", pair.textAt("name"))
		}
	}
}

// Protected is not synchronized.
func TestSyncRate(t *testing.T) {
	c := emptyCloud(t, simulator.WithSyncRate(1))
	g := c.madeGroup()
	id := c.madeInstance(g, web.ID)
	c.ended(http.MethodPost, "server-groups/"+g+"/action", startBody)
	c.clock.Advance(10 * time.Second)
	equal(t, "status", c.instance(id).textAt("status"), "protected")
	pairs := c.sdrs("replications?server_group_id=" + g).list("replications")
	equal(t, "small disk", fmt.Sprint(pairs[0]["replication_status"], pairs[0]["progress"]), "active100")
	equal(t, "large disk", fmt.Sprint(pairs[1]["replication_status"], pairs[1]["progress"]), "copying25")
	c.SetServerStatus(web.ID, simulator.ServerStopped)
	c.answers(ask{"POST", "server-groups/" + g + "/action", reverse("target"), "400 SDRS.1830"})
}

func TestDeletionOfAnInstance(t *testing.T) {
	c := emptyCloud(t)
	g := c.madeGroup()
	id := c.madeInstance(g, web.ID)
	dr := c.instance(id).textAt("target_server")
	path := "protected-instances/" + id
	c.ended(http.MethodPost, "server-groups/"+g+"/action", startBody)
	c.SetServerStatus(web.ID, simulator.ServerStopped)
	production, _ := c.CloudServer(web.ID)
	c.ended(http.MethodPost, "server-groups/"+g+"/action", reverse("target"))
	there, _ := c.CloudServer(dr)
	equal(t, "the NICs follow production", there.NICs[0], production.NICs[0])
	c.answers(
		ask{"DELETE", path, `{"delete_target_server":true}`, "400 SDRS.1330"},
		ask{"DELETE", path, `{"delete_target_eip":true}`, "400 SDRS.1338"},
	)
	c.ended(http.MethodPost, "server-groups/"+g+"/action", reverse("source"))
	c.FailNextJob("SDRS.1351", "because")
	c.ended(http.MethodDelete, path, "")
	equal(t, "failed", c.instance(id).textAt("status"), "error-deleting")
	failures := c.sdrs("task-center/failure-jobs?server_group_id=" + g).list("failure_jobs")
	equal(t, "failure", fmt.Sprint(failures[0]["resource_id"], failures[0]["failure_status"]), id+"deleteFail")
	equal(t, "not of groups", c.sdrs("task-center/failure-jobs").at("count"), any(0.0))
	c.UpdateGroup(g, func(g *simulator.Group) { g.Instances[0].Frozen = true })
	c.answers(ask{"DELETE", path, `{"delete_target_server":true}`, "400 SDRS.1355"})
	c.UpdateGroup(g, func(g *simulator.Group) { g.Instances[0].Frozen = false })
	c.ended(http.MethodDelete, path, `{"delete_target_server":true}`)
	equal(t, "production", c.ecs("cloudservers/"+web.ID).status, http.StatusOK)
	equal(t, "pairs", c.sdrs("replications?server_group_id="+g).at("count"), any(0.0))
	c.madeInstance(g, web.ID)
}

func TestInstanceInTheOtherDirection(t *testing.T) {
	c := emptyCloud(t)
	g := c.madeGroup()
	c.UpdateGroup(g, func(g *simulator.Group) { g.PriorityStation = "target" })
	i := c.instance(c.madeInstance(g, db.ID))
	equal(t, "production", i.textAt("target_server"), db.ID)
	pair := c.pair(reply{body: i.list("attachment")[0]}.textAt("replication"))
	equal(t, "its disk", strings.HasSuffix(pair.textAt("volume_ids"), ","+project.DisksOf(db.ID)[0].ID), true)
}

func TestFailedCreationOfAnInstance(t *testing.T) {
	t.Parallel()

	for name, options := range map[string][]simulator.Option{"alone": nil, "with parts": {simulator.WithPartsLeft()}} {
		t.Run(name, func(t *testing.T) {
			c := emptyCloud(t, append(options, simulator.WithLateRefusals("SDRS.1802"))...)
			g := c.madeGroup()
			c.UpdateDisk(project.DisksOf(web.ID)[0].ID, func(d *simulator.Disk) { d.Encrypted = true })
			job := c.ended(http.MethodPost, "protected-instances", newInstance(g, web.ID))
			equal(t, "job", job.textAt("status")+" "+job.textAt("error_code"), "FAIL SDRS.1802")
			id := job.textAt("entities", "protected_instance_id")
			i := c.instance(id)
			equal(t, "status", i.textAt("status"), "error")
			equal(t, "DR server", i.textAt("target_server") != "", len(options) > 0)
			equal(t, "pairs", len(i.list("attachment")) == 2, len(options) > 0)
			failures := c.sdrs("task-center/failure-jobs?failure_status=createFail&server_group_id=" + g)
			equal(t, "failure", reply{body: failures.list("failure_jobs")[0]}.textAt("resource_id"), id)
			c.answers(ask{"POST", "protected-instances", newInstance(g, web.ID), "400 SDRS.1305"})
			started := c.change(http.MethodPost, "server-groups/"+g+"/action", startBody)
			equal(t, "pairs to protect", started.status == http.StatusOK, len(options) > 0)
			c.clock.Advance(jobDuration)
			equal(t, "status", c.instance(id).textAt("status"), "error")
			c.ended(http.MethodDelete, "protected-instances/"+id, "")
			equal(t, "gone", c.sdrs("protected-instances?server_group_id="+g).at("count"), any(0.0))
		})
	}
}

func TestResize(t *testing.T) {
	c := emptyCloud(t)
	g := c.madeGroup()
	id := c.madeInstance(g, web.ID)
	path := "protected-instances/" + id + "/resize"
	dr := c.instance(id).textAt("target_server")
	c.answers(
		ask{"POST", path, `{"resize":{}}`, "400 SDRS.0201"},
		ask{"POST", path, `{"resize":{"flavorRef":"s3.xlarge.2"}}`, "400 SDRS.1316"},
		ask{"POST", path, `{"resize":{"dr_flavorRef":"s3.large.2"}}`, "400 SDRS.1341"},
		ask{"POST", path, `{"resize":{"dr_flavorRef":"p1.large.2"}}`, "400 SDRS.1353"},
		ask{"POST", "protected-instances/none/resize", `{"resize":{"dr_flavorRef":"s3.xlarge.2"}}`, "400 SDRS.1320"},
		ask{"POST", path, `{"resize":{"dr_flavorRef":"s3.xlarge.2"}}`, "200"},
		ask{"POST", path, `{"resize":{"dr_flavorRef":"s3.2xlarge.2"}}`, "400 SDRS.1328"},
	)
	equal(t, "meanwhile", c.instance(id).textAt("status"), "resizing")
	c.clock.Advance(jobDuration)
	flavors := func() string {
		production, _ := c.CloudServer(web.ID)
		replica, _ := c.CloudServer(dr)

		return production.Flavor + " " + replica.Flavor
	}
	equal(t, "flavors", flavors(), "s3.large.2 s3.xlarge.2")
	c.SetServerStatus(web.ID, simulator.ServerStopped)
	c.FailNextJob("SDRS.1329", "because")
	job := c.ended("POST", path, `{"resize":{"flavorRef":"s3.2xlarge.2"}}`)
	equal(t, "job", job.textAt("job_type"), "resizeProtectedInstanceNew")
	equal(t, "failed", c.instance(id).textAt("status")+" "+flavors(), "error-resizing s3.large.2 s3.xlarge.2")
	c.ended("POST", path, `{"resize":{"flavorRef":"s3.2xlarge.2"}}`)
	equal(t, "again", c.instance(id).textAt("status")+" "+flavors(), "available s3.2xlarge.2 s3.2xlarge.2")
}

func TestNICs(t *testing.T) {
	c := emptyCloud(t)
	g := c.madeGroup()
	id := c.madeInstance(g, web.ID)
	path, subnet := "protected-instances/"+id+"/nic", project.VPCs[0].Subnets[0].ID
	c.answers(
		ask{"POST", path, `{"subnet_id":"none"}`, "400 SDRS.1335"},
		ask{"POST", path, `{"subnet_id":"` + subnet + `","ip_address":"10.99.0.1"}`, "400 SDRS.0219"},
		ask{"POST", path, `{"subnet_id":"` + subnet + `","ip_address":"10.20.1.10"}`, "400 SDRS.1334"},
		ask{"POST", path, `{"nic":{"subnet_id":"` + subnet + `"}}`, "400 SDRS.0201"},
		ask{"POST", path + "/delete", `{"nic_id":"none"}`, "400 SDRS.1310"},
	)
	nic := c.made(path, `{"subnet_id":"`+subnet+`","ip_address":"10.20.0.160","security_groups":[{"id":"x"}]}`, "nic_id")
	server, _ := c.CloudServer(web.ID)
	equal(t, "NIC", server.NICs[1].PortID+" "+server.NICs[1].IP, nic+" 10.20.0.160")
	c.answers(
		ask{"POST", path + "/delete", `{"nic_id":"` + server.NICs[0].PortID + `"}`, "400 SDRS.1311"},
		ask{"POST", path + "/delete", `{"nic_id":"` + nic + `"}`, "200"},
		ask{"POST", path + "/delete", `{"nic_id":"` + nic + `"}`, "400 SDRS.1327"},
		ask{"POST", path, `{"subnet_id":"` + subnet + `"}`, "400 SDRS.1327"},
	)
	equal(t, "meanwhile", c.instance(id).textAt("status"), "nic-deleting")
	c.clock.Advance(jobDuration)
	server, _ = c.CloudServer(web.ID)
	equal(t, "NICs", len(server.NICs), 1)
	for range 11 {
		c.made(path, `{"subnet_id":"`+subnet+`"}`, "nic_id")
	}
	c.answers(ask{"POST", path, `{"subnet_id":"` + subnet + `"}`, "400 SDRS.1340"})
}

func TestNICsOfAFailover(t *testing.T) {
	c := newCloud(t)
	at := func(station string) string {
		i := c.group().Instances[0]
		server := map[string]simulator.Server{"source": i.SourceServer, "target": i.TargetServer}[station]
		if len(server.NICs) == 0 {
			return ""
		}

		return server.NICs[0].IP
	}
	source, target := at("source"), at("target")
	c.accepted(failover)
	c.clock.Advance(jobDuration)
	equal(t, "failed over", at("source")+" "+at("target"), " "+source)
	c.accepted(startBody)
	c.clock.Advance(jobDuration)
	equal(t, "protected again", at("source")+" "+at("target"), target+" "+source)
}

func TestTags(t *testing.T) {
	c := emptyCloud(t, simulator.WithTagLimit(3))
	g := c.madeGroup()
	id := c.madeInstance(g, web.ID)
	path, twice := "protected-instances/"+id+"/tags", `{"key":"b","value":""}`
	c.answers(
		ask{"POST", path, `{"tag":{"key":"tier","value":"web"}}`, "204"},
		ask{"POST", path, `{"tag":{"key":"tier","value":"db"}}`, "204"},
		ask{"POST", path, `{"tag":{"key":"tier"}}`, "400 SDRS.2208"},
		ask{"POST", path, `{"tag":{"key":"","value":"x"}}`, "400 SDRS.2205"},
		ask{"POST", path, `{"tag":{"key":"a b","value":"x"}}`, "400 SDRS.2204"},
		ask{"POST", path, `{"tag":{"key":"a","value":"x y"}}`, "400 SDRS.2207"},
		ask{"POST", path + "/action", `{"action":"create","tags":[{"key":"a","value":""},{"key":"b","value":"1"}]}`, "204"},
		ask{"POST", path + "/action", `{"action":"create","tags":[{"key":"c","value":""}]}`, "400 SDRS.2203"},
		ask{"POST", path + "/action", `{"action":"create","tags":[` + twice + `,` + twice + `]}`, "400 SDRS.2209"},
		ask{"POST", path + "/action", `{"action":"create","tags":[{"key":"b"}]}`, "400 SDRS.2208"},
		ask{"POST", path + "/action", `{"action":"create","tags":[]}`, "400 SDRS.2202"},
		ask{"POST", path + "/action", `{"action":"drop","tags":[{"key":"b","value":"1"}]}`, "400 SDRS.2201"},
		ask{"POST", path, `{"tag":{"key":"c","value":""}}`, "400 SDRS.2203"},
		ask{"POST", path + "/action", `{"action":"create","tags":[{"key":"","value":""}]}`, "400 SDRS.2205"},
		ask{"POST", path + "/action", `{"action":"create","tags":[{"key":"a b","value":""}]}`, "400 SDRS.2204"},
		ask{"POST", path + "/action", `{"action":"create","tags":[{"key":"a","value":"<"}]}`, "400 SDRS.2207"},
		ask{"POST", path + "/action", `{"action":"delete","tags":[{"key":"a"},{"key":"none"}]}`, "204"},
		ask{"DELETE", path + "/none", "", "404 SDRS.2206"},
		ask{"DELETE", path + "/b", "", "204"},
		ask{"GET", "protected-instances/none/tags", "", "400 SDRS.1320"},
	)
	equal(t, "tags", c.sdrs(path).text, `{"tags":[{"key":"tier","value":"db"}]}`)
	equal(t, "of the instance", fmt.Sprint(c.instance(id).at("tags")), "[map[key:tier value:db]]")
	equal(t, "of the project", c.sdrs("protected-instances/tags").text, `{"tags":[{"key":"tier","values":["db"]}]}`)

	search := "protected-instances/resource_instances/action"
	for query, want := range map[string]string{
		`"tags":[{"key":"tier","values":["db","x"]}]`:                     "1",
		`"tags":[{"key":"tier","values":[]}]`:                             "1",
		`"tags":[{"key":"tier","values":["*b"]}]`:                         "1",
		`"tags":[{"key":"tier","values":["web"]}]`:                        "0",
		`"tags_any":[{"key":"x","values":[]},{"key":"tier","values":[]}]`: "1",
		`"not_tags":[{"key":"tier","values":[]}]`:                         "2",
		`"not_tags_any":[{"key":"tier","values":[]}]`:                     "2",
		`"matches":[{"key":"resource_name","value":"shop"}]`:              "2",
	} {
		equal(t, query, c.change(http.MethodPost, search, `{"action":"count",`+query+`}`).text, `{"total_count":`+want+`}`)
	}
	found := c.change(http.MethodPost, search, `{"action":"filter","limit":"1","offset":"2"}`)
	equal(t, "page", reply{body: found.list("resources")[0]}.textAt("resource_detail", "id"), id)
	c.answers(
		ask{"POST", search, `{"action":"x"}`, "400 SDRS.2210"},
		ask{"POST", search, `{"action":"count","limit":"1"}`, "400 SDRS.2211"},
		ask{"POST", search, `{"action":"filter","limit":"0"}`, "400 SDRS.2220"},
		ask{"POST", search, `{"action":"filter","offset":"-1"}`, "400 SDRS.0222"},
		ask{"POST", search, `{"action":"filter","matches":[{"key":"id","value":"x"}]}`, "400 SDRS.2214"},
	)
	equal(t, "a search changes nothing", c.Accepted(simulator.RouteInstancesByTags), 0)
}
