package simulator_test

import (
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

func TestInstanceWire(t *testing.T) {
	c := newCloud(t)
	r := c.sdrs("protected-instances?server_group_id=" + groupID)
	sameKeys(t, "body", r.body, "count", "protected_instances")
	instance := r.list("protected_instances")[0]
	sameKeys(t, "instance", instance, "id", "name", "description", "server_group_id", "status", "progress",
		"source_server", "target_server", "created_at", "updated_at", "priority_station", "attachment", "tags", "metadata")
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
