package protectiongroup_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/acctest"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// source is a data source, driven by the plugin protocol, on a simulator.
type source struct {
	*acctest.Cloud
	*acctest.DataSource
}

func newSource(t *testing.T, typeName string, options ...simulator.Option) source {
	t.Helper()
	cloud := acctest.Simulate(t, options...)
	return source{Cloud: cloud, DataSource: cloud.NewDataSource(t, typeName, nil)}
}

// mustRead reads the data source, and wants that to take a number of requests to a route, and none to others.
func (s source) mustRead(t *testing.T, config acctest.Attributes, route string, requests int) acctest.Attributes {
	t.Helper()
	s.ResetRequests()
	state := s.Read(t, config)
	if len(state.Diagnostics) > 0 {
		t.Fatal(acctest.Text(state.Diagnostics))
	}
	if n := s.Count(route); n != requests || len(s.Requests()) != n {
		t.Errorf("%d of %d requests to %s, want %d", n, len(s.Requests()), route, requests)
	}
	return state.Attributes
}

// query returns the filters of the last request.
func (s source) query(t *testing.T) string {
	t.Helper()
	requests := s.Requests()
	query, err := url.ParseQuery(requests[len(requests)-1].RawQuery)
	if err != nil {
		t.Fatal(err)
	}
	query.Del("limit")
	query.Del("offset")
	return query.Encode()
}

// list returns the objects of the attribute.
func list(t *testing.T, attributes acctest.Attributes, name string) []acctest.Attributes {
	t.Helper()
	items, ok := attributes[name].([]any)
	if !ok {
		t.Fatalf("%s is %v", name, attributes[name])
	}
	var objects []acctest.Attributes
	for _, item := range items {
		object, ok := item.(acctest.Attributes)
		if !ok {
			t.Fatalf("%s holds %v", name, item)
		}
		objects = append(objects, object)
	}
	return objects
}

func withoutRequestID(text string) string {
	return regexp.MustCompile(`Request ID: \w+`).ReplaceAllString(text, "Request ID: -")
}

// warehouse returns a group beside the demo group: unprotected, active at target, with one frozen instance and one faulty
// pair.
func warehouse() simulator.Group {
	group := named("warehouse", 7)
	group = simulator.NewGroup(group.ID, group.Name, 1, 1)
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
		config acctest.Attributes
		query  string // as the API is asked
		want   []string
	}{
		"all groups":       {groups, nil, "", []string{"web-shop", "warehouse"}},
		"groups by name":   {groups, acctest.Attributes{"name": "shop"}, "name=shop", []string{"web-shop"}},
		"groups by status": {groups, acctest.Attributes{"status": "available"}, "status=available", []string{"warehouse"}},
		"groups by zone":   {groups, acctest.Attributes{"active_availability_zone": "eu-de-02"}, "availability_zone=eu-de-02", []string{"warehouse"}},
		"groups by query":  {groups, acctest.Attributes{"query_type": "stop_protected"}, "query_type=stop_protected", []string{"warehouse"}},
		"groups by two":    {groups, acctest.Attributes{"query_type": "stop_protected", "name": "shop"}, "name=shop&query_type=stop_protected", nil},

		"all instances":       {instances, nil, "", []string{"web-shop-1", "web-shop-2", "warehouse-1"}},
		"instances by group":  {instances, acctest.Attributes{"protection_group_id": demo.ID}, "server_group_id=" + demo.ID, []string{"web-shop-1", "web-shop-2"}},
		"instances by name":   {instances, acctest.Attributes{"name": "p-2"}, "name=p-2", []string{"web-shop-2"}},
		"instances by status": {instances, acctest.Attributes{"status": "nic-creating"}, "status=nic-creating", []string{"warehouse-1"}},
		"instances by zone":   {instances, acctest.Attributes{"active_availability_zone": "eu-de-02"}, "availability_zone=eu-de-02", []string{"warehouse-1"}},
		"instances by query":  {instances, acctest.Attributes{"query_type": "status_abnormal"}, "query_type=status_abnormal", nil},

		"all pairs":         {pairs, nil, "", []string{"web-shop-1-disk-1", "web-shop-1-disk-2", "web-shop-2-disk-1", "warehouse-1-disk-1"}},
		"pairs by group":    {pairs, acctest.Attributes{"protection_group_id": other.ID}, "server_group_id=" + other.ID, []string{"warehouse-1-disk-1"}},
		"pairs by instance": {pairs, acctest.Attributes{"protected_instance_id": demo.Instances[1].ID}, "protected_instance_id=" + demo.Instances[1].ID, []string{"web-shop-2-disk-1"}},
		"pairs by name":     {pairs, acctest.Attributes{"name": "disk-2"}, "name=disk-2", []string{"web-shop-1-disk-2"}},
		"pairs by status":   {pairs, acctest.Attributes{"status": "fault"}, "status=fault", []string{"warehouse-1-disk-1"}},
		"pairs by zone":     {pairs, acctest.Attributes{"active_availability_zone": "eu-de-02"}, "availability_zone=eu-de-02", []string{"warehouse-1-disk-1"}},
		"pairs by query":    {pairs, acctest.Attributes{"query_type": "status_abnormal"}, "query_type=status_abnormal", []string{"warehouse-1-disk-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSource(t, test.typeName, simulator.WithGroups(demo, other))
			var names []string
			for _, item := range list(t, s.mustRead(t, test.config, test.route, 1), test.attribute) {
				names = append(names, fmt.Sprint(item["name"]))
			}
			if !reflect.DeepEqual(names, test.want) {
				t.Errorf("got %v, want %v", names, test.want)
			}
			if query := s.query(t); query != test.query {
				t.Errorf("query %s, want %s", query, test.query)
			}
		})
	}
}

func TestFailureJobFilters(t *testing.T) {
	t.Parallel()
	clock := simulator.NewManualClock(time.Date(2026, time.March, 1, 12, 0, 0, 250e6, time.UTC))
	s := newSource(t, jobs.typeName, simulator.WithClock(clock))
	s.FailNextJob("SDRS.1029", "the array is on fire")
	id, err := s.Switch(s.GroupID, simulator.StationTarget)
	if err != nil {
		t.Fatal(err)
	}
	clock.Advance(time.Minute)
	for query, test := range map[string]struct {
		config acctest.Attributes
		want   int
	}{
		"":                                  {want: 1},
		"server_group_id=" + s.GroupID:      {config: acctest.Attributes{"protection_group_id": s.GroupID}, want: 1},
		"failure_status=reverseFail":        {config: acctest.Attributes{"failure_status": "reverseFail"}, want: 1},
		"failure_status=createFail":         {config: acctest.Attributes{"failure_status": "createFail"}},
		"server_group_id=" + warehouse().ID: {config: acctest.Attributes{"protection_group_id": warehouse().ID}},
	} {
		found := list(t, s.mustRead(t, test.config, jobs.route, 1), jobs.attribute)
		if len(found) != test.want {
			t.Errorf("%s: %d jobs, want %d", query, len(found), test.want)
		}
		if got := s.query(t); got != query {
			t.Errorf("query %s, want %s", got, query)
		}
		for _, job := range found {
			want(t, job, acctest.Attributes{
				"job_id": id, "job_type": "reverseProtectionGroupNoCG", "job_status": "FAIL", "failure_status": "reverseFail",
				"resource_id": s.GroupID, "resource_name": "web-shop", "resource_type": "protectionGroup",
				"begin_time": "2026-03-01T12:00:00.25Z", "error_code": "SDRS.1029", "fail_reason": "the array is on fire",
			})
		}
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
			s := newSource(t, test.typeName, simulator.WithGroups(large))
			found := list(t, s.mustRead(t, acctest.Attributes{"protection_group_id": large.ID}, test.route, test.requests), test.attribute)
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

func TestGroupsHaveAllPages(t *testing.T) {
	t.Parallel()
	var more []simulator.Group
	for n := range 1000 {
		more = append(more, named("more", n))
	}
	s := newSource(t, groups.typeName, simulator.WithGroups(more...))
	found := list(t, s.mustRead(t, nil, groups.route, 2), groups.attribute)
	if len(found) != 1001 {
		t.Errorf("%d groups", len(found))
	}
	want(t, found[0], webShop())
	if len(found[0]) != len(webShop()) {
		t.Errorf("%d attributes", len(found[0]))
	}
}

func TestListItems(t *testing.T) {
	t.Parallel()
	demo, other := simulator.DemoGroup(), warehouse()
	first, second := other.Instances[0], other.Instances[0].Pairs[0]
	const created, updated = "2019-05-23T03:51:58.256Z", "2019-05-23T07:48:12.484Z"
	for _, test := range []struct {
		listOf
		want []acctest.Attributes
	}{
		{instances, []acctest.Attributes{{
			"id": first.ID, "name": first.Name, "description": first.Name, "protection_group_id": other.ID, "status": "nic-creating",
			"progress": int64(100), "active_site": "target", "active_server_id": first.TargetServer.ID,
			"source_server_id": first.SourceServer.ID, "target_server_id": first.TargetServer.ID, "frozen": true,
			"attachments": []any{acctest.Attributes{"replication_pair_id": second.ID, "device": "/dev/vda"}},
			"tags":        acctest.Attributes{}, "created_at": created, "updated_at": updated,
		}}},
		{pairs, []acctest.Attributes{{
			"id": second.ID, "name": second.Name, "description": second.Name, "protection_group_id": other.ID, "status": "fault",
			"progress": int64(100), "replication_model": "hypermetro", "replication_status": "active", "fault_level": "0",
			"failure_detail": nil, "active_site": "target", "volume_ids": []any{second.SourceVolume, second.TargetVolume},
			"volume_size": int64(10), "volume_type": "SATA", "bootable": true, "multiattach": false,
			"attachments": []any{acctest.Attributes{"protected_instance_id": first.ID, "device": "/dev/vda"}},
			"created_at":  "2019-05-23T03:51:58.256108Z", "updated_at": "2019-05-23T07:48:12.484322Z",
		}}},
		{domains, []acctest.Attributes{{
			"id": demo.DomainID, "name": demo.DomainName, "description": "my domain", "sold_out": false,
			"local_availability_zone": "eu-de-01", "remote_availability_zone": "eu-de-02",
		}}},
		{quotas, []acctest.Attributes{
			{"type": "server_groups", "used": int64(2), "quota": int64(50), "min": int64(0), "max": int64(-1)},
			{"type": "replications", "used": int64(4), "quota": int64(100), "min": int64(0), "max": int64(-1)},
		}},
	} {
		t.Run(test.typeName, func(t *testing.T) {
			t.Parallel()
			s := newSource(t, test.typeName, simulator.WithGroups(demo, other))
			found := list(t, s.mustRead(t, nil, test.route, 1), test.attribute)
			if test.attribute == instances.attribute || test.attribute == pairs.attribute {
				found = found[len(found)-1:]
			}
			if !reflect.DeepEqual(found, test.want) {
				t.Errorf("got  %v\nwant %v", found, test.want)
			}
		})
	}
}

// What the API leaves out, sends as null, or sends in a way that its reference does not know.
func TestListsOfOddItems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		listOf
		body string
		want acctest.Attributes
	}{
		{
			groups, `{"server_groups": [{"id": "x", "status": "drilling", "priority_station": null, "source_availability_zone": "a"}], "count": 1}`,
			acctest.Attributes{
				"id": "x", "status": "drilling", "name": nil, "description": nil, "active_site": nil, "active_availability_zone": nil,
				"standby_availability_zone": nil, "source_availability_zone": "a", "test_vpc_id": nil, "protection_type": nil, "created_at": nil,
			},
		},
		{
			instances, `{"protected_instances": [{"id": "x", "description": "", "priority_station": "moon", "attachment": null, "created_at": "soon",
				"tags": [{"key": "a", "value": ""}]}], "count": 1}`,
			acctest.Attributes{
				"id": "x", "description": "", "active_site": "moon", "active_server_id": nil, "attachments": nil, "created_at": nil,
				"tags": acctest.Attributes{"a": ""}, "frozen": false,
			},
		},
		{instances, `{"protected_instances": [{"id": "x", "tags": null}], "count": 1}`, acctest.Attributes{"id": "x", "tags": nil}},
		{
			pairs, `{"replications": [{"id": "x", "fault_level": "7", "failure_detail": "SDRS.0013", "volume_ids": null}], "count": 1}`,
			acctest.Attributes{
				"id": "x", "fault_level": "7", "failure_detail": "SDRS.0013", "volume_ids": nil, "volume_size": nil, "volume_type": nil,
				"bootable": nil, "multiattach": nil,
			},
		},
		{
			jobs, `{"failure_jobs": [{"job_id": "x", "failure_status": "drillFail", "error_code": null, "fail_reason": null, "begin_time": null}], "count": 1}`,
			acctest.Attributes{"job_id": "x", "failure_status": "drillFail", "error_code": nil, "fail_reason": nil, "begin_time": nil},
		},
		{domains, `{"domains": [{"id": "x", "description": null, "sold_out": true}]}`, acctest.Attributes{"id": "x", "description": nil, "sold_out": true, "local_availability_zone": nil}},
		{quotas, `{"quotas": {"resources": [{"type": "drills", "quota": -1}]}}`, acctest.Attributes{"type": "drills", "quota": int64(-1)}},
	} {
		t.Run(test.typeName, func(t *testing.T) {
			t.Parallel()
			s := newSource(t, test.typeName)
			s.Inject(simulator.Fault{Route: test.route, Status: http.StatusOK, Body: test.body})
			found := list(t, s.mustRead(t, nil, test.route, 1), test.attribute)
			if len(found) != 1 {
				t.Fatalf("got %v", found)
			}
			for name, value := range test.want {
				if got := found[0][name]; !reflect.DeepEqual(got, value) {
					t.Errorf("%s is %v, want %v", name, got, value)
				}
			}
		})
	}
}

func TestListsMayBeEmpty(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		listOf
		body string
	}{
		{groups, `{"server_groups": [], "count": 0}`},
		{instances, `{"protected_instances": [], "count": 0}`},
		{pairs, `{"replications": [], "count": 0}`},
		{jobs, `{"failure_jobs": [], "count": 0}`},
		{domains, `{"domains": []}`},
		{quotas, `{"quotas": {"resources": []}}`},
	} {
		s := newSource(t, test.typeName)
		s.Inject(simulator.Fault{Route: test.route, Status: http.StatusOK, Body: test.body})
		if found := list(t, s.mustRead(t, nil, test.route, 1), test.attribute); len(found) != 0 {
			t.Errorf("%s: %v", test.attribute, found)
		}
	}
}

func TestListArguments(t *testing.T) {
	t.Parallel()
	lists := []listOf{groups, instances, pairs, jobs}
	for _, test := range []struct {
		lists     []listOf
		attribute string
		good, bad []string
		want      string
	}{
		{lists[:1], "status", texts(sdrs.GroupStatuses), []string{"fault", "Protected", ""}, `status value must be one of: ["available"`},
		{lists[1:2], "status", texts(sdrs.InstanceStatuses), []string{"attaching", "gone"}, `status value must be one of: ["available"`},
		{lists[2:3], "status", texts(sdrs.PairStatuses), []string{"nic-creating", "gone"}, `status value must be one of: ["available"`},
		{lists[:1], "query_type", sdrs.GroupQueryTypes, []string{"general"}, `query_type value must be one of: ["status_abnormal" "stop_protected" "period_no_dr_drill"]`},
		{lists[1:3], "query_type", []string{"status_abnormal"}, []string{"stop_protected"}, `query_type value must be one of: ["status_abnormal"]`},
		{lists[3:], "failure_status", texts(sdrs.FailureStatuses), []string{"fail"}, `failure_status value must be one of: ["reverseFail"`},
		{lists[1:], "protection_group_id", []string{warehouse().ID, acctest.Unknown}, []string{"web-shop", ""}, "must be the id of a protection group"},
		{lists[2:3], "protected_instance_id", []string{warehouse().ID}, []string{"web-shop-1"}, "must be the id of a protected instance"},
	} {
		for _, of := range test.lists {
			s := newSource(t, of.typeName)
			for _, value := range test.good {
				if diagnostics := s.Validate(t, acctest.Attributes{test.attribute: value}); len(diagnostics) > 0 {
					t.Errorf("%s %s %q: %s", of.typeName, test.attribute, value, acctest.Text(diagnostics))
				}
			}
			for _, value := range test.bad {
				text := acctest.Text(s.Validate(t, acctest.Attributes{test.attribute: value}))
				if !strings.Contains(text, test.want) || !strings.Contains(text, value) {
					t.Errorf("%s %s %q: %s", of.typeName, test.attribute, value, text)
				}
			}
		}
	}
}

func texts[S ~string](values []S) []string {
	var texts []string
	for _, value := range values {
		texts = append(texts, string(value))
	}
	return texts
}

// The numbers are those of the tables in the API reference.
func TestEnumerationsAreComplete(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ got, want int }{
		"group statuses":    {len(sdrs.GroupStatuses), 17},
		"instance statuses": {len(sdrs.InstanceStatuses), 23},
		"pair statuses":     {len(sdrs.PairStatuses), 25},
		"failure statuses":  {len(sdrs.FailureStatuses), 11},
	} {
		if test.got != test.want {
			t.Errorf("%d %s, want %d", test.got, name, test.want)
		}
	}
}

func TestListsNotReadable(t *testing.T) {
	t.Parallel()
	for things, of := range map[string]listOf{
		"Protection Groups": groups, "Protected Instances": instances, "Replication Pairs": pairs,
		"Failed Jobs": jobs, "Active-Active Domains": domains, "Quotas": quotas,
	} {
		t.Run(things, func(t *testing.T) {
			t.Parallel()
			s := newSource(t, of.typeName)
			allow := s.Inject(simulator.Fault{Route: of.route, Status: http.StatusForbidden, Body: `{"error": {"code": "SDRS.0009", "message": "no role"}}`})
			state := s.Read(t, nil)
			wantText(t, withoutRequestID(acctest.Text(state.Diagnostics)), `
ERROR: `+things+` Not Permitted

The user may not list the `+strings.ToLower(things)+`. Nothing was changed.

  HTTP status: 403
  Error code: SDRS.0009
  Reason: no role
  Request ID: -

Give the user the permissions for SDRS in this project.
`)
			allow()
			s.Inject(simulator.Fault{Route: of.route, Status: http.StatusNotImplemented, Body: `{"error": {"code": "SDRS.0013", "message": "out of order"}}`})
			wantText(t, withoutRequestID(acctest.Text(s.Read(t, nil).Diagnostics)), `
ERROR: `+things+` Not Readable

The `+strings.ToLower(things)+` can't be listed. Nothing was changed.

  HTTP status: 501
  Error code: SDRS.0013
  Reason: out of order
  Request ID: -

Check that the API can be reached, then try again.
`)
		})
	}
}

func TestNothingIsReadBeforeTheProviderIsKnown(t *testing.T) {
	t.Parallel()
	c := acctest.Simulate(t)
	arguments := c.Arguments()
	arguments["auth_url"] = acctest.Unknown
	text := acctest.Text(c.NewDataSource(t, groups.typeName, arguments).Read(t, nil).Diagnostics)
	if !strings.Contains(text, "Provider Not Configured") || !strings.Contains(text, "depends_on") {
		t.Error(text)
	}
	if n := len(c.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}

// The examples of the documentation work as they stand, and a second plan has no changes.
func TestAccDataSources_examples(t *testing.T) {
	t.Parallel()
	ids := func(values ...string) knownvalue.Check {
		var checks []knownvalue.Check
		for _, value := range values {
			checks = append(checks, knownvalue.StringExact(value))
		}
		return knownvalue.ListExact(checks)
	}
	demo := simulator.DemoGroup()
	for typeName, test := range map[string]struct {
		output string
		want   knownvalue.Check
	}{
		"sdrs_protection_group":    {"active_availability_zone", knownvalue.StringExact("eu-de-01")},
		"sdrs_protection_groups":   {"group_ids", ids(demo.ID)},
		"sdrs_protected_instances": {"active_server_ids", ids(demo.Instances[0].SourceServer.ID, demo.Instances[1].SourceServer.ID)},
		"sdrs_replication_pairs":   {"copying", ids("web-shop-2-disk-1")},
		"sdrs_failure_jobs":        {"reasons", ids()},
		"sdrs_active_domains":      {"availability_zones", knownvalue.MapExact(map[string]knownvalue.Check{demo.DomainName: ids("eu-de-01", "eu-de-02")})},
		"sdrs_quotas": {"left", knownvalue.MapExact(map[string]knownvalue.Check{
			"server_groups": knownvalue.Int64Exact(49), "replications": knownvalue.Int64Exact(97),
		})},
	} {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			example, err := fs.ReadFile(os.DirFS("../../examples/data-sources"), typeName+"/data-source.tf")
			if err != nil {
				t.Fatal(err)
			}
			c := acctest.Simulate(t)
			c.UpdateGroup(c.GroupID, func(g *simulator.Group) {
				g.Instances[1].Pairs[0].ReplicationStatus = simulator.ReplicationCopying
			})
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: c.Providers(),
				Steps: []resource.TestStep{{
					Config:            c.ProviderBlock() + string(example),
					ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue(test.output, test.want)},
				}},
			})
		})
	}
}

// The data sources agree with each other, on a real cloud, too.
func TestAccDataSources_agree(t *testing.T) {
	t.Parallel()
	c := acctest.NewCloud(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: c.Providers(),
		Steps: []resource.TestStep{{
			Config: c.ProviderBlock() + strings.ReplaceAll(`
data "sdrs_protection_group" "test" { id = "GROUP" }
data "sdrs_protection_groups" "test" {
  name                     = data.sdrs_protection_group.test.name
  status                   = data.sdrs_protection_group.test.status
  active_availability_zone = data.sdrs_protection_group.test.active_availability_zone
}
data "sdrs_protected_instances" "test" { protection_group_id = "GROUP" }
data "sdrs_replication_pairs" "test" { protection_group_id = "GROUP" }
data "sdrs_failure_jobs" "test" { protection_group_id = "GROUP" }
data "sdrs_active_domains" "test" {}
data "sdrs_quotas" "test" {}

locals {
  group     = data.sdrs_protection_group.test
  instances = data.sdrs_protected_instances.test.protected_instances
  pairs     = data.sdrs_replication_pairs.test.replication_pairs
}

output "agree" {
  value = {
    listed    = contains(data.sdrs_protection_groups.test.protection_groups, local.group)
    instances = length(local.instances) == local.group.protected_instance_num
    servers   = alltrue([for i in local.instances : contains([i.source_server_id, i.target_server_id], i.active_server_id)])
    pairs     = length(local.pairs) == local.group.replication_num
    volumes   = alltrue([for p in local.pairs : length(p.volume_ids) == 2])
    jobs      = alltrue([for j in data.sdrs_failure_jobs.test.failure_jobs : timecmp(j.begin_time, "2000-01-01T00:00:00Z") > 0])
    domain    = contains(data.sdrs_active_domains.test.active_domains[*].id, local.group.domain_id)
    used      = anytrue([for q in data.sdrs_quotas.test.quotas : q.type == "server_groups" && q.used > 0])
  }
}
`, "GROUP", c.GroupID),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("agree", knownvalue.MapExact(map[string]knownvalue.Check{
				"listed": knownvalue.Bool(true), "instances": knownvalue.Bool(true), "servers": knownvalue.Bool(true), "pairs": knownvalue.Bool(true),
				"volumes": knownvalue.Bool(true), "jobs": knownvalue.Bool(true), "domain": knownvalue.Bool(true), "used": knownvalue.Bool(true),
			}))},
		}},
	})
}
