package tftest

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// List drives the list of a resource by the plugin protocol, as terraform query would.
type List struct {
	*Resource

	server tfprotov6.ListResourceServer
	schema tftypes.Type
}

// Listed is one result of a list: a resource, or diagnostics.
type Listed struct {
	State

	DisplayName string
}

// NewList returns the list of a resource of a provider that is configured with the given arguments; nil for the
// simulator's own.
func (c *Cloud) NewList(t testing.TB, typeName string, arguments Attributes) *List {
	t.Helper()
	resource, diagnostics := c.NewResource(t, typeName, arguments)
	if len(diagnostics) > 0 {
		t.Fatal(Text(diagnostics))
	}
	server, ok := resource.server.(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatal("the provider lists nothing")
	}
	return &List{Resource: resource, server: server, schema: schemas().ListResourceSchemas[typeName].ValueType()}
}

// Find lists at most limit resources, all where it is 0; with their states where include is set.
func (l *List) Find(t testing.TB, config Attributes, limit int64, include bool) []Listed {
	t.Helper()
	stream, err := l.server.ListResource(t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: l.typeName, Config: dynamic(t, l.schema, orEmpty(config)), Limit: limit, IncludeResource: include,
	})
	if err != nil {
		t.Fatal(err)
	}
	var found []Listed
	for result := range stream.Results {
		found = append(found, Listed{
			DisplayName: result.DisplayName,
			State: State{
				Attributes: attributes(t, l.Resource.schema, result.Resource), Identity: identity(t, l.identity, result.Identity),
				Diagnostics: result.Diagnostics,
			},
		})
	}
	return found
}
