package tftest

import (
	"net/http"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// DataSource drives a data source of the provider by the plugin protocol, as Terraform would.
type DataSource struct {
	server   tfprotov6.ProviderServer
	typeName string
	schema   tftypes.Type
}

// NewDataSource returns a data source of a provider that is configured with the given arguments; nil for the
// simulator's own.
func (c *Cloud) NewDataSource(t testing.TB, typeName string, arguments Attributes) *DataSource {
	t.Helper()
	server, diagnostics := c.configured(t, arguments)
	if len(diagnostics) > 0 {
		t.Fatal(Text(diagnostics))
	}
	return &DataSource{server: server, typeName: typeName, schema: schemas().DataSourceSchemas[typeName].ValueType()}
}

// Validate validates a configuration.
func (d *DataSource) Validate(t testing.TB, config Attributes) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := d.server.ValidateDataResourceConfig(t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: d.typeName, Config: dynamic(t, d.schema, orEmpty(config)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// Read reads the data source, where its configuration is valid.
func (d *DataSource) Read(t testing.TB, config Attributes) State {
	t.Helper()
	if diagnostics := d.Validate(t, config); len(diagnostics) > 0 {
		return State{Diagnostics: diagnostics}
	}
	resp, err := d.server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: d.typeName, Config: dynamic(t, d.schema, orEmpty(config)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return State{Attributes: attributes(t, d.schema, resp.State), Diagnostics: resp.Diagnostics}
}

// orEmpty returns a configuration without arguments in place of none at all.
func orEmpty(config Attributes) Attributes {
	if config == nil {
		return Attributes{}
	}
	return config
}

// Source is a data source on a simulator of its own.
type Source struct {
	*Cloud
	*DataSource
}

// NewSource returns a data source on a simulator with the given options.
func NewSource(t testing.TB, typeName string, options ...simulator.Option) Source {
	t.Helper()
	cloud := Simulate(t, options...)
	return Source{Cloud: cloud, DataSource: cloud.NewDataSource(t, typeName, nil)}
}

// MustRead reads the data source, and wants that to take a number of requests to a route, and none to others.
func (s Source) MustRead(t testing.TB, config Attributes, route string, requests int) Attributes {
	t.Helper()
	s.ResetRequests()
	state := s.Read(t, config)
	if len(state.Diagnostics) > 0 {
		t.Fatal(Text(state.Diagnostics))
	}
	if n := s.Count(route); n != requests || len(s.Requests()) != n {
		t.Errorf("%d of %d requests to %s, want %d", n, len(s.Requests()), route, requests)
	}
	return state.Attributes
}

// List returns the objects that the data source lists, in one request.
func (s Source) List(t testing.TB, config Attributes) []Attributes {
	t.Helper()
	s.ResetRequests()
	state := s.Read(t, config)
	if len(state.Diagnostics) > 0 || len(s.Requests()) != 1 {
		t.Fatalf("%d requests, %s", len(s.Requests()), Text(state.Diagnostics))
	}
	for name, value := range state.Attributes {
		if _, ok := value.([]any); ok {
			return Objects(t, state.Attributes, name)
		}
	}
	t.Fatalf("there is no list in %v", state.Attributes)
	return nil
}

// WantItems compares the last objects that a data source lists of the demo group and the [Warehouse].
func WantItems(t testing.TB, typeName string, want ...Attributes) {
	t.Helper()
	found := NewSource(t, typeName, simulator.WithGroups(simulator.DemoGroup(), Warehouse())).List(t, nil)
	if len(found) < len(want) || !reflect.DeepEqual(found[len(found)-len(want):], want) {
		t.Errorf("got  %v\nwant %v", found, want)
	}
}

// WantItem compares the named attributes of the one object that a data source lists after an answer of the API.
func WantItem(t testing.TB, typeName, answer string, want Attributes) {
	t.Helper()
	s := NewSource(t, typeName)
	s.Inject(simulator.Fault{Status: http.StatusOK, Body: answer})
	found := s.List(t, nil)
	if len(found) != 1 {
		t.Fatalf("got %v", found)
	}
	for name, value := range want {
		if got := found[0][name]; !reflect.DeepEqual(got, value) {
			t.Errorf("%s is %v, want %v", name, got, value)
		}
	}
}
