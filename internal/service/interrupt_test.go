package service_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// interrupted is a test whose context ends by Ctrl-C.
type interrupted struct {
	*testing.T

	ctx context.Context //nolint:containedctx // It is one.
}

func (i interrupted) Context() context.Context { return i.ctx }

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
			plan := func(t testing.TB) []*tfprotov6.Diagnostic {
				t.Helper()
				r, _ := c.NewResource(t, typeName, nil)
				return r.Plan(t, nil, config).Diagnostics
			}
			if typeName == "sdrs_planned_failover" {
				plan = func(t testing.TB) []*tfprotov6.Diagnostic {
					t.Helper()
					return c.NewAction(t, typeName).Plan(t, config)
				}
			}
			for last := int32(1); ; last++ {
				ctx, cancel := context.WithCancel(t.Context())
				var requests atomic.Int32
				remove := c.Inject(simulator.Fault{Match: func(r *http.Request) bool {
					if r.Method == http.MethodGet && requests.Add(1) == last {
						cancel()
					}
					return false
				}})
				said := tftest.Text(plan(interrupted{t, ctx}))
				remove()
				if requests.Load() < last {
					cancel()
					break // It was over by then.
				}
				if strings.Contains(said, "WARNING") {
					t.Errorf("interrupted at request %d:\n%s", last, said)
				}
			}
		})
	}
}
