package service_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// The data sources agree with each other, on a real cloud, too.
func TestAccDataSources_agree(t *testing.T) {
	t.Parallel()
	c := tftest.NewCloud(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{{
			Config: c.ProviderBlock() + strings.ReplaceAll(`
data "sdrs_protection_group" "test" { id = "GROUP" }
data "sdrs_protection_groups" "test" {
  name                     = data.sdrs_protection_group.test.name
  status                   = data.sdrs_protection_group.test.status
  active_availability_zone = data.sdrs_protection_group.test.active_availability_zone
}
data "sdrs_protected_instances" "test" { protection_group_id = "GROUP" }
data "sdrs_replication_pairs" "test" { protection_group_id = "GROUP" }
data "sdrs_failure_jobs" "test" { protection_group_id = "GROUP" }
data "sdrs_active_domains" "test" {}
data "sdrs_quotas" "test" {}

locals {
  group     = data.sdrs_protection_group.test
  instances = data.sdrs_protected_instances.test.protected_instances
  pairs     = data.sdrs_replication_pairs.test.replication_pairs
}

output "agree" {
  value = {
    listed    = contains(data.sdrs_protection_groups.test.protection_groups, local.group)
    instances = length(local.instances) == local.group.protected_instance_num
    servers   = alltrue([for i in local.instances : contains([i.source_server_id, i.target_server_id], i.active_server_id)])
    pairs     = length(local.pairs) == local.group.replication_num
    volumes   = alltrue([for p in local.pairs : length(p.volume_ids) == 2])
    jobs      = alltrue([for j in data.sdrs_failure_jobs.test.failure_jobs : timecmp(j.begin_time, "2000-01-01T00:00:00Z") > 0])
    domain    = contains(data.sdrs_active_domains.test.active_domains[*].id, local.group.domain_id)
    used      = anytrue([for q in data.sdrs_quotas.test.quotas : q.type == "server_groups" && q.used > 0])
  }
}
`, "GROUP", c.GroupID),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("agree",
				knownvalue.MapExact(map[string]knownvalue.Check{
					"listed": knownvalue.Bool(
						true,
					), "instances": knownvalue.Bool(true), "servers": knownvalue.Bool(true), "pairs": knownvalue.Bool(true),
					"volumes": knownvalue.Bool(
						true,
					), "jobs": knownvalue.Bool(true), "domain": knownvalue.Bool(true), "used": knownvalue.Bool(true),
				}))},
		}},
	})
}
