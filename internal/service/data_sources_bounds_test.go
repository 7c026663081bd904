package service_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// What the API leaves out, sends as null, or sends in a way that its reference does not know.
func TestListsOfOddItems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		listOf
		body string
		want tftest.Attributes
	}{
		{
			groups, `{"server_groups": [{"id": "x", "status": "drilling", "priority_station": null, "source_availability_zone": "a"}], "count": 1}`,
			tftest.Attributes{
				"id": "x", "status": "drilling", "name": nil, "description": nil, "active_site": nil, "active_availability_zone": nil,
				"standby_availability_zone": nil, "source_availability_zone": "a", "protection_type": nil, "created_at": nil,
			},
		},
		{
			instances, `{"protected_instances": [{"id": "x", "description": "", "priority_station": "moon", "attachment": null, "created_at": "soon",
				"tags": [{"key": "a", "value": ""}]}], "count": 1}`,
			tftest.Attributes{
				"id": "x", "description": "", "active_site": "moon", "active_server_id": nil, "attachments": nil, "created_at": nil,
				"tags": tftest.Attributes{"a": ""}, "frozen": false,
			},
		},
		{instances, `{"protected_instances": [{"id": "x", "tags": null}], "count": 1}`, tftest.Attributes{"id": "x", "tags": nil}},
		{
			pairs, `{"replications": [{"id": "x", "fault_level": "7", "failure_detail": "SDRS.0013", "volume_ids": null}], "count": 1}`,
			tftest.Attributes{
				"id": "x", "fault_level": "7", "failure_detail": "SDRS.0013", "volume_ids": nil, "volume_size": nil, "volume_type": nil,
				"bootable": nil, "multiattach": nil,
			},
		},
		// Which of the disks is at which site is not known.
		{pairs, `{"replications": [{"id": "x", "volume_ids": "b, a,b"}], "count": 1}`, tftest.Attributes{"volume_ids": []any{"a", "b"}}},
		{
			jobs, `{"failure_jobs": [{"job_id": "x", "failure_status": "drillFail", "error_code": null, "fail_reason": null, "begin_time": null}], "count": 1}`,
			tftest.Attributes{"job_id": "x", "failure_status": "drillFail", "error_code": nil, "fail_reason": nil, "begin_time": nil},
		},
		{domains, `{"domains": [{"id": "x", "description": null, "sold_out": true}]}`, tftest.Attributes{"id": "x", "description": nil, "sold_out": true, "local_availability_zone": nil}},
		{quotas, `{"quotas": {"resources": [{"type": "drills", "quota": -1}]}}`, tftest.Attributes{"type": "drills", "quota": int64(-1)}},
	} {
		t.Run(test.typeName, func(t *testing.T) {
			t.Parallel()
			s := tftest.NewSource(t, test.typeName)
			s.Inject(simulator.Fault{Route: test.route, Status: http.StatusOK, Body: test.body})
			found := tftest.Objects(t, s.MustRead(t, nil, test.route, 1), test.attribute)
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
		s := tftest.NewSource(t, test.typeName)
		s.Inject(simulator.Fault{Route: test.route, Status: http.StatusOK, Body: test.body})
		if found := tftest.Objects(t, s.MustRead(t, nil, test.route, 1), test.attribute); len(found) != 0 {
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
		{lists[1:], "protection_group_id", []string{warehouse().ID, tftest.Unknown}, []string{"web-shop", ""}, "must be the id of a protection group"},
		{lists[2:3], "protected_instance_id", []string{warehouse().ID}, []string{"web-shop-1"}, "must be the id of a protected instance"},
	} {
		for _, of := range test.lists {
			s := tftest.NewSource(t, of.typeName)
			for _, value := range test.good {
				if diagnostics := s.Validate(t, tftest.Attributes{test.attribute: value}); len(diagnostics) > 0 {
					t.Errorf("%s %s %q: %s", of.typeName, test.attribute, value, tftest.Text(diagnostics))
				}
			}
			for _, value := range test.bad {
				text := tftest.Text(s.Validate(t, tftest.Attributes{test.attribute: value}))
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
			s := tftest.NewSource(t, of.typeName)
			allow := s.Inject(simulator.Fault{Route: of.route, Status: http.StatusForbidden, Body: `{"error": {"code": "SDRS.0009", "message": "no role"}}`})
			state := s.Read(t, nil)
			tftest.WantText(t, tftest.WithoutRequestID(tftest.Text(state.Diagnostics)), `
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
			tftest.WantText(t, tftest.WithoutRequestID(tftest.Text(s.Read(t, nil).Diagnostics)), `
ERROR: `+things+` Not Readable

The `+strings.ToLower(things)+` can't be listed. Nothing was changed.

  HTTP status: 501
  Error code: SDRS.0013
  Reason: out of order
  Request ID: -

Check that the API can be reached, and region and endpoints of the provider. Then try again.
`)
		})
	}
}

func TestNothingIsReadBeforeTheProviderIsKnown(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	arguments := c.Arguments()
	arguments["auth_url"] = tftest.Unknown
	text := tftest.Text(c.NewDataSource(t, groups.typeName, arguments).Read(t, nil).Diagnostics)
	if !strings.Contains(text, "Provider Not Configured") || !strings.Contains(text, "depends_on") {
		t.Error(text)
	}
	if n := len(c.Requests()); n > 0 {
		t.Errorf("%d requests", n)
	}
}
