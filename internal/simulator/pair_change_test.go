package simulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

func TestPairRefusals(t *testing.T) {
	c := emptyCloud(t, simulator.WithQuota(50, 8), simulator.WithMemberLimits(-1, 1))
	g, other, moving := c.madeGroup(), c.madeGroup(), c.madeGroup()
	c.UpdateGroup(moving, func(g *simulator.Group) { g.Status = "failing-over" })
	instance := c.madeInstance(g, web.ID)
	another := "protected-instances/" + c.madeInstance(g, project.Servers[1].ID) + "/attachreplication"
	attached := reply{body: c.instance(instance).list("attachment")[0]}.textAt("replication")
	post := func(want, body string) ask { return ask{"POST", "replications", body, want} }
	c.answers(
		post("400 SDRS.0201", `{"replication":{"volume":"x"}}`),
		post("400 SDRS.0202", strings.Replace(newPair(g, spare.ID), "data", "da ta", 1)),
		post("400 SDRS.0212", strings.Replace(newPair(g, spare.ID), `"data"`, `"data","description":"<"`, 1)),
		post("400 SDRS.1013", newPair("none", spare.ID)),
		post("400 SDRS.1002", newPair(moving, spare.ID)),
		post("400 SDRS.1803", newPair(g, "none")),
		post("400 SDRS.0211", newPair(g, "no id")),
		post("400 SDRS.1811", newPair(other, project.DisksOf(web.ID)[0].ID)),
		post("400 SDRS.1810", newPair(g, project.Disks[9].ID)),
	)
	for want, change := range map[string]func(*simulator.Disk){
		"400 SDRS.1801": func(d *simulator.Disk) { d.Status = "error" },
		"400 SDRS.1802": func(d *simulator.Disk) { d.Encrypted = true },
		"400 SDRS.0225": func(d *simulator.Disk) { d.Frozen = true },
		"400 SDRS.1831": func(d *simulator.Disk) { d.Locked = true },
		"400 SDRS.1806": func(d *simulator.Disk) { d.Type = "ESSD" },
	} {
		before, _ := c.Disk(spare.ID)
		c.UpdateDisk(spare.ID, change)
		c.answers(post(want, newPair(g, spare.ID)))
		c.UpdateDisk(spare.ID, func(d *simulator.Disk) { *d = before })
	}

	id := c.madePair(g, spare.ID)
	second := simulator.Disk{ID: "second", Name: "second", AZ: "eu-de-01", SizeGB: 1, Type: "SSD"}
	c.AddDisk(second)
	pair, attach := "replications/"+id, "protected-instances/"+instance+"/attachreplication"
	detach := "protected-instances/" + instance + "/detachreplication/"
	c.answers(
		post("400 SDRS.1811", newPair(g, spare.ID)),
		post("400 SDRS.0306", newPair(other, second.ID)),
		ask{"GET", "replications/none", "", "400 SDRS.1608"},
		ask{"GET", "replications/no%20id", "", "400 SDRS.0213"},
		ask{"PUT", pair, `{"replication":{"name":"<"}}`, "400 SDRS.0202"},
		ask{"PUT", "replications/none", `{"replication":{"name":"x"}}`, "400 SDRS.1608"},
		ask{"POST", pair + "/action", `{"extend-replication":{"new_size":100}}`, "400 SDRS.0201"},
		ask{"POST", pair + "/action", `{"shrink-replication":{"new_size":200}}`, "400 SDRS.0201"},
		ask{"DELETE", pair, "", "400 SDRS.0201"},
		ask{"DELETE", pair, `{"replication":{"server_group_id":"` + other + `"}}`, "400 SDRS.1611"},
		ask{"DELETE", "replications/none", `{"replication":{}}`, "400 SDRS.1608"},
		ask{"DELETE", "replications/" + attached, `{"replication":{}}`, "400 SDRS.1605"},
		ask{"DELETE", "server-groups/" + g, "", "400 SDRS.1001"},
		ask{"POST", attach, `{"replicationAttachment":{"replication_id":"none","device":"/dev/vdc"}}`, "400 SDRS.0213"},
		ask{"POST", attach, attachment(id, "/dev/vdb"), "400 SDRS.1603"},
		ask{"POST", attach, attachment(id, "vdc"), "400 SDRS.0201"},
		ask{"POST", attach, attachment(attached, "/dev/vdc"), "400 SDRS.1603"},
		ask{"POST", attach, attachment(simulator.DemoGroup().Instances[0].Pairs[0].ID, "/dev/vdc"), "400 SDRS.1611"},
		ask{"POST", another, attachment(attached, "/dev/vdc"), "400 SDRS.1605"},
		ask{"POST", "protected-instances/none/attachreplication", attachment(id, "/dev/vdc"), "400 SDRS.0208"},
		ask{"DELETE", detach + id, "", "400 SDRS.1604"},
		ask{"DELETE", detach + "none", "", "400 SDRS.0213"},
		ask{"DELETE", detach + attached, "", "400 SDRS.1316"},
	)
	c.SetServerStatus(web.ID, simulator.ServerStopped)
	for want, change := range map[string]func(*simulator.Group){
		"400 SDRS.1314": func(g *simulator.Group) { g.Instances[0].Status = "resizing" },
		"400 SDRS.1601": func(g *simulator.Group) {
			g.Instances[0].Pairs[0].Status, g.Pairs[0].Status = "extending", "extending"
		},
	} {
		before, _ := c.Group(g)
		c.UpdateGroup(g, change)
		c.answers(ask{"POST", attach, attachment(id, "/dev/vdc"), want}, ask{"DELETE", detach + attached, "", want})
		c.UpdateGroup(g, func(g *simulator.Group) { *g = before })
	}
	c.UpdateDisk(spare.ID, func(d *simulator.Disk) { d.SizeGB = 120 })
	c.answers(ask{"POST", pair + "/action", `{"extend-replication":{"new_size":200}}`, "400 SDRS.1814"})
	c.UpdateDisk(spare.ID, func(d *simulator.Disk) { d.SizeGB, d.Status = 100, "error" })
	c.answers(ask{"POST", pair + "/action", `{"extend-replication":{"new_size":200}}`, "400 SDRS.1817"})
	c.UpdateDisk(spare.ID, func(d *simulator.Disk) { d.Status, d.Locked = "", true })
	c.answers(ask{"POST", pair + "/action", `{"extend-replication":{"new_size":200}}`, "400 SDRS.1832"})
	c.UpdateGroup(g, func(g *simulator.Group) { g.Status, g.Pairs[0].Status = "reversing", "reversing" })
	c.answers(
		ask{"DELETE", pair, `{"replication":{}}`, "400 SDRS.1002"},
		ask{"POST", pair + "/action", `{"extend-replication":{"new_size":200}}`, "400 SDRS.1601"},
	)
	c.UpdateGroup(g, func(g *simulator.Group) { g.Status, g.Pairs[0].Status = "available", "available" })
	_, replica, _ := strings.Cut(c.pair(id).textAt("volume_ids"), ",")
	c.UpdateDisk(replica, func(d *simulator.Disk) { d.Frozen = true })
	c.answers(ask{"DELETE", pair, `{"replication":{"delete_target_volume":true}}`, "400 SDRS.1828"})
	c.UpdateGroup(g, func(g *simulator.Group) { g.Status, g.Pairs[0].PriorityStation = "error-deleting", "target" })
	c.answers(
		ask{"DELETE", pair, `{"replication":{"delete_target_volume":true}}`, "400 SDRS.1809"},
		ask{"DELETE", detach + attached, "", "400 SDRS.1002"},
		ask{"DELETE", pair, `{"replication":{}}`, "200"},
		ask{"DELETE", pair, `{"replication":{}}`, "400 SDRS.1601"},
	)
}

func attachment(pair, device string) string {
	return fmt.Sprintf(`{"replicationAttachment":{"replication_id":"%s","device":"%s"}}`, pair, device)
}

// What the foreign clients don't see of a pair: its replica, and its jobs that fail.
func TestFailuresOfAPair(t *testing.T) {
	c := emptyCloud(t)
	g := c.madeGroup()
	instance := c.madeInstance(g, web.ID)
	c.ended(http.MethodPost, "server-groups/"+g+"/action", startBody)
	id := c.madePair(g, spare.ID)
	p := c.pair(id)
	replica, _ := c.Disk(strings.TrimPrefix(p.textAt("volume_ids"), spare.ID+","))
	equal(t, "replica", fmt.Sprint(replica.Name, replica.AZ, replica.SizeGB), "web-spareeu-de-02100")

	path := "replications/" + id
	c.FailNextJob("SDRS.1820", "because")
	c.ended(http.MethodPost, path+"/action", `{"extend-replication":{"new_size":200}}`)
	equal(t, "failed", c.pair(id).textAt("status"), "error-extending")
	c.ended(http.MethodPost, path+"/action", `{"extend-replication":{"new_size":200}}`)
	replica, _ = c.Disk(replica.ID)
	equal(t, "sizes", fmt.Sprint(c.pair(id).at("record_metadata", "volume_size"), replica.SizeGB), "200 200")

	attach := "protected-instances/" + instance + "/attachreplication"
	c.FailNextJob("SDRS.1821", "because")
	c.ended(http.MethodPost, attach, attachment(id, "/dev/sdc"))
	equal(t, "failed", c.pair(id).textAt("status"), "error-attaching")
	c.UpdateGroup(g, func(g *simulator.Group) { g.Pairs[0].Status = "protected" })
	c.answers(ask{"POST", attach, attachment(id, "/dev/sdc"), "200"})
	equal(t, "meanwhile", c.pair(id).textAt("status"), "attaching")
	c.clock.Advance(jobDuration)
	p = c.pair(id)
	equal(t, "attached", fmt.Sprint(p.at("status"), p.at("attachment")),
		fmt.Sprintf("protected[map[device:/dev/vdc protected_instance:%s]]", instance))
	equal(t, "of the instance", len(c.instance(instance).list("attachment")), 3)
	disk, _ := c.Disk(spare.ID)
	equal(t, "production disk", fmt.Sprint(disk.Attachments), fmt.Sprintf("[{%s /dev/vdc}]", web.ID))

	detach := "protected-instances/" + instance + "/detachreplication/" + id
	equal(t, "job", c.ended(http.MethodDelete, detach, "").textAt("job_type"), "detachReplicationPairNew")
	equal(t, "detached", fmt.Sprint(c.pair(id).at("status"), c.pair(id).at("attachment")), "protected[]")
	disk, _ = c.Disk(spare.ID)
	equal(t, "production disk", len(disk.Attachments), 0)

	c.FailNextJob("SDRS.1607", "because")
	c.ended(http.MethodDelete, path, `{"replication":{}}`)
	equal(t, "failed", c.pair(id).textAt("status"), "error-deleting")
	c.ended(http.MethodDelete, path, `{"replication":{"server_group_id":"`+g+`","delete_target_volume":true}}`)
	equal(t, "gone", c.sdrs(path).brief(), "400 SDRS.1608")
	_, left := c.Disk(replica.ID)
	equal(t, "replica is left", left, false)
	disk, _ = c.Disk(spare.ID)
	equal(t, "production disk", disk.SizeGB, 200)
	equal(t, "again", c.sdrs("replications/"+c.madePair(g, spare.ID)).status, http.StatusOK)
}

func TestFailedCreationOfAPair(t *testing.T) {
	c := emptyCloud(t)
	g := c.madeGroup()
	c.FailNextJob("SDRS.1812", "because")
	id := c.ended(http.MethodPost, "replications", newPair(g, spare.ID)).textAt("entities", "replication_pair_id")
	equal(t, "pair", c.pair(id).textAt("status")+" "+c.pair(id).textAt("failure_detail"), "error SDRS.1812")
	failures := c.sdrs("task-center/failure-jobs?resource_type=replications&server_group_id=" + g)
	equal(t, "failures", failures.at("count"), any(1.0))
	c.answers(ask{"DELETE", "server-groups/" + g, "", "400 SDRS.1010"})
	c.ended(http.MethodDelete, "replications/"+id, `{"replication":{}}`)
	equal(t, "gone", c.sdrs("replications/"+id).brief(), "400 SDRS.1608")
}

// A pair of shared disks may be at several instances, and stays with the others.
func TestSharedPair(t *testing.T) {
	c := emptyCloud(t)
	g := c.madeGroup()
	c.UpdateServer(project.Servers[1].ID, func(s *simulator.Server) { s.Hypervisor = simulator.HypervisorXen })
	one, two := c.madeInstance(g, web.ID), c.madeInstance(g, project.Servers[1].ID)
	c.UpdateDisk(spare.ID, func(d *simulator.Disk) { d.Shared = true })
	id := c.madePair(g, spare.ID)
	c.ended(http.MethodPost, "protected-instances/"+one+"/attachreplication", attachment(id, "/dev/vdc"))
	c.ended(http.MethodPost, "protected-instances/"+two+"/attachreplication", attachment(id, "/dev/vdd"))
	equal(t, "both", fmt.Sprint(c.pair(id).at("attachment")), fmt.Sprintf(
		"[map[device:/dev/vdc protected_instance:%s] map[device:/dev/sdd protected_instance:%s]]", one, two))
	equal(t, "of the second", c.sdrs("replications?protected_instance_id="+two).at("count"), any(3.0))
	c.answers(ask{"POST", "replications/" + id + "/action", `{"extend-replication":{"new_size":200}}`, "400 SDRS.1818"})
	c.ended(http.MethodDelete, "protected-instances/"+one, `{"delete_target_server":true}`)
	left := fmt.Sprintf("[map[device:/dev/sdd protected_instance:%s]]", two)
	equal(t, "one", fmt.Sprint(c.pair(id).at("attachment")), left)
	c.ended(http.MethodDelete, "protected-instances/"+two+"/detachreplication/"+id, "")
	equal(t, "none", fmt.Sprint(c.pair(id).at("attachment")), "[]")
}

// A switch takes unattached pairs along, and leaves alone what is being made or is broken.
func TestSwitchOfAllKindsOfMembers(t *testing.T) {
	c := emptyCloud(t)
	g := c.madeGroup()
	c.madeInstance(g, web.ID)
	loose := c.madePair(g, spare.ID)
	c.FailNextJob("SDRS.1350", "because")
	broken := c.ended(http.MethodPost, "protected-instances", newInstance(g, project.Servers[1].ID)).
		textAt("entities", "protected_instance_id")
	c.ended(http.MethodPost, "server-groups/"+g+"/action", startBody)
	c.SetServerStatus(web.ID, simulator.ServerStopped)
	job := c.ended(http.MethodPost, "server-groups/"+g+"/action", reverse("target"))
	equal(t, "job", job.textAt("status"), "SUCCESS")
	equal(t, "sub-jobs", len(subJobs(job.body)), 3)
	equal(t, "pair", c.pair(loose).textAt("status")+c.pair(loose).textAt("priority_station"), "protectedtarget")
	equal(t, "broken", c.instance(broken).textAt("status")+c.instance(broken).textAt("priority_station"), "errorsource")
	c.answers(ask{"DELETE", "replications/" + loose, `{"replication":{"delete_target_volume":true}}`, "400 SDRS.1809"})
}

// What vanishes outside SDRS leaves its instance or pair invalid.
func TestDeletedOutsideSDRS(t *testing.T) {
	c := emptyCloud(t)
	g := c.madeGroup()
	instance, pair := c.madeInstance(g, web.ID), c.madePair(g, spare.ID)
	c.ended(http.MethodPost, "server-groups/"+g+"/action", startBody)
	c.DeleteServer(web.ID)
	c.DeleteServer("none")
	c.DeleteDisk(spare.ID)
	c.answers(ask{"POST", "server-groups/" + g + "/action", reverse("target"), "400 SDRS.1314"})
	equal(t, "instance", c.instance(instance).textAt("status"), "invalid")
	equal(t, "pair", c.pair(pair).textAt("status"), "invalid")
	equal(t, "server", c.ecs("cloudservers/"+web.ID).status, http.StatusNotFound)
	c.UpdateGroup(g, func(*simulator.Group) {})
	_, back := c.Disk(spare.ID)
	equal(t, "disk is back", back, false)
	c.ended(http.MethodDelete, "protected-instances/"+instance, "")
	c.ended(http.MethodDelete, "replications/"+pair, `{"replication":{}}`)
	c.ended(http.MethodDelete, "server-groups/"+g, "")
	equal(t, "server", c.ecs("cloudservers/"+web.ID).status, http.StatusNotFound)
}

// What the reference leaves open about instances and pairs has an option for the other reading.
func TestReadingsOfMembers(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		option    simulator.Option
		by, other string
		ask       func(c *cloud, g, instance string) string
	}{
		"missing is 404": {
			simulator.WithMissingAs404(), "400", "404",
			func(c *cloud, _, _ string) string { return fmt.Sprint(c.sdrs("protected-instances/none").status) },
		},
		"members after a switch": {
			simulator.WithoutNewMembersAfterSwitch(), "200 200", "400 SDRS.1303 400 SDRS.1809",
			func(c *cloud, _, _ string) string {
				g := c.madeGroup()
				c.UpdateGroup(g, func(g *simulator.Group) { g.PriorityStation = "target" })
				pair := c.change("POST", "replications", newPair(g, project.Disks[9].ID)).brief()

				return c.change("POST", "protected-instances", newInstance(g, db.ID)).brief() + " " + pair
			},
		},
		"separate pairs go": {
			simulator.WithSeparatePairs(simulator.PairsGo), "200 and 1 left", "200 and 0 left", deletedWithPair,
		},
		"separate pairs refuse": {
			simulator.WithSeparatePairs(simulator.PairsRefuse), "200 and 1 left", "400 SDRS.1301 and 3 left", deletedWithPair,
		},
		"public address": {
			simulator.WithEIPFlagNeedingServerFlag(), "", "80.158.0.1",
			func(c *cloud, _, instance string) string {
				dr := c.instance(instance).textAt("target_server")
				c.UpdateServer(dr, func(s *simulator.Server) { s.NICs[0].EIP = "80.158.0.1" })
				c.ended("DELETE", "protected-instances/"+instance, `{"delete_target_eip":true}`)
				server, _ := c.CloudServer(dr)

				return server.NICs[0].EIP
			},
		},
		"sites of a resize": {
			simulator.WithOriginalSites(), "400 SDRS.1316", "200",
			func(c *cloud, g, instance string) string {
				c.UpdateGroup(g, func(g *simulator.Group) { g.Instances[0].PriorityStation = "target" })

				path := "protected-instances/" + instance + "/resize"

				return c.change("POST", path, `{"resize":{"dr_flavorRef":"s3.xlarge.2"}}`).brief()
			},
		},
		"members after a planned failover": {
			simulator.WithProductionFirst(), "true true", "false false",
			func(c *cloud, g, instance string) string {
				c.UpdateGroup(g, func(g *simulator.Group) {
					g.Instances[0].PriorityStation, g.Instances[0].Pairs[0].PriorityStation = "target", "target"
				})
				i := c.instance(instance)
				p := c.pair(reply{body: i.list("attachment")[0]}.textAt("replication"))

				return fmt.Sprint(i.textAt("source_server") == web.ID,
					strings.HasPrefix(p.textAt("volume_ids"), project.DisksOf(web.ID)[0].ID))
			},
		},
		"synchronization of unattached pairs": {
			simulator.WithUnattachedPairsStopped(), "active active active", "active-stopped active active-stopped",
			func(c *cloud, g, instance string) string {
				c.ended("POST", "server-groups/"+g+"/action", startBody)
				id := c.madePair(g, spare.ID)
				states := []string{c.pair(id).textAt("replication_status")}
				path := "protected-instances/" + instance
				c.ended("POST", path+"/attachreplication", attachment(id, "/dev/vdc"))
				states = append(states, c.pair(id).textAt("replication_status"))
				c.ended("DELETE", path+"/detachreplication/"+id, "")

				return strings.Join(append(states, c.pair(id).textAt("replication_status")), " ")
			},
		},
		"servers of a new NIC": {
			simulator.WithNICsAtBothSites(), "2 1", "2 2",
			func(c *cloud, _, instance string) string {
				c.made("protected-instances/"+instance+"/nic", `{"subnet_id":"`+project.VPCs[0].Subnets[0].ID+`"}`, "nic_id")
				production, _ := c.CloudServer(web.ID)
				dr, _ := c.CloudServer(c.instance(instance).textAt("target_server"))

				return fmt.Sprint(len(production.NICs), len(dr.NICs))
			},
		},
		"records of failed jobs": {
			simulator.WithFailureJobsBlocking(), "200", "400 SDRS.1002",
			func(c *cloud, _, _ string) string {
				g := c.madeGroup()
				c.FailNextJob("SDRS.1016", "because")
				c.ended("DELETE", "server-groups/"+g, "")

				return c.change("DELETE", "server-groups/"+g, "").brief()
			},
		},
		"unattached pairs": {
			simulator.WithMemberLimits(-1, 0), "200", "400 SDRS.1826",
			func(c *cloud, g, _ string) string {
				return c.change("POST", "replications", newPair(g, spare.ID)).brief()
			},
		},
		"attached pairs": {
			simulator.WithAttachedPairsNeeded(), "200", "400 SDRS.1002",
			func(c *cloud, _, _ string) string {
				g := c.madeGroup()
				c.madePair(g, spare.ID)

				return c.change("POST", "server-groups/"+g+"/action", startBody).brief()
			},
		},
	} {
		for want, options := range map[string][]simulator.Option{test.by: nil, test.other: {test.option}} {
			t.Run(name+", "+want, func(t *testing.T) {
				c := emptyCloud(t, options...)
				g := c.madeGroup()
				equal(t, "answer", test.ask(c, g, c.madeInstance(g, web.ID)), want)
			})
		}
	}
}

// What is new may be there, and not be seen yet.
func TestCreationsUnseen(t *testing.T) {
	c := emptyCloud(t, simulator.WithCreationsUnseen(jobDuration+time.Second))
	c.UpdateGroup(groupID, func(g *simulator.Group) { g.VPCID = web.VPCID })
	for _, test := range []struct{ list, entity, body, refusal string }{
		{"server-groups", "server_group_id", newGroup(), "400 SDRS.1013"},
		{"protected-instances", "protected_instance_id", newInstance(groupID, web.ID), "400 SDRS.1320"},
		{"replications", "replication_pair_id", newPair(groupID, spare.ID), "400 SDRS.1608"},
	} {
		before := c.sdrs(test.list).at("count")
		id := c.made(test.list, test.body, test.entity)
		equal(t, test.list, c.sdrs(test.list).at("count"), before)
		equal(t, test.list, c.sdrs(test.list+"/"+id).brief(), test.refusal)
		c.clock.Advance(time.Second)
		equal(t, test.list, c.sdrs(test.list+"/"+id).brief(), "200")
		equal(t, test.list, c.sdrs(test.list).at("count") == before, false)
	}
}

// deletedWithPair deletes an instance with a pair that was created by itself.
func deletedWithPair(c *cloud, g, instance string) string {
	id := c.madePair(g, spare.ID)
	c.ended("POST", "protected-instances/"+instance+"/attachreplication", attachment(id, "/dev/vdc"))
	brief := c.change("DELETE", "protected-instances/"+instance, "").brief()
	c.clock.Advance(jobDuration)

	return fmt.Sprint(brief, " and ", c.sdrs("replications?server_group_id="+g).at("count"), " left")
}

// Faults of changes: one that is lost on its way, one whose answer is.
func TestFaultsOfChanges(t *testing.T) {
	c := emptyCloud(t)
	g := c.madeGroup()
	for _, test := range []struct{ route, method, path, body string }{
		{simulator.RouteRenameGroup, "PUT", "server-groups/" + g, `{"server_group":{"name":"x"}}`},
		{simulator.RouteCreateInstance, "POST", "protected-instances", newInstance(g, web.ID)},
		{simulator.RouteCreatePair, "POST", "replications", newPair(g, spare.ID)},
		{simulator.RouteDeleteFailureJobs, "DELETE", "task-center/failure-jobs/batch", ""},
	} {
		c.Inject(simulator.Fault{Route: test.route, Cut: simulator.CutBefore, Times: 1})
		c.Inject(simulator.Fault{Route: test.route, Cut: simulator.CutAfter, Times: 1})
		for _, accepted := range []int{0, 1} {
			r := c.request(test.method, "/sdrs/v1/"+c.Account.ProjectID+"/"+test.path, test.body)
			r.Header.Set("X-Auth-Token", c.token)
			if answer, err := c.try(r); err == nil {
				t.Errorf("%s: got an answer: %d %s", test.route, answer.status, answer.text)
			}
			equal(t, test.route, c.Accepted(test.route), accepted)
		}
	}
	c.Inject(simulator.Fault{Route: simulator.RouteDeleteGroup, Status: http.StatusBadGateway, AfterEffect: true})
	c.answers(ask{"DELETE", "server-groups/" + g, "", "502"})
}
