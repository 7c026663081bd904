package protectedinstance_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

const (
	groupID  = "9d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55"
	serverID = "1f0a3c5e-7b9d-4e2f-8a6c-4d2e0f1a3b5c"
	otherID  = "2f0a3c5e-7b9d-4e2f-8a6c-4d2e0f1a3b5c"
)

// project is a cloud with an empty group, and two servers to protect.
func project(t testing.TB, options ...simulator.Option) *tftest.Cloud {
	t.Helper()
	group := simulator.NewGroup(groupID, "dr-shop", 0, 0)
	group.Status = simulator.StatusAvailable
	estate := simulator.Estate{Groups: []simulator.Group{group}}
	for id, name := range map[string]string{serverID: "web", otherID: "db"} {
		server, disks := simulator.NewServer(id, name, group.SourceAZ, group.VPCID, 10, 40)
		estate.Servers, estate.Disks = append(estate.Servers, server), append(estate.Disks, disks...)
	}
	cloud := tftest.SimulateEstate(t, estate, options...)
	cloud.GroupID = groupID
	return cloud
}

// web is a protected instance as configured, changed by name and value.
func web(changes ...any) tftest.Attributes {
	return tftest.Change(tftest.Attributes{
		"protection_group_id": groupID, "server_id": serverID, "name": "web", "description": "shop frontend",
		"flavor_id": "s3.large.2", "tags": tftest.Attributes{"team": "shop"},
	}, changes...)
}

func TestCreateChangeDelete(t *testing.T) {
	t.Parallel()
	cloud := project(t)
	resource, _ := cloud.NewResource(t, "sdrs_protected_instance", nil)
	instance := tftest.Instance{}
	step := resource.Run(t.Context(), t, &instance, web())
	if len(step.Diagnostics) > 0 {
		t.Fatal(tftest.Text(step.Diagnostics))
	}
	id, _ := instance.Attributes["id"].(string)
	group, _ := cloud.Group(groupID)
	made := group.Instances[0]
	tftest.Want(t, instance.Attributes, tftest.Attributes{
		"id": made.ID, "source_server_id": serverID, "target_server_id": made.TargetServer.ID, "active_server_id": serverID,
		"status": "available", "active_site": "source", "delete_target_server": false, "delete_target_eip": false,
	})
	tftest.Want(t, instance.Identity, tftest.Attributes{"id": id, "region": "eu-de"})
	pairs := tftest.Objects(t, instance.Attributes, "replication_pairs")
	if len(pairs) != 2 {
		t.Fatalf("the pairs are %v", pairs)
	}
	volumes, _ := pairs[1]["volume_ids"].([]any)
	if len(volumes) != 2 {
		t.Errorf("the pairs are %v", pairs)
	}
	tftest.Want(t, pairs[1], tftest.Attributes{
		"id": made.Pairs[1].ID, "device": "/dev/vdb",
		"source_volume_id": made.Pairs[1].SourceVolume, "target_volume_id": made.Pairs[1].TargetVolume,
	})

	step = resource.Run(t.Context(), t, &instance, web("name", "web-2", "flavor_id", "s3.xlarge.2", "tags",
		tftest.Attributes{"tier": "web"}, "delete_target_server", true))
	group, _ = cloud.Group(groupID)
	if made = group.Instances[0]; len(step.Diagnostics) > 0 || step.Deletions > 0 || made.Name != "web-2" ||
		made.TargetServer.Flavor != "s3.xlarge.2" || made.SourceServer.Flavor == "s3.xlarge.2" || len(made.Tags) != 1 {
		t.Errorf("made %+v: %s", made, tftest.Text(step.Diagnostics))
	}
	step = resource.Run(t.Context(), t, &instance, nil)
	if _, found := cloud.CloudServer(made.TargetServer.ID); found || len(step.Diagnostics) > 0 ||
		instance.Attributes != nil {
		t.Errorf("left %v: %s", instance.Attributes, tftest.Text(step.Diagnostics))
	}
	if server, _ := cloud.CloudServer(serverID); server.Status != "ACTIVE" {
		t.Errorf("production is %s", server.Status)
	}
}

// A switch is no change, in whatever direction, and neither is the id of the other server: whichever the API calls the
// source.
func TestSwitches(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]simulator.Option{
		"sites stay": nil, "production comes first": {simulator.WithProductionFirst()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := project(t, options...)
			resource, _ := cloud.NewResource(t, "sdrs_protected_instance", nil)
			instance := tftest.Instance{}
			resource.Run(t.Context(), t, &instance, web())
			group, _ := cloud.Group(groupID)
			replica := group.Instances[0].TargetServer.ID
			if _, err := cloud.Protect(groupID); err != nil {
				t.Fatal(err)
			}
			cloud.Await(t, simulator.StatusProtected)
			cloud.SetServerStatus(serverID, "SHUTOFF")
			at := map[string]string{simulator.StationSource: serverID, simulator.StationTarget: replica}
			for _, become := range cloud.Switches() {
				become(t)
				for _, id := range at {
					state := instance.State
					state.Attributes = tftest.Change(state.Attributes, "server_id", id)
					tftest.Want(t, resource.Refresh(t, state).Attributes, tftest.Attributes{"server_id": id})
					if step := resource.Run(t.Context(), t, &instance, web("server_id", id)); !step.Empty ||
						len(step.Diagnostics) > 0 {
						t.Errorf("with %s: %s", id, tftest.Text(step.Diagnostics))
					}
				}
				group, _ = cloud.Group(groupID)
				tftest.Want(t, instance.Attributes, tftest.Attributes{
					"server_id": serverID, "source_server_id": serverID, "target_server_id": replica,
					"active_site": group.PriorityStation, "active_server_id": at[group.PriorityStation],
				})
				again := instance.State
				again.Attributes = tftest.Change(again.Attributes, "replication_pairs", nil)
				tftest.Want(t, resource.Refresh(t, again).Attributes,
					tftest.Attributes{"replication_pairs": instance.Attributes["replication_pairs"]})
			}
		})
	}
}

// adopted is a cloud with a protected instance, and its configuration.
func adopted(t *testing.T) (*tftest.Cloud, simulator.Instance, tftest.Attributes) {
	t.Helper()
	cloud := project(t)
	group := simulator.NewGroup(cloud.GroupID, "dr-shop", 2, 3)
	group.Instances[0].Tags = []simulator.Tag{{Key: "team", Value: "shop"}}
	cloud.AddGroup(group)
	found := group.Instances[0]
	return cloud, found, web(
		"server_id",
		found.SourceServer.ID,
		"name",
		found.Name,
		"description",
		found.Description,
		"flavor_id",
		nil,
	)
}

// Which disk is at which site the servers tell, once; one of them is enough. Who may not read them is not sent to each.
func TestVolumesBySite(t *testing.T) {
	t.Parallel()
	gone := simulator.Fault{Status: http.StatusBadRequest, Body: `{"error": {"code": "Ecs.0114", "message": "no"}}`}
	for name, test := range map[string]struct {
		source, target simulator.Fault // Of the servers there.
		known          bool
		requests       int // For two instances, and a refresh of the first.
	}{
		"told":          {known: true, requests: 2},
		"no source":     {source: gone, known: true, requests: 3},
		"no server":     {source: gone, target: gone, requests: 5},
		"no permission": {source: simulator.Fault{Status: http.StatusForbidden}, requests: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud, found, _ := adopted(t)
			for server, fault := range map[string]simulator.Fault{found.SourceServer.ID: test.source, found.TargetServer.ID: test.target} {
				fault.Match = func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/cloudservers/"+server) }
				if fault.Status != 0 {
					cloud.Inject(fault)
				}
			}
			source, target := found.Pairs[1].SourceVolume, found.Pairs[1].TargetVolume
			cloud.Inject(simulator.Fault{Rewrite: func(body []byte) []byte { // Neither order nor case says anything.
				body = bytes.ReplaceAll(body, []byte(`"id":"`+source), []byte(`"id":"`+strings.ToUpper(source)))
				return bytes.ReplaceAll(body, []byte(source+","+target), []byte(target+","+source))
			}})
			resource, _ := cloud.NewResource(t, "sdrs_protected_instance", nil)
			state := resource.Import(t, found.ID)
			group, _ := cloud.Group(groupID)
			resource.Import(t, group.Instances[1].ID)
			state = resource.Refresh(t, state)
			for n, pair := range tftest.Objects(t, state.Attributes, "replication_pairs") {
				want := tftest.Attributes{"source_volume_id": nil, "target_volume_id": nil}
				if test.known {
					want["source_volume_id"], want["target_volume_id"] = found.Pairs[n].SourceVolume, found.Pairs[n].TargetVolume
				}
				tftest.Want(t, pair, want)
			}
			if n := cloud.Count(simulator.RouteServer); n != test.requests || len(state.Diagnostics) > 0 {
				t.Errorf("%d requests, want %d: %s", n, test.requests, tftest.Text(state.Diagnostics))
			}
		})
	}
}

// An apply that finishes an interrupted creation has all that an uninterrupted one has.
func TestFinishedCreation(t *testing.T) {
	t.Parallel()
	cloud := project(t)
	resource, _ := cloud.NewResource(t, "sdrs_protected_instance", nil)
	instance := tftest.Instance{}
	resource.Run(cloud.Interrupted(t, simulator.RouteJob, 1), t, &instance, web())
	tftest.Want(t, instance.Attributes, tftest.Attributes{"status": "creating", "replication_pairs": nil})
	resource.Run(t.Context(), t, &instance, web())
	group, _ := cloud.Group(groupID)
	for n, pair := range tftest.Objects(t, instance.Attributes, "replication_pairs") {
		made := group.Instances[0].Pairs[n]
		tftest.Want(t, pair, tftest.Attributes{"source_volume_id": made.SourceVolume, "target_volume_id": made.TargetVolume})
	}
	tftest.Want(t, instance.Attributes, tftest.Attributes{"status": "available"})
}

// However a protected instance gets into the state, a plan for it is empty.
func TestTakenOver(t *testing.T) {
	t.Parallel()
	cloud, found, config := adopted(t)
	instance, _ := cloud.NewResource(t, "sdrs_protected_instance", nil)
	list := cloud.NewList(t, "sdrs_protected_instance", nil).Find(t,
		tftest.Attributes{"protection_group_id": groupID, "name": "-1"}, 0, true)
	if len(list) != 1 {
		t.Fatalf("listed %v", list)
	}
	theirs := map[string]string{
		"subnet_id": `{"id": "` + found.ID + `", "group_id": "` + groupID + `", "subnet_id": "` + otherID + `", "ip_address": "10.0.0.9",
			"delete_target_server": true, "tags": {"team": "shop"}, "timeouts": null}`,
		"primary_subnet_id": `{"id": "` + found.ID + `", "primary_subnet_id": "` + otherID + `", "primary_ip_address": "10.0.0.9",
			"delete_target_server": true}`,
	}
	for name, state := range map[string]tftest.State{
		"import":   instance.Import(t, found.ID),
		"identity": instance.ImportIdentity(t, tftest.Attributes{"id": found.ID}),
		"list":     list[0].State,
		"OTC": instance.Move(t, "opentelekomcloud/opentelekomcloud", "opentelekomcloud_sdrs_protected_instance_v1",
			theirs["subnet_id"]),
		"Huawei": instance.Move(t, "huaweicloud/huaweicloud", "huaweicloud_sdrs_protected_instance", theirs["primary_subnet_id"]),
	} {
		if len(state.Diagnostics) > 0 || state.Identity["id"] != found.ID || state.Identity["region"] != "eu-de" {
			t.Errorf("%s: identity %v, %s", name, state.Identity, tftest.Text(state.Diagnostics))
		}
		wanted := maps.Clone(config)
		if name == "OTC" || name == "Huawei" {
			wanted["primary_subnet_id"], wanted["primary_ip_address"], wanted["delete_target_server"] = otherID, "10.0.0.9", true
		}
		plan := instance.PlanAfter(t, state, state.Attributes, wanted)
		if !tftest.Equal(plan.Attributes, state.Attributes) || len(plan.Diagnostics) > 0 {
			t.Errorf("%s: planned %v\nof      %v\n%s", name, plan.Attributes, state.Attributes, tftest.Text(plan.Diagnostics))
		}
		// What can't be read is noted, and nothing is replaced, or asked for.
		wanted["flavor_id"], wanted["primary_subnet_id"] = "s3.large.2", otherID
		noted := tftest.Instance{State: state}
		instance.Run(t.Context(), t, &noted, wanted)
		tftest.Want(
			t,
			noted.Attributes,
			tftest.Attributes{"id": found.ID, "flavor_id": "s3.large.2", "primary_subnet_id": otherID},
		)
	}
	empty := instance.Move(t, "huaweicloud/huaweicloud", "huaweicloud_sdrs_protected_instance",
		`{"id": "`+found.ID+`", "primary_ip_address": ""}`)
	if ip := empty.Attributes["primary_ip_address"]; ip != nil { // Any other one would replace the instance.
		t.Errorf("an empty address is taken over as %q", ip)
	}
	for _, request := range cloud.Requests() {
		if request.Action != "" {
			t.Errorf("%s %s", request.Method, request.Path)
		}
	}
}

// The plan says what apply will do and what will fail, and asks for nothing.
func TestPlans(t *testing.T) {
	t.Parallel()
	cloud, found, config := adopted(t)
	north := simulator.NewGroup("3d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55", "north", 0, 0)
	north.SourceAZ, north.Status = "eu-de-03", simulator.StatusFailedOver
	failed := simulator.NewGroup("4d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55", "failed", 1, 1)
	failed.Instances[0].Status = simulator.StatusError
	switched := simulator.NewGroup("5d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55", "switched", 1, 1)
	switched.PriorityStation, switched.Instances[0].PriorityStation = "target", "target"
	leaving := simulator.NewGroup("6d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55", "leaving", 1, 1)
	leaving.Instances[0].Status = simulator.StatusDeleting
	moving := simulator.NewGroup("7d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55", "moving", 0, 0)
	moving.Status = simulator.StatusStarting
	for _, group := range []simulator.Group{north, failed, switched, leaving, moving} {
		cloud.AddGroup(group)
	}
	home, _ := cloud.Group(groupID)
	gpu, disks := simulator.NewServer(north.ID, "gpu", home.SourceAZ, home.VPCID, 10)
	gpu.Flavor = "p2s.2xlarge.8"
	cloud.AddServer(gpu, disks...)
	cloud.Inject(simulator.Fault{Route: simulator.RouteDisk, Status: http.StatusForbidden, Match: func(r *http.Request) bool {
		return strings.HasSuffix(r.URL.Path, disks[0].ID)
	}})
	with := func(changes ...any) tftest.Attributes {
		changed := maps.Clone(config)
		for i := 0; i < len(changes); i += 2 {
			changed[changes[i].(string)] = changes[i+1] //nolint:forcetypeassert // A name.
		}
		return changed
	}
	of := func(group simulator.Group, changes ...any) tftest.Attributes {
		instance := group.Instances[0]
		return with(append([]any{
			"protection_group_id", group.ID, "server_id", instance.SourceServer.ID, "name", instance.Name,
			"description", instance.Description, "tags", nil,
		}, changes...)...)
	}
	for name, test := range map[string]struct {
		of       string // The id of the instance; empty: none.
		prior    tftest.Attributes
		config   tftest.Attributes
		says     []string
		replaces bool
		fails    bool
	}{
		"another description": {of: found.ID, config: with("description", "other"), says: []string{
			`ERROR on AttributeName("description"): Protected Instance Description Is Fixed`,
		}, fails: true},
		"another group": {of: found.ID, config: with("protection_group_id", north.ID), says: []string{
			"WARNING: Protected Instance Will Be Replaced: dr-shop-1", "Server at target: " + found.TargetServer.ID, "Replication pairs: 2",
			"WARNING: DR Server Stays Behind: dr-shop-1", "The group is failed-over.", "and production of the group " +
				"in eu-de-03",
			"The server is in the VPC",
		}, replaces: true},
		"another server": {of: found.ID, config: with("server_id", otherID), says: []string{"Will Be Replaced"}, replaces: true},
		"another server, and the DR server stays": { // From the next apply on.
			of: found.ID, prior: tftest.Attributes{"delete_target_server": true}, config: with("server_id", otherID),
			says: []string{"Deleted with it: the DR server with its disks"}, replaces: true,
		},
		"another network": {of: found.ID, prior: tftest.Attributes{"primary_subnet_id": otherID}, config: with("primary_subnet_id", serverID), says: []string{"Will Be Replaced"}, replaces: true},
		"another address": {of: found.ID, prior: tftest.Attributes{"primary_ip_address": "10.0.0.8"}, config: with("primary_ip_address", "10.0.0.9"), says: []string{"Will Be Replaced"}, replaces: true},
		"no network":      {of: found.ID, prior: tftest.Attributes{"primary_subnet_id": otherID}, config: with()},
		"a network": {of: found.ID, config: with("primary_subnet_id", serverID), says: []string{"WARNING: Network " +
			"of the DR Server Not Verified: dr-shop-1"}},
		"a failed creation": {of: failed.Instances[0].ID, config: of(failed), says: []string{"Its creation failed."}, replaces: true},
		"a failed creation that is to leave all": { // In an apply of its own: otherwise there is no way to.
			of: failed.Instances[0].ID, prior: tftest.Attributes{"delete_target_server": true}, config: of(failed),
		},
		"a failed creation, and what it leaves comes later": {
			of: failed.Instances[0].ID, prior: tftest.Attributes{"delete_target_server": true},
			config: of(failed, "delete_target_server", tftest.Unknown),
			says:   []string{"Its creation failed.", "Deleted with it: the DR server"}, replaces: true,
		},
		"another server after a switch": {
			of: switched.Instances[0].ID, prior: tftest.Attributes{"delete_target_server": true},
			config: of(switched, "server_id", otherID), says: []string{"Deletion Would Take Production"}, replaces: true,
		},
		"a flavor after a switch": {of: switched.Instances[0].ID, config: of(switched, "flavor_id", "s3.xlarge.2"), says: []string{
			"WARNING: DR Server Can't Be Resized: switched-1", "Wanted flavor of the DR server: s3.xlarge.2",
		}},
		"destroying": {of: found.ID, says: []string{"WARNING: DR Server Stays Behind: dr-shop-1"}},
		"destroying after a switch": {of: switched.Instances[0].ID, says: []string{
			"WARNING: DR Server Stays Behind: switched-1", "Do not delete the server at the site target.",
		}},
		"destroying all after a switch": {
			of: switched.Instances[0].ID, prior: tftest.Attributes{"delete_target_server": true},
			says: []string{"WARNING: Deletion Would Take Production: switched-1", "planned failover", "Do not apply this."},
		},
		"destroying its EIP after a switch": {
			of: switched.Instances[0].ID, prior: tftest.Attributes{"delete_target_eip": true},
			says: []string{"Deletion Would Take Production"},
		},
		"destroying all": {of: found.ID, prior: tftest.Attributes{"delete_target_server": true}},
		"a server that is protected": {config: with(), says: []string{"WARNING: Protected Instance Is There: " +
			"dr-shop-1", found.ID}},
		"no such server": {config: web("server_id", groupID), says: []string{"WARNING: Protected Instance Creation Would Be Refused: web", "There is no such server."}},
		"no such group":  {config: web("protection_group_id", otherID), says: []string{"There is no such protection group."}},
		"a moving group": {config: web("protection_group_id", moving.ID), says: []string{
			"Creation Partly Unchecked: web", "The group is starting. Apply waits until it rests.",
		}},
		"a switched group": {config: web("protection_group_id", switched.ID), says: []string{"Creation Partly Unchecked: web", "does not say whether it takes new members"}},
		"what can't be checked": {config: web("server_id", gpu.ID), says: []string{
			"The server's flavor, p2s.2xlarge.8, is of a family", "The disks (EVS) can't be read: ",
		}},
		"ids that come later":       {config: web("protection_group_id", tftest.Unknown, "server_id", tftest.Unknown)},
		"all is well":               {config: web()},
		"one that is being deleted": {config: of(leaving)},
	} {
		instance, _ := cloud.NewResource(t, "sdrs_protected_instance", nil)
		var state tftest.State
		if test.of != "" {
			state = instance.Import(t, test.of)
			maps.Copy(state.Attributes, test.prior)
		}
		plan := instance.PlanAfter(t, state, state.Attributes, test.config)
		said := tftest.Text(plan.Diagnostics)
		for _, says := range test.says {
			if !strings.Contains(said, says) {
				t.Errorf("%s: %q is not in\n%s", name, says, said)
			}
		}
		if strings.Contains(said, "Would Take Production") && strings.Contains(said, "Deleted with it") {
			t.Errorf("%s: what is refused takes nothing along:\n%s", name, said)
		}
		if test.says == nil && said != "" || plan.Replaces != test.replaces || tftest.Failed(plan.Diagnostics) != test.fails {
			t.Errorf("%s: replaces is %v:\n%s", name, plan.Replaces, said)
		}
	}
	for _, request := range cloud.Requests() {
		if request.Action != "" {
			t.Errorf("%s %s", request.Method, request.Path)
		}
	}
}

// A plan goes on where it can't be told whether the server is protected already, and says so.
func TestPlanWithoutTheList(t *testing.T) {
	t.Parallel()
	cloud := project(t)
	cloud.Inject(simulator.Fault{Route: simulator.RouteInstances, Status: http.StatusForbidden})
	instance, _ := cloud.NewResource(t, "sdrs_protected_instance", nil)
	plan := instance.Plan(t, nil, web())
	if said := tftest.Text(plan.Diagnostics); len(plan.Diagnostics) != 1 ||
		!strings.HasPrefix(said, "WARNING: Protected Instance Creation Partly Unchecked: web") ||
		!strings.Contains(said, "protected_instances: The protected instances can't be read: ") {
		t.Error(said)
	}
}

// What the cloud would refuse, or what would take production, is not requested.
func TestNotRequested(t *testing.T) {
	t.Parallel()
	disk := func(change func(*simulator.Disk)) func(*tftest.Cloud) {
		_, disks := simulator.NewServer(serverID, "web", "", "", 10, 40)
		return func(c *tftest.Cloud) { c.UpdateDisk(disks[1].ID, change) }
	}
	siteless := func(c *tftest.Cloud) {
		c.Inject(simulator.Fault{Route: simulator.RouteInstance, Rewrite: func(body []byte) []byte {
			return bytes.ReplaceAll(body, []byte(`"priority_station":`), []byte(`"x":`))
		}})
	}
	for name, test := range map[string]struct {
		exists  bool
		prepare func(*tftest.Cloud)
		config  tftest.Attributes // Nil: it is destroyed.
		says    []string
	}{
		"a server that moves": {
			prepare: func(c *tftest.Cloud) { c.SetServerStatus(serverID, "REBOOT") }, config: web(),
			says: []string{"ERROR: Protected Instance Creation Would Be Refused: web", "REBOOT, neither ACTIVE nor SHUTOFF"},
		},
		"a locked server": {
			prepare: func(c *tftest.Cloud) { c.UpdateServer(serverID, func(s *simulator.Server) { s.Locked = true }) },
			config:  web(),
			says:    []string{"Another service has locked the server."},
		},
		"an encrypted disk": {
			prepare: disk(func(d *simulator.Disk) { d.Encrypted = true }), config: web(),
			says: []string{"disks: The disk ", "is encrypted."},
		},
		"a shared disk": {
			prepare: disk(func(d *simulator.Disk) { d.Shared = true }), config: web(), says: []string{"is a shared one."},
		},
		"no quota": {
			prepare: func(c *tftest.Cloud) { c.AddGroup(simulator.NewGroup(otherID, "full", 10, 99)) }, config: web(),
			says: []string{"99 of 100 replication pairs are used, and this needs 2 more"},
		},
		"a flavor after a switch": {
			exists: true, prepare: func(c *tftest.Cloud) { c.Console("target") }, config: web("flavor_id", "s3.xlarge.2"),
			says: []string{"ERROR: DR Server Can't Be Resized: web"},
		},
		"production, or not": {exists: true, prepare: siteless, says: []string{"ERROR: Deletion Would Take Production: web"}},
		"a flavor, production or not": {
			exists: true, prepare: siteless, config: web("flavor_id", "s3.xlarge.2"),
			says: []string{"ERROR: DR Server Can't Be Resized: web"},
		},
		"production": {
			exists: true, prepare: func(c *tftest.Cloud) { c.Console("target") }, says: []string{"ERROR: Deletion Would Take " +
				"Production: web"},
		},
	} {
		cloud := project(t)
		resource, _ := cloud.NewResource(t, "sdrs_protected_instance", nil)
		instance := tftest.Instance{}
		if test.exists {
			resource.Run(t.Context(), t, &instance, web("delete_target_eip", true))
		}
		cloud.ResetRequests()
		plan := resource.PlanAfter(t, instance.State, instance.Attributes, test.config) // Before that becomes so.
		test.prepare(cloud)
		state := resource.ApplyFinal(t.Context(), t, plan)
		said := tftest.Text(state.Diagnostics)
		for _, says := range test.says {
			if !strings.Contains(said, says) {
				t.Errorf("%s: %q is not in\n%s", name, says, said)
			}
		}
		for _, request := range cloud.Requests() {
			if request.Action != "" {
				t.Errorf("%s: %s %s", name, request.Method, request.Path)
			}
		}
	}
}

// A plan to delete says what has become of it since the state was saved: Terraform 1.11 refreshes what has left the
// configuration, and plans with the state from before that.
func TestDeletionAfterASwitchElsewhere(t *testing.T) {
	t.Parallel()
	cloud, found, _ := adopted(t)
	resource, _ := cloud.NewResource(t, "sdrs_protected_instance", nil)
	state := resource.Import(t, found.ID)
	state.Attributes["delete_target_server"] = true
	cloud.Console("target")
	resource.Refresh(t, state)
	plan := resource.PlanAfter(t, state, state.Attributes, nil)
	if said := tftest.Text(plan.Diagnostics); !strings.Contains(said, "WARNING: Deletion Would Take Production: dr-shop-1") {
		t.Error(said)
	}
	instance := tftest.Instance{State: resource.Import(t, found.ID)} // That takes nothing with it.
	if step := resource.Run(t.Context(), t, &instance, nil); instance.Attributes != nil || tftest.Failed(step.Diagnostics) {
		t.Errorf("left %v: %s", instance.Attributes, tftest.Text(step.Diagnostics))
	}
}

// A switch that comes between the look and the request has the request refused, since the group is busy. What would be
// about production by then is not asked for again.
func TestSwitchBeforeTheRequest(t *testing.T) {
	t.Parallel()
	for route, test := range map[string]struct {
		config tftest.Attributes // Nil: it is destroyed.
		says   string
	}{
		simulator.RouteCreateInstance: {
			web(), "The server is in eu-de-01, and production of the group in eu-de-02. The group was switched: switch " +
				"it back to source (eu-de-01) first, in an apply of its own.",
		},
		simulator.RouteDeleteInstance: {nil, "ERROR: Deletion Would Take Production: web"},
		simulator.RouteResize:         {web("flavor_id", "s3.xlarge.2"), "ERROR: DR Server Can't Be Resized: web"},
	} {
		cloud := project(t)
		resource, _ := cloud.NewResource(t, "sdrs_protected_instance", nil)
		instance := tftest.Instance{}
		if route != simulator.RouteCreateInstance {
			resource.Run(t.Context(), t, &instance, web("delete_target_server", true))
		}
		cloud.Inject(simulator.Fault{
			Route: route, Status: http.StatusBadRequest, Body: `{"error": {"code": "SDRS.1002", "message": "busy"}}`, Times: 1,
			Match: func(*http.Request) bool { cloud.Console("target"); return true },
		})
		step := resource.Run(t.Context(), t, &instance, test.config)
		if said := tftest.Text(step.Diagnostics); cloud.Count(route) != 1 || !strings.Contains(said, test.says) ||
			strings.Contains(said, "othing was requested") {
			t.Errorf("%s: asked %d times: %s", route, cloud.Count(route), said)
		}
	}
}

// One that is replaced makes room in the quota.
func TestReplacementAtTheQuota(t *testing.T) {
	t.Parallel()
	cloud := project(t, simulator.WithQuota(50, 2))
	resource, _ := cloud.NewResource(t, "sdrs_protected_instance", nil)
	state := resource.Refresh(t, resource.Apply(t.Context(), t, resource.Plan(t, nil, web())))
	for _, plan := range []tftest.Planned{
		resource.PlanAfter(t, state, state.Attributes, web("server_id", otherID)), resource.Plan(t, nil, web()),
	} {
		said := tftest.Text(plan.Diagnostics)
		if !strings.Contains(said, "Will Be Replaced") || strings.Contains(said, "quota") {
			t.Error(said)
		}
	}
}

// The EIP of a DR server that is deleted stays, and is named.
func TestEIPStays(t *testing.T) {
	t.Parallel()
	const eip = "80.158.0.1"
	cloud, found, _ := adopted(t)
	cloud.UpdateServer(found.TargetServer.ID, func(server *simulator.Server) { server.NICs[0].EIP = eip })
	resource, _ := cloud.NewResource(t, "sdrs_protected_instance", nil)
	state := resource.Import(t, found.ID)
	state.Attributes["delete_target_server"] = true
	plan := resource.PlanAfter(t, state, state.Attributes, nil)
	deleted := resource.Apply(t.Context(), t, plan)
	for _, said := range []string{tftest.Text(plan.Diagnostics), tftest.Text(deleted.Diagnostics)} {
		if !strings.Contains(said, "WARNING: EIP of the DR Server Stays: dr-shop-1") || !strings.Contains(said, eip) {
			t.Errorf("got %q", said)
		}
	}
	if deleted.Attributes != nil {
		t.Error("the instance is left")
	}
	cloud.Inject(simulator.Fault{Route: simulator.RouteServer, Status: http.StatusForbidden})
	unread := tftest.Text(resource.PlanAfter(t, state, state.Attributes, nil).Diagnostics)
	if !strings.Contains(unread, "EIP: not known, there may be none: ") {
		t.Errorf("got %q", unread)
	}
}

// What is tainted is replaced without what it made being deleted: nobody asked for that. What stays is named.
func TestTaintedTakesNoServer(t *testing.T) {
	t.Parallel()
	cloud := project(t, simulator.WithPartsLeft())
	resource, _ := cloud.NewResource(t, "sdrs_protected_instance", nil)
	config := web("delete_target_server", true, "delete_target_eip", true)
	instance := tftest.Instance{}
	cloud.FailNextJob("SDRS.1307", "made up")
	if step := resource.Run(t.Context(), t, &instance, config); !instance.Tainted {
		t.Fatal(tftest.Text(step.Diagnostics))
	}
	tftest.Want(t, instance.Attributes, tftest.Attributes{"delete_target_server": false, "delete_target_eip": false})
	var replica string
	cloud.Inject(simulator.Fault{Route: simulator.RouteDeleteInstance, Match: func(*http.Request) bool {
		group, _ := cloud.Group(groupID)
		replica = group.Instances[0].TargetServer.ID
		return false
	}})
	step := resource.Run(t.Context(), t, &instance, config)
	said := tftest.Text(step.Diagnostics)
	if _, stays := cloud.CloudServer(replica); !stays || step.Deletions != 1 || tftest.Failed(step.Diagnostics) ||
		!strings.Contains(
			said,
			"WARNING: DR Server Stays Behind: web",
		) || !strings.Contains(said, "Server at target: "+replica) {
		t.Errorf("%s stays: %v: %s", replica, stays, said)
	}
	tftest.Want(t, instance.Attributes, tftest.Attributes{"delete_target_server": true, "status": "available"})
}

// Tags of others stay. How many there may be is the cloud's decision, which taints nothing.
func TestTags(t *testing.T) {
	t.Parallel()
	many := tftest.Attributes{}
	for n := range 12 {
		many[fmt.Sprintf("key-%02d", n)] = "x"
	}
	for limit, fails := range map[int]bool{20: false, 10: true} {
		cloud := project(t, simulator.WithTagLimit(limit))
		resource, _ := cloud.NewResource(t, "sdrs_protected_instance", nil)
		instance := tftest.Instance{}
		created := resource.Run(t.Context(), t, &instance, web("tags", many))
		if said := tftest.Text(created.Diagnostics); tftest.Failed(created.Diagnostics) ||
			fails != (strings.Contains(said, "WARNING: Tags Not Set: web") &&
				strings.Contains(said, "SDRS.2203") && strings.Contains(said, "Tag: key-10")) {
			t.Errorf("of %d: %s", limit, said)
		}
		again := resource.Run(t.Context(), t, &instance, web("tags", many))
		if said := tftest.Text(again.Diagnostics); again.Empty == fails || again.Deletions > 0 ||
			fails != strings.Contains(said, "SDRS.2203") {
			t.Errorf("of %d, again: %s", limit, said)
		}
		others := tftest.Attributes{}
		for key := range many {
			others["new-"+key] = "x"
		}
		resource.Run(t.Context(), t, &instance, web("tags", others)) // Where it fails half-way, the state has the half.
		if own, _ := instance.Attributes["tags"].(tftest.Attributes); len(own) != min(limit, 12) || own["new-key-01"] != "x" {
			t.Errorf("of %d, the state has %v", limit, own)
		}
		resource.Run(t.Context(), t, &instance, web("tags", many))
		cloud.UpdateGroup(groupID, func(group *simulator.Group) {
			group.Instances[0].Tags = append(group.Instances[0].Tags[:9], simulator.Tag{Key: "theirs", Value: "y"})
		})
		step := resource.Run(t.Context(), t, &instance, web("tags", tftest.Attributes{"key-00": "z", "new": ""}))
		group, _ := cloud.Group(groupID)
		if got := fmt.Sprint(group.Instances[0].Tags); got != "[{key-00 z} {theirs y} {new }]" || len(step.Diagnostics) > 0 {
			t.Errorf("got %s: %s", got, tftest.Text(step.Diagnostics))
		}
	}
}

// A deletion beside a switch waits within its timeout, says for what, and asks for nothing: SDRS would refuse it with a
// code that also means gone.
func TestDeletionWaitsForASwitch(t *testing.T) {
	t.Parallel()
	cloud, found, _ := adopted(t)
	resource, _ := cloud.NewResource(t, "sdrs_protected_instance", nil)
	instance := tftest.Instance{State: resource.Import(t, found.ID)}
	status := func(status string) {
		cloud.UpdateGroup(groupID, func(group *simulator.Group) { group.Instances[0].Status = status })
	}
	status(simulator.StatusReversing)
	step := resource.Run(cloud.Interrupted(t, simulator.RouteInstance, 10), t, &instance, nil)
	if said := tftest.Text(step.Diagnostics); !strings.Contains(
		said,
		"waited for the protected instance, which is reversing",
	) ||
		cloud.Count(simulator.RouteDeleteInstance) > 0 {
		t.Errorf("asked %d times: %s", cloud.Count(simulator.RouteDeleteInstance), said)
	}
	// It begins to move right before the request: what the cloud refuses then is asked for again.
	status(simulator.StatusProtected)
	var once sync.Once
	var looks atomic.Int64
	cloud.Inject(simulator.Fault{Route: simulator.RouteDeleteInstance, Match: func(*http.Request) bool {
		once.Do(func() { status(simulator.StatusReversing) })
		return false
	}})
	cloud.Inject(simulator.Fault{Route: simulator.RouteInstance, Match: func(*http.Request) bool {
		if cloud.Count(simulator.RouteDeleteInstance) == 1 && looks.Add(1) == 2 {
			status(simulator.StatusProtected)
		}
		return false
	}})
	if step := resource.Run(t.Context(), t, &instance, nil); tftest.Failed(step.Diagnostics) ||
		instance.Attributes != nil ||
		cloud.Count(simulator.RouteDeleteInstance) != 2 {
		t.Errorf("asked %d times: %s", cloud.Count(simulator.RouteDeleteInstance), tftest.Text(step.Diagnostics))
	}
}

// Where ECS does not tell the flavor of the DR server, SDRS does: that it has it already is no failure. Disks of pairs
// that can't be read are null.
func TestWithoutPermissions(t *testing.T) {
	t.Parallel()
	cloud, found, config := adopted(t)
	cloud.Inject(simulator.Fault{Status: http.StatusForbidden, Match: func(r *http.Request) bool {
		return strings.Contains(r.URL.Path, "/cloudservers/") || strings.Contains(r.URL.Path, "/replications")
	}})
	resource, _ := cloud.NewResource(t, "sdrs_protected_instance", nil)
	instance := tftest.Instance{State: resource.Import(t, found.ID)}
	for _, flavor := range []string{"s3.large.2", "s3.xlarge.2"} {
		config["flavor_id"] = flavor
		if step := resource.Run(t.Context(), t, &instance, config); len(step.Diagnostics) > 0 ||
			instance.Attributes["flavor_id"] != flavor {
			t.Errorf("%s: %v, %s", flavor, instance.Attributes["flavor_id"], tftest.Text(step.Diagnostics))
		}
	}
	server, _ := cloud.CloudServer(found.TargetServer.ID)
	if server.Flavor != "s3.xlarge.2" || cloud.Count(simulator.RouteResize) != 2 ||
		cloud.Accepted(simulator.RouteResize) != 1 {
		t.Errorf("the DR server is %s", server.Flavor)
	}
	if pairs := tftest.Objects(t, instance.Attributes, "replication_pairs"); len(pairs) != 2 ||
		pairs[0]["volume_ids"] != nil {
		t.Errorf("the pairs are %v", pairs)
	}
	// Neither has one that is gone by then.
	cloud, found, _ = adopted(t)
	resource, _ = cloud.NewResource(t, "sdrs_protected_instance", nil)
	cloud.Inject(simulator.Fault{
		Status: http.StatusBadRequest, Body: `{"error": {"code": "SDRS.1608", "message": "no"}}`,
		Match: func(r *http.Request) bool { return strings.Contains(r.URL.Path, "/replications") },
	})
	if state := resource.Import(t, found.ID); len(state.Diagnostics) > 0 || state.Attributes["status"] != "protected" {
		t.Errorf("got %v: %s", state.Attributes, tftest.Text(state.Diagnostics))
	}
	// What could not be checked is said by an apply, too.
	cloud = project(t)
	resource, _ = cloud.NewResource(t, "sdrs_protected_instance", nil)
	plan := resource.Plan(t, nil, web())
	cloud.Inject(simulator.Fault{Route: simulator.RouteDisk, Status: http.StatusForbidden})
	created := resource.ApplyFinal(t.Context(), t, plan)
	if said := tftest.Text(created.Diagnostics); !strings.HasPrefix(said, "WARNING: Protected Instance Creation Partly Unchecked: web") {
		t.Errorf("created with %q", said)
	}
}

// What an update has done before something fails is in the state, and said.
func TestHalfAnUpdate(t *testing.T) {
	t.Parallel()
	cloud := project(t)
	resource, _ := cloud.NewResource(t, "sdrs_protected_instance", nil)
	state := resource.Apply(t.Context(), t, resource.Plan(t, nil, web()))
	config := web("name", "web-2", "flavor_id", "s3.xlarge.2", "tags", tftest.Attributes{"tier": "web"})
	const before, nothing = "What was changed before that stays so.", "Nothing was changed."
	for _, step := range []struct {
		method, path string // Of what fails.
		want         tftest.Attributes
		says         string
	}{
		{
			http.MethodPost, "/tags",
			tftest.Attributes{"name": "web-2", "flavor_id": "s3.large.2", "tags": tftest.Attributes{}},
			before,
		},
		{
			http.MethodPost, "/resize",
			tftest.Attributes{"flavor_id": "s3.large.2", "tags": tftest.Attributes{"tier": "web"}},
			before,
		},
		{http.MethodPost, "/resize", tftest.Attributes{"flavor_id": "s3.large.2"}, nothing},
		{http.MethodGet, "/replications", tftest.Attributes{"name": "web-2", "flavor_id": "s3.xlarge.2"}, "SDRS.0016"},
	} {
		plan := resource.PlanAfter(t, state, state.Attributes, config)
		restore := cloud.Inject(simulator.Fault{
			Status: http.StatusBadRequest, Body: `{"error": {"code": "SDRS.0016", "message": "no"}}`,
			Match: func(r *http.Request) bool { return r.Method == step.method && strings.Contains(r.URL.Path, step.path) },
		})
		state = resource.Apply(t.Context(), t, plan)
		restore()
		tftest.Want(t, state.Attributes, step.want)
		if said := tftest.Text(state.Diagnostics); !tftest.Failed(state.Diagnostics) || !strings.Contains(said, step.says) {
			t.Errorf("%s %s: got %s", step.method, step.path, said)
		}
	}
	// A name alone is a change before a resize, too.
	renamed := tftest.Change(config, "name", "web-3", "flavor_id", "s3.large.4")
	restore := cloud.Inject(simulator.Fault{Route: simulator.RouteResize, Status: http.StatusForbidden})
	state = resource.Apply(t.Context(), t, resource.PlanAfter(t, state, state.Attributes, renamed))
	restore()
	if said := tftest.Text(state.Diagnostics); !strings.Contains(said, before) {
		t.Error(said)
	}
	// A read that lags behind a change takes nothing back.
	plan := resource.PlanAfter(t, state, state.Attributes, tftest.Change(config, "name", "web-4"))
	cloud.Inject(simulator.Fault{Rewrite: func(body []byte) []byte {
		return bytes.ReplaceAll(body, []byte(`"web-4"`), []byte(`"web-3"`))
	}})
	tftest.Want(t, resource.Apply(t.Context(), t, plan).Attributes, tftest.Attributes{"name": "web-4"})
}

// A resize that failed is repeated, even where the DR server has its flavor by now.
func TestFailedResizeIsRepeated(t *testing.T) {
	t.Parallel()
	cloud, found, config := adopted(t)
	cloud.UpdateGroup(groupID, func(group *simulator.Group) {
		group.Instances[0].Status, group.Instances[0].TargetServer.Flavor = simulator.StatusErrorResizing, "s3.xlarge.2"
	})
	resource, _ := cloud.NewResource(t, "sdrs_protected_instance", nil)
	instance := tftest.Instance{State: resource.Import(t, found.ID)}
	config["flavor_id"] = "s3.xlarge.2"
	step := resource.Run(t.Context(), t, &instance, config)
	if len(step.Diagnostics) > 0 || instance.Attributes["status"] != "protected" ||
		cloud.Accepted(simulator.RouteResize) != 1 {
		t.Errorf("it is %v: %s", instance.Attributes["status"], tftest.Text(step.Diagnostics))
	}
}
