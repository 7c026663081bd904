package service_test

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// hostile are strings that no validated attribute takes.
var hostile = []string{
	"", " ", "\t", "\n", "\u00a0", "\u200b", "\ufeff", ".", "..", "/", "../", "../..", "..%2f..", "%2e%2e", "%00", "\x00", "\x1b[31m", "\r\nX-Auth-Token: x",
	"../jobs/x", "x/../../jobs/y?z#a", "?limit=1", "#", ";", "x;y=z", "\\", "'\"<>&|`$(){}*",
	"40df180b-9fe2-471a-8c64-1b758dc84189/action", "40df180b-9fe2-471a-8c64-1b758dc84189\n", " 40df180b-9fe2-471a-8c64-1b758dc84189",
	"40df180b-9fe2-471a-8c64-1b758dc8418\u0669", "\uff14\uff10df180b-9fe2-471a-8c64-1b758dc84189", "40df180b\u20119fe2\u2011471a\u20118c64\u20111b758dc84189",
	"{40df180b-9fe2-471a-8c64-1b758dc84189}", "urn:uuid:40df180b-9fe2-471a-8c64-1b758dc84189", "40df180b-9fe2471a-8c64-1b758dc84189",
	"40df180b-9fe2-471a-8c64-1b758dc8418", "gggggggg-gggg-gggg-gggg-gggggggggggg",
	"${var.x}", "%{if true}", "null", "日本語", "مرحبا", "\u202etegrat", "e\u0301", "👩‍💻", "SOURCE", "Source", "source ", "source\x00", "targets",
	strings.Repeat("a", 10_000), strings.Repeat("40df180b-9fe2-471a-8c64-1b758dc84189", 300), strings.Repeat("../", 3_400), strings.Repeat("日", 3_400),
}

// TestHostileValues gives each validated attribute values that it must not take, and expects no request for any.
func TestHostileValues(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	invalid := invalidTitles()
	group := tftest.Attributes{"protection_group_id": c.GroupID}
	sited := tftest.Attributes{"protection_group_id": c.GroupID, "priority_station": "source"}
	stopping := tftest.Attributes{"protection_group_id": c.GroupID, "priority_station": "source", "stop_servers": true}
	resource := func(name string) validator {
		resource, _ := c.NewResource(t, name, nil)
		return resource
	}
	for name, test := range map[string]struct {
		validator
		valid      tftest.Attributes
		attributes []string
	}{
		"failover": {
			resource("sdrs_protection_group_failover"), stopping,
			[]string{"protection_group_id", "priority_station", "force_stop_after", "timeouts.create", "timeouts.update", "timeouts.read"},
		},
		"protection": {
			resource("sdrs_protection_group_protection"), group,
			[]string{"protection_group_id", "timeouts.create", "timeouts.update", "timeouts.read", "timeouts.delete"},
		},

		"planned failover action": {c.NewAction(t, "sdrs_planned_failover"), stopping, []string{"protection_group_id", "priority_station", "force_stop_after", "timeout"}},
		"failover action":         {c.NewAction(t, "sdrs_unplanned_failover"), sited, []string{"protection_group_id", "priority_station", "timeout"}},
		"enable protection":       {c.NewAction(t, "sdrs_enable_protection"), group, []string{"protection_group_id", "timeout"}},
		"reprotect":               {c.NewAction(t, "sdrs_reprotect"), group, []string{"protection_group_id", "timeout"}},
		"disable protection":      {c.NewAction(t, "sdrs_disable_protection"), group, []string{"protection_group_id", "timeout"}},

		"group":        {c.NewDataSource(t, "sdrs_protection_group", nil), tftest.Attributes{"id": c.GroupID}, []string{"id"}},
		"groups":       {c.NewDataSource(t, "sdrs_protection_groups", nil), nil, []string{"status", "query_type"}},
		"instances":    {c.NewDataSource(t, "sdrs_protected_instances", nil), nil, []string{"protection_group_id", "status", "query_type"}},
		"pairs":        {c.NewDataSource(t, "sdrs_replication_pairs", nil), nil, []string{"protection_group_id", "protected_instance_id", "status", "query_type"}},
		"failure jobs": {c.NewDataSource(t, "sdrs_failure_jobs", nil), nil, []string{"protection_group_id", "failure_status"}},
		"readiness":    {c.NewDataSource(t, "sdrs_failover_readiness", nil), sited, []string{"protection_group_id", "priority_station"}},
	} {
		if text := tftest.Text(test.Validate(t, test.valid)); text != "" {
			t.Errorf("%s: the valid configuration is not: %s", name, text)
		}
		for _, attribute := range test.attributes {
			for _, value := range hostile {
				config := tftest.Attributes{}
				maps.Copy(config, test.valid)
				if block, inner, nested := strings.Cut(attribute, "."); nested {
					config[block] = tftest.Attributes{inner: value}
				} else {
					config[attribute] = value
				}
				diagnostics := test.Validate(t, config)
				if text := tftest.Text(diagnostics); !strings.HasPrefix(text, "ERROR on ") {
					t.Errorf("%s: %s takes %.40q: %s", name, attribute, value, text)
				}
				for _, diagnostic := range diagnostics {
					if !slices.Contains(invalid, diagnostic.Summary) {
						t.Errorf("%s: %s: the troubleshooting guide lacks %s", name, attribute, diagnostic.Summary)
					}
				}
			}
		}
	}
	for _, request := range c.Requests() {
		if request.Route == "" || !strings.HasPrefix(request.Path, "/v3/") {
			t.Errorf("%s %s", request.Method, request.Path)
		}
	}
}

// validator is a resource, a data source, or an action.
type validator interface {
	Validate(t testing.TB, config tftest.Attributes) []*tfprotov6.Diagnostic
}

// TestNamesAreSentAsTheyAre lists by names that nobody can validate: each makes one request with one parameter.
func TestNamesAreSentAsTheyAre(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	groups := c.NewDataSource(t, "sdrs_protection_groups", nil)
	for _, name := range hostile {
		for attribute, parameter := range map[string]string{"name": "name", "active_availability_zone": "availability_zone"} {
			c.ResetRequests()
			groups.Read(t, tftest.Attributes{attribute: name})
			requests := c.Requests()
			if len(requests) != 1 || requests[0].Route != simulator.RouteGroups {
				t.Errorf("%.40q: %v", name, requests)
				continue
			}
			query, err := url.ParseQuery(requests[0].RawQuery)
			want := url.Values{"limit": {"1000"}, "offset": {"0"}}
			if name != "" {
				want.Set(parameter, name)
			}
			if err != nil || !maps.EqualFunc(query, want, slices.Equal) {
				t.Errorf("%.40q is sent as %.80s, %v", name, requests[0].RawQuery, err)
			}
		}
	}
}
