package service_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// A plan that Ctrl-C ends, at whatever request, does not warn of what it could not read since then.
func TestInterruptedPlansWarnOfNothing(t *testing.T) {
	t.Parallel()
	group, estate := simulator.DemoGroup(), simulator.EmptyEstate()
	estate.Groups = append(estate.Groups, group)
	switches := tftest.Attributes{"protection_group_id": group.ID, "priority_station": "target"}
	for typeName, config := range map[string]tftest.Attributes{
		"sdrs_planned_failover":          switches,
		"sdrs_protection_group_failover": tftest.Change(switches, "switch_on_create", true, "start_servers", true),
		"sdrs_protection_group": {
			"name": "shop", "vpc_id": estate.VPCs[0].ID, "source_availability_zone": "eu-de-01",
			"target_availability_zone": "eu-de-02",
		},
		"sdrs_protected_instance": {"protection_group_id": group.ID, "server_id": estate.Servers[0].ID, "name": "web"},
		"sdrs_replication_pair":   {"protection_group_id": group.ID, "volume_id": estate.Disks[4].ID, "name": "data"},
		"sdrs_replication_pair_attachment": {
			"protected_instance_id": group.Instances[0].ID, "replication_pair_id": group.Instances[1].Pairs[0].ID,
			"device": "/dev/vdz",
		},
		"sdrs_drill": {"protection_group_id": group.ID, "name": "spring", "drill_vpc_id": estate.VPCs[0].ID},
	} {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			c := tftest.SimulateEstate(t, estate)
			for last := int32(1); ; last++ {
				var requests atomic.Int32
				plan, stop := planned(t, c, typeName, config)
				remove := c.Inject(simulator.Fault{Match: func(r *http.Request) bool {
					if r.Method == http.MethodGet && requests.Add(1) == last {
						stop()
					}
					return false
				}})
				said := tftest.Text(plan())
				remove()
				if requests.Load() < last {
					break // It was over by then.
				}
				if strings.Contains(said, "WARNING") {
					t.Errorf("interrupted at request %d:\n%s", last, said)
				}
			}
		})
	}
}

// planned returns what plans something by a provider of its own, and what stops that as Ctrl-C does.
func planned(
	t *testing.T, c *tftest.Cloud, typeName string, config tftest.Attributes,
) (plan func() []*tfprotov6.Diagnostic, stop func()) {
	t.Helper()
	if typeName == "sdrs_planned_failover" {
		a := c.NewAction(t, typeName)
		return func() []*tfprotov6.Diagnostic { return a.Plan(t, config) }, func() { a.Stop(t) }
	}
	r, _ := c.NewResource(t, typeName, nil)
	return func() []*tfprotov6.Diagnostic { return r.Plan(t, nil, config).Diagnostics }, func() { r.Stop(t) }
}
