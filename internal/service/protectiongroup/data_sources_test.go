package protectiongroup_test

import (
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestGroups(t *testing.T) {
	t.Parallel()
	tftest.Want(t, tftest.NewSource(t, "sdrs_protection_groups").List(t, nil)[0], webShop())
	tftest.WantItem(
		t,
		"sdrs_protection_groups",
		`{"server_groups": [{"id": "x", "status": "drilling", "priority_station": null,
		"source_availability_zone": "a"}], "count": 1}`,
		tftest.Attributes{
			"id": "x", "status": "drilling", "name": nil, "description": nil, "active_site": nil, "active_availability_zone": nil,
			"standby_availability_zone": nil, "source_availability_zone": "a", "protection_type": nil, "created_at": nil,
		},
	)
}
