package protectiongroup_test

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

const vpcID = "0f3b9a52-5c1d-4a5e-8b9b-2a7c5a6b1d30"

// shop is a group as configured, changed by name and value.
func shop(changes ...any) tftest.Attributes {
	return tftest.Change(tftest.Attributes{
		"name": "dr-shop", "description": "shop frontend", "source_availability_zone": "eu-de-01",
		"target_availability_zone": "eu-de-02", "vpc_id": vpcID,
	}, changes...)
}

func TestCreateRenameDelete(t *testing.T) {
	t.Parallel()
	cloud := tftest.Simulate(t, simulator.WithVPCs(simulator.VPC{ID: vpcID}))
	group, _ := cloud.NewResource(t, "sdrs_protection_group", nil)

	plan := group.Plan(t, nil, shop())
	tftest.Want(t, plan.Attributes, tftest.Attributes{
		"domain_id": simulator.DemoDomain().ID, "dr_type": "migration", "id": tftest.Unknown, "status": tftest.Unknown,
	})
	cloud.Inject(simulator.Fault{ // It shows late.
		Route: simulator.RouteGroup, Times: 3, Status: http.StatusBadRequest, Body: `{"error": {"code": "SDRS.1013", "message": "no"}}`,
	})
	state := group.Apply(t.Context(), t, plan)
	if len(plan.Diagnostics)+len(state.Diagnostics) > 0 {
		t.Fatal(tftest.Text(append(plan.Diagnostics, state.Diagnostics...)))
	}
	tftest.Want(t, state.Attributes, tftest.Attributes{
		"status": "available", "active_site": "source", "active_availability_zone": "eu-de-01", "standby_availability_zone": "eu-de-02",
		"description": "shop frontend", "target_vpc_id": vpcID, "protected_instance_num": int64(0),
	})
	id, _ := state.Attributes["id"].(string)
	if made, found := cloud.Group(id); !found || made.Name != "dr-shop" || state.Identity["id"] != id ||
		state.Identity["region"] != "eu-de" {
		t.Errorf("got %+v, identity %v", made, state.Identity)
	}

	// A switch is no change of the group, and the id of the VPC in another form is none either.
	cloud.UpdateGroup(id, func(g *simulator.Group) { g.PriorityStation = simulator.StationTarget })
	state = group.Refresh(t, state)
	said := tftest.Text(group.Plan(t, nil, shop()).Diagnostics) // As Terraform does for what is tainted.
	if !strings.Contains(said, "Will Be Replaced: dr-shop") || !strings.Contains(said, "terraform untaint keeps it") {
		t.Error(said)
	}
	other := shop("vpc_id", strings.ToUpper(strings.ReplaceAll(vpcID, "-", "")))
	if plan := group.PlanAfter(t, state, state.Attributes, other); !tftest.Equal(plan.Attributes, state.Attributes) {
		t.Errorf("planned %v\nof      %v", plan.Attributes, state.Attributes)
	}

	plan = group.PlanAfter(t, state, state.Attributes, shop("name", "dr-shop-eu"))
	if plan.Replaces {
		t.Error("a name replaces")
	}
	remove := cloud.Inject(simulator.Fault{Route: simulator.RouteRenameGroup, Rewrite: func(body []byte) []byte {
		body = bytes.ReplaceAll(body, []byte(`"replication_num":0`), []byte(`"replication_num":1`))
		return bytes.ReplaceAll(body, []byte("dr-shop-eu"), []byte("renamed-at-once"))
	}})
	state = group.Apply(t.Context(), t, plan)
	remove()
	tftest.Want(t, state.Attributes, tftest.Attributes{
		"name": "dr-shop-eu", "id": id, "active_site": "target", "replication_num": int64(0), // As planned.
	})
	if made, _ := cloud.Group(id); made.Name != "dr-shop-eu" {
		t.Errorf("the cloud has %q", made.Name)
	}

	if gone := group.Apply(t.Context(), t, group.PlanAfter(t, state, state.Attributes, nil)); gone.Attributes != nil ||
		len(gone.Diagnostics) > 0 {
		t.Errorf("left %v: %s", gone.Attributes, tftest.Text(gone.Diagnostics))
	}
	if _, found := cloud.Group(id); found {
		t.Error("the group is still there")
	}
}

// adopted is a group that is there, and its configuration.
func adopted() (simulator.Group, tftest.Attributes) {
	group := simulator.NewGroup("9d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55", "dr-shop", 0, 0)
	group.Status, group.Description, group.VPCID = simulator.StatusAvailable, "shop frontend", vpcID
	return group, shop("domain_id", group.DomainID)
}

// A quota that is used up is said by the plan, and nothing is requested.
func TestNoQuotaLeft(t *testing.T) {
	t.Parallel()
	cloud := tftest.Simulate(t, simulator.WithQuota(1, 100), simulator.WithVPCs(simulator.VPC{ID: vpcID}))
	group, _ := cloud.NewResource(t, "sdrs_protection_group", nil)
	plan := group.Plan(t, nil, shop())
	state := group.ApplyFinal(t.Context(), t, plan)
	for said, title := range map[string]string{
		tftest.Text(plan.Diagnostics):  "WARNING: Protection Group Creation Would Be Refused: dr-shop",
		tftest.Text(state.Diagnostics): "ERROR: Protection Group Creation Would Be Refused: dr-shop",
	} {
		if !strings.Contains(said, title) || !strings.Contains(said, "1 of 1 protection groups are used, and this needs 1 more") {
			t.Errorf("want %s, got %s", title, said)
		}
	}
	if n := cloud.Count(simulator.RouteCreateGroup); n > 0 || state.Attributes != nil {
		t.Errorf("asked %d times, and saved %v", n, state.Attributes)
	}
	// There may be no limit, or room for one more, or it can't be read.
	for limit, want := range map[int]string{-1: "", 2: "", 0: "The quota of protection groups can't be read: "} {
		cloud := tftest.Simulate(t, simulator.WithQuota(limit, limit), simulator.WithVPCs(simulator.VPC{ID: vpcID}))
		if limit == 0 {
			cloud.Inject(simulator.Fault{Route: simulator.RouteQuotas, Status: http.StatusForbidden})
			cloud.Inject(simulator.Fault{Route: simulator.RouteActiveDomains, Status: http.StatusForbidden})
		}
		group, _ := cloud.NewResource(t, "sdrs_protection_group", nil)
		said := tftest.Text(group.Plan(t, nil, shop("domain_id", simulator.DemoDomain().ID)).Diagnostics)
		if !strings.Contains(said, want) || want == "" && said != "" || strings.Contains(said, "Would Be Refused") ||
			limit == 0 && !strings.Contains(said, "Whether the domain is of these two availability zones could not be checked.") {
			t.Errorf("with a quota of %d: %s", limit, said)
		}
	}
}

// What never changes, and is not in an answer, has not changed: no plan replaces a group for that.
func TestAnswersThatLeaveThingsOut(t *testing.T) {
	t.Parallel()
	found, config := adopted()
	for _, left := range []string{
		"domain_id", "source_vpc_id", "dr_type", "source_availability_zone", "target_availability_zone",
	} {
		cloud := tftest.Simulate(t, simulator.WithGroups(found))
		group, _ := cloud.NewResource(t, "sdrs_protection_group", nil)
		instance := tftest.Instance{State: group.Import(t, found.ID)}
		cloud.Inject(simulator.Fault{Rewrite: func(body []byte) []byte {
			return bytes.ReplaceAll(body, []byte(`"`+left+`":`), []byte(`"x":`))
		}})
		if left == "dr_type" {
			instance.State = group.Import(t, found.ID)
		}
		renamed := group.Run(t.Context(), t, &instance, tftest.Change(config, "name", "dr-shop-eu"))
		again := group.Run(t.Context(), t, &instance, tftest.Change(config, "name", "dr-shop-eu"))
		if said := tftest.Text(append(renamed.Diagnostics, again.Diagnostics...)); said != "" || renamed.Deletions > 0 ||
			renamed.Empty || !again.Empty {
			t.Errorf("without %s: %s", left, said)
		}
	}
}

// However a group gets into the state, a plan for it is empty.
func TestTakenOver(t *testing.T) {
	t.Parallel()
	found, config := adopted()
	cloud := tftest.Simulate(t, simulator.WithGroups(found))
	group, _ := cloud.NewResource(t, "sdrs_protection_group", nil)
	list := cloud.NewList(t, "sdrs_protection_group", nil).Find(t, tftest.Attributes{"name": "dr-"}, 0, true)
	if len(list) != 1 {
		t.Fatalf("listed %v", list)
	}
	theirs := `{"id": "` + found.ID + `", "name": "dr-shop", "source_vpc_id": "` + vpcID + `", "enable": true, "timeouts": null}`
	for name, state := range map[string]tftest.State{
		"import":   group.Import(t, found.ID),
		"identity": group.ImportIdentity(t, tftest.Attributes{"id": found.ID}),
		"list":     list[0].State,
		"OTC":      group.Move(t, "opentelekomcloud/opentelekomcloud", "opentelekomcloud_sdrs_protectiongroup_v1", theirs),
		"Huawei":   group.Move(t, "huaweicloud/huaweicloud", "huaweicloud_sdrs_protection_group", theirs),
	} {
		if len(state.Diagnostics) > 0 || state.Identity["id"] != found.ID || state.Identity["region"] != "eu-de" {
			t.Errorf("%s: identity %v, %s", name, state.Identity, tftest.Text(state.Diagnostics))
		}
		plan := group.PlanAfter(t, state, state.Attributes, config)
		if !tftest.Equal(plan.Attributes, state.Attributes) || len(plan.Diagnostics) > 0 {
			t.Errorf("%s: planned %v\nof      %v\n%s", name, plan.Attributes, state.Attributes, tftest.Text(plan.Diagnostics))
		}
	}
	for name, state := range map[string]tftest.State{
		"another id":       group.Import(t, "dr-shop"),
		"another region":   group.ImportIdentity(t, tftest.Attributes{"id": found.ID, "region": "eu-nl"}),
		"another type":     group.Move(t, "opentelekomcloud/opentelekomcloud", "opentelekomcloud_vpc_v1", theirs),
		"another provider": group.Move(t, "huaweicloud/huaweicloud", "opentelekomcloud_sdrs_protectiongroup_v1", theirs),
		"a state without":  group.Move(t, "huaweicloud/huaweicloud", "huaweicloud_sdrs_protection_group", `{"id": null}`),
	} {
		if !tftest.Failed(state.Diagnostics) {
			t.Errorf("%s: no error", name)
		}
	}
}

// The plan says what apply will do and what will fail, and asks for nothing.
func TestPlans(t *testing.T) {
	t.Parallel()
	found, config := adopted()
	full := simulator.NewGroup("5d0c2c3f-3f0e-4d5b-9a57-7d2a3c6a1b10", "full", 2, 3)
	failed, _ := adopted()
	failed.ID, failed.Name, failed.Status = "a1f4c0de-6b7e-4a0f-8f5c-2f4c8b9d7e21", "failed", simulator.StatusError
	drilled := simulator.NewGroup("c1f4c0de-6b7e-4a0f-8f5c-2f4c8b9d7e21", "drilled", 0, 0)
	drilled.Drills = make([]simulator.Drill, 1)
	leaving := failed
	leaving.ID, leaving.Name, leaving.Status = "b1f4c0de-6b7e-4a0f-8f5c-2f4c8b9d7e21", "leaving", simulator.StatusDeleting
	twin := simulator.DemoDomain()
	twin.ID, twin.Name, twin.LocalAZ, twin.RemoteAZ = "0a1d2e3f-1f0e-4a39-b1de-0a1d2e3f4a5b", "twin", "eu-de-02",
		"eu-de-03"
	rival := twin
	rival.ID, rival.Name, rival.SoldOut = "1a1d2e3f-1f0e-4a39-b1de-0a1d2e3f4a5b", "rival", true
	north := twin
	north.ID, north.LocalAZ, north.RemoteAZ = "2a1d2e3f-1f0e-4a39-b1de-0a1d2e3f4a5b", "eu-de-04", "eu-de-01"
	cloud := tftest.Simulate(
		t,
		simulator.WithGroups(found, full, failed, leaving, drilled),
		simulator.WithDomains(simulator.DemoDomain(), twin, rival, north),
	)
	with := func(changes ...any) tftest.Attributes {
		changed := maps.Clone(config)
		maps.Copy(changed, shop(changes...))
		return changed
	}
	for name, test := range map[string]struct {
		of              string // The id of the group; empty: none.
		config          tftest.Attributes
		says            string
		replaces, fails bool
	}{
		"another description": {of: found.ID, config: with("description", "other"), says: "ERROR on AttributeName(\"description\"): Protection Group Description Is Fixed", fails: true},
		"no description":      {of: found.ID, config: with("description", nil), says: "Description: shop frontend", fails: true},
		"another VPC": {of: found.ID, config: with("vpc_id", full.VPCID), says: "WARNING: Protection Group " +
			"Will Be Replaced: dr-shop", replaces: true},
		"another zone":              {of: full.ID, config: with("name", "full", "source_availability_zone", "eu-de-03", "domain_id", twin.ID), says: "Replication pairs: 3", replaces: true},
		"zones of another domain":   {of: full.ID, config: shop("name", "full", "target_availability_zone", "eu-de-04"), says: "Protected instances: 2", replaces: true},
		"zones the other way round": {of: full.ID, config: shop("name", "full", "source_availability_zone", "eu-de-02", "target_availability_zone", "eu-de-01"), says: "Protected instances: 2", replaces: true},
		"a failed creation":         {of: failed.ID, config: with("name", "failed"), says: "Its creation failed.", replaces: true},
		"an equal group":            {config: with(), says: "WARNING: Protection Group Is There: dr-shop"},
		"one that is being deleted": {config: with("name", "leaving")},
		"one in another VPC":        {config: with("vpc_id", full.VPCID)},
		"one for other zones":       {config: shop("target_availability_zone", "eu-de-04")},
		"no domain":                 {config: shop("name", "new", "target_availability_zone", "eu-de-09"), says: "Active-active domain: twin " + twin.ID + ": eu-de-02, eu-de-03", fails: true},
		"several domains":           {config: shop("name", "new", "source_availability_zone", "eu-de-03"), says: "Several active-active domains", fails: true},
		"a domain of others": {config: shop("name", "new", "domain_id", twin.ID), says: "The domain is not there, " +
			"or not of these two", fails: true},
		"a sold-out domain":              {config: shop("name", "new", "source_availability_zone", "eu-de-03", "domain_id", rival.ID), says: "WARNING: Active-Active Domain Sold Out"},
		"destroying a full one":          {of: full.ID, says: "WARNING: Protection Group Not Empty: full"},
		"destroying one with a drill":    {of: drilled.ID, says: "DR drills: 1"},
		"a description that comes later": {of: found.ID, config: with("description", tftest.Unknown)},
		"destroying an empty one":        {of: found.ID},
		"a VPC that comes later":         {of: found.ID, config: with("vpc_id", tftest.Unknown), says: "known only after apply counts as another", replaces: true},
		"a domain that comes later":      {config: shop("name", "new", "domain_id", tftest.Unknown)},
		"one of several comes later":     {config: shop("name", "new", "source_availability_zone", "eu-de-03", "domain_id", tftest.Unknown)},
		"a zone that comes later":        {config: shop("name", "new", "source_availability_zone", tftest.Unknown)},
	} {
		group, _ := cloud.NewResource(t, "sdrs_protection_group", nil)
		var state tftest.State
		if test.of != "" {
			state = group.Import(t, test.of)
		}
		plan := group.PlanAfter(t, state, state.Attributes, test.config)
		said := tftest.Text(plan.Diagnostics)
		if !strings.Contains(said, test.says) || test.says == "" && said != "" || plan.Replaces != test.replaces ||
			tftest.Failed(plan.Diagnostics) != test.fails {
			t.Errorf("%s: replaces is %v, want it to say %q:\n%s", name, plan.Replaces, test.says, said)
		}
	}
	for _, request := range cloud.Requests() {
		if request.Action != "" {
			t.Errorf("%s %s", request.Method, request.Path)
		}
	}
}

// A group that could not be created, and that the API names no site of, is replaced: it never had one.
func TestFailedCreationWithoutASite(t *testing.T) {
	t.Parallel()
	cloud := tftest.Simulate(t, simulator.WithVPCs(simulator.VPC{ID: vpcID}))
	cloud.Inject(simulator.Fault{Rewrite: func(body []byte) []byte {
		if bytes.Contains(body, []byte(`"status":"available"`)) {
			return body
		}
		return bytes.ReplaceAll(body, []byte(`"priority_station":"source"`), []byte(`"priority_station":null`))
	}})
	group, _ := cloud.NewResource(t, "sdrs_protection_group", nil)
	instance := tftest.Instance{}
	cloud.FailNextJob("SDRS.0013", "made up")
	group.Run(t.Context(), t, &instance, shop())
	step := group.Run(t.Context(), t, &instance, shop())
	if step.Deletions != 1 || tftest.Failed(step.Diagnostics) || instance.Attributes["status"] != "available" {
		t.Errorf("it is %v: %s", instance.Attributes["status"], tftest.Text(step.Diagnostics))
	}
}

// A group that is not empty is not deleted, and the error says what is in it.
func TestFullGroupStays(t *testing.T) {
	t.Parallel()
	cloud := tftest.Simulate(t)
	group, _ := cloud.NewResource(t, "sdrs_protection_group", nil)
	state := group.Import(t, cloud.GroupID)
	kept := group.Apply(t.Context(), t, group.PlanAfter(t, state, state.Attributes, nil))
	said := tftest.Text(kept.Diagnostics)
	for _, part := range []string{
		"Protection Group Deletion Refused", "SDRS.1001", "Protected instances: 2",
		"delete what is in the group first",
	} {
		if !strings.Contains(said, part) {
			t.Errorf("%q is not in\n%s", part, said)
		}
	}
	if _, found := cloud.Group(cloud.GroupID); !found || kept.Attributes == nil {
		t.Error("the group is gone")
	}
}

// What is being deleted already is waited for, and not asked for again.
func TestDeletionGoesOn(t *testing.T) {
	t.Parallel()
	found, _ := adopted()
	found.Status = simulator.StatusDeleting
	cloud := tftest.Simulate(t, simulator.WithGroups(found))
	group, _ := cloud.NewResource(t, "sdrs_protection_group", nil)
	state := group.Import(t, found.ID)
	plan := group.PlanAfter(t, state, state.Attributes, nil)
	reads := 0
	cloud.Inject(simulator.Fault{Route: simulator.RouteGroup, Match: func(*http.Request) bool {
		if reads++; reads == 3 {
			cloud.DeleteGroup(found.ID)
		}
		return false
	}})
	gone := group.Apply(t.Context(), t, plan)
	if n := cloud.Count(simulator.RouteDeleteGroup); n > 0 || reads < 3 || gone.Attributes != nil {
		t.Errorf("asked %d times, read %d times: %s", n, reads, tftest.Text(gone.Diagnostics))
	}
}

// An interrupted creation is resumed by the next apply: its plan shows that, and waits for the end.
func TestCreationIsResumed(t *testing.T) {
	t.Parallel()
	cloud := tftest.Simulate(t, simulator.WithVPCs(simulator.VPC{ID: vpcID}))
	cloud.StallJobs()
	group, _ := cloud.NewResource(t, "sdrs_protection_group", nil)
	ctx, cancel := context.WithCancel(t.Context())
	defer cloud.Inject(
		simulator.Fault{Route: simulator.RouteJob, Match: func(*http.Request) bool { cancel(); return false }},
	)()
	instance := tftest.Instance{State: group.Apply(ctx, t, group.Plan(t, nil, shop()))}
	cloud.Inject(simulator.Fault{ // It shows late, and is not taken for gone, which would have it created twice.
		Route: simulator.RouteGroup, Times: 3, Status: http.StatusBadRequest, Body: `{"error": {"code": "SDRS.1013", "message": "no"}}`,
	})
	state := group.Refresh(t, instance.State)
	plan := group.PlanAfter(t, state, state.Attributes, shop())
	if state.Attributes["status"] != "creating" || plan.Attributes["status"] != tftest.Unknown || plan.Replaces {
		t.Errorf("the status is %v, and planned %v", state.Attributes["status"], plan.Attributes["status"])
	}
	cloud.ResumeJobs()
	state = group.Apply(t.Context(), t, plan)
	tftest.Want(t, state.Attributes, tftest.Attributes{"status": "available", "active_site": "source"})
	if cloud.Accepted(simulator.RouteCreateGroup) != 1 {
		t.Error("it was created twice")
	}
	// One that comes to nothing meanwhile is an error.
	found, config := adopted()
	found.Status = simulator.StatusCreating
	cloud = tftest.Simulate(t, simulator.WithGroups(found))
	group, _ = cloud.NewResource(t, "sdrs_protection_group", nil)
	state = group.Import(t, found.ID)
	plan = group.PlanAfter(t, state, state.Attributes, config)
	cloud.UpdateGroup(found.ID, func(group *simulator.Group) { group.Status = simulator.StatusError })
	failed := group.Apply(t.Context(), t, plan)
	if said := tftest.Text(failed.Diagnostics); !strings.Contains(said, "ERROR: Protection Group Creation Failed: dr-shop") ||
		!strings.Contains(said, "the status is error") {
		t.Error(said)
	}
}

// Where nothing but the job is known of a creation, a refresh asks that for the id; without it nothing is deleted, or
// forgotten.
func TestJobAloneIsKnown(t *testing.T) {
	t.Parallel()
	for name, failed := range map[string]bool{"it succeeds": false, "it fails": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := tftest.Simulate(t, simulator.WithVPCs(simulator.VPC{ID: vpcID}),
				simulator.WithIDShown(simulator.IDOnSuccess))
			cloud.StallJobs()
			if failed {
				cloud.FailNextJob("SDRS.0013", "made up")
			}
			group, _ := cloud.NewResource(t, "sdrs_protection_group", nil)
			plan := group.Plan(t, nil, shop())
			ctx, cancel := context.WithCancel(t.Context())
			stop := cloud.Inject(
				simulator.Fault{Route: simulator.RouteJob, Match: func(*http.Request) bool { cancel(); return false }},
			)
			deaf := cloud.Inject(simulator.Fault{Status: http.StatusBadGateway, Match: func(r *http.Request) bool {
				return cloud.Accepted(simulator.RouteCreateGroup) > 0 && !strings.Contains(r.URL.Path, "/jobs/")
			}})
			state := group.Apply(ctx, t, plan)
			stop()
			deaf()
			if !tftest.Failed(state.Diagnostics) || state.Attributes == nil || state.Attributes["id"] != nil {
				t.Fatalf("saved %v: %s", state.Attributes, tftest.Text(state.Diagnostics))
			}
			cloud.ResumeJobs()
			// Terraform replaces what is tainted: it deletes with the private state of the plan of a creation.
			instance := tftest.Instance{State: state}
			if step := group.Replace(t.Context(), t, &instance, shop()); instance.Attributes == nil || step.Deletions != 1 ||
				!strings.Contains(tftest.Text(step.Diagnostics), "Protection Group Without an ID") {
				t.Errorf("left %v: %s", instance.Attributes, tftest.Text(step.Diagnostics))
			}
			for says, answer := range map[string]simulator.Fault{
				// As of one that the cloud has forgotten: it is no use to wait.
				"terraform state rm": {Status: http.StatusNotFound, Body: `{"error": {"code": "SDRS.0201", "message": "no"}}`},
				"Lost Contact With":  {Status: http.StatusBadGateway},
			} {
				answer.Route = simulator.RouteJob
				deny := cloud.Inject(answer)
				unread := group.Refresh(t, state)
				if said := tftest.Text(unread.Diagnostics); unread.Attributes == nil || !tftest.Failed(unread.Diagnostics) ||
					!strings.Contains(said, says) {
					t.Errorf("a job that can't be asked leaves %v, and not %q: %s", unread.Attributes, says, said)
				}
				deny()
			}
			for status, want := range map[string]string{
				"FAIL": "has failed, and nothing is to be found of what it made", "SUCCESS": "Look for it in the console, or with",
			} {
				spent := cloud.Inject(simulator.Fault{
					Status: http.StatusOK, Body: `{"status": "` + status + `", "failure_jobs": []}`, Match: func(r *http.Request) bool {
						return strings.Contains(r.URL.Path, "/jobs/") || strings.HasSuffix(r.URL.Path, "/failure-jobs")
					},
				})
				forgotten := group.Refresh(t, state)
				if said := tftest.Text(forgotten.Diagnostics); forgotten.Attributes != nil ||
					!strings.HasPrefix(said, "WARNING: Protection Group Creation Not Identified") || !strings.Contains(said, want) {
					t.Errorf("%s, with nothing that it made, leaves %v: %s", status, forgotten.Attributes, said)
				}
				spent()
			}
			unrefreshed := state
			state = group.Refresh(t, state)
			id, _ := state.Attributes["id"].(string)
			if made, found := cloud.Group(id); !found || made.Name != "dr-shop" || state.Identity["id"] != id {
				t.Errorf("read %v, identity %v: %s", state.Attributes, state.Identity, tftest.Text(state.Diagnostics))
			}
			group.Apply(t.Context(), t, group.PlanAfter(t, unrefreshed, unrefreshed.Attributes, nil))
			if _, found := cloud.Group(id); found {
				t.Error("a destruction without a refresh leaves it")
			}
		})
	}
}

// A job that succeeds and does not say what it made, while that shows nowhere, is not called one that failed. The state
// keeps the job, which the next refresh asks again.
func TestJobThatNamesNothing(t *testing.T) {
	t.Parallel()
	cloud := tftest.Simulate(t, simulator.WithVPCs(simulator.VPC{ID: vpcID}))
	group, _ := cloud.NewResource(t, "sdrs_protection_group", nil)
	plan := group.Plan(t, nil, shop())
	blind := []func(){
		cloud.Inject(simulator.Fault{Route: simulator.RouteJob, Status: http.StatusOK, Body: `{"status": "SUCCESS"}`}),
		cloud.Inject(simulator.Fault{
			Route: simulator.RouteGroups, Status: http.StatusOK, Body: `{"count": 0, "server_groups": []}`,
		}),
	}
	state := group.Apply(t.Context(), t, plan)
	said := tftest.Text(state.Diagnostics)
	if !strings.HasPrefix(said, "ERROR: Protection Group Without an ID: dr-shop") || !strings.Contains(said, "Job ID: ") ||
		strings.Contains(said, "failed") || !strings.Contains(said, "import it") {
		t.Error(said)
	}
	for _, see := range blind {
		see()
	}
	if found := group.Refresh(t, state); found.Attributes["id"] == nil {
		t.Errorf("read %v: %s", found.Attributes, tftest.Text(found.Diagnostics))
	}
}

// What may have been made, and no state has, is there for an import: the next apply does not wait for it. What was not
// asked for is not there.
func TestCreationThatIsNotKnown(t *testing.T) {
	t.Parallel()
	cloud := tftest.Simulate(t, simulator.WithVPCs(simulator.VPC{ID: vpcID}))
	group, _ := cloud.NewResource(t, "sdrs_protection_group", nil)
	plan := group.Plan(t, nil, shop())
	before, interrupt := context.WithCancel(t.Context())
	interrupt()
	meanwhile, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	const imports, nothing = "Should it show by then, the plan names it: import it.", "No creation of the protection group was requested."
	for _, test := range []struct {
		ctx         context.Context //nolint:containedctx // Of an apply.
		title, says string
	}{
		{t.Context(), "Not Started", imports}, {before, "Interrupted", nothing}, {meanwhile, "Interrupted", imports},
	} {
		remove := cloud.Inject(simulator.Fault{Route: simulator.RouteCreateGroup, Cut: simulator.CutBefore, Match: func(*http.Request) bool {
			if test.ctx == meanwhile {
				interrupt()
			}
			return true
		}})
		said := tftest.Text(group.ApplyFinal(test.ctx, t, plan).Diagnostics)
		remove()
		if !strings.Contains(said, "Creation "+test.title) || strings.Contains(said, imports) != (test.says == imports) ||
			!strings.Contains(said, test.says) {
			t.Error(said)
		}
	}
}

// Equal groups in one apply: one is made, and the other is refused.
func TestEqualGroupsAtOnce(t *testing.T) {
	t.Parallel()
	cloud := tftest.Simulate(t, simulator.WithVPCs(simulator.VPC{ID: vpcID}))
	group, _ := cloud.NewResource(t, "sdrs_protection_group", nil)
	plan := group.Plan(t, nil, shop())
	defer cloud.Inject(
		simulator.Fault{Route: simulator.RouteCreateGroup, Delay: 50 * time.Millisecond},
	)() // Time for both to look.
	var states [2]tftest.State
	var both sync.WaitGroup
	for i := range states {
		both.Go(func() { states[i] = group.ApplyFinal(t.Context(), t, plan) })
	}
	both.Wait()
	said := tftest.Text(append(states[0].Diagnostics, states[1].Diagnostics...))
	if cloud.Accepted(simulator.RouteCreateGroup) != 1 ||
		!strings.Contains(said, "ERROR: Protection Group Exists Already") {
		t.Errorf("%d were created: %s", cloud.Accepted(simulator.RouteCreateGroup), said)
	}
}

// A change beside a running switch waits within its timeout, and says for what.
func TestBusyGroup(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status, timeout string
		says            []string
	}{
		"moving": {status: simulator.StatusReversing, timeout: "1s", says: []string{
			"waited for the protection group, which is reversing; the request before that was refused: ",
			"The cloud had refused the change of the protection group, since the protection group was busy, and accepted nothing.",
		}},
		"at rest": {status: simulator.StatusAvailable, timeout: "5m", says: []string{"Error code: SDRS.1002"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, config := adopted()
			found.Status = test.status
			cloud := tftest.Simulate(t, simulator.WithGroups(found))
			group, _ := cloud.NewResource(t, "sdrs_protection_group", nil)
			state := group.Import(t, found.ID)
			config["name"] = "dr-shop-eu"
			config["timeouts"] = tftest.Attributes{"update": test.timeout}
			cloud.Inject(simulator.Fault{
				Route: simulator.RouteRenameGroup, Status: http.StatusBadRequest, Body: `{"error": {"code": "SDRS.1002", "message": "busy"}}`,
			})
			state = group.Apply(t.Context(), t, group.PlanAfter(t, state, state.Attributes, config))
			for _, says := range test.says {
				if said := tftest.Text(state.Diagnostics); !strings.Contains(said, says) || state.Attributes["name"] != "dr-shop" {
					t.Errorf("want %q, and the old name in the state, got %v:\n%s", says, state.Attributes["name"], said)
				}
			}
			if n := cloud.Count(simulator.RouteRenameGroup); test.status == simulator.StatusReversing && n != 1 {
				t.Errorf("asked %d times of a group that moves", n)
			}
		})
	}
}

// A group that is replaced by one of its own name is not in its own way, and neither is the quota.
func TestAnotherDomain(t *testing.T) {
	t.Parallel()
	found, config := adopted()
	other := simulator.DemoDomain()
	other.ID = "0a1d2e3f-1f0e-4a39-b1de-0a1d2e3f4a5b"
	cloud := tftest.Simulate(t, simulator.WithGroups(found), simulator.WithDomains(simulator.DemoDomain(), other),
		simulator.WithQuota(2, 100)) // It makes room for the other one.
	group, _ := cloud.NewResource(t, "sdrs_protection_group", nil)
	state := group.Import(t, found.ID)
	for _, changed := range []tftest.Attributes{
		tftest.Change(config, "domain_id", other.ID), tftest.Change(config, "vpc_id", other.ID),
	} {
		plan := group.PlanAfter(t, state, state.Attributes, changed)
		said := tftest.Text(plan.Diagnostics)
		if !plan.Replaces || len(plan.Diagnostics) != 1 || !strings.Contains(said, "Its name alone can be changed.") {
			t.Errorf("replaces is %v:\n%s", plan.Replaces, said)
		}
	}
}
