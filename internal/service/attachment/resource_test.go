package attachment_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

const (
	typeName = "sdrs_replication_pair_attachment"
	pairID   = "0bd9b1a1-9ee1-4a3c-86b2-1b5f2f4e4f0e"
)

// shop is a protected group of a server with its system disk, and of a pair that is not attached.
func shop() simulator.Group {
	group := simulator.NewGroup("9d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55", "dr-shop", 1, 1)
	group.Pairs = []simulator.Pair{{
		ID: pairID, Name: "data", Status: simulator.StatusProtected, ReplicationStatus: simulator.ReplicationActive,
		FaultLevel: "0",
		Progress:   100, PriorityStation: simulator.StationSource, SourceVolume: "disk", TargetVolume: "replica",
		SizeGB: 100, Separate: true,
	}}
	return group
}

func cloudOfShop(t testing.TB, options ...simulator.Option) *tftest.Cloud {
	t.Helper()
	cloud := tftest.SimulateEstate(t, simulator.Estate{Groups: []simulator.Group{shop()}}, options...)
	cloud.GroupID = shop().ID
	return cloud
}

var id = shop().Instances[0].ID + "/" + pairID

// disk is the attachment as configured, changed by name and value.
func disk(changes ...any) tftest.Attributes {
	return tftest.Change(tftest.Attributes{
		"protected_instance_id": shop().Instances[0].ID, "replication_pair_id": pairID, "device": "/dev/sdb",
	}, changes...)
}

// Whatever goes wrong with an attachment, applying again sets it right.
func TestMatrix(t *testing.T) {
	t.Parallel()
	tftest.Matrix{
		Type: typeName,
		Cloud: func(t testing.TB) *tftest.Cloud {
			t.Helper()
			return cloudOfShop(t, tftest.Ticking()...)
		},
		Config: disk("device", "/dev/vdb"), InGroup: true, // After an import the state has the name that the cloud gives.
		Create: simulator.RouteAttach, Delete: simulator.RouteDetach,
		IDs: func(cloud *tftest.Cloud) []string {
			group, _ := cloud.Group(cloud.GroupID)
			if len(group.Pairs) == 0 || group.Pairs[0].Status == simulator.StatusAttaching ||
				group.Pairs[0].Status == simulator.StatusErrorAttaching {
				return []string{id}
			}
			return nil
		},
		Remove: func(cloud *tftest.Cloud, _ string) {
			cloud.UpdateGroup(cloud.GroupID, func(group *simulator.Group) {
				instance := &group.Instances[0]
				if last := len(instance.Pairs) - 1; last > 0 {
					group.Pairs, instance.Pairs = append(group.Pairs, instance.Pairs[last]), instance.Pairs[:last]
					group.Pairs[0].Device = ""
				}
			})
		},
	}.Run(t)
}

// A pair is attached under the name that its user gives the device, switched, and detached.
func TestLife(t *testing.T) {
	t.Parallel()
	cloud := cloudOfShop(t)
	attachment, _ := cloud.NewResource(t, typeName, nil)
	state := attachment.Apply(t.Context(), t, attachment.Plan(t, nil, disk()))
	if len(state.Diagnostics) > 0 {
		t.Fatal(tftest.Text(state.Diagnostics))
	}
	tftest.Want(t, state.Attributes, tftest.Attributes{
		"id": id, "status": "attached", "device": "/dev/sdb", "protection_group_id": cloud.GroupID,
	})
	replica, _ := cloud.Disk("replica")
	if len(replica.Attachments) != 1 || replica.Attachments[0].Device != "/dev/vdb" {
		t.Errorf("the replica is attached to %v", replica.Attachments)
	}
	for _, become := range cloud.Switches() {
		become(t)
		state = attachment.Refresh(t, state)
		tftest.Want(t, state.Attributes, tftest.Attributes{"status": "attached", "device": "/dev/sdb"})
		for _, config := range []tftest.Attributes{disk(), disk("device", "/dev/vdb")} {
			if plan := attachment.PlanAfter(t, state, state.Attributes, config); plan.Replaces || len(plan.Diagnostics) > 0 ||
				!tftest.Equal(plan.Attributes, state.Attributes) {
				t.Errorf("planned %v\nof      %v: %s", plan.Attributes, state.Attributes, tftest.Text(plan.Diagnostics))
			}
		}
	}
	anew := tftest.Text(attachment.Plan(t, nil, disk()).Diagnostics) // As Terraform does where the address is another one.
	if !strings.Contains(anew, "Attachment Will Be Replaced: "+id) || !strings.Contains(anew, "a moved block does") {
		t.Error(anew)
	}
	stranger, _ := cloud.NewResource(t, typeName, nil)
	if said := tftest.Text(stranger.Plan(t, nil, disk()).Diagnostics); !strings.Contains(said, "Apply won't attach it again") {
		t.Error(said)
	}
	other := attachment.PlanAfter(t, state, state.Attributes, disk("device", "/dev/vdc"))
	if said := tftest.Text(other.Diagnostics); !strings.Contains(said, "Device Is Fixed") || other.Replaces ||
		!tftest.Equal(other.Attributes, state.Attributes) {
		t.Errorf("planned %v: %s", other.Attributes, said)
	}
	for _, status := range []struct{ pair, want string }{
		{"extending", "attached"},
		{"fault", "attached"},
		{"detaching", "detaching"},
		{"error-detaching", "error-detaching"},
		{"protected", "attached"},
	} {
		cloud.UpdateGroup(cloud.GroupID, func(group *simulator.Group) { group.Instances[0].Pairs[1].Status = status.pair })
		tftest.Want(t, attachment.Refresh(t, state).Attributes, tftest.Attributes{"status": status.want})
	}
	detached := attachment.PlanAfter(t, state, state.Attributes, nil)
	if said := tftest.Text(detached.Diagnostics); !strings.Contains(said, "WARNING: Disk Will Be Detached: "+id) {
		t.Errorf("planned %q", said)
	}
	state = attachment.Apply(t.Context(), t, detached)
	group, _ := cloud.Group(cloud.GroupID)
	if state.Attributes != nil || len(state.Diagnostics) > 0 || len(group.Pairs) != 1 {
		t.Errorf("left %v: %s", state.Attributes, tftest.Text(state.Diagnostics))
	}
}

// A pair that could not be attached is attached by the next apply, where the cloud lets it be detached. Otherwise that
// says what to do, and a destruction forgets what is not attached.
func TestFailedAttachment(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]simulator.Option{
		"detachable": nil,
		"unanswered": {simulator.WithJobDuration(0)}, // It has failed by the first look whether it was accepted.
		"stuck":      {simulator.WithFailedAttachmentsStaying()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := cloudOfShop(t, options...)
			attachment, _ := cloud.NewResource(t, typeName, nil)
			var instance tftest.Instance
			cloud.FailNextJob("SDRS.1821", "made up")
			if name == "unanswered" {
				cloud.Inject(simulator.Fault{Route: simulator.RouteAttach, Cut: simulator.CutAfter, Times: 1})
			}
			if step := attachment.Run(t.Context(), t, &instance, disk()); !tftest.Failed(step.Diagnostics) || !instance.Tainted {
				t.Fatal(tftest.Text(step.Diagnostics))
			}
			tftest.Want(t, instance.Attributes, tftest.Attributes{"status": "attaching"}) // What became of it a refresh says.
			step := attachment.Run(t.Context(), t, &instance, disk())
			said := tftest.Text(step.Diagnostics)
			if stuck := name == "stuck"; stuck != tftest.Failed(step.Diagnostics) ||
				stuck && !strings.Contains(said, "The replication pair is error-attaching. Import the attachment") {
				t.Error(said)
			}
			if step := attachment.Run(t.Context(), t, &instance, nil); instance.Attributes != nil {
				t.Errorf("left %v: %s", instance.Attributes, tftest.Text(step.Diagnostics))
			}
		})
	}
}

// One that is detached elsewhere is gone, one that is being attached may show late, and one that an import finds to
// have failed is attached anew.
func TestFoundOtherwise(t *testing.T) {
	t.Parallel()
	cloud := cloudOfShop(t)
	attachment, _ := cloud.NewResource(t, typeName, nil)
	state := attachment.Apply(t.Context(), t, attachment.Plan(t, nil, disk()))
	attached, _ := cloud.Group(cloud.GroupID)
	cloud.AddGroup(shop())
	if gone := attachment.Refresh(t, state); gone.Attributes != nil {
		t.Errorf("left %v", gone.Attributes)
	}
	var reads atomic.Int32
	cloud.Inject(simulator.Fault{Route: simulator.RoutePair, Match: func(*http.Request) bool {
		if reads.Add(1) == 3 {
			cloud.AddGroup(attached)
		}
		return false
	}})
	state.Attributes["status"] = "attaching"
	tftest.Want(t, attachment.Refresh(t, state).Attributes, tftest.Attributes{"status": "attached"})
	cloud.AddGroup(shop())
	cloud.UpdateGroup(cloud.GroupID, func(group *simulator.Group) { group.Pairs[0].Status = simulator.StatusErrorAttaching })
	state = attachment.Import(t, id)
	plan := attachment.PlanAfter(t, state, state.Attributes, disk())
	if said := tftest.Text(plan.Diagnostics); !plan.Replaces || !strings.Contains(said, "To attach it failed.") {
		t.Errorf("replaces is %v: %s", plan.Replaces, said)
	}
}

// A member that moves is waited for, and an end of the wait says so.
func TestBusyInstance(t *testing.T) {
	t.Parallel()
	cloud := cloudOfShop(t)
	cloud.UpdateGroup(cloud.GroupID, func(group *simulator.Group) { group.Instances[0].Status = "nic-creating" })
	attachment, _ := cloud.NewResource(t, typeName, nil)
	plan := attachment.Plan(t, nil, disk())
	state := attachment.ApplyFinal(cloud.Interrupted(t, simulator.RouteInstance, 5), t, plan)
	if said := tftest.Text(state.Diagnostics); !strings.Contains(
		said,
		"waited for the protected instance, which is nic-creating",
	) ||
		cloud.Count(simulator.RouteAttach) > 0 ||
		state.Attributes != nil {
		t.Error(said)
	}
	// So is a pair that is to be detached.
	cloud = cloudOfShop(t)
	attachment, _ = cloud.NewResource(t, typeName, nil)
	var instance tftest.Instance
	attachment.Run(t.Context(), t, &instance, disk())
	cloud.UpdateGroup(cloud.GroupID, func(group *simulator.Group) { group.Instances[0].Pairs[1].Status = "reversing" })
	step := attachment.Run(cloud.Interrupted(t, simulator.RoutePair, 5), t, &instance, nil)
	if said := tftest.Text(step.Diagnostics); !strings.Contains(said, "which is reversing") ||
		cloud.Count(simulator.RouteDetach) > 0 || instance.Attributes == nil {
		t.Error(said)
	}
}

// However an attachment gets into the state, a plan for it is empty.
func TestTakenOver(t *testing.T) {
	t.Parallel()
	cloud := cloudOfShop(t)
	attachment, _ := cloud.NewResource(t, typeName, nil)
	attachment.Apply(t.Context(), t, attachment.Plan(t, nil, disk()))
	list := cloud.NewList(t, typeName, nil).
		Find(t, tftest.Attributes{"protected_instance_id": shop().Instances[0].ID}, 0, true)
	if len(list) != 2 { // The system disk is attached, too.
		t.Fatalf("listed %v", list)
	}
	theirs := `{"id": "x", "instance_id": "` + shop().Instances[0].ID + `", "replication_id": "` + pairID + `", "device": "/dev/sdb"}`
	for name, state := range map[string]tftest.State{
		"import":   attachment.Import(t, id),
		"identity": attachment.ImportIdentity(t, tftest.Attributes{"id": id}),
		"list":     list[1].State,
		"OTC":      attachment.Move(t, "opentelekomcloud/opentelekomcloud", "opentelekomcloud_sdrs_replication_attach_v1", theirs),
		"Huawei":   attachment.Move(t, "huaweicloud/huaweicloud", "huaweicloud_sdrs_replication_attach", theirs),
	} {
		plan := attachment.PlanAfter(t, state, state.Attributes, disk())
		if !tftest.Equal(plan.Attributes, state.Attributes) || len(plan.Diagnostics) > 0 || state.Identity["id"] != id {
			t.Errorf("%s: planned %v\nof      %v\n%s", name, plan.Attributes, state.Attributes, tftest.Text(plan.Diagnostics))
		}
	}
	for _, bad := range []string{pairID, id + "/" + pairID, "x/y"} {
		if state := attachment.Import(t, bad); !tftest.Failed(state.Diagnostics) {
			t.Errorf("%s was imported", bad)
		}
	}
}

// The plan says what apply will do and what will fail, and apply refuses the latter before it asks for anything.
func TestPlans(t *testing.T) {
	t.Parallel()
	stranger := simulator.NewGroup("5d0c2c3f-3f0e-4d5b-9a57-7d2a3c6a1b10", "other", 1, 1)
	for name, test := range map[string]struct {
		prepare func(*simulator.Group)
		config  tftest.Attributes
		says    string
	}{
		"a device in use":          {config: disk("device", "/dev/sda"), says: "as /dev/vda. Choose another device."},
		"a pair of another group":  {config: disk("replication_pair_id", stranger.Instances[0].Pairs[0].ID), says: "in different protection groups"},
		"a pair that is attached":  {config: disk("replication_pair_id", stranger.Instances[0].Pairs[0].ID), says: "Detach it there first."},
		"no such pair":             {config: disk("replication_pair_id", stranger.ID), says: "There is no such replication pair."},
		"a pair that is not whole": {prepare: func(g *simulator.Group) { g.Pairs[0].Status = simulator.StatusFault }, config: disk(), says: "The replication pair is fault."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := tftest.SimulateEstate(t, simulator.Estate{Groups: []simulator.Group{shop(), stranger}})
			if test.prepare != nil {
				cloud.UpdateGroup(shop().ID, test.prepare)
			}
			attachment, _ := cloud.NewResource(t, typeName, nil)
			plan := attachment.Plan(t, nil, test.config)
			applied := attachment.ApplyFinal(t.Context(), t, plan)
			for _, said := range []string{tftest.Text(plan.Diagnostics), tftest.Text(applied.Diagnostics)} {
				if !strings.Contains(said, test.says) ||
					!strings.Contains(said, "Replication Pair Attachment Creation Would Be Refused") {
					t.Errorf("want %q:\n%s", test.says, said)
				}
			}
			if cloud.Count(simulator.RouteAttach) > 0 {
				t.Error("it was asked for")
			}
		})
	}
}

// The disks of a pair that are shared ones can be at several protected instances.
func TestSharedPair(t *testing.T) {
	t.Parallel()
	group := simulator.NewGroup(shop().ID, "dr-shop", 2, 2)
	shared := &group.Instances[1].Pairs[0]
	shared.Shared = true
	cloud := tftest.SimulateEstate(t, simulator.Estate{Groups: []simulator.Group{group}})
	attachment, _ := cloud.NewResource(t, typeName, nil)
	plan := attachment.Plan(t, nil, disk("replication_pair_id", shared.ID))
	state := attachment.Apply(t.Context(), t, plan)
	if said := tftest.Text(append(plan.Diagnostics, state.Diagnostics...)); said != "" {
		t.Error(said)
	}
}
