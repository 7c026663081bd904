package protectedinstance_test

import (
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestProtectedInstances(t *testing.T) {
	t.Parallel()
	group := tftest.Warehouse()
	instance := group.Instances[0]
	tftest.WantItems(t, "sdrs_protected_instances", tftest.Attributes{
		"id": instance.ID, "name": instance.Name, "description": instance.Name, "protection_group_id": group.ID,
		"status": "nic-creating", "progress": int64(100), "active_site": "target", "active_server_id": instance.TargetServer.ID,
		"source_server_id": instance.SourceServer.ID, "target_server_id": instance.TargetServer.ID, "frozen": true,
		"attachments": []any{tftest.Attributes{"replication_pair_id": instance.Pairs[0].ID, "device": "/dev/vda"}},
		"tags":        tftest.Attributes{}, "created_at": "2019-05-23T03:51:58.256Z", "updated_at": "2019-05-23T07:48:12.484Z",
	})
}

// What the API leaves out, sends as null, or sends in a way that its reference does not know.
func TestOddProtectedInstances(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]tftest.Attributes{
		`{"protected_instances": [{"id": "x", "description": "", "priority_station": "moon", "attachment": null,
			"created_at": "soon", "tags": [{"key": "a", "value": ""}]}], "count": 1}`: {
			"id": "x", "description": "", "active_site": "moon", "active_server_id": nil, "attachments": nil, "created_at": nil,
			"tags": tftest.Attributes{"a": ""}, "frozen": false,
		},
		`{"protected_instances": [{"id": "x", "tags": null}], "count": 1}`: {"id": "x", "tags": nil},
	} {
		tftest.WantItem(t, "sdrs_protected_instances", answer, want)
	}
}
