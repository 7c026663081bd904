package tfkit_test

import (
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// A replacement would end replication, and start it again.
func TestAnIDWrittenOtherwisePlansNothing(t *testing.T) {
	t.Parallel()
	for typeName, arguments := range map[string]tftest.Attributes{
		"sdrs_protection_group_protection": {},
		"sdrs_protection_group_failover":   {"priority_station": simulator.StationSource},
	} {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			cloud := tftest.Simulate(t)
			resource, _ := cloud.NewResource(t, typeName, nil)
			config := func(id string) tftest.Attributes {
				named := maps.Clone(arguments)
				named["protection_group_id"] = id
				return named
			}
			bare := strings.ToUpper(strings.ReplaceAll(cloud.GroupID, "-", ""))
			created := resource.Apply(t.Context(), t, resource.Plan(t, nil, config(cloud.GroupID)))
			for name, state := range map[string]tftest.State{"created": created, "imported": resource.Import(t, bare)} {
				for _, id := range []string{cloud.GroupID, bare, strings.ToLower(bare)} {
					plan := resource.Plan(t, state.Attributes, config(id))
					plan.Attributes["timeouts"] = state.Attributes["timeouts"] // An import has none.
					if !reflect.DeepEqual(plan.Attributes, state.Attributes) || plan.Replaces || len(plan.Diagnostics) > 0 {
						t.Errorf("%s, then %s:\n%v\n%v\n%s", name, id, state.Attributes, plan.Attributes, tftest.Text(plan.Diagnostics))
					}
				}
				if !resource.Plan(t, state.Attributes, config("50df180b-9fe2-471a-8c64-1b758dc84189")).Replaces {
					t.Errorf("%s: another group is no replacement", name)
				}
			}
		})
	}
}

func TestADataSourceTakesAnIDWithoutDashes(t *testing.T) {
	t.Parallel()
	cloud := tftest.Simulate(t)
	bare := strings.ToUpper(strings.ReplaceAll(cloud.GroupID, "-", ""))
	read := cloud.NewDataSource(t, "sdrs_protection_group", nil).Read(t, tftest.Attributes{"id": bare})
	if read.Attributes["id"] != cloud.GroupID {
		t.Errorf("got %v, %s", read.Attributes, tftest.Text(read.Diagnostics))
	}
}
