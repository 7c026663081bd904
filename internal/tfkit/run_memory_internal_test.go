package tfkit

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// What a run has learned of something is found by any spelling of its id: a state keeps that of an import.
func TestRunMemoryKnowsEachSpelling(t *testing.T) {
	t.Parallel()
	const id = "40df180b-9fe2-471a-8c64-1b758dc84189"
	spellings := []string{id, strings.ToUpper(id), strings.ReplaceAll(id, "-", "")}
	for _, learned := range spellings {
		memory, site := &runMemory{}, types.StringValue("target")
		memory.See(learned, site)
		memory.Declare(learned)
		memory.Protect(learned)
		memory.miss(learned)
		for _, asked := range spellings {
			if !memory.Seen(asked, types.StringNull()).Equal(site) || !memory.Declared(asked) || !memory.Protects(asked) ||
				!memory.missed(asked) {
				t.Errorf("%s is not found by %s", learned, asked)
			}
		}
	}
}
