package service_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// The arguments of a list resource are what the cloud is asked for.
func TestArgumentsOfListResourcesAreSent(t *testing.T) {
	t.Parallel()
	const group, instance = "server_group_id", "protected_instance_id"
	c := tftest.Simulate(t)
	for typeName, parameters := range map[string]map[string]string{
		"sdrs_protection_group":            {"name": "name", "active_availability_zone": "availability_zone"},
		"sdrs_protected_instance":          {"name": "name", "protection_group_id": group},
		"sdrs_replication_pair":            {"name": "name", "protection_group_id": group, instance: instance},
		"sdrs_replication_pair_attachment": {"protection_group_id": group, instance: instance},
		"sdrs_drill":                       {"name": "name", "protection_group_id": group},
	} {
		list := c.NewList(t, typeName, nil)
		for argument, parameter := range parameters {
			c.ResetRequests()
			list.Find(t, tftest.Attributes{argument: c.GroupID}, 0, false)
			query, err := url.ParseQuery(c.Requests()[0].RawQuery)
			if err != nil || query.Get(parameter) != c.GroupID {
				t.Errorf("%s: %s is sent as %v, %v", typeName, argument, query, err)
			}
		}
	}
}

// A user who may not read pairs still finds the protected instances, and the disks are all that they lack.
func TestListOfInstancesWithoutPairs(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	c.Inject(simulator.Fault{Route: simulator.RoutePairs, Status: http.StatusForbidden})
	found := c.NewList(t, "sdrs_protected_instance", nil).Find(t, nil, 0, true)
	if len(found) != 2 || len(found[0].Diagnostics) > 0 || found[0].Attributes["name"] != "web-shop-1" {
		t.Errorf("found %v", found)
	}
}

// A shared disk is listed at the instance that was asked for alone, and a drill with its servers.
func TestListsShowWhatIsWhere(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	group, _ := c.Group(c.GroupID)
	one, other := group.Instances[0], group.Instances[1]
	c.UpdateGroup(c.GroupID, func(g *simulator.Group) {
		pair := &g.Instances[0].Pairs[0]
		pair.Shared, pair.Further = true, []simulator.Attachment{{InstanceID: other.ID, Device: "/dev/vdx"}}
		g.Drills = []simulator.Drill{{
			ID: one.ID, Name: "drill", Status: simulator.StatusAvailable,
			Servers: []simulator.DrillServer{{InstanceID: one.ID, ServerID: other.SourceServer.ID}},
		}}
	})
	list := c.NewList(t, "sdrs_replication_pair_attachment", nil)
	found := list.Find(t, tftest.Attributes{"protected_instance_id": other.ID}, 0, true)
	if len(found) != len(other.Pairs)+1 {
		t.Errorf("found %v", found)
	}
	drills := c.NewList(t, "sdrs_drill", nil).Find(t, nil, 0, true)
	if servers := tftest.Objects(t, drills[0].Attributes, "servers"); len(servers) != 1 ||
		servers[0]["server_id"] != other.SourceServer.ID {
		t.Errorf("found %v", drills)
	}
}
