package activedomain_test

import (
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestActiveDomains(t *testing.T) {
	t.Parallel()
	demo := simulator.DemoGroup()
	tftest.WantItems(t, "sdrs_active_domains", tftest.Attributes{
		"id": demo.DomainID, "name": demo.DomainName, "description": "my domain", "sold_out": false,
		"local_availability_zone": "eu-de-01", "remote_availability_zone": "eu-de-02",
	})
	tftest.WantItem(t, "sdrs_active_domains", `{"domains": [{"id": "x", "description": null, "sold_out": true}]}`,
		tftest.Attributes{"id": "x", "description": nil, "sold_out": true, "local_availability_zone": nil})
}
