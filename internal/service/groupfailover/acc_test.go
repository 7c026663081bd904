package groupfailover_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

const address = typeName + ".test"

// hcl returns a configuration for the cloud's group.
func hcl(c *tftest.Cloud, station, more string) string {
	return c.ProviderBlock() + fmt.Sprintf(`
resource %q "test" {
  protection_group_id = %q
  priority_station    = %q
  %s
}
`, typeName, c.GroupID, station, more)
}

// accepted checks how many planned failovers the cloud has accepted, where it is simulated.
func accepted(c *tftest.Cloud, want int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if got, known := c.Reversed(); known && got != want {
			return fmt.Errorf("%d planned failovers accepted, want %d", got, want)
		}
		return nil
	}
}

func value(attribute string, want string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), knownvalue.StringExact(want))
}

func planned(attribute string, want string) plancheck.PlanCheck {
	return plancheck.ExpectKnownValue(address, tfjsonpath.New(attribute), knownvalue.StringExact(want))
}

func preApply(checks ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: checks}
}

func action(want plancheck.ResourceActionType) plancheck.PlanCheck {
	return plancheck.ExpectResourceAction(address, want)
}

// Against the real cloud the group must be at source to begin with, with its servers stopped.
func TestAccFailover_thereAndBack(t *testing.T) {
	t.Parallel()
	c := tftest.NewCloud(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{
				Config:            hcl(c, "source", ""),
				ConfigPlanChecks:  preApply(action(plancheck.ResourceActionCreate), planned("active_site", "source")),
				ConfigStateChecks: []statecheck.StateCheck{value("active_site", "source"), value("status", "protected")},
				Check:             accepted(c, 0),
			},
			{
				Config: hcl(c, "target", ""),
				ConfigPlanChecks: preApply(
					action(plancheck.ResourceActionUpdate),
					planned("active_site", "target"),
					plancheck.ExpectUnknownValue(address, tfjsonpath.New("status")),
					plancheck.ExpectUnknownValue(address, tfjsonpath.New("last_failover")),
				),
				ConfigStateChecks: []statecheck.StateCheck{
					value("priority_station", "target"), value("active_site", "target"), value("status", "protected"),
					statecheck.ExpectKnownValue(address, tfjsonpath.New("last_failover"), knownvalue.ObjectPartial(map[string]knownvalue.Check{
						"from": knownvalue.StringExact("source"), "to": knownvalue.StringExact("target"), "job_id": knownvalue.NotNull(),
					})),
				},
				Check: accepted(c, 1),
			},
			{
				Config:           hcl(c, "target", ""),
				ConfigPlanChecks: preApply(plancheck.ExpectEmptyPlan()),
				Check:            accepted(c, 1),
			},
			{
				Config:            hcl(c, "source", `timeouts { update = "50m" }`),
				ConfigStateChecks: []statecheck.StateCheck{value("active_site", "source")},
				Check:             accepted(c, 2),
			},
		},
	})
}

func TestAccFailover_import(t *testing.T) {
	t.Parallel()
	c := tftest.NewCloud(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: hcl(c, "source", "")},
			{ResourceName: address, ImportState: true, ImportStateId: c.GroupID, ImportStateVerify: true},
			{ResourceName: address, ImportState: true, ImportStateId: c.GroupID, ImportStateKind: resource.ImportBlockWithID},
			{ResourceName: address, ImportState: true, ImportStateId: "web-shop", ExpectError: regexp.MustCompile(`Invalid Import ID`)},
		},
	})
	if err := accepted(c, 0)(nil); err != nil {
		t.Error(err)
	}
}

func TestAccFailover_switchedInTheConsole(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: hcl(c, "source", "")},
			{ // Nothing is switched back...
				PreConfig:         func() { c.Console("target") },
				Config:            hcl(c, "source", ""),
				ConfigPlanChecks:  preApply(action(plancheck.ResourceActionNoop)),
				ConfigStateChecks: []statecheck.StateCheck{value("priority_station", "source"), value("active_site", "target"), value("active_availability_zone", "eu-de-02")},
				Check:             accepted(c, 0),
			},
			{ // ...unless that is asked for...
				Config:            hcl(c, "source", "correct_drift = true"),
				ConfigPlanChecks:  preApply(action(plancheck.ResourceActionUpdate), planned("active_site", "source"), planned("standby_availability_zone", "eu-de-02")),
				ConfigStateChecks: []statecheck.StateCheck{value("active_site", "source")},
				Check:             accepted(c, 1),
			},
			{ // ...and accepting the site takes no switch.
				PreConfig:         func() { c.Console("target") },
				Config:            hcl(c, "target", ""),
				ConfigPlanChecks:  preApply(action(plancheck.ResourceActionUpdate), planned("active_site", "target")),
				ConfigStateChecks: []statecheck.StateCheck{value("priority_station", "target"), value("active_site", "target")},
				Check:             accepted(c, 1),
			},
		},
	})
}

func TestAccFailover_replaceEnforces(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: hcl(c, "source", "")},
			{
				PreConfig:         func() { c.Console("target") },
				Config:            hcl(c, "source", ""),
				Taint:             []string{address},
				ConfigPlanChecks:  preApply(action(plancheck.ResourceActionDestroyBeforeCreate), planned("active_site", "source")),
				ConfigStateChecks: []statecheck.StateCheck{value("active_site", "source")},
				Check:             accepted(c, 1),
			},
			{ // A tainted resource on the right site does no harm.
				Config: hcl(c, "source", ""),
				Taint:  []string{address},
				Check:  accepted(c, 1),
			},
		},
	})
}

func TestAccFailover_notReadyAndResumed(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	server := simulator.DemoGroup().Instances[0].SourceServer.ID
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: hcl(c, "source", "")},
			{
				PreConfig:   func() { c.SetServerStatus(server, "ACTIVE") },
				Config:      hcl(c, "target", ""),
				ExpectError: regexp.MustCompile(`(?s)Planned Failover Not Ready.*servers_stopped: .*` + server + `.*stop_servers`),
			},
			{
				PreConfig: func() {
					if n := c.Count(simulator.RouteAction); n != 0 {
						t.Errorf("%d actions sent", n)
					}
					c.SetServerStatus(server, simulator.ServerStopped)
				},
				Config:            hcl(c, "target", ""),
				ConfigPlanChecks:  preApply(action(plancheck.ResourceActionUpdate), planned("active_site", "target")),
				ConfigStateChecks: []statecheck.StateCheck{value("active_site", "target")},
				Check:             accepted(c, 1),
			},
		},
	})
}

func TestAccFailover_stopsAndStartsServers(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t, simulator.WithServerJobDuration(20*time.Millisecond))
	const policy = "stop_servers = true\n force_stop_after = \"5m\"\n start_servers = true"
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: hcl(c, "source", policy)},
			{
				PreConfig: func() {
					for _, instance := range simulator.DemoGroup().Instances {
						c.SetServerStatus(instance.SourceServer.ID, "ACTIVE")
					}
					c.ResetRequests()
				},
				Config:            hcl(c, "target", policy),
				ConfigStateChecks: []statecheck.StateCheck{value("active_site", "target")},
				Check: func(*terraform.State) error {
					var actions []string
					for _, request := range c.Requests() {
						if request.Accepted {
							actions = append(actions, request.Action)
						}
					}
					if got := strings.Join(actions, " "); got != "os-stop reverse-server-group os-start" {
						return fmt.Errorf("actions: %s", got)
					}
					group, _ := c.Group(c.GroupID)
					for _, instance := range group.Instances {
						if instance.SourceServer.Status != "SHUTOFF" || instance.TargetServer.Status != "ACTIVE" {
							return fmt.Errorf("servers: %v", instance)
						}
					}
					return nil
				},
			},
			{Config: hcl(c, "target", policy), ConfigPlanChecks: preApply(plancheck.ExpectEmptyPlan())},
		},
	})
}

func TestAccFailover_timedOutAndResumed(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: hcl(c, "source", "")},
			{
				PreConfig:   c.StallJobs,
				Config:      hcl(c, "target", `timeouts { update = "1s" }`),
				ExpectError: regexp.MustCompile(`(?s)Planned Failover Timed Out.*goes\s+on\s+in\s+the\s+cloud.*Job ID: \w+`),
			},
			{
				PreConfig:         c.ResumeJobs,
				Config:            hcl(c, "target", `timeouts { update = "1m" }`),
				ConfigStateChecks: []statecheck.StateCheck{value("active_site", "target"), value("priority_station", "target")},
				Check:             accepted(c, 1),
			},
		},
	})
}

func TestAccFailover_failedCreateAndAgain(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{
				PreConfig:   func() { c.FailNextJob("SDRS.1029", "the array is on fire") },
				Config:      hcl(c, "target", ""),
				ExpectError: regexp.MustCompile(`(?s)Planned Failover Failed.*on fire`),
			},
			{
				Config:            hcl(c, "target", ""),
				ConfigPlanChecks:  preApply(action(plancheck.ResourceActionCreate)),
				ConfigStateChecks: []statecheck.StateCheck{value("active_site", "target")},
				Check:             accepted(c, 2), // The failed one, and the one that finished it.
			},
		},
	})
}

func TestAccFailover_groupIsGone(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: hcl(c, "source", "")},
			{
				PreConfig:          func() { c.DeleteGroup(c.GroupID) },
				RefreshState:       true,
				ExpectNonEmptyPlan: true,
				ExpectError:        regexp.MustCompile(`Protection Group Not Found`), // Of the plan to create it again.
			},
		},
	})
	if err := accepted(c, 0)(nil); err != nil {
		t.Error(err)
	}
}

func TestAccFailover_invalid(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: hcl(c, "primary", ""), PlanOnly: true, ExpectError: regexp.MustCompile(`(?s)priority_station.*"primary"`)},
			{
				Config:   strings.ReplaceAll(hcl(c, "source", ""), c.GroupID, "web-shop"),
				PlanOnly: true, ExpectError: regexp.MustCompile(`(?s)must be the id of a\s+protection group`),
			},
			{Config: hcl(c, "source", `force_stop_after = "5m"`), PlanOnly: true, ExpectError: regexp.MustCompile(`stop_servers`)},
			{Config: hcl(c, "source", "stop_servers = true\n force_stop_after = \"-5m\""), PlanOnly: true, ExpectError: regexp.MustCompile(`must not be\s+negative`)},
			{Config: hcl(c, "source", "stop_servers = true\n force_stop_after = \"later\""), PlanOnly: true, ExpectError: regexp.MustCompile(`later`)},
			{Config: hcl(c, "source", `timeouts { update = "soon" }`), PlanOnly: true, ExpectError: regexp.MustCompile(`soon`)},
		},
	})
	if n := len(c.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}

// What depends on values that are not known in the plan must not be promised by it.
func TestAccFailover_unknownArguments(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	const later = `
resource "terraform_data" "later" {
  input = %q
}
`
	config := func(value, station, drift string) string {
		return fmt.Sprintf(later, value) + strings.Replace(hcl(c, station, "correct_drift = "+drift), fmt.Sprintf("%q", "later"), "terraform_data.later.output", 1)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{
			{Config: config("false", "source", "false")},
			{ // Drifted, and it turns out that this is not to be corrected.
				PreConfig: func() { c.Console("target") },
				Config:    config("no", "source", `terraform_data.later.output == "yes"`),
				Check:     accepted(c, 0),
			},
			{ // It turns out to be the site that is active.
				Config: config("target", "later", "false"),
				Check:  accepted(c, 0),
			},
			{
				Config: config("source", "later", "false"),
				Check:  accepted(c, 1),
			},
		},
	})
}
