package simulator_test

import "testing"

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
