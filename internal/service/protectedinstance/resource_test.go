package protectedinstance_test

import (
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
	config := tftest.Attributes{
		"protection_group_id": groupID, "server_id": serverID, "name": "web", "description": "shop frontend",
		"flavor_id": "s3.large.2", "tags": tftest.Attributes{"team": "shop"},
	}
	for i := 0; i < len(changes); i += 2 {
		config[changes[i].(string)] = changes[i+1] //nolint:forcetypeassert // A name.
	}
	return config
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
	if len(pairs) != 2 || pairs[1]["id"] != made.Pairs[1].ID || pairs[1]["device"] != "/dev/vdb" || len(pairs[1]["volume_ids"].([]any)) != 2 {
		t.Errorf("the pairs are %v", pairs)
	}

	step = resource.Run(t.Context(), t, &instance, web("name", "web-2", "flavor_id", "s3.xlarge.2", "tags",
		tftest.Attributes{"tier": "web"}, "delete_target_server", true))
	group, _ = cloud.Group(groupID)
	if made = group.Instances[0]; len(step.Diagnostics) > 0 || step.Deletions > 0 || made.Name != "web-2" ||
		made.TargetServer.Flavor != "s3.xlarge.2" || made.SourceServer.Flavor == "s3.xlarge.2" || len(made.Tags) != 1 {
		t.Errorf("made %+v: %s", made, tftest.Text(step.Diagnostics))
	}
	step = resource.Run(t.Context(), t, &instance, nil)
	if _, found := cloud.CloudServer(made.TargetServer.ID); found || len(step.Diagnostics) > 0 || instance.Attributes != nil {
		t.Errorf("left %v: %s", instance.Attributes, tftest.Text(step.Diagnostics))
	}
	if server, _ := cloud.CloudServer(serverID); server.Status != "ACTIVE" {
		t.Errorf("production is %s", server.Status)
	}
}
