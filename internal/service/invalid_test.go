package service_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// invalidTitles are the titles of the plugin framework that the troubleshooting guide has.
func invalidTitles() []string {
	var titles []string
	for _, kind := range diagnostic.Configuration().Kinds {
		titles = append(titles, kind.Title)
	}
	return titles
}

// TestInvalidTitles provokes each title of the plugin framework that the guide has; TestHostileValues sees no others.
func TestInvalidTitles(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	failover, _ := c.NewResource(t, "sdrs_protection_group_failover", nil)
	group := c.NewDataSource(t, "sdrs_protection_group", nil)
	readiness := c.NewDataSource(t, "sdrs_failover_readiness", nil)
	instance, _ := c.NewResource(t, "sdrs_protected_instance", nil)
	evacuation := c.NewAction(t, "sdrs_evacuate_availability_zone")
	evacuated := func(argument string, value any) tftest.Attributes {
		return tftest.Attributes{"availability_zone": "eu-de-01", "mode": "planned", argument: value}
	}
	retries := c.ValidateProvider(t, tftest.Attributes{"max_retries": int64(-1)})
	if len(retries) != 1 {
		t.Fatal(tftest.Text(retries))
	}
	got := []string{retries[0].Summary}
	for _, test := range []struct {
		validator
		config tftest.Attributes
		title  string
	}{
		{failover, tftest.Attributes{"priority_station": "Source"}, "Invalid Attribute Value Match"},
		{
			failover,
			tftest.Attributes{"timeouts": tftest.Attributes{"create": "soon"}},
			"Invalid Attribute Value Time Duration",
		},
		{failover, tftest.Attributes{"force_stop_after": "soon", "stop_servers": true}, "Invalid Time Duration String Value"},
		{failover, tftest.Attributes{"force_stop_after": "5m", "stop_servers": false}, "Invalid Attribute Combination"},
		{failover, tftest.Attributes{"priority_station": nil}, "Invalid Attribute Combination"},
		{failover, tftest.Attributes{"priority_availability_zone": "eu-de-01"}, "Invalid Attribute Combination"},
		{
			readiness,
			tftest.Attributes{"protection_group_id": c.GroupID, "priority_availability_zone": ""},
			"Invalid Attribute Value Length",
		},
		{failover, tftest.Attributes{"protection_group_id": nil}, "Missing Configuration for Required Attribute"},
		{
			readiness,
			tftest.Attributes{
				"protection_group_id": c.GroupID, "priority_station": "source",
				"priority_availability_zone": "eu-de-01",
			},
			"Invalid Attribute Combination",
		},
		{group, tftest.Attributes{"id": c.GroupID, "name": "web-shop"}, "Invalid Attribute Combination"},
		{group, nil, "Missing Attribute Configuration"},
		{evacuation, evacuated("waves", []any{nil}), "Null List Value"},
		{evacuation, evacuated("waves", []any{[]any{nil}}), "Null Set Value"},
		{instance, tftest.Attributes{
			"protection_group_id": c.GroupID, "server_id": c.GroupID, "name": "a", "tags": tftest.Attributes{"a": nil},
		}, "Null Map Value"},
	} {
		config := test.config
		if test.validator == failover {
			config = tftest.Attributes{"protection_group_id": c.GroupID, "priority_station": "source"}
			for name, value := range test.config {
				config[name] = value
			}
		}
		diagnostics := test.Validate(t, config)
		if len(diagnostics) != 1 || diagnostics[0].Summary != test.title {
			t.Errorf("%v: %s, want %s", test.config, tftest.Text(diagnostics), test.title)
		}
		got = append(got, test.title)
	}
	want := invalidTitles()
	slices.Sort(got)
	slices.Sort(want)
	if got = slices.Compact(got); !slices.Equal(got, want) {
		t.Errorf("provoked %s\nthe guide has %s", strings.Join(got, ", "), strings.Join(want, ", "))
	}
}
