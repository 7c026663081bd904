package protectiongroup

import "github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"

// Section is what can be said of finding protection groups.
func Section() diagnostic.Section {
	return diagnostic.Section{Title: "Protection groups", Kinds: []diagnostic.Kind{groupNotUnique}}
}

// groupNotUnique is a name that several groups have.
var groupNotUnique = diagnostic.Error("Protection Group Not Unique",
	"Several protection groups have the name that the data source asks for.",
	"Set `id` in place of `name`. The message has the ids.")
