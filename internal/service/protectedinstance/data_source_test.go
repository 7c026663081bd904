package protectedinstance_test

import (
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestProtectedInstance(t *testing.T) {
	t.Parallel()
	demo := simulator.DemoGroup().Instances[0]
	twin := simulator.NewGroup(groupID, "web-shop", 1, 1)
	cloud := tftest.Simulate(t, simulator.WithGroups(twin)) // Its instance has the name of the first one.
	found := cloud.NewDataSource(t, "sdrs_protected_instance", nil)
	for name, test := range map[string]struct {
		asks tftest.Attributes
		says string
	}{
		"id":               {asks: tftest.Attributes{"id": demo.ID}},
		"server":           {asks: tftest.Attributes{"server_id": demo.SourceServer.ID}},
		"DR server":        {asks: tftest.Attributes{"server_id": demo.TargetServer.ID}},
		"a name":           {asks: tftest.Attributes{"name": "web-shop-2"}},
		"a name of two":    {asks: tftest.Attributes{"name": demo.Name}, says: `AttributeName("name"): Protected Instance Not Unique: ` + demo.Name},
		"a part of a name": {asks: tftest.Attributes{"name": "web-shop"}, says: `AttributeName("name"): Protected Instance Not Found: web-shop`},
		"no such id":       {asks: tftest.Attributes{"id": serverID}, says: `AttributeName("id"): Protected Instance Not Found: ` + serverID},
		"no such server":   {asks: tftest.Attributes{"server_id": serverID}, says: `AttributeName("server_id"): Protected Instance Not Found`},
	} {
		read := found.Read(t, test.asks)
		said := tftest.Text(read.Diagnostics)
		if test.says != "" {
			if !strings.Contains(said, test.says) {
				t.Errorf("%s: %s", name, said)
			}
			continue
		}
		for argument, value := range test.asks {
			if read.Attributes[argument] != value {
				t.Errorf("%s: got %v: %s", name, read.Attributes, said)
			}
		}
		if id := read.Attributes["protection_group_id"]; id != simulator.DemoGroup().ID {
			t.Errorf("%s: it is of %v", name, id)
		}
	}
}
