package simulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

func newDrill(group, name, vpc string) string {
	return fmt.Sprintf(`{"disaster_recovery_drill":{"server_group_id":"%s","name":"%s","drill_vpc_id":"%s"}}`,
		group, name, vpc)
}

func TestDrillLifecycle(t *testing.T) {
	other := simulator.VPC{ID: "other", Subnets: []simulator.Subnet{{ID: "x", CIDR: "10.99.0.0/16"}}}
	alike := simulator.VPC{ID: "alike", Subnets: []simulator.Subnet{{ID: "y", CIDR: "10.20.0.0/16"}}}
	c := emptyCloud(t, simulator.WithVPCs(other, alike))
	g, moving := c.madeGroup(), c.madeGroup()
	const drills = "disaster-recovery-drills"
	c.UpdateGroup(moving, func(g *simulator.Group) { g.Status = "reversing" })
	c.answers(ask{"POST", drills, newDrill(g, "spring", "alike"), "400 SDRS.1920"})
	instance := c.madeInstance(g, web.ID)
	c.answers(
		ask{"POST", drills, `{}`, "400 SDRS.0201"},
		ask{"POST", drills, newDrill("none", "spring", ""), "400 SDRS.1013"},
		ask{"POST", drills, newDrill(g, "the spring", ""), "400 SDRS.0202"},
		ask{"POST", drills, newDrill(moving, "spring", ""), "400 SDRS.1002"},
		ask{"POST", drills, newDrill(g, "spring", "none"), "400 SDRS.1928"},
		ask{"POST", drills, newDrill(g, "spring", project.VPCs[0].ID), "400 SDRS.1907"},
		ask{"POST", drills, newDrill(g, "spring", "other"), "400 SDRS.1909"},
	)

	accepted := c.change("POST", drills, newDrill(g, "spring", "alike"))
	equal(t, "at first", c.sdrs(drills).list("disaster_recovery_drills")[0]["status"], any("creating"))
	c.clock.Advance(jobDuration)
	job := c.sdrs("jobs/" + accepted.textAt("job_id"))
	id := job.textAt("entities", "disaster_recovery_drill_id")
	equal(t, "job", job.textAt("job_type"), "createDisasterRecoveryDrill")
	d := c.shown(drills+"/"+id, "disaster_recovery_drill")
	server := d.list("drill_servers")[0]
	equal(t, "drill", d.textAt("status")+d.textAt("drill_vpc_id")+d.textAt("server_group_id"), "availablealike"+g)
	equal(t, "instance", server["protected_instance"], any(instance))
	made := c.ecs("cloudservers/" + reply{body: server}.textAt("drill_server_id"))
	equal(t, "server", fmt.Sprint(made.at("server", "status"), made.at("server", "OS-EXT-AZ:availability_zone"),
		made.at("server", "metadata", "vpc_id")), "ACTIVEeu-de-02alike")
	body, _ := made.at("server").(map[string]any)
	disk := reply{body: reply{body: body}.list("os-extended-volumes:volumes_attached")[0]}.textAt("id")
	equal(t, "number", c.shown("server-groups/"+g, "server_group").at("disaster_recovery_drill_num"), any(1.0))
	undrilled := "server-groups?query_type=period_no_dr_drill"
	equal(t, "recently", c.sdrs(undrilled).at("count"), any(2.0))
	c.answers(
		ask{"POST", drills, newDrill(g, "summer", "alike"), "400 SDRS.1921"},
		ask{"PUT", drills + "/" + id, `{"disaster_recovery_drill":{"name":"x"}}`, "200"},
		ask{"PUT", drills + "/" + id, `{"disaster_recovery_drill":{"name":"x y"}}`, "400 SDRS.0202"},
	)
	for query, want := range map[string]any{
		"drill_vpc_id=alike": 1.0, "drill_vpc_id=other": 0.0, "name=x": 1.0, "name=spring": 0.0,
	} {
		equal(t, query, c.sdrs(drills+"?"+query).at("count"), want)
	}
	c.UpdateGroup(g, func(g *simulator.Group) { g.SourceAZ, g.TargetAZ = g.TargetAZ, g.SourceAZ })
	c.answers(ask{"POST", "replications", newPair(g, disk), "400 SDRS.1825"})
	c.UpdateGroup(g, func(g *simulator.Group) { g.SourceAZ, g.TargetAZ = g.TargetAZ, g.SourceAZ })

	c.ended("DELETE", "protected-instances/"+instance, "")
	c.answers(ask{"DELETE", "server-groups/" + g, "", "400 SDRS.1003"})
	c.FailNextJob("SDRS.1923", "because")
	c.ended("DELETE", drills+"/"+id, "")
	equal(t, "failed", c.shown(drills+"/"+id, "disaster_recovery_drill").textAt("status"), "error-deleting")
	c.answers(ask{"DELETE", drills + "/" + id, "", "200"}, ask{"DELETE", drills + "/" + id, "", "400 SDRS.1913"})
	c.clock.Advance(jobDuration)
	equal(t, "gone", c.sdrs(drills+"/"+id).brief(), "400 SDRS.1902")
	equal(t, "server", c.ecs("cloudservers/"+reply{body: server}.textAt("drill_server_id")).status, http.StatusNotFound)
	_, left := c.Disk(disk)
	equal(t, "disk is left", left, false)
	c.clock.Advance(100 * 24 * time.Hour)
	c.token = c.IssueToken()
	equal(t, "long ago", c.sdrs(undrilled).at("count"), any(3.0))
}

// A drill without a VPC makes one, which stays, and a failed one leaves itself.
func TestDrillWithAVPCOfItsOwn(t *testing.T) {
	c := newCloud(t)
	body := strings.Replace(newDrill(groupID, "spring", ""), `,"drill_vpc_id":""`, "", 1)
	c.FailNextJob("SDRS.1922", "because")
	c.ended("POST", "disaster-recovery-drills", body)
	id := c.made("disaster-recovery-drills", body, "disaster_recovery_drill_id")
	drills := c.sdrs("disaster-recovery-drills?server_group_id=" + groupID).list("disaster_recovery_drills")
	equal(t, "statuses", fmt.Sprint(drills[0]["status"], drills[1]["status"]), "erroravailable")
	vpc := c.shown("disaster-recovery-drills/"+id, "disaster_recovery_drill").textAt("drill_vpc_id")
	c.ended("DELETE", "disaster-recovery-drills/"+id, "")
	again := c.made("disaster-recovery-drills", newDrill(groupID, "spring", vpc), "disaster_recovery_drill_id")
	equal(t, "VPC", c.shown("disaster-recovery-drills/"+again, "disaster_recovery_drill").textAt("drill_vpc_id"), vpc)
}

func TestAPIVersions(t *testing.T) {
	c := newCloud(t)
	version := c.do(c.request(http.MethodGet, "/sdrs/v1", ""))
	equal(t, "version", version.at("version", "id"), any("v1"))
	versions := c.do(c.request(http.MethodGet, "/sdrs/", ""))
	equal(t, "versions", versions.list("versions")[0]["status"], any("CURRENT"))
}
