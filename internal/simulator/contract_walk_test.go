package simulator_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// look reads all that there is.
func (c *cloud) look(group string) {
	c.t.Helper()

	for _, path := range []string{
		"server-groups", "protected-instances", "replications", "disaster-recovery-drills", "sdrs/quotas", "active-domains",
		"task-center/failure-jobs?server_group_id=" + group, "task-center/failure-jobs", "protected-instances/tags",
	} {
		equal(c.t, path, c.sdrs(path).status, http.StatusOK)
	}
	for _, path := range []string{"cloudservers/" + web.ID, "cloudservers/" + web.ID + "/os-interface"} {
		equal(c.t, path, c.ecs(path).status, http.StatusOK)
	}
	disk := c.call(http.MethodGet, "/evs/v2/"+c.Account.ProjectID+"/volumes/"+spare.ID, "")
	equal(c.t, "disk", disk.status, http.StatusOK)
}

// TestContract lets every change of a group and its members fail, and then succeed, and reads everything meanwhile and
// afterwards. What it reads is compared with the contract by whoever gets the answer.
func TestContract(t *testing.T) {
	c := emptyCloud(t, simulator.WithVPCs(simulator.VPC{ID: "drill", Subnets: project.VPCs[0].Subnets}))
	var group string
	step := func(fails bool, method, path, body string) reply {
		t.Helper()
		if fails {
			c.FailNextJob("SDRS.1823", "because")
		}
		job := c.change(method, path, body).textAt("job_id")
		if job == "" {
			t.Fatalf("%s %s %s: got %s", method, path, body, c.change(method, path, body).text)
		}
		c.sdrs("jobs/" + job)
		c.look(group)
		c.clock.Advance(jobDuration / 2)
		c.sdrs("jobs/" + job)
		c.clock.Advance(jobDuration)
		c.look(group)
		ended := c.sdrs("jobs/" + job)
		equal(t, method+" "+path+" "+body, ended.textAt("status"), map[bool]string{true: "FAIL", false: "SUCCESS"}[fails])

		return ended
	}
	failsFirst := func(method, path, body string) reply {
		step(true, method, path, body)

		return step(false, method, path, body)
	}
	creates := func(path, body, entity string) string {
		return path + "/" + step(false, http.MethodPost, path, body).textAt("entities", entity)
	}

	groupPath := creates("server-groups", newGroup(simulator.DemoGroup().VPCID, project.VPCs[0].ID), "server_group_id")
	group = strings.TrimPrefix(groupPath, "server-groups/")
	instance := creates("protected-instances", newInstance(group, web.ID), "protected_instance_id")
	c.UpdateDisk(spare.ID, func(d *simulator.Disk) { d.Type = "SSD" })
	pair := creates("replications", newPair(group, spare.ID), "replication_pair_id")
	c.UpdateServer(web.ID, func(s *simulator.Server) { s.NICs[0].EIP = "80.158.0.1" })

	for path, key := range map[string]string{
		groupPath: "server_group", instance: "protected_instance", pair: "replication",
	} {
		equal(t, path, c.change(http.MethodPut, path, `{"`+key+`":{"name":"renamed"}}`).at(key, "name"), any("renamed"))
	}
	failsFirst(http.MethodPost, instance+"/resize", `{"resize":{"dr_flavorRef":"s3.xlarge.2"}}`)
	subnet := project.VPCs[0].Subnets[0].ID
	nic := failsFirst(http.MethodPost, instance+"/nic", `{"subnet_id":"`+subnet+`"}`).textAt("entities", "nic_id")
	failsFirst(http.MethodPost, instance+"/nic/delete", `{"nic_id":"`+nic+`"}`)
	failsFirst(http.MethodPost, pair+"/action", `{"extend-replication":{"new_size":200}}`)
	attached := attachment(strings.TrimPrefix(pair, "replications/"), "/dev/vdc")
	detach := instance + "/detachreplication/" + strings.TrimPrefix(pair, "replications/")
	step(true, http.MethodPost, instance+"/attachreplication", attached)
	step(false, http.MethodDelete, detach, "")
	step(false, http.MethodPost, instance+"/attachreplication", attached)
	failsFirst(http.MethodDelete, detach, "")

	failsFirst(http.MethodPost, groupPath+"/action", startBody)
	failsFirst(http.MethodPost, groupPath+"/action", stopBody)
	step(false, http.MethodPost, groupPath+"/action", startBody)
	c.SetServerStatus(web.ID, simulator.ServerStopped)
	failsFirst(http.MethodPost, groupPath+"/action", reverse("target"))
	failsFirst(http.MethodPost, groupPath+"/action", failover)
	failsFirst(http.MethodPost, groupPath+"/action", startBody)
	start := c.servers(`{"os-start":{"servers":[{"id":"` + web.ID + `"}]}}`).textAt("job_id")
	equal(t, "starts", c.ecs("jobs/"+start).textAt("status"), "RUNNING")

	const drills = "disaster-recovery-drills"
	step(true, http.MethodPost, drills, newDrill(group, "spring", ""))
	drill := creates(drills, newDrill(group, "spring", "drill"), "disaster_recovery_drill_id")
	failsFirst(http.MethodDelete, drill, "")
	failed := c.sdrs(drills).list("disaster_recovery_drills")[0]["id"]
	step(false, http.MethodDelete, fmt.Sprint(drills, "/", failed), "")

	c.UpdateGroup(group, func(g *simulator.Group) {
		g.Description, g.Instances[0].Description, g.Pairs[0].Description = "", "", ""
		g.Instances[0].Frozen, g.Instances[0].Pairs[0].FaultLevel = true, "5"
	})
	c.UpdateDisk(spare.ID, func(d *simulator.Disk) { d.Status = "error" })
	c.UpdateServer(web.ID, func(s *simulator.Server) { s.Status = "ERROR" })
	c.look(group)
	failsFirst(http.MethodDelete, pair, `{"replication":{}}`)
	failsFirst(http.MethodDelete, instance, "")
	failsFirst(http.MethodDelete, groupPath, "")
}

// Each path with an id refuses one that can't be an id, and one that nothing has, with codes of its own.
func TestUnknownIDs(t *testing.T) {
	c := emptyCloud(t)
	name := func(key string) string { return `{"` + key + `":{"name":"x"}}` }
	for request, codes := range map[string]string{
		"GET server-groups/ID":                                                 "SDRS.0207 SDRS.1013",
		"PUT server-groups/ID " + name("server_group"):                         "SDRS.0207 SDRS.1013",
		"POST server-groups/ID/action " + stopBody:                             "SDRS.0207 SDRS.1013",
		"DELETE task-center/ID/failure-jobs/batch":                             "SDRS.0207 SDRS.1013",
		"POST protected-instances " + newInstance("ID", web.ID):                "SDRS.0207 SDRS.1013",
		"POST replications " + newPair("ID", spare.ID):                         "SDRS.0207 SDRS.1013",
		"POST disaster-recovery-drills " + newDrill("ID", "x", ""):             "SDRS.0207 SDRS.1013",
		"GET protected-instances/ID":                                           "SDRS.0208 SDRS.1320",
		"PUT protected-instances/ID " + name("protected_instance"):             "SDRS.0208 SDRS.1320",
		"DELETE protected-instances/ID":                                        "SDRS.0208 SDRS.1301",
		"POST protected-instances/ID/resize {\"resize\":{}}":                   "SDRS.0208 SDRS.1320",
		"POST protected-instances/ID/nic {}":                                   "SDRS.0208 SDRS.1320",
		"POST protected-instances/ID/nic/delete {}":                            "SDRS.0208 SDRS.1320",
		"GET protected-instances/ID/tags":                                      "SDRS.0208 SDRS.1320",
		"POST protected-instances/ID/tags {\"tag\":{}}":                        "SDRS.0208 SDRS.1320",
		"POST protected-instances/ID/tags/action {}":                           "SDRS.0208 SDRS.1320",
		"DELETE protected-instances/ID/tags/x":                                 "SDRS.0208 SDRS.1320",
		"DELETE protected-instances/ID/detachreplication/x":                    "SDRS.0208 SDRS.0208",
		"POST protected-instances/ID/attachreplication " + attachment("x", ""): "SDRS.0208 SDRS.0208",
		"GET replications/ID":                                                  "SDRS.0213 SDRS.1608",
		"PUT replications/ID " + name("replication"):                           "SDRS.0213 SDRS.1608",
		"DELETE replications/ID {\"replication\":{}}":                          "SDRS.0213 SDRS.1608",
		"POST replications/ID/action {\"extend-replication\":{}}":              "SDRS.0213 SDRS.1608",
		"GET disaster-recovery-drills/ID":                                      "SDRS.1900 SDRS.1902",
		"PUT disaster-recovery-drills/ID " + name("disaster_recovery_drill"):   "SDRS.1900 SDRS.1902",
		"DELETE disaster-recovery-drills/ID":                                   "SDRS.1900 SDRS.1913",
	} {
		method, rest, _ := strings.Cut(request, " ")
		path, body, _ := strings.Cut(rest, " ")
		for n, id := range []string{"no id", "nowhere"} {
			at := strings.Replace(path, "ID", strings.Replace(id, " ", "%20", 1), 1)
			got := c.change(method, at, strings.Replace(body, "ID", id, 1)).brief()
			equal(t, method+" "+at, got, "400 "+strings.Fields(codes)[n])
		}
	}
	for _, path := range []string{"nowhere", "nowhere/block_device", "nowhere/os-interface"} {
		equal(t, path, c.ecs("cloudservers/"+path).status, http.StatusNotFound)
	}
}

// The tables admit the examples of the reference, which the client is tested with.
func TestContractAdmitsTheExamples(t *testing.T) {
	t.Parallel()

	c := readContract()
	for _, fields := range c.objects {
		for name, f := range fields {
			for value := range f.values {
				f.values[value] = true
			}
			f.served = true
			fields[name] = f
		}
	}
	for route, files := range map[string]string{
		"active-domains": "active-domains", "quotas": "quotas", "tags": "tags", "failure-jobs": "failure-jobs",
		"group": "group group-empty", "groups": "groups", "instance": "instance", "instances": "protected-instances",
		"pair": "pair", "pairs": "replications", "drill": "drill", "drills": "drills",
		"action": "job-accepted reverse-response",
		"job":    "job-create-drill job-create-group job-fail-create-instance job-success job-with-sub-jobs",
	} {
		for _, file := range strings.Fields(files) {
			text, err := os.ReadFile("../sdrs/testdata/" + file + ".json") //nolint:gosec // Of this repository.
			if err == nil {
				err = c.check(route, http.StatusOK, string(text))
			}
			if err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}
