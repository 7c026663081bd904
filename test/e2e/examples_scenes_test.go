package e2e_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// orders and archive are the groups beside that of the demonstration.
func orders() simulator.Group {
	return simulator.NewGroup("5d0c2c3f-3f0e-4d5b-9a57-7d2a3c6a1b10", "orders", 3, 4)
}

func archive() simulator.Group {
	group := simulator.NewGroup("a1f4c0de-6b7e-4a0f-8f5c-2f4c8b9d7e21", "shop-archive", 1, 1)
	group.PriorityStation = simulator.StationTarget
	return group
}

var demo = simulator.DemoGroup()

const (
	stopServers  = "os-stop"
	startServers = "os-start"
)

// scene is what an example is run in, where that is more than a group at rest which nothing is asked of.
type scene struct {
	prepare func(*testing.T, *workspace)
	// says is what applying the example prints, without its line breaks: its outputs.
	says string
	// then comes after the example was applied, and before it is destroyed.
	then func(*testing.T, *workspace)
	// accepted is how often the cloud accepts each action, until the example is destroyed.
	accepted map[string]int
	// imported is that after an import in place of a creation; nil: the same.
	imported map[string]int
}

// scenes are by the name of the example.
var scenes = map[string]scene{
	"provider": {
		prepare: logIn,
		then: func(t *testing.T, w *workspace) { // A pipeline keeps its plans.
			w.Run(t, "plan", "-out=saved.tfplan")
			w.wantNoSecretInPlan(t, map[string]string{}, w.Secrets())
		},
	},

	"data-sources/sdrs_active_domains": {says: `"eu-de-01", "eu-de-02",`},
	"data-sources/sdrs_failover_readiness": {
		prepare: inProduction,
		then: func(t *testing.T, w *workspace) {
			t.Helper()
			wantPrinted(t, readPage(t, "data-sources/failover_readiness.md").output(t, "## Example Usage"), w.Run(t, "plan"))
		},
	},
	"data-sources/sdrs_drill":        {prepare: drilled, says: "drill_addresses = {}"},
	"data-sources/sdrs_drills":       {prepare: drilled, says: `drill_names = tolist([ "spring-drill", ])`},
	"list-resources/sdrs_drill":      {prepare: drilled},
	"data-sources/sdrs_failure_jobs": {says: "reasons = tolist([])"},
	"data-sources/sdrs_protected_instances": {
		says: fmt.Sprintf("active_server_ids = tolist([ %q, %q, ])", demo.Instances[0].SourceServer.ID,
			demo.Instances[1].SourceServer.ID),
	},
	"data-sources/sdrs_protected_instance": {
		says: fmt.Sprintf("server_in_production = %q", demo.Instances[0].SourceServer.ID),
	},
	"data-sources/sdrs_protection_group":  {says: `active_availability_zone = "eu-de-01"`},
	"data-sources/sdrs_protection_groups": {says: fmt.Sprintf("group_ids = tolist([ %q, %q, ])", orders().ID, demo.ID)},
	"data-sources/sdrs_quotas":            {says: `"replications" = 92 "server_groups" = 47`},
	"data-sources/sdrs_replication_pairs": {
		prepare: func(_ *testing.T, w *workspace) { synchronizes(w) }, says: `copying = [ "web-shop-1-disk-1", ]`,
	},

	"resources/sdrs_protected_instance": {
		prepare:  protectedOrNot,
		accepted: map[string]int{simulator.RouteCreateInstance: 1, simulator.RouteDeleteInstance: 1},
		imported: map[string]int{simulator.RouteDeleteInstance: 1},
	},

	"actions/sdrs_add_nic":         {accepted: map[string]int{simulator.RouteAddNIC: 1}},
	"actions/sdrs_check_readiness": {prepare: inProduction},
	"actions/sdrs_disable_protection": {
		accepted: map[string]int{simulator.ActionStop: 1},
	},
	"actions/sdrs_enable_protection": {
		prepare: func(_ *testing.T, w *workspace) {
			w.UpdateGroup(simulator.DemoGroup().ID, func(group *simulator.Group) {
				group.Status = simulator.StatusAvailable
			})
		},
		accepted: map[string]int{simulator.ActionStart: 1},
	},
	"actions/sdrs_evacuate_availability_zone": { // Two of the three groups run there.
		prepare:  inProduction,
		accepted: map[string]int{stopServers: 2, simulator.ActionReverse: 2, startServers: 2},
	},
	"emergency": { // TestAccEmergency runs what its README says.
		prepare: func(_ *testing.T, w *workspace) {
			w.Environment = append(w.Environment, "TF_VAR_availability_zone=eu-de-01", "TF_VAR_mode=unplanned")
		},
	},
	"actions/sdrs_unplanned_failover": {
		prepare:  inProduction,
		accepted: map[string]int{simulator.ActionFailover: 1, startServers: 1},
	},
	"actions/sdrs_planned_failover": {
		prepare:  inProduction,
		accepted: map[string]int{stopServers: 1, simulator.ActionReverse: 1, startServers: 1},
	},
	"actions/sdrs_reprotect": {
		prepare: func(_ *testing.T, w *workspace) {
			w.UpdateGroup(simulator.DemoGroup().ID, func(group *simulator.Group) {
				group.Status, group.PriorityStation = simulator.StatusFailedOver, simulator.StationTarget
			})
		},
		accepted: map[string]int{simulator.ActionStart: 1},
	},
	"resources/sdrs_protection_group": {
		prepare:  emptyOrNone,
		accepted: map[string]int{simulator.RouteCreateGroup: 1, simulator.RouteDeleteGroup: 1},
		imported: map[string]int{simulator.RouteDeleteGroup: 1},
	},
	"data-sources/sdrs_replication_pair": {
		prepare: func(t *testing.T, w *workspace) { t.Helper(); pairOrDisk(w, true) }, says: `replication_status = "active"`,
	},
	"resources/sdrs_replication_pair_attachment": {
		prepare: func(t *testing.T, w *workspace) {
			t.Helper()
			pairOrDisk(w, true)
			if imports(t, w) {
				w.UpdateGroup(demo.ID, func(group *simulator.Group) {
					pair, instance := group.Pairs[0], &group.Instances[0]
					pair.Device, group.Pairs = "/dev/vdc", nil
					instance.Pairs = append(instance.Pairs, pair)
				})
			}
		},
		accepted: map[string]int{simulator.RouteAttach: 1, simulator.RouteDetach: 1},
		imported: map[string]int{simulator.RouteDetach: 1},
	},
	"resources/sdrs_replication_pair": {
		prepare:  func(t *testing.T, w *workspace) { t.Helper(); pairOrDisk(w, imports(t, w)) },
		accepted: map[string]int{simulator.RouteCreatePair: 1, simulator.RouteDeletePair: 1},
		imported: map[string]int{simulator.RouteDeletePair: 1},
	},
	"resources/sdrs_drill": {
		prepare: func(t *testing.T, w *workspace) {
			t.Helper()
			w.AddVPC(simulator.VPC{ID: drillVPC})
			if imports(t, w) {
				drilled(t, w)
			}
		},
		accepted: map[string]int{simulator.RouteCreateDrill: 1, simulator.RouteDeleteDrill: 1},
		imported: map[string]int{simulator.RouteDeleteDrill: 1},
	},
	"resources/sdrs_protection_group_protection": {
		accepted: map[string]int{simulator.ActionStop: 1}, // By destroying it.
	},
	"disaster": { // What comes after the failover is run by TestAccGuides.
		prepare:  inProduction,
		accepted: map[string]int{simulator.ActionFailover: 1, startServers: 1},
	},
	"mocks": {prepare: inProduction},
	"drift-alert": {
		then: func(t *testing.T, w *workspace) {
			if _, err := w.Switch(demo.ID, simulator.StationTarget); err != nil { // In the console.
				t.Fatal(err)
			}
			if output := w.RunExit(t, 2, "sh", "job.sh"); !strings.Contains(output, "web-shop runs in eu-de-02.") {
				t.Errorf("the job does not tell where the group runs:\n%s", output)
			}
			w.DeleteGroup(demo.ID)
			w.AddGroup(demo)
		},
	},
	"estate": { // The demo tells how its life goes on.
		accepted: map[string]int{
			simulator.RouteCreateGroup: 2, simulator.RouteCreateInstance: 4, simulator.RouteCreatePair: 2,
			simulator.RouteAttach: 2,
			simulator.ActionStart: 2,
			// By the switches that its comments tell of; production is not to be deleted.
			stopServers: 4, simulator.ActionReverse: 4, startServers: 4,
			simulator.ActionStop: 2, simulator.RouteDetach: 2, simulator.RouteDeletePair: 2, simulator.RouteDeleteInstance: 4,
			simulator.RouteDeleteGroup: 2,
		},
	},
	"stop-and-start": {prepare: inProduction},
	"two-projects": { // There is one.
		prepare: func(t *testing.T, w *workspace) {
			t.Helper()
			inProduction(t, w)
			w.Environment = append(w.Environment, "TF_VAR_project="+simulator.DefaultAccount().ProjectName)
		},
	},
	"three-groups": {
		prepare: func(t *testing.T, w *workspace) {
			t.Helper()
			inProduction(t, w)
			w.Environment = append(w.Environment, "TF_VAR_site=source")
		},
	},
	"several-groups": {
		prepare: func(t *testing.T, w *workspace) {
			inProduction(t, w)
			group, _ := w.Group(orders().ID)
			w.AddGroup(group.Mirrored()) // All runs in eu-de-01, which is the target of this one.
			w.Environment = append(w.Environment, "TF_VAR_availability_zone=eu-de-01",
				fmt.Sprintf("TF_VAR_applications={%s=%q}", orders().Name, orders().ID))
		},
		then: func(t *testing.T, w *workspace) {
			if web, _ := w.Group(demo.ID); web.PriorityStation != simulator.StationTarget {
				t.Errorf("%s is at %s", web.Name, web.PriorityStation)
			}
			if other, _ := w.Group(orders().ID); other.PriorityStation != simulator.StationSource {
				t.Errorf("%s is at %s", other.Name, other.PriorityStation)
			}
		},
		accepted: map[string]int{stopServers: 2, simulator.ActionReverse: 2, startServers: 2},
	},
	"planned-failover": {
		prepare: inProduction,
		then: func(t *testing.T, w *workspace) {
			w.Write(t, "main.tf", strings.Replace(w.Read(t, "main.tf"), `= "source"`, `= "target"`, 1))
			w.Run(t, "apply", "-auto-approve")
			w.wantSettled(t)
		},
		accepted: map[string]int{stopServers: 1, simulator.ActionReverse: 1, startServers: 1},
	},
	"daily-readiness": {
		prepare: inProduction,
		then: func(t *testing.T, w *workspace) {
			synchronizes(w)
			plan := w.Run(t, "plan")
			wantPrinted(t, readPage(t, "guides/daily-readiness.md").output(t, "## The configuration"), plan)
			output := w.RunExit(t, 2, "sh", "job.sh")
			if !strings.Contains(output, "web-shop: replication_synchronized: fail.") {
				t.Errorf("the job does not tell why:\n%s", output)
			}
			w.Write(t, "prometheus.sh", readRepository(t, "examples/daily-readiness/prometheus.sh"))
			w.RunExit(t, 0, "sh", "prometheus.sh", ".")
			if metrics := w.Read(t, "sdrs.prom"); !strings.Contains(metrics, "\nsdrs_readiness_result 2\n") {
				t.Errorf("the metrics are\n%s", metrics)
			}
			w.shell(t, readPage(t, "guides/daily-readiness.md").block(t, "## What went wrong before", "shell"))
			w.DeleteGroup(simulator.DemoGroup().ID)
			w.RunExit(t, 1, "sh", "job.sh")
			w.AddGroup(simulator.DemoGroup())
			w.Environment = append(w.Environment, "TF_VAR_groups={}")
			w.RunExit(t, 1, "sh", "job.sh")
		},
	},
	"daily-readiness-strict": {
		prepare: inProduction,
		then: func(t *testing.T, w *workspace) {
			synchronizes(w)
			output := w.RunExit(t, 1, w.Terraform, "plan")
			wantPrinted(t, readPage(t, "guides/daily-readiness.md").output(t, "## Or let Terraform fail"), output)
			if strings.Contains(output, "servers_stopped: ") {
				t.Errorf("servers that run are no problem:\n%s", output)
			}
			w.AddGroup(simulator.DemoGroup())
		},
	},
}

// emptyOrNone leaves an empty group for an import, and none for a creation.
func emptyOrNone(t *testing.T, w *workspace) {
	t.Helper()
	if !imports(t, w) {
		w.DeleteGroup(demo.ID)
		return
	}
	w.UpdateGroup(demo.ID, func(group *simulator.Group) {
		group.Description, group.Status, group.Instances = "Frontend and database", simulator.StatusAvailable, nil
	})
}

// imports reports whether the example imports what it declares.
func imports(t *testing.T, w *workspace) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(w.Dir, "import*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(files) > 0
}

// pairOrDisk adds the disk that the examples replicate, with its pair where that is there already.
func pairOrDisk(w *workspace, paired bool) {
	const diskID = "5ad24da2-8483-4a51-b34d-ba1ad45ac53b"
	w.AddDisk(simulator.Disk{ID: diskID, Name: "images", AZ: "eu-de-01", SizeGB: 100})
	if paired {
		w.UpdateGroup(demo.ID, func(group *simulator.Group) {
			group.Pairs = append(group.Pairs, simulator.Pair{
				ID: "0bd9b1a1-9ee1-4a3c-86b2-1b5f2f4e4f0e", Name: "web-shop-data", Description: "Uploaded images",
				Status: simulator.StatusProtected, ReplicationStatus: simulator.ReplicationActive, FaultLevel: "0", Progress: 100,
				PriorityStation: simulator.StationSource, SourceVolume: diskID, TargetVolume: "replica", SizeGB: 100,
				Separate: true,
			})
		})
	}
}

const drillVPC = "8e2f3a4b-5c6d-4e7f-9081-92a3b4c5d6e7"

// drilled gives the demo group a DR drill.
func drilled(_ *testing.T, w *workspace) {
	w.UpdateGroup(demo.ID, func(group *simulator.Group) {
		group.Drills = []simulator.Drill{{
			ID: "d3e4f506-1728-4394-b5a6-c7d8e9f0a1b2", Name: "spring-drill", Status: simulator.StatusAvailable, VPCID: drillVPC,
		}}
	})
}

// inProduction lets the servers at the active site run.
func inProduction(_ *testing.T, w *workspace) {
	for _, group := range []simulator.Group{simulator.DemoGroup(), orders()} {
		for _, instance := range group.Instances {
			w.SetServerStatus(instance.SourceServer.ID, "ACTIVE")
		}
	}
}

// synchronizes lets a replication pair be not done yet.
func synchronizes(w *workspace) {
	w.UpdateGroup(simulator.DemoGroup().ID, func(group *simulator.Group) {
		pair := &group.Instances[0].Pairs[0]
		pair.ReplicationStatus, pair.Progress = simulator.ReplicationCopying, 40
	})
}

// logIn gives the provider's own example something to log in for, and the simulator in place of a real cloud.
func logIn(t *testing.T, w *workspace) {
	t.Helper()
	account := simulator.DefaultAccount()
	w.Environment = append(w.Environment, "OS_AUTH_URL=", "OS_USERNAME=", "OS_PASSWORD=", "OS_DOMAIN_NAME=",
		"OS_PROJECT_NAME=", "TF_VAR_password="+account.Password)
	w.Write(t, "login.tf", "data \"sdrs_quotas\" \"login\" {}\n")
	w.Write(t, "login_override.tf", fmt.Sprintf(`provider "sdrs" {
  auth_url    = %q
  domain_name = %q
  tenant_name = %q
  user_name   = %q
}
`, w.URL()+"/v3", account.DomainName, account.ProjectName, account.UserName))
}

// protectedOrNot leaves a protected instance for an import, and its server alone for a creation.
func protectedOrNot(t *testing.T, w *workspace) {
	t.Helper()
	there := imports(t, w)
	w.UpdateGroup(demo.ID, func(group *simulator.Group) {
		group.Instances[0].Description, group.Instances[0].Tags = "Frontend", []simulator.Tag{{Key: "team", Value: "shop"}}
		if !there {
			group.Instances = group.Instances[1:]
		}
	})
	if !there {
		server, _ := simulator.NewServer(demo.Instances[0].SourceServer.ID, "web-shop-1", demo.SourceAZ, demo.VPCID)
		w.AddServer(server) // Its disks stayed when the group lost it.
	}
}
