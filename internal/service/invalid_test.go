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
