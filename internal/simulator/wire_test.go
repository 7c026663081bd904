package simulator_test

import (
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// What each kind of object has, whether it has a value or not: the foreign clients tell the values.
func TestWire(t *testing.T) {
	c := newCloud(t)
	job := c.accepted(reverse("target"))
	jobKeys := "job_id job_type begin_time end_time status error_code fail_reason entities"
	sub := subJobs(c.sdrs("jobs/" + job).body)[0]
	group := "id name description source_availability_zone target_availability_zone domain_id domain_name status " +
		"protected_status replication_status health_status progress priority_station protected_instance_num " +
		"replication_num disaster_recovery_drill_num source_vpc_id target_vpc_id test_vpc_id dr_type server_type " +
		"created_at updated_at protection_type replication_model"
	object := func(path, key string) map[string]any { return c.shown(path, key).body }
	first := func(path, key string) map[string]any { return c.sdrs(path).list(key)[0] }
	instance, pair := first("protected-instances", "protected_instances"), first("replications", "replications")
	metadata, _ := pair["record_metadata"].(map[string]any)
	for what, test := range map[string]struct {
		object map[string]any
		keys   string
	}{
		"group":      {object("server-groups/"+groupID, "server_group"), group},
		"listed":     {first("server-groups", "server_groups"), group},
		"job":        {c.sdrs("jobs/" + job).body, jobKeys},
		"sub-job":    {sub, jobKeys},
		"attachment": {reply{body: instance}.list("attachment")[0], "replication device"},
		"attached":   {reply{body: pair}.list("attachment")[0], "device protected_instance"},
		"metadata":   {metadata, "multiattach bootable volume_size volume_type"},
		"instance": {instance, "id name description server_group_id status progress source_server target_server " +
			"created_at updated_at priority_station attachment tags metadata"},
		"pair": {pair, "id name description replication_model status progress replication_status attachment " +
			"server_group_id volume_ids priority_station fault_level created_at updated_at record_metadata"},
		"domain": {first("active-domains", "domains"), "id name description sold_out " +
			"local_replication_cluster remote_replication_cluster"},
		"quota": {reply{body: object("sdrs/quotas", "quotas")}.list("resources")[0], "type used quota min max"},
	} {
		sameKeys(t, what, test.object, strings.Fields(test.keys)...)
	}

	// Each kind of time has its own format.
	c.clock.Advance(jobDuration)
	equal(t, "job's end", c.sdrs("jobs/"+job).textAt("end_time"), "2026-03-01T12:00:10.000Z")
	id, _ := sub["job_id"].(string)
	status, _ := c.job(id)
	equal(t, "sub-job by its own id", status, "SUCCESS")
	c.AddGroup(simulator.DemoGroup())
	equal(t, "group", c.sdrs("server-groups/"+groupID).at("server_group", "created_at"), any("2019-05-23 03:51:58.256"))
	equal(t, "pair", pair["created_at"], any("2019-05-23T03:51:58.256108"))
	c.UpdateGroup(groupID, func(g *simulator.Group) { g.Description = "" })
	equal(t, "no description", c.sdrs("server-groups/"+groupID).at("server_group", "description"), nil)
}
