package protectiongroup_test

import (
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestGroupsHaveAllPages(t *testing.T) {
	t.Parallel()
	var more []simulator.Group
	for n := range 1000 {
		more = append(more, named("more", n))
	}
	s := tftest.NewSource(t, "sdrs_protection_groups", simulator.WithGroups(more...))
	found := tftest.Objects(t, s.MustRead(t, nil, simulator.RouteGroups, 2), "protection_groups")
	if len(found) != 1001 {
		t.Errorf("%d groups", len(found))
	}
	tftest.Want(t, found[0], webShop())
	if len(found[0]) != len(webShop()) {
		t.Errorf("%d attributes", len(found[0]))
	}
}
