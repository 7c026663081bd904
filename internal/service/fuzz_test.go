package service_test

import (
	"path"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// isUUID says once more what an id is, by other means than the provider.
func isUUID(id string) bool {
	switch len(id) {
	case 36:
		for _, dash := range []int{8, 13, 18, 23} {
			if id[dash] != '-' {
				return false
			}
		}
		id = id[:8] + id[9:13] + id[14:18] + id[19:23] + id[24:]
	case 32:
	default:
		return false
	}
	return strings.Trim(id, "0123456789abcdefABCDEF") == "" && len(id) == 32
}

// sameID compares ids that are written with or without dashes, in upper or lower case.
func sameID(a, b string) bool {
	return strings.EqualFold(strings.ReplaceAll(a, "-", ""), strings.ReplaceAll(b, "-", ""))
}

// FuzzImportID imports by ids and identities: only a UUID is ever asked for, and nothing else.
func FuzzImportID(f *testing.F) {
	for _, id := range append([]string{simulator.DemoGroup().ID, strings.ReplaceAll(simulator.DemoGroup().ID, "-", "")},
		hostile...) {
		f.Add(id, "")
		f.Add(id, "eu-de")
	}
	c := tftest.Simulate(f)
	failover, _ := c.NewResource(f, "sdrs_protection_group_failover", nil)
	protection, _ := c.NewResource(f, "sdrs_protection_group_protection", nil)
	f.Fuzz(func(t *testing.T, id, region string) {
		if !utf8.ValidString(id) || !utf8.ValidString(region) {
			t.Skip("Terraform has no such strings")
		}
		for name, run := range map[string]func() tftest.State{
			"id":            func() tftest.State { return failover.Import(t, id) },
			"id, the other": func() tftest.State { return protection.Import(t, id) },
			"identity": func() tftest.State {
				return failover.ImportIdentity(t, tftest.Attributes{"protection_group_id": id, "region": region})
			},
		} {
			c.ResetRequests()
			imported := run()
			text := tftest.Text(imported.Diagnostics)
			wanted := isUUID(id) && (name != "identity" || region == "" || region == simulator.DefaultAccount().Region)
			requests := c.Requests()
			switch {
			case !wanted:
				if len(requests) > 0 || !strings.HasPrefix(text, "ERROR: ") {
					t.Errorf("%s %q: %d requests, %s", name, id, len(requests), text)
				}
			case len(requests) == 0 || slices.ContainsFunc(requests, func(r simulator.Request) bool {
				return r.Route != simulator.RouteGroup || !sameID(path.Base(r.Path), id)
			}):
				t.Errorf("%s %q: %v", name, id, requests)
			}
		}
	})
}

// FuzzDuration validates durations: what is accepted is one.
func FuzzDuration(f *testing.F) {
	for _, text := range append([]string{
		"5m", "1h30m", "-5m", "+5m", "+-5m", "0", "-0", "0s", "1ns", ".5s", "1.s", "5", "5 m", "5M", "1d", "2562047h47m16.854775807s", "2562048h",
		"9223372036854775807ns", "9223372036854775808ns", "-9223372036854775808ns", "1e9s", "1µs", "1μs", "0.000000000000000000000000000001h",
	}, hostile...) {
		f.Add(text)
	}
	c := tftest.Simulate(f)
	resource, _ := c.NewResource(f, "sdrs_protection_group_failover", nil)
	planned := c.NewAction(f, "sdrs_planned_failover")
	evacuation, nic := c.NewAction(f, "sdrs_evacuate_availability_zone"), c.NewAction(f, "sdrs_add_nic")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("Terraform has no such strings")
		}
		duration, err := time.ParseDuration(text)
		for name, diagnostics := range map[string]string{
			"force_stop_after": tftest.Text(resource.Validate(t, tftest.Attributes{
				"protection_group_id": c.GroupID, "priority_station": "source", "stop_servers": true, "force_stop_after": text,
			})),
			"force_stop_after of the action": tftest.Text(planned.Validate(t, tftest.Attributes{
				"protection_group_id": c.GroupID, "priority_station": "source", "stop_servers": true, "force_stop_after": text,
			})),
		} {
			if valid := err == nil && !strings.HasPrefix(text, "-"); valid != (diagnostics == "") {
				t.Errorf("%s %q: valid is %v, and the diagnostics are %q", name, text, valid, diagnostics)
			}
		}
		for name, diagnostics := range map[string]string{
			"timeouts": tftest.Text(resource.Validate(t, tftest.Attributes{
				"protection_group_id": c.GroupID, "priority_station": "source",
				"timeouts": tftest.Attributes{"create": text, "update": text, "read": text},
			})),
			"timeout": tftest.Text(planned.Validate(t, tftest.Attributes{
				"protection_group_id": c.GroupID, "priority_station": "source", "timeout": text,
			})),
			"timeout of the evacuation": tftest.Text(evacuation.Validate(t, tftest.Attributes{
				"availability_zone": "eu-de-01", "mode": "planned", "timeout": text,
			})),
			"timeout of a network card": tftest.Text(nic.Validate(t, tftest.Attributes{
				"protected_instance_id": c.GroupID, "subnet_id": c.GroupID, "timeout": text,
			})),
		} {
			if (err == nil && duration > 0) != (diagnostics == "") {
				t.Errorf("%s %q: %v, and the diagnostics are %q", name, text, err, diagnostics)
			}
		}
	})
}
