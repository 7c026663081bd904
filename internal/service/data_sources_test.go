package service_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// warehouse returns a group beside the demo group: unprotected, active at target, with one frozen instance and one faulty
// pair.
func warehouse() simulator.Group {
	group := simulator.NewGroup("00000000-0000-0000-0000-000000000007", "warehouse", 1, 1)
	group.Status, group.PriorityStation = simulator.StatusAvailable, simulator.StationTarget
	instance := &group.Instances[0]
	instance.Status, instance.PriorityStation, instance.Frozen = "nic-creating", simulator.StationTarget, true
	instance.Pairs[0].Status, instance.Pairs[0].PriorityStation = simulator.StatusFault, simulator.StationTarget
	return group
}

// listOf describes a data source that lists things.
type listOf struct{ typeName, attribute, route string }

var (
	groups    = listOf{"sdrs_protection_groups", "protection_groups", simulator.RouteGroups}
	instances = listOf{"sdrs_protected_instances", "protected_instances", simulator.RouteInstances}
	pairs     = listOf{"sdrs_replication_pairs", "replication_pairs", simulator.RoutePairs}
	jobs      = listOf{"sdrs_failure_jobs", "failure_jobs", simulator.RouteFailureJobs}
	domains   = listOf{"sdrs_active_domains", "active_domains", simulator.RouteActiveDomains}
	quotas    = listOf{"sdrs_quotas", "quotas", simulator.RouteQuotas}
)

func TestListFilters(t *testing.T) {
	t.Parallel()
	demo, other := simulator.DemoGroup(), warehouse()
	for name, test := range map[string]struct {
		listOf
		config tftest.Attributes
		query  string // as the API is asked
		want   []string
	}{
		"all groups":       {groups, nil, "", []string{"web-shop", "warehouse"}},
		"groups by name":   {groups, tftest.Attributes{"name": "shop"}, "name=shop", []string{"web-shop"}},
		"groups by status": {groups, tftest.Attributes{"status": "available"}, "status=available", []string{"warehouse"}},
		"groups by zone":   {groups, tftest.Attributes{"active_availability_zone": "eu-de-02"}, "availability_zone=eu-de-02", []string{"warehouse"}},
		"groups by query":  {groups, tftest.Attributes{"query_type": "stop_protected"}, "query_type=stop_protected", []string{"warehouse"}},
		"groups by two":    {groups, tftest.Attributes{"query_type": "stop_protected", "name": "shop"}, "name=shop&query_type=stop_protected", nil},

		"all instances":       {instances, nil, "", []string{"web-shop-1", "web-shop-2", "warehouse-1"}},
		"instances by group":  {instances, tftest.Attributes{"protection_group_id": demo.ID}, "server_group_id=" + demo.ID, []string{"web-shop-1", "web-shop-2"}},
		"instances by name":   {instances, tftest.Attributes{"name": "p-2"}, "name=p-2", []string{"web-shop-2"}},
		"instances by status": {instances, tftest.Attributes{"status": "nic-creating"}, "status=nic-creating", []string{"warehouse-1"}},
		"instances by zone":   {instances, tftest.Attributes{"active_availability_zone": "eu-de-02"}, "availability_zone=eu-de-02", []string{"warehouse-1"}},
		"instances by query":  {instances, tftest.Attributes{"query_type": "status_abnormal"}, "query_type=status_abnormal", nil},

		"all pairs":         {pairs, nil, "", []string{"web-shop-1-disk-1", "web-shop-1-disk-2", "web-shop-2-disk-1", "warehouse-1-disk-1"}},
		"pairs by group":    {pairs, tftest.Attributes{"protection_group_id": other.ID}, "server_group_id=" + other.ID, []string{"warehouse-1-disk-1"}},
		"pairs by instance": {pairs, tftest.Attributes{"protected_instance_id": demo.Instances[1].ID}, "protected_instance_id=" + demo.Instances[1].ID, []string{"web-shop-2-disk-1"}},
		"pairs by name":     {pairs, tftest.Attributes{"name": "disk-2"}, "name=disk-2", []string{"web-shop-1-disk-2"}},
		"pairs by status":   {pairs, tftest.Attributes{"status": "fault"}, "status=fault", []string{"warehouse-1-disk-1"}},
		"pairs by zone":     {pairs, tftest.Attributes{"active_availability_zone": "eu-de-02"}, "availability_zone=eu-de-02", []string{"warehouse-1-disk-1"}},
		"pairs by query":    {pairs, tftest.Attributes{"query_type": "status_abnormal"}, "query_type=status_abnormal", []string{"warehouse-1-disk-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := tftest.NewSource(t, test.typeName, simulator.WithGroups(demo, other))
			var names []string
			for _, item := range tftest.Objects(t, s.MustRead(t, test.config, test.route, 1), test.attribute) {
				names = append(names, fmt.Sprint(item["name"]))
			}
			if !reflect.DeepEqual(names, test.want) {
				t.Errorf("got %v, want %v", names, test.want)
			}
			if query := s.Query(t); query != test.query {
				t.Errorf("query %s, want %s", query, test.query)
			}
		})
	}
}

func TestListsHaveAllPages(t *testing.T) {
	t.Parallel()
	large := simulator.NewGroup(warehouse().ID, "large", 1001, 2001)
	for _, test := range []struct {
		listOf
		items, requests int
	}{{instances, 1001, 2}, {pairs, 2001, 3}} {
		t.Run(test.typeName, func(t *testing.T) {
			t.Parallel()
			s := tftest.NewSource(t, test.typeName, simulator.WithGroups(large))
			found := tftest.Objects(t, s.MustRead(t, tftest.Attributes{"protection_group_id": large.ID}, test.route, test.requests), test.attribute)
			ids := map[any]bool{}
			for _, item := range found {
				ids[item["id"]] = true
			}
			if len(found) != test.items || len(ids) != test.items {
				t.Errorf("%d items, %d different, want %d", len(found), len(ids), test.items)
			}
		})
	}
}

func TestListItems(t *testing.T) {
	t.Parallel()
	demo, other := simulator.DemoGroup(), warehouse()
	first, second := other.Instances[0], other.Instances[0].Pairs[0]
	const created, updated = "2019-05-23T03:51:58.256Z", "2019-05-23T07:48:12.484Z"
	for _, test := range []struct {
		listOf
		want []tftest.Attributes
	}{
		{instances, []tftest.Attributes{{
			"id": first.ID, "name": first.Name, "description": first.Name, "protection_group_id": other.ID, "status": "nic-creating",
			"progress": int64(100), "active_site": "target", "active_server_id": first.TargetServer.ID,
			"source_server_id": first.SourceServer.ID, "target_server_id": first.TargetServer.ID, "frozen": true,
			"attachments": []any{tftest.Attributes{"replication_pair_id": second.ID, "device": "/dev/vda"}},
			"tags":        tftest.Attributes{}, "created_at": created, "updated_at": updated,
		}}},
		{pairs, []tftest.Attributes{{
			"id": second.ID, "name": second.Name, "description": second.Name, "protection_group_id": other.ID, "status": "fault",
			"progress": int64(100), "replication_model": "hypermetro", "replication_status": "active", "fault_level": "0",
			"failure_detail": nil, "active_site": "target", "volume_ids": []any{second.SourceVolume, second.TargetVolume},
			"volume_size": int64(10), "volume_type": "SATA", "bootable": true, "multiattach": false,
			"attachments": []any{tftest.Attributes{"protected_instance_id": first.ID, "device": "/dev/vda"}},
			"created_at":  "2019-05-23T03:51:58.256108Z", "updated_at": "2019-05-23T07:48:12.484322Z",
		}}},
		{domains, []tftest.Attributes{{
			"id": demo.DomainID, "name": demo.DomainName, "description": "my domain", "sold_out": false,
			"local_availability_zone": "eu-de-01", "remote_availability_zone": "eu-de-02",
		}}},
		{quotas, []tftest.Attributes{
			{"type": "server_groups", "used": int64(2), "quota": int64(50), "min": int64(0), "max": int64(-1)},
			{"type": "replications", "used": int64(4), "quota": int64(100), "min": int64(0), "max": int64(-1)},
		}},
	} {
		t.Run(test.typeName, func(t *testing.T) {
			t.Parallel()
			s := tftest.NewSource(t, test.typeName, simulator.WithGroups(demo, other))
			found := tftest.Objects(t, s.MustRead(t, nil, test.route, 1), test.attribute)
			if test.attribute == instances.attribute || test.attribute == pairs.attribute {
				found = found[len(found)-1:]
			}
			if !reflect.DeepEqual(found, test.want) {
				t.Errorf("got  %v\nwant %v", found, test.want)
			}
		})
	}
}
