package replicationpair_test

import (
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestReplicationPairs(t *testing.T) {
	t.Parallel()
	group := tftest.Warehouse()
	instance, pair := group.Instances[0], group.Instances[0].Pairs[0]
	tftest.WantItems(t, "sdrs_replication_pairs", tftest.Attributes{
		"id": pair.ID, "name": pair.Name, "description": pair.Name, "protection_group_id": group.ID, "status": "fault",
		"progress": int64(100), "replication_model": "hypermetro", "replication_status": "active", "fault_level": "0",
		"failure_detail": nil, "active_site": "target", "volume_ids": []any{pair.SourceVolume, pair.TargetVolume},
		"volume_size": int64(10), "volume_type": "SATA", "bootable": true, "multiattach": false,
		"attachments": []any{tftest.Attributes{"protected_instance_id": instance.ID, "device": "/dev/vda"}},
		"created_at":  "2019-05-23T03:51:58.256108Z", "updated_at": "2019-05-23T07:48:12.484322Z",
	})
}

// What the API leaves out, sends as null, or sends in a way that its reference does not know.
func TestOddReplicationPairs(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]tftest.Attributes{
		`{"replications": [{"id": "x", "fault_level": "7", "failure_detail": "SDRS.0013", "volume_ids": null}], "count": 1}`: {
			"id": "x", "fault_level": "7", "failure_detail": "SDRS.0013", "volume_ids": nil, "volume_size": nil, "volume_type": nil,
			"bootable": nil, "multiattach": nil,
		},
		// Which of the disks is at which site is not known.
		`{"replications": [{"id": "x", "volume_ids": "b, a,b"}], "count": 1}`: {"volume_ids": []any{"a", "b"}},
	} {
		tftest.WantItem(t, "sdrs_replication_pairs", answer, want)
	}
}
