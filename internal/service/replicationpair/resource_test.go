package replicationpair_test

import (
	"bytes"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

const typeName = "sdrs_replication_pair"

// A pair is created, renamed and grown, switched, and deleted. No switch is a change of it.
func TestLife(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]simulator.Option{
		"": nil, "production first": {simulator.WithProductionFirst()}, "ids on success": {simulator.WithIDShown(simulator.IDOnSuccess)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := cloudWithDisk(t, options...)
			pair, _ := cloud.NewResource(t, typeName, nil)
			state := pair.Apply(t.Context(), t, pair.Plan(t, nil, data("size", int64(150), "delete_target_volume", true)))
			if len(state.Diagnostics) > 0 {
				t.Fatal(tftest.Text(state.Diagnostics))
			}
			replica, _ := state.Attributes["target_volume_id"].(string)
			tftest.Want(t, state.Attributes, tftest.Attributes{
				"status": "available", "active_site": "source", "volume_id": spare.ID, "size": int64(150), "description": "shop data",
				"fault_level": "0", "attachments": []any{},
			})
			if disk, found := cloud.Disk(replica); !found || disk.SizeGB != 150 || disk.AZ != "eu-de-02" {
				t.Errorf("the replica is %+v", disk)
			}
			config := data("name", "data-1", "size", int64(200), "delete_target_volume", true)
			state = pair.Apply(t.Context(), t, pair.PlanAfter(t, state, state.Attributes, config))
			tftest.Want(t, state.Attributes, tftest.Attributes{"name": "data-1", "size": int64(200)})
			if _, err := cloud.Protect(cloud.GroupID); err != nil {
				t.Fatal(err)
			}
			cloud.Await(t, simulator.StatusProtected)

			other := pair.PlanAfter(t, state, state.Attributes, data("volume_id", cloud.GroupID)) // Its DR disk is to stay.
			if said := tftest.Text(other.Diagnostics); !strings.Contains(said, "Deleted with it: the DR disk") {
				t.Error(said)
			}
			byReplica := data("name", "data-1", "size", int64(200), "delete_target_volume", true, "volume_id", replica)
			for _, move := range cloud.Switches() {
				move(t)
				state = pair.Refresh(t, state)
				tftest.Want(t, state.Attributes, tftest.Attributes{"volume_id": spare.ID, "target_volume_id": replica})
				for _, config := range []tftest.Attributes{config, byReplica} {
					if plan := pair.PlanAfter(t, state, state.Attributes, config); plan.Replaces || len(plan.Diagnostics) > 0 ||
						!tftest.Equal(plan.Attributes, state.Attributes) {
						t.Errorf("planned %v\nof      %v: %s", plan.Attributes, state.Attributes, tftest.Text(plan.Diagnostics))
					}
				}
				if state.Attributes["active_site"] == "target" {
					wantProductionKept(t, cloud, pair, state)
				}
			}
			state = pair.Apply(t.Context(), t, pair.PlanAfter(t, state, state.Attributes, nil))
			if state.Attributes != nil || len(state.Diagnostics) > 0 {
				t.Errorf("left %v: %s", state.Attributes, tftest.Text(state.Diagnostics))
			}
			_, kept := cloud.Disk(spare.ID)
			if _, left := cloud.Disk(replica); left || !kept {
				t.Errorf("the replica is left: %v, and the disk: %v", left, kept)
			}
		})
	}
}

// wantProductionKept wants a plan that warns of a deletion of the disk in production, and an apply that does not ask
// for it.
func wantProductionKept(t *testing.T, cloud *tftest.Cloud, pair *tftest.Resource, state tftest.State) {
	t.Helper()
	asked := cloud.Count(simulator.RouteDeletePair)
	state.Attributes["active_site"] = "source" // As it was before the refresh: so does Terraform 1.11 plan.
	plan := pair.PlanAfter(t, state, state.Attributes, nil)
	if said := tftest.Text(plan.Diagnostics); !strings.Contains(
		said,
		"WARNING: Replication Pair Deletion Would Delete Production: data-1",
	) || !strings.Contains(said, "Do not apply this.") {
		t.Errorf("the plan says %s", said)
	}
	for _, field := range []string{"none", "priority_station"} { // An answer may not say where production is.
		restore := cloud.Inject(simulator.Fault{Route: simulator.RoutePair, Rewrite: func(body []byte) []byte {
			return bytes.ReplaceAll(body, []byte(`"`+field+`":`), []byte(`"x":`))
		}})
		kept := pair.Apply(t.Context(), t, plan)
		restore()
		if said := tftest.Text(kept.Diagnostics); !strings.Contains(said, "ERROR: Replication Pair Not Deleted: data-1") ||
			kept.Attributes == nil || cloud.Count(simulator.RouteDeletePair) != asked {
			t.Errorf("without %s, apply says %s", field, said)
		}
	}
}

// However a pair gets into the state, a plan for it is empty.
func TestTakenOver(t *testing.T) {
	t.Parallel()
	cloud := cloudWithDisk(t)
	pair, _ := cloud.NewResource(t, typeName, nil)
	state := pair.Apply(t.Context(), t, pair.Plan(t, nil, data()))
	id, _ := state.Attributes["id"].(string)
	list := cloud.NewList(t, typeName, nil).Find(t, tftest.Attributes{"protection_group_id": cloud.GroupID}, 0, true)
	if len(list) != 1 {
		t.Fatalf("listed %v", list)
	}
	theirs := `{"id": "` + id + `", "volume_id": "` + spare.ID + `", "delete_target_volume": false, "timeouts": null}`
	for name, state := range map[string]tftest.State{
		"import":   pair.Import(t, id),
		"identity": pair.ImportIdentity(t, tftest.Attributes{"id": id}),
		"list":     list[0].State,
		"OTC":      pair.Move(t, "opentelekomcloud/opentelekomcloud", "opentelekomcloud_sdrs_replication_pair_v1", theirs),
		"Huawei":   pair.Move(t, "huaweicloud/huaweicloud", "huaweicloud_sdrs_replication_pair", theirs),
	} {
		plan := pair.PlanAfter(t, state, state.Attributes, data())
		if !tftest.Equal(plan.Attributes, state.Attributes) || len(plan.Diagnostics) > 0 || state.Identity["id"] != id {
			t.Errorf("%s: planned %v\nof      %v\n%s", name, plan.Attributes, state.Attributes, tftest.Text(plan.Diagnostics))
		}
	}
	for _, config := range []tftest.Attributes{{"id": id}, {"volume_id": spare.ID}} {
		read := cloud.NewDataSource(t, typeName, nil).Read(t, config)
		tftest.Want(t, read.Attributes, tftest.Attributes{"id": id, "name": "data", "volume_size": int64(100)})
	}
}

// The plan says what apply will do and what will fail, and apply refuses the latter before it asks for anything.
func TestPlans(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prepare         func(*simulator.Group)
		disk            func(*simulator.Disk)
		unreadable      bool // The disk.
		options         []simulator.Option
		config          tftest.Attributes // Nil: a deletion.
		made            bool              // There is a pair already.
		says            string
		replaces, fails bool // Fails: the plan, or the apply of a creation.
	}{
		"another description": {made: true, config: data("description", "other"), says: "Replication Pair Description Is Fixed", fails: true},
		"a smaller size":      {made: true, config: data("size", int64(99)), says: "Replication Pair Never Shrinks: data", fails: true},
		"another disk": {
			made: true, config: data("volume_id", simulator.EmptyEstate().Disks[9].ID), says: "Replication Pair Will Be " +
				"Replaced: data", replaces: true,
		},
		"a failed creation": {
			made: true, prepare: func(g *simulator.Group) { g.Pairs[0].Status = simulator.StatusError }, config: data(),
			says:     "Its creation failed.",
			replaces: true,
		},
		"a failed creation that is to take its disk": { // In an apply of its own.
			made: true, prepare: func(g *simulator.Group) { g.Pairs[0].Status = simulator.StatusError },
			config: data("delete_target_volume", true),
		},
		"a failed creation, and what it takes comes later": {
			made: true, prepare: func(g *simulator.Group) { g.Pairs[0].Status = simulator.StatusError },
			config: data("delete_target_volume", tftest.Unknown), says: "Its creation failed.", replaces: true,
		},
		"a deletion": {made: true, says: "WARNING: DR Disk Stays: data"},
		"a deletion after a switch": {
			made: true, prepare: func(g *simulator.Group) { g.PriorityStation, g.Pairs[0].PriorityStation = "target", "target" },
			says: "Do not delete the disk that the server in production uses.",
		},
		"a group that failed": {
			prepare: func(g *simulator.Group) { g.Status = simulator.StatusErrorReversing }, config: data(),
			says:  "The group is error-reversing.",
			fails: true,
		},
		"no quota left": {options: []simulator.Option{simulator.WithQuota(50, 0)}, config: data(), says: "0 of 0 replication pairs are used, and this needs 1 more", fails: true},
		"a switched group": {
			prepare: func(g *simulator.Group) { g.PriorityStation = simulator.StationTarget }, config: data(),
			says: "If the cloud refuses it, switch back first",
		},
		"an encrypted disk": {
			disk: func(d *simulator.Disk) { d.Encrypted = true }, config: data(), says: "The disk is encrypted.", fails: true,
		},
		"an attached disk": {
			disk: func(d *simulator.Disk) { d.Status = "in-use" }, config: data(), says: "The disk is in-use: it must be",
			fails: true,
		},
		"a disk elsewhere": {
			disk: func(d *simulator.Disk) { d.AZ = "eu-de-03" }, config: data(),
			says:  "The disk is in eu-de-03, and production of the group in eu-de-01. Choose a disk in that availability zone",
			fails: true,
		},
		"a disk elsewhere than a switched group": {
			prepare: func(g *simulator.Group) { g.PriorityStation = simulator.StationTarget },
			disk:    func(d *simulator.Disk) { d.AZ = "eu-de-01" }, config: data(),
			says:  "The group was switched: switch it back to source (eu-de-01) first, in an apply of its own.",
			fails: true,
		},
		"a disk in neither zone of a switched group": {
			prepare: func(g *simulator.Group) { g.PriorityStation = simulator.StationTarget },
			disk:    func(d *simulator.Disk) { d.AZ = "eu-de-03" }, config: data(),
			says:  "production of the group in eu-de-02. Choose a disk in that availability zone",
			fails: true,
		},
		"no such disk": {
			config: data("volume_id", "9d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55"), says: "There is no such disk.", fails: true,
		},
		"one that is being deleted": {
			prepare: func(g *simulator.Group) {
				g.Pairs = []simulator.Pair{{ID: spare.ID, Status: simulator.StatusDeleting, SourceVolume: spare.ID, Separate: true}}
			},
			config: data(),
		},
		"an unreadable disk": {unreadable: true, config: data(), says: "The disk (EVS) can't be read: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := cloudWithDisk(t, test.options...)
			pair, _ := cloud.NewResource(t, typeName, nil)
			var state tftest.State
			if test.made {
				state = pair.Apply(t.Context(), t, pair.Plan(t, nil, data()))
			}
			if test.prepare != nil {
				cloud.UpdateGroup(cloud.GroupID, test.prepare)
			}
			if test.made {
				state = pair.Refresh(t, state)
			}
			if test.disk != nil {
				cloud.UpdateDisk(spare.ID, test.disk)
			}
			if test.unreadable {
				cloud.Inject(simulator.Fault{Route: simulator.RouteDisk, Status: http.StatusForbidden})
			}
			cloud.ResetRequests()
			plan := pair.PlanAfter(t, state, state.Attributes, test.config)
			said := tftest.Text(plan.Diagnostics)
			if !strings.Contains(said, test.says) || test.says == "" && said != "" ||
				test.replaces && !strings.Contains(said, "WARNING: DR Disk Stays: data") || plan.Replaces != test.replaces ||
				test.made && tftest.Failed(plan.Diagnostics) != test.fails {
				t.Errorf("replaces is %v, want it to say %q:\n%s", plan.Replaces, test.says, said)
			}
			if !test.made && test.fails {
				failed := pair.ApplyFinal(t.Context(), t, plan)
				if said := tftest.Text(failed.Diagnostics); !strings.Contains(
					said,
					"ERROR: Replication Pair Creation Would Be Refused",
				) ||
					!strings.Contains(said, test.says) ||
					failed.Attributes != nil {
					t.Errorf("apply says %s", said)
				}
			}
			for _, request := range cloud.Requests() {
				if request.Method != "GET" {
					t.Errorf("%s %s", request.Method, request.Path)
				}
			}
			if !test.made && !test.fails { // What could not be checked does not block it, and is said again.
				if said := tftest.Text(pair.ApplyFinal(t.Context(), t, plan).Diagnostics); !strings.Contains(said, test.says) {
					t.Errorf("apply says %s, and not %q", said, test.says)
				}
			}
		})
	}
}

// A pair that was created is kept, whatever its size.
func TestSizeAfterCreation(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]int64{"grown in vain": 150, "smaller": 50} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := cloudWithDisk(t)
			cloud.Inject(simulator.Fault{
				Route: simulator.RoutePairAction, Status: 400, Body: `{"error": {"code": "SDRS.1818", "message": "no"}}`,
			})
			pair, _ := cloud.NewResource(t, typeName, nil)
			config := data("size", size)
			state := pair.Apply(t.Context(), t, pair.Plan(t, nil, config))
			if said := tftest.Text(state.Diagnostics); !strings.Contains(
				said,
				"WARNING: Replication Pair Has Another Size: data",
			) {
				t.Error(said)
			}
			state = pair.Refresh(t, state)
			plan := pair.PlanAfter(t, state, state.Attributes, config)
			if plan.Replaces || tftest.Failed(plan.Diagnostics) != (size == 50) ||
				size == 150 && plan.Attributes["updated_at"] != tftest.Unknown {
				t.Errorf("planned %v: %s", plan.Attributes, tftest.Text(plan.Diagnostics))
			}
		})
	}
}

// What is tainted is replaced without its replica being deleted, which nobody asked for: what stays is named.
func TestTaintedTakesNoDisk(t *testing.T) {
	t.Parallel()
	cloud := cloudWithDisk(t)
	pair, _ := cloud.NewResource(t, typeName, nil)
	config := data("delete_target_volume", true)
	instance := tftest.Instance{}
	cloud.FailNextJob("SDRS.0013", "made up")
	pair.Run(t.Context(), t, &instance, config)
	group, _ := cloud.Group(cloud.GroupID)
	if len(group.Pairs) != 1 || !instance.Tainted {
		t.Fatalf("left %v, tainted is %v", group.Pairs, instance.Tainted)
	}
	step := pair.Run(t.Context(), t, &instance, config)
	said, asked := tftest.Text(step.Diagnostics), ""
	for _, request := range cloud.Requests() {
		if request.Route == simulator.RouteDeletePair {
			asked += request.Body
		}
	}
	if !strings.Contains(asked, `"delete_target_volume":false`) || step.Deletions != 1 || tftest.Failed(step.Diagnostics) ||
		!strings.Contains(said, "WARNING: Replication Pair Will Be Replaced: data") ||
		!strings.Contains(said, "WARNING: DR Disk Stays: data") || !strings.Contains(said, group.Pairs[0].TargetVolume) {
		t.Errorf("asked for %s: %s", asked, said)
	}
	tftest.Want(t, instance.Attributes, tftest.Attributes{"delete_target_volume": true, "status": "available"})
}

// Another state may change another member of the group, of which the group's status does not tell: that is waited for,
// however long it takes.
func TestBusyWithAnotherMember(t *testing.T) {
	t.Parallel()
	cloud := cloudWithDisk(t)
	var creating atomic.Bool
	creating.Store(true)
	set := func(status string) {
		cloud.UpdateGroup(cloud.GroupID, func(group *simulator.Group) {
			group.Instances = []simulator.Instance{{ID: "7d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55", Name: "web", Status: status}}
		})
	}
	set(simulator.StatusCreating)
	looks := 0
	cloud.Inject(simulator.Fault{Route: simulator.RouteInstances, Match: func(*http.Request) bool {
		if looks++; looks == 40 {
			set(simulator.StatusAvailable)
			creating.Store(false)
		}
		return false
	}})
	cloud.Inject(simulator.Fault{
		Route: simulator.RouteCreatePair, Status: http.StatusBadRequest, Body: `{"error": {"code": "SDRS.1002", "message": "busy"}}`,
		Match: func(*http.Request) bool { return creating.Load() },
	})
	pair, _ := cloud.NewResource(t, typeName, nil)
	state := pair.Apply(t.Context(), t, pair.Plan(t, nil, data()))
	if n := cloud.Count(simulator.RouteCreatePair); len(state.Diagnostics) > 0 || n != 2 {
		t.Errorf("asked %d times: %s", n, tftest.Text(state.Diagnostics))
	}
}

// busy refuses the next requests to a route, since the group is busy, and has something happen meanwhile.
func busy(route string, times int, meanwhile func()) simulator.Fault {
	return simulator.Fault{
		Route: route, Status: http.StatusBadRequest, Body: `{"error": {"code": "SDRS.1002", "message": "busy"}}`, Times: times,
		Match: func(*http.Request) bool { meanwhile(); return true },
	}
}

// What is put off is looked at anew: another state may have made the pair meanwhile, or changed its status, and what
// could not be checked is said once.
func TestPutOff(t *testing.T) {
	t.Parallel()
	const otherID = "7d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55"
	cloud := cloudWithDisk(t)
	pair, _ := cloud.NewResource(t, typeName, nil)
	cloud.Inject(busy(simulator.RouteCreatePair, 1, func() {
		cloud.UpdateGroup(cloud.GroupID, func(g *simulator.Group) {
			g.Pairs = []simulator.Pair{{ID: otherID, Status: simulator.StatusAvailable, SourceVolume: spare.ID, Separate: true}}
		})
	}))
	made := pair.ApplyFinal(t.Context(), t, pair.Plan(t, nil, data()))
	if said := tftest.Text(made.Diagnostics); cloud.Count(simulator.RouteCreatePair) != 1 || made.Attributes != nil ||
		!strings.Contains(said, otherID) {
		t.Errorf("asked %d times: %s", cloud.Count(simulator.RouteCreatePair), said)
	}

	cloud = cloudWithDisk(t)
	pair, _ = cloud.NewResource(t, typeName, nil)
	restore := cloud.Inject(simulator.Fault{Route: simulator.RouteDisk, Status: http.StatusForbidden})
	cloud.Inject(busy(simulator.RouteCreatePair, 2, func() {}))
	state := pair.ApplyFinal(t.Context(), t, pair.Plan(t, nil, data()))
	restore()
	if len(state.Diagnostics) != 1 {
		t.Errorf("created with %s", tftest.Text(state.Diagnostics))
	}

	cloud.Inject(busy(simulator.RoutePairAction, 1, func() {
		cloud.UpdateGroup(cloud.GroupID, func(g *simulator.Group) {
			g.Status, g.Pairs[0].Status = simulator.StatusProtected, simulator.StatusProtected
		})
	}))
	cloud.Inject(simulator.Fault{Route: simulator.RoutePairAction, Cut: simulator.CutBefore})
	state = pair.Apply(t.Context(), t, pair.PlanAfter(t, state, state.Attributes, data("size", int64(200))))
	if said := tftest.Text(state.Diagnostics); !strings.Contains(said, "Change Not Started: data") {
		t.Errorf("grown to %v: %s", state.Attributes["size"], said)
	}
}

// What has grown since the plan is not grown again.
func TestGrownMeanwhile(t *testing.T) {
	t.Parallel()
	cloud := cloudWithDisk(t)
	pair, _ := cloud.NewResource(t, typeName, nil)
	state := pair.Apply(t.Context(), t, pair.Plan(t, nil, data()))
	plan := pair.PlanAfter(t, state, state.Attributes, data("size", int64(200)))
	cloud.UpdateGroup(cloud.GroupID, func(group *simulator.Group) { group.Pairs[0].SizeGB = 200 })
	state = pair.Apply(t.Context(), t, plan)
	if state.Attributes["size"] != int64(200) || len(state.Diagnostics) > 0 || cloud.Count(simulator.RoutePairAction) > 0 {
		t.Errorf("got %v: %s", state.Attributes, tftest.Text(state.Diagnostics))
	}
}

// Of a pair that was renamed it is not said that nothing was changed, and neither that it is a bug if it can't be read.
func TestAfterARename(t *testing.T) {
	t.Parallel()
	for route, says := range map[string]string{
		simulator.RoutePair:       "ERROR: Lost Contact With the Replication Pair: data",
		simulator.RoutePairAction: "refused the change of the replication pair. What was changed before that stays so.",
	} {
		cloud := cloudWithDisk(t)
		pair, _ := cloud.NewResource(t, typeName, nil)
		state := pair.Apply(t.Context(), t, pair.Plan(t, nil, data()))
		plan := pair.PlanAfter(t, state, state.Attributes, data("name", "data-1", "size", int64(200)))
		cloud.Inject(simulator.Fault{Route: route, Status: http.StatusForbidden})
		state = pair.ApplyFinal(t.Context(), t, plan)
		if said := tftest.Text(state.Diagnostics); !strings.Contains(said, says) {
			t.Error(said)
		}
	}
}

// After a switch a pair can be deleted whose disks both stay. An answer without the disks of a pair, and their
// size, changes none.
func TestSwitchedPair(t *testing.T) {
	t.Parallel()
	cloud := cloudWithDisk(t)
	pair, _ := cloud.NewResource(t, typeName, nil)
	instance := tftest.Instance{}
	pair.Run(t.Context(), t, &instance, data())
	cloud.UpdateGroup(cloud.GroupID, func(g *simulator.Group) {
		g.PriorityStation, g.Pairs[0].PriorityStation = simulator.StationTarget, simulator.StationTarget
	})
	replica := instance.Attributes["target_volume_id"]
	restore := cloud.Inject(simulator.Fault{Rewrite: func(body []byte) []byte {
		body = bytes.ReplaceAll(body, []byte(`"record_metadata":`), []byte(`"y":`))
		return bytes.ReplaceAll(body, []byte(`"volume_ids":`), []byte(`"x":`))
	}})
	step := pair.Run(t.Context(), t, &instance, data("size", int64(100)))
	restore()
	tftest.Want(t, instance.Attributes, tftest.Attributes{"volume_id": spare.ID, "target_volume_id": replica, "active_site": "target"})
	if !step.Empty || replica == nil {
		t.Errorf("planned a change: %s", tftest.Text(step.Diagnostics))
	}
	if step := pair.Run(t.Context(), t, &instance, nil); instance.Attributes != nil || tftest.Failed(step.Diagnostics) {
		t.Errorf("left %v: %s", instance.Attributes, tftest.Text(step.Diagnostics))
	}
	// Neither does one for an import, of a pair that is being created, for example: the configuration says which it has.
	cloud = cloudWithDisk(t)
	pair, _ = cloud.NewResource(t, typeName, nil)
	state := pair.Apply(t.Context(), t, pair.Plan(t, nil, data()))
	id, _ := state.Attributes["id"].(string)
	restore = cloud.Inject(simulator.Fault{Rewrite: func(body []byte) []byte {
		return bytes.ReplaceAll(body, []byte(`"volume_ids":`), []byte(`"x":`))
	}})
	instance = tftest.Instance{State: pair.Import(t, id)}
	restore()
	plan := pair.PlanAfter(t, instance.State, instance.Attributes, data())
	instance.State = pair.Apply(t.Context(), t, plan)
	again := pair.Run(t.Context(), t, &instance, data())
	if said := tftest.Text(append(plan.Diagnostics, again.Diagnostics...)); plan.Replaces || !again.Empty || said != "" {
		t.Errorf("replaces is %v: %s", plan.Replaces, said)
	}
}
