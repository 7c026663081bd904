package groupfailover_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

const (
	ordersID  = "5d0c2c3f-3f0e-4d5b-9a57-7d2a3c6a1b10"
	archiveID = "a1f4c0de-6b7e-4a0f-8f5c-2f4c8b9d7e21"
)

// newEstate is a cloud with three groups: web-shop and orders at source, and shop-archive at target.
func newEstate(t *testing.T) *tftest.Cloud {
	t.Helper()
	c := tftest.Simulate(t, simulator.WithGroups(
		simulator.NewGroup(ordersID, "orders", 3, 4), simulator.NewGroup(archiveID, "shop-archive", 1, 1),
	))
	c.UpdateGroup(archiveID, func(g *simulator.Group) { g.PriorityStation = simulator.StationTarget })
	return c
}

func ids(found []tftest.Listed) []string {
	var all []string
	for _, result := range found {
		id, _ := result.Identity["protection_group_id"].(string)
		all = append(all, id)
	}
	return all
}

func TestListFindsGroups(t *testing.T) {
	t.Parallel()
	c := newEstate(t)
	list := c.NewList(t, typeName, nil)
	for name, test := range map[string]struct {
		config tftest.Attributes
		limit  int64
		want   []string
	}{
		"all":     {want: []string{c.GroupID, ordersID, archiveID}},
		"by name": {config: tftest.Attributes{"name": "shop"}, want: []string{c.GroupID, archiveID}},
		"by zone": {config: tftest.Attributes{"active_availability_zone": "eu-de-02"}, want: []string{archiveID}},
		"by both": {
			config: tftest.Attributes{"name": "shop", "active_availability_zone": "eu-de-01"},
			want:   []string{c.GroupID},
		},
		"none":         {config: tftest.Attributes{"name": "nothing"}},
		"a high limit": {limit: 100, want: []string{c.GroupID, ordersID, archiveID}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := list.Find(t, test.config, test.limit, false)
			if got := ids(found); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
			for _, result := range found {
				if result.Attributes != nil || len(result.Diagnostics) > 0 {
					t.Errorf("got %v, %s", result.Attributes, tftest.Text(result.Diagnostics))
				}
				tftest.Want(t, result.Identity, tftest.Attributes{"region": "eu-de"})
			}
		})
	}
}

// What Terraform's limit leaves out is said before the last that it takes, or it would not be looked at.
func TestListThatIsCutOff(t *testing.T) {
	t.Parallel()
	c := newEstate(t)
	found := c.NewList(t, typeName, nil).Find(t, nil, 2, false)
	if got := ids(found); !slices.Equal(got, []string{"", c.GroupID, ordersID}) {
		t.Errorf("got %v", got)
	}
	tftest.WantText(t, tftest.Text(found[0].Diagnostics), `
WARNING: List Is Cut Off: sdrs_protection_group_failover

There are 3, and Terraform asks for 2. The others are not listed, and not imported.

Set limit = 3 or more in the list block, beside provider.
`)
}

// What a list includes is what an import would save, and it takes one request.
func TestListIncludesWhatAnImportSaves(t *testing.T) {
	t.Parallel()
	c := newEstate(t)
	list := c.NewList(t, typeName, nil)
	c.ResetRequests()
	found := list.Find(t, nil, 0, true)
	if n := len(c.Requests()); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
	if len(found) != 3 {
		t.Fatalf("found %d groups", len(found))
	}
	for _, result := range found {
		imported := list.ImportIdentity(t, result.Identity)
		if len(imported.Diagnostics) > 0 {
			t.Error(tftest.Text(imported.Diagnostics))
		}
		if !tftest.Equal(result.Attributes, imported.Attributes) || !tftest.Equal(result.Identity, imported.Identity) {
			t.Errorf("listed   %v\nimported %v", result.State, imported)
		}
		if name := fmt.Sprintf("%s (%s)", imported.Attributes["name"],
			imported.Attributes["id"]); result.DisplayName != name {
			t.Errorf("the display name is %q, want %q", result.DisplayName, name)
		}
	}
	tftest.Want(t, found[2].Attributes, tftest.Attributes{
		"priority_station":         "target",
		"active_availability_zone": "eu-de-02", "correct_drift": false,
	})
}

func TestListLeavesOutAGroupWithoutASite(t *testing.T) {
	t.Parallel()
	c := newEstate(t)
	c.UpdateGroup(c.GroupID, func(g *simulator.Group) { g.PriorityStation, g.Status = "", "error" })
	found := c.NewList(t, typeName, nil).Find(t, nil, 2, true)
	if len(found) != 3 || found[1].Identity["protection_group_id"] != ordersID {
		t.Fatalf("got %v", found)
	}
	tftest.WantText(t, tftest.Text(found[0].Diagnostics), `
WARNING: Protection Group Without a Site: web-shop

The API names no active site for this group, so it can't be imported. It is left out.

  Protection group: {group}
  Status: error
`)
}

func TestListFails(t *testing.T) {
	t.Parallel()
	c := newEstate(t)
	c.Inject(simulator.Fault{
		Route: simulator.RouteGroups, Status: http.StatusForbidden,
		Body: `{"error":{"code":"SDRS.0009","message":"no"}}`,
	})
	found := c.NewList(t, typeName, nil).Find(t, nil, 0, false)
	if len(found) != 1 || !strings.Contains(tftest.Text(found[0].Diagnostics), "ERROR: Protection Groups Not Permitted") {
		t.Errorf("got %v", found)
	}
	found = c.NewList(t, typeName, tftest.Attributes{"auth_url": tftest.Unknown}).Find(t, nil, 0, false)
	if len(found) != 1 || !strings.Contains(tftest.Text(found[0].Diagnostics), "ERROR: Provider Not Configured") {
		t.Errorf("got %v", found)
	}
}
