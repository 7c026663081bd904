package service_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// Terraform plans to create what is gone before it destroys what is left.
func TestAccDestroyOfADeletedGroup(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	config := c.ProviderBlock() + strings.ReplaceAll(`
resource "sdrs_protection_group_failover" "test" {
  protection_group_id = "GROUP"
  priority_station    = "source"
}
resource "sdrs_protection_group_protection" "test" { protection_group_id = "GROUP" }
`, "GROUP", c.GroupID)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: config},
			{PreConfig: func() { c.DeleteGroup(c.GroupID) }, Config: config, Destroy: true},
		},
	})
}

// Without a refresh, too, and the plan that would create the group says what becomes of it.
func TestDestroyOfADeletedGroup(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]tftest.Attributes{
		"sdrs_protection_group_failover":   {"priority_station": "source"},
		"sdrs_protection_group_protection": {},
	} {
		c := tftest.Simulate(t)
		config["protection_group_id"] = c.GroupID
		resource, _ := c.NewResource(t, name, nil)
		state := resource.Apply(t.Context(), t, resource.Plan(t, nil, config))
		c.DeleteGroup(c.GroupID)
		destroyed := resource.Apply(t.Context(), t, resource.Plan(t, state.Attributes, nil))
		if text := tftest.Text(destroyed.Diagnostics); strings.Contains(text, "ERROR") || destroyed.Attributes != nil {
			t.Errorf("%s: got %v, %s", name, destroyed.Attributes, text)
		}
		if read := resource.Refresh(t, state); read.Attributes != nil {
			t.Errorf("%s: got %v", name, read.Attributes)
		}
		plan := resource.Plan(t, nil, config)
		text := strings.ReplaceAll(`
WARNING on AttributeName("protection_group_id"): Protection Group Is Gone: 40df180b-9fe2-471a-8c64-1b758dc84189

The protection group does not exist any longer. To apply this plan will fail, to destroy the resource won't.

  Protection group: {id}
  HTTP status: 400
  Error code: SDRS.1013
  Reason: The protection group {id} does not exist.
  Request ID: {request}

Remove the resource from the configuration, or set protection_group_id to a group that exists.
`, "{id}", c.GroupID)
		tftest.WantText(t, tftest.Masked(tftest.Text(plan.Diagnostics), text), text)
		failed := resource.Apply(t.Context(), t, plan)
		if text := tftest.Text(failed.Diagnostics); !strings.Contains(text, "ERROR on ") ||
			!strings.Contains(text, "Protection Group Not Found") {
			t.Errorf("%s: got %s", name, text)
		}
	}
}

// With the credentials of another project everything looks deleted: the plan names the project that it asked.
func TestRefreshOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	resource, _ := c.NewResource(t, "sdrs_protection_group", nil)
	state := resource.Import(t, c.GroupID)
	c.DeleteGroup(c.GroupID)
	c.ResetRequests()
	said := tftest.Text(resource.Refresh(t, state).Diagnostics)
	if n := len(c.Requests()); n > 2 {
		t.Errorf("waited for what is not being created: %d requests", n)
	}
	tftest.WantText(t, said, strings.ReplaceAll(`
WARNING: Protection Group Is Not There: 40df180b-9fe2-471a-8c64-1b758dc84189

There is no such protection group in the project: it was deleted, or this is another project. The state does not keep it. Where the configuration has it, and does not import it, the plan creates it anew.

  Region: eu-de
  Project ID: PROJECT

If it was not deleted, do not apply: check region and tenant_name of the provider, and plan again.
`, "PROJECT", simulator.DefaultAccount().ProjectID))
}

// What can't be looked at is not imported: Terraform would keep an id that does not exist.
func TestImportBeforeTheProviderIsConfigured(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	arguments := c.Arguments()
	arguments["password"] = tftest.Unknown
	for _, name := range []string{"sdrs_protection_group_failover", "sdrs_protection_group_protection"} {
		resource, diagnostics := c.NewResource(t, name, arguments)
		if len(diagnostics) > 0 {
			t.Fatal(tftest.Text(diagnostics))
		}
		imported := resource.Import(t, "40df180b-9fe2-471a-8c64-000000000000")
		if text := tftest.Text(imported.Diagnostics); !strings.HasPrefix(text, "ERROR: Provider Not Configured") ||
			imported.Attributes != nil {
			t.Errorf("%s: got %v, %s", name, imported.Attributes, text)
		}
	}
}

// What a moved block takes over, and nobody has read, is not replaced for that, nor changed: it may be destroyed.
func TestMovedAndNeverRead(t *testing.T) {
	t.Parallel()
	const id = "40df180b-9fe2-471a-8c64-000000000000"
	c := tftest.Simulate(t)
	arguments := c.Arguments()
	arguments["password"] = tftest.Unknown
	for name, argument := range map[string]string{
		"protection_group": "vpc_id", "protected_instance": "protection_group_id", "replication_pair": "protection_group_id",
		"replication_attach": "protected_instance_id", "drill": "protection_group_id",
	} {
		mine := "sdrs_" + strings.ReplaceAll(name, "replication_attach", "replication_pair_attachment")
		resource, _ := c.NewResource(t, mine, arguments)
		state := resource.Move(t, "huaweicloud/huaweicloud", "huaweicloud_sdrs_"+name,
			`{"id": "`+id+`", "instance_id": "`+id+`", "replication_id": "`+id+`"}`)
		plan := resource.PlanAfter(t, state, state.Attributes, tftest.Attributes{argument: id})
		if said := tftest.Text(plan.Diagnostics); !strings.Contains(said, " Never Read: "+id) {
			t.Errorf("%s: replaces is %v: %s", mine, plan.Replaces, said)
		}
		if gone := resource.PlanAfter(t, state, state.Attributes, nil); tftest.Failed(gone.Diagnostics) {
			t.Errorf("%s can't be destroyed: %s", mine, tftest.Text(gone.Diagnostics))
		}
	}
}

// A provider that works in another region by mistake finds nothing there, and forgets nothing.
func TestReadInAnotherRegion(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"sdrs_protection_group", "sdrs_protection_group_failover"} {
		c := tftest.Simulate(t)
		resource, _ := c.NewResource(t, name, nil)
		state := resource.Import(t, c.GroupID)
		state.Identity["region"] = "eu-nl"
		c.DeleteGroup(c.GroupID)
		read := resource.Refresh(t, state)
		said := tftest.Text(read.Diagnostics)
		if read.Attributes == nil || !strings.Contains(said, "in Another Region: "+c.GroupID) {
			t.Errorf("%s: left %v: %s", name, read.Attributes, said)
		}
	}
}

// Changes of one group are made one after the other, whatever resource makes them, and however that writes its id.
func TestOneChangeAtATime(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t, simulator.WithJobDuration(300*time.Millisecond))
	failover, _ := c.NewResource(t, "sdrs_protection_group_failover", nil)
	group := c.Beside(t, failover, "sdrs_protection_group")
	shop := group.Import(t, strings.ToUpper(c.GroupID))
	config := tftest.Attributes{"name": "renamed"}
	for _, name := range []string{"description", "source_availability_zone", "target_availability_zone", "vpc_id"} {
		config[name] = shop.Attributes[name]
	}
	rename := group.PlanAfter(t, shop, shop.Attributes, config)
	move := failover.Plan(t, nil, tftest.Attributes{
		"protection_group_id": c.GroupID, "priority_station": "target", "switch_on_create": true,
	})
	started := make(chan struct{})
	start := sync.OnceFunc(func() { close(started) })
	c.Inject(simulator.Fault{Route: simulator.RouteJob, Match: func(*http.Request) bool { start(); return false }})
	var both sync.WaitGroup
	both.Go(func() { failover.ApplyFinal(t.Context(), t, move) })
	<-started
	renamed := group.ApplyFinal(t.Context(), t, rename)
	found, _ := c.Group(c.GroupID)
	if len(renamed.Diagnostics) > 0 || found.Name != "renamed" || found.PriorityStation != simulator.StationTarget {
		t.Errorf(
			"%s is active at %s after the change: %s",
			found.Name,
			found.PriorityStation,
			tftest.Text(renamed.Diagnostics),
		)
	}
	both.Wait()
}

// Terraform refreshes many resources at the same time, which a list of groups answers.
func TestRefreshesShareALook(t *testing.T) {
	t.Parallel()
	const reads = 50
	for _, name := range []string{
		"sdrs_protection_group_failover", "sdrs_protection_group_protection",
		"sdrs_protection_group",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := tftest.Simulate(t)
			resource, _ := c.NewResource(t, name, nil)
			state := resource.Import(t, c.GroupID)
			c.Inject(simulator.Fault{Delay: 20 * time.Millisecond}) // Some come meanwhile.
			n := reads
			for try := 0; n >= reads && try < 20; try++ { // On a busy machine they may come one after the other.
				c.ResetRequests()
				var wait sync.WaitGroup
				for range reads {
					wait.Go(func() {
						if read := resource.Refresh(t, state); len(read.Diagnostics) > 0 || read.Attributes["name"] != "web-shop" {
							t.Errorf("got %v %s", read.Attributes, tftest.Text(read.Diagnostics))
						}
					})
				}
				wait.Wait()
				n = len(c.Requests())
			}
			if n >= reads {
				t.Errorf("%d reads took %d requests", reads, n)
			}
		})
	}
}
