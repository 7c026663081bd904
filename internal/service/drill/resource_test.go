package drill_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

const (
	vpcID   = "8e2f3a4b-5c6d-4e7f-9081-92a3b4c5d6e7"
	drillID = "d3e4f506-1728-4394-b5a6-c7d8e9f0a1b2"
)

// simulate returns a cloud with the demo group, and a VPC for its drills.
func simulate(t testing.TB) *tftest.Cloud {
	t.Helper()
	return tftest.Simulate(t, simulator.WithVPCs(simulator.VPC{ID: vpcID}))
}

// spring is a drill as configured, changed by name and value.
func spring(changes ...any) tftest.Attributes {
	return tftest.Change(
		tftest.Attributes{"protection_group_id": simulator.DemoGroup().ID, "name": "spring-drill"},
		changes...)
}

func TestCreateRenameDelete(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config       tftest.Attributes
		plans, stays string // What the plan and the deletion warn of; empty: of nothing.
	}{
		"a VPC that is given": {config: spring("drill_vpc_id", vpcID)},
		"a VPC of its own":    {config: spring(), plans: "WARNING: VPC Will Stay Behind: spring-drill", stays: "WARNING: VPC Stays Behind: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := simulate(t)
			resource, _ := cloud.NewResource(t, "sdrs_drill", nil)
			plan := resource.Plan(t, nil, test.config)
			state := resource.Apply(t.Context(), t, plan)
			if said := tftest.Text(plan.Diagnostics); !strings.Contains(said, test.plans) ||
				(said == "") != (test.plans == "") ||
				len(state.Diagnostics) > 0 {
				t.Fatal(said, tftest.Text(state.Diagnostics))
			}
			group, _ := cloud.Group(cloud.GroupID)
			if len(group.Drills) != 1 {
				t.Fatalf("the group has %v", group.Drills)
			}
			made := group.Drills[0]
			tftest.Want(t, state.Attributes, tftest.Attributes{"id": made.ID, "drill_vpc_id": made.VPCID, "status": "available"})
			server := tftest.Objects(t, state.Attributes, "servers")[1]
			tftest.Want(t, server, tftest.Attributes{
				"protected_instance_id": group.Instances[1].ID, "server_id": made.Servers[1].ServerID,
				"name": group.Instances[1].TargetServer.Name,
			})
			if ips, _ := server["private_ips"].([]any); len(ips) != 1 {
				t.Errorf("the server has the addresses %v", ips)
			}

			// What ECS does not tell once is as it was.
			remove := cloud.Inject(simulator.Fault{Route: simulator.RouteServer, Status: 403})
			if refreshed := resource.Refresh(t, state); !tftest.Equal(refreshed.Attributes, state.Attributes) {
				t.Errorf("read %v\nafter %v", refreshed.Attributes, state.Attributes)
			}
			remove()

			test.config["name"] = "summer"
			known := state.Attributes["servers"]
			plan = resource.PlanAfter(t, state, state.Attributes, test.config)
			state = resource.Apply(t.Context(), t, plan)
			if planned := plan.Attributes["servers"]; !reflect.DeepEqual(planned, known) {
				t.Errorf("the plan of another name has the servers %v", planned)
			}
			if plan.Replaces || state.Attributes["name"] != "summer" || state.Attributes["id"] != made.ID {
				t.Errorf("renamed to %v", state.Attributes)
			}
			state = resource.Apply(t.Context(), t, resource.PlanAfter(t, state, state.Attributes, nil))
			said := tftest.Text(state.Diagnostics)
			if want := test.stays; want == "" && said != "" || want != "" && !strings.Contains(said, want+made.VPCID) {
				t.Errorf("want %s: %s", want, said)
			}
			group, _ = cloud.Group(cloud.GroupID)
			if state.Attributes != nil || len(group.Drills) > 0 || cloud.Accepted(simulator.RouteDeleteDrill) != 1 {
				t.Errorf("%v is left, and %v in the state", group.Drills, state.Attributes)
			}
		})
	}
}

// adopt gives the demo group a drill.
func adopt(cloud *tftest.Cloud, status string) {
	cloud.UpdateGroup(cloud.GroupID, func(g *simulator.Group) {
		g.Drills = []simulator.Drill{{ID: drillID, Name: "spring-drill", Status: status, VPCID: vpcID}}
	})
}

// However a drill gets into the state, a plan for it is empty.
func TestTakenOver(t *testing.T) {
	t.Parallel()
	cloud := simulate(t)
	adopt(cloud, "available")
	resource, _ := cloud.NewResource(t, "sdrs_drill", nil)
	list := cloud.NewList(t, "sdrs_drill", nil).
		Find(t, tftest.Attributes{"protection_group_id": cloud.GroupID, "name": "spring"}, 0, true)
	if len(list) != 1 {
		t.Fatalf("listed %v", list)
	}
	for name, state := range map[string]tftest.State{
		"import":   resource.Import(t, drillID),
		"identity": resource.ImportIdentity(t, tftest.Attributes{"id": drillID}),
		"list":     list[0].State,
		"Huawei":   resource.Move(t, "huaweicloud/huaweicloud", "huaweicloud_sdrs_drill", `{"id": "`+drillID+`", "group_id": "x"}`),
	} {
		plan := resource.PlanAfter(t, state, state.Attributes, spring("drill_vpc_id", vpcID))
		if said := tftest.Text(append(state.Diagnostics, plan.Diagnostics...)); said != "" ||
			!tftest.Equal(plan.Attributes, state.Attributes) ||
			state.Identity["id"] != drillID ||
			state.Identity["region"] != "eu-de" {
			t.Errorf("%s: planned %v\nof      %v\n%s", name, plan.Attributes, state.Attributes, said)
		}
	}
}

// The plan says what apply will not do, and apply asks for nothing.
func TestRefusals(t *testing.T) {
	t.Parallel()
	update := func(change func(*simulator.Group)) func(*tftest.Cloud) {
		return func(c *tftest.Cloud) { c.UpdateGroup(c.GroupID, change) }
	}
	occupied := func(c *tftest.Cloud) { adopt(c, "available") }
	for name, test := range map[string]struct {
		prepare       func(*tftest.Cloud)
		config        tftest.Attributes
		plans, fails  string
		alsoOfAnError string
	}{
		"copying": {
			prepare: update(func(g *simulator.Group) {
				p := &g.Instances[0].Pairs[0]
				p.ReplicationStatus, p.Progress = "copying", 40
			}),
			plans: "WARNING: Drill Creation Would Be Refused: spring-drill", fails: "ERROR: Drill Creation Would Be Refused",
			alsoOfAnError: "at 40 %",
		},
		"the group's own VPC": {config: spring("drill_vpc_id", simulator.DemoGroup().VPCID), plans: "Would Be Refused", fails: "Would Be Refused", alsoOfAnError: "is that of the protection group"},
		"a VPC with a drill":  {prepare: occupied, config: spring("name", "other", "drill_vpc_id", vpcID), plans: "Would Be Refused", fails: "Would Be Refused", alsoOfAnError: drillID},
		"an equal drill":      {prepare: occupied, config: spring("drill_vpc_id", vpcID), plans: "WARNING: Drill Is There: spring-drill", fails: "ERROR: Drill Exists Already", alsoOfAnError: drillID},
		"no such group": {
			config: spring("protection_group_id", drillID), plans: "Partly Unchecked", fails: "SDRS.1013",
			alsoOfAnError: "Protection group: " + drillID,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := simulate(t)
			if test.prepare != nil {
				test.prepare(cloud)
			}
			if test.config == nil {
				test.config = spring("drill_vpc_id", vpcID)
			}
			resource, _ := cloud.NewResource(t, "sdrs_drill", nil)
			plan := resource.Plan(t, nil, test.config)
			state := resource.Apply(t.Context(), t, plan)
			planned, said := tftest.Text(plan.Diagnostics), tftest.Text(state.Diagnostics)
			if !strings.Contains(planned, test.plans) || tftest.Failed(plan.Diagnostics) ||
				!strings.Contains(said, test.fails) ||
				!strings.Contains(said, test.alsoOfAnError) ||
				state.Attributes != nil {
				t.Errorf("planned %s\nsaid %s", planned, said)
			}
			if cloud.Accepted(simulator.RouteCreateDrill) > 0 {
				t.Error("it was created")
			}
		})
	}
}

func TestReplaced(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status string
		config tftest.Attributes
	}{
		"another VPC":       {"available", spring("drill_vpc_id", drillID)},
		"another group":     {"available", spring("protection_group_id", drillID, "drill_vpc_id", vpcID)},
		"a failed creation": {"error", spring("drill_vpc_id", vpcID)},
	} {
		cloud := simulate(t)
		adopt(cloud, test.status)
		resource, _ := cloud.NewResource(t, "sdrs_drill", nil)
		state := resource.Import(t, drillID)
		plan := resource.PlanAfter(t, state, state.Attributes, test.config)
		if said := tftest.Text(plan.Diagnostics); !plan.Replaces ||
			!strings.Contains(said, "Will Be Replaced: spring-drill") ||
			strings.Contains(said, "Would Be Refused") {
			t.Errorf("%s: replaces is %v: %s", name, plan.Replaces, said)
		}
	}
}

// A drill that is being deleted is in nobody's way, and one that Terraform has marked as tainted goes before the next.
func TestNotInTheWay(t *testing.T) {
	t.Parallel()
	cloud := simulate(t)
	adopt(cloud, "deleting")
	resource, _ := cloud.NewResource(t, "sdrs_drill", nil)
	if plan := resource.Plan(t, nil, spring("drill_vpc_id", vpcID)); len(plan.Diagnostics) > 0 {
		t.Error(tftest.Text(plan.Diagnostics))
	}
	adopt(cloud, "available")
	resource.Refresh(t, resource.Import(t, drillID))
	plan := resource.Plan(t, nil, spring("drill_vpc_id", vpcID))
	if said := tftest.Text(plan.Diagnostics); !strings.Contains(said, "Will Be Replaced: spring-drill") ||
		!strings.Contains(said, "tainted") || strings.Contains(said, "Drill Is There") {
		t.Error(said)
	}
}

// A change of the name that never arrived is not taken for one that was made.
func TestLostRename(t *testing.T) {
	t.Parallel()
	cloud := simulate(t)
	adopt(cloud, "available")
	resource, _ := cloud.NewResource(t, "sdrs_drill", nil)
	state := resource.Import(t, drillID)
	cloud.Inject(simulator.Fault{Route: simulator.RouteRenameDrill, Cut: simulator.CutBefore})
	plan := resource.PlanAfter(t, state, state.Attributes, spring("drill_vpc_id", vpcID, "name", "summer"))
	state = resource.Apply(t.Context(), t, plan)
	if !tftest.Failed(state.Diagnostics) || state.Attributes["name"] != "spring-drill" {
		t.Errorf("%v: %s", state.Attributes["name"], tftest.Text(state.Diagnostics))
	}
}

func TestDataSources(t *testing.T) {
	t.Parallel()
	cloud := simulate(t)
	resource, _ := cloud.NewResource(t, "sdrs_drill", nil)
	state := resource.Apply(t.Context(), t, resource.Plan(t, nil, spring("drill_vpc_id", vpcID)))
	one := cloud.NewDataSource(t, "sdrs_drill", nil)
	read := one.Read(t, tftest.Attributes{"id": state.Attributes["id"]})
	for name, value := range read.Attributes {
		tftest.Want(t, state.Attributes, tftest.Attributes{name: value})
	}
	if len(read.Attributes) != 8 {
		t.Errorf("read %v: %s", read.Attributes, tftest.Text(read.Diagnostics))
	}
	if said := tftest.Text(one.Read(t, tftest.Attributes{"id": drillID}).Diagnostics); !strings.Contains(
		said,
		"Drill Not Found",
	) {
		t.Error(said)
	}
	source := tftest.Source{Cloud: cloud, DataSource: cloud.NewDataSource(t, "sdrs_drills", nil)}
	found := source.List(
		t,
		tftest.Attributes{"protection_group_id": cloud.GroupID, "drill_vpc_id": vpcID, "status": "available"},
	)
	if len(found) != 1 || !slices.Contains([]any{state.Attributes["id"]}, found[0]["id"]) ||
		len(tftest.Objects(t, found[0], "servers")) != 2 {
		t.Errorf("listed %v", found)
	}
}
