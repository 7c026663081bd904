package tftest

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/provider"
)

// Unknown stands for a value that is not known at plan time.
const Unknown = "\x00unknown"

// Attributes are the attributes of a resource, a data source, or a provider by name: string, bool, int64,
// map[string]any, nil, or [Unknown], and in answers []any. Missing ones are null.
type Attributes = map[string]any

// Resource drives a resource of the provider by the plugin protocol, as Terraform would. Unlike a test through
// Terraform, one with it sees warnings, and what is saved beside an error.
type Resource struct {
	server   tfprotov6.ProviderServer
	typeName string
	schema   tftypes.Type
	identity tftypes.Type
	// computed are the attributes that the provider may set.
	computed map[string]bool
	// configure is what Terraform does once for each plan and each apply.
	configure func(testing.TB) []*tfprotov6.Diagnostic
}

// Planned is the answer to a plan.
type Planned struct {
	Attributes
	Diagnostics []*tfprotov6.Diagnostic
	// Replaces is set where the plan needs another resource.
	Replaces       bool
	config, prior  Attributes
	earlier        State
	plannedPrivate []byte
}

// State is the answer to an apply, a refresh, or an import. Attributes are nil where nothing is saved.
type State struct {
	Attributes
	// Identity is nil where there is none.
	Identity    Attributes
	Diagnostics []*tfprotov6.Diagnostic
	private     []byte
}

// NewResource returns a resource of a provider that is configured with the given arguments; nil for the simulator's
// own. Diagnostics of that are returned, too.
func (c *Cloud) NewResource(t testing.TB, typeName string, arguments Attributes) (*Resource, []*tfprotov6.Diagnostic) {
	t.Helper()
	server, diagnostics := c.configured(t, arguments)
	return c.resource(server, typeName, arguments), diagnostics
}

// Beside returns a resource of the same provider, as the other resources of one apply are.
func (c *Cloud) Beside(t testing.TB, r *Resource, typeName string) *Resource {
	t.Helper()
	return c.resource(r.server, typeName, nil)
}

func (c *Cloud) resource(server tfprotov6.ProviderServer, typeName string, arguments Attributes) *Resource {
	schema := schemas().ResourceSchemas[typeName]
	computed := map[string]bool{}
	for _, attribute := range schema.Block.Attributes {
		computed[attribute.Name] = attribute.Computed
	}
	return &Resource{
		server: server, typeName: typeName, schema: schema.ValueType(), computed: computed,
		identity: identities().IdentitySchemas[typeName].ValueType(),
		configure: func(t testing.TB) []*tfprotov6.Diagnostic {
			t.Helper()
			return c.configure(t, server, arguments)
		},
	}
}

// schemas is what the provider offers, and identities are those of its resources. Both depend on the code alone, and
// take a provider a while: those of the tests share them.
var (
	schemas = sync.OnceValue(func() *tfprotov6.GetProviderSchemaResponse {
		return must(provider.NewServer("test").GetProviderSchema(context.Background(),
			&tfprotov6.GetProviderSchemaRequest{}))
	})
	identities = sync.OnceValue(func() *tfprotov6.GetResourceIdentitySchemasResponse {
		return must(provider.NewServer("test").GetResourceIdentitySchemas(context.Background(),
			&tfprotov6.GetResourceIdentitySchemasRequest{}))
	})
)

func must[T any](described T, err error) T {
	if err != nil {
		panic(err) // Of a provider in process, which has no reason to.
	}
	return described
}

// Schemas returns what the provider offers, with its arguments.
func (c *Cloud) Schemas(t testing.TB) *tfprotov6.GetProviderSchemaResponse {
	t.Helper()
	return schemas()
}

// ValidateProvider validates the arguments of the provider.
func (c *Cloud) ValidateProvider(t testing.TB, arguments Attributes) []*tfprotov6.Diagnostic {
	t.Helper()
	server, err := c.Providers()["sdrs"]()
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{
		Config: dynamic(t, schemas().Provider.ValueType(), arguments),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// configured returns a provider that is configured with the given arguments; nil for the simulator's own.
func (c *Cloud) configured(t testing.TB, arguments Attributes) (tfprotov6.ProviderServer, []*tfprotov6.Diagnostic) {
	t.Helper()
	server, err := c.Providers()["sdrs"]()
	if err != nil {
		t.Fatal(err)
	}
	return server, c.configure(t, server, arguments)
}

// configure configures a provider with the given arguments; nil for the simulator's own.
func (c *Cloud) configure(
	t testing.TB, server tfprotov6.ProviderServer, arguments Attributes,
) []*tfprotov6.Diagnostic {
	t.Helper()
	if arguments == nil {
		arguments = c.Arguments()
	}
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: dynamic(t, schemas().Provider.ValueType(), arguments), TerraformVersion: "1.11.4",
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// Stop stops the provider of the resource, as Ctrl-C does.
func (r *Resource) Stop(t testing.TB) {
	t.Helper()
	stop(t, r.server)
}

func stop(t testing.TB, server tfprotov6.ProviderServer) {
	t.Helper()
	if _, err := server.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
		t.Error(err)
	}
}

// Plan plans a change of prior, nil for a creation, to config, nil for a destruction.
func (r *Resource) Plan(t testing.TB, prior, config Attributes) Planned {
	t.Helper()
	return r.PlanAfter(t, State{}, prior, config)
}

// PlanAfter is Plan, with what an earlier apply kept beside the state.
func (r *Resource) PlanAfter(t testing.TB, earlier State, prior, config Attributes) Planned {
	t.Helper()
	proposed := maps.Clone(config)
	for name, value := range prior {
		if proposed != nil && proposed[name] == nil && r.computed[name] {
			proposed[name] = value // Terraform proposes to keep it.
		}
	}
	resp, err := r.server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: r.typeName, PriorState: dynamic(t, r.schema, prior),
		ProposedNewState: dynamic(t, r.schema, proposed), Config: dynamic(t, r.schema, config),
		PriorPrivate: earlier.private,
	})
	if err != nil {
		t.Fatal(err)
	}
	planned := attributes(t, r.schema, resp.PlannedState)
	for name, value := range planned { // Terraform refuses a plan that guesses.
		guessed := config[name] == Unknown && value != Unknown && !reflect.DeepEqual(value, prior[name])
		if guessed && !Failed(resp.Diagnostics) {
			t.Errorf("invalid plan: %s comes later, and is planned to be %v", name, value)
		}
	}
	return Planned{
		Attributes: planned, Diagnostics: resp.Diagnostics,
		Replaces: len(
			resp.RequiresReplace,
		) > 0, config: maps.Clone(config), prior: maps.Clone(prior), earlier: earlier, plannedPrivate: resp.PlannedPrivate,
	}
}

// InconsistentFinalPlan is what Terraform says of a provider that breaks a promise of a plan when it plans again.
const InconsistentFinalPlan = "Provider produced inconsistent final plan"

// Apply applies a plan, and holds the provider to what the plan promised, as Terraform does: it configures the provider
// anew, plans once more, and refuses a final plan in which a value differs that was known before. Of that plan only
// errors are seen.
func (r *Resource) Apply(ctx context.Context, t testing.TB, plan Planned) State {
	t.Helper()
	return r.ApplyKnowing(ctx, t, plan, plan.config)
}

// ApplyKnowing is Apply with a configuration of which more is known by now.
func (r *Resource) ApplyKnowing(ctx context.Context, t testing.TB, first Planned, config Attributes) State {
	t.Helper()
	if diagnostics := r.configure(t); Failed(diagnostics) {
		return State{Attributes: first.prior, Diagnostics: diagnostics, private: first.earlier.private}
	}
	plan := first
	if config != nil { // Terraform plans a destruction once.
		plan = r.PlanAfter(t, first.earlier, first.prior, config)
		failed := State{Attributes: first.prior, Diagnostics: plan.Diagnostics, private: first.earlier.private}
		if Failed(plan.Diagnostics) {
			return failed
		}
		if broken := brokenPromises("", first.Attributes, plan.Attributes); broken != "" {
			failed.Diagnostics = []*tfprotov6.Diagnostic{{
				Severity: tfprotov6.DiagnosticSeverityError, Summary: InconsistentFinalPlan, Detail: broken,
			}}
			return failed
		}
	}
	return r.ApplyFinal(ctx, t, plan)
}

// ApplyFinal applies a plan as the one that Terraform makes right before it applies: what happens between the two.
func (r *Resource) ApplyFinal(ctx context.Context, t testing.TB, plan Planned) State {
	t.Helper()
	resp, err := r.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: r.typeName, PriorState: dynamic(t, r.schema, plan.prior), PlannedState: dynamic(t, r.schema,
			plan.Attributes),
		Config: dynamic(t, r.schema, plan.config), PlannedPrivate: plan.plannedPrivate,
	})
	if err != nil {
		t.Fatal(err)
	}
	state := State{
		Attributes: attributes(t, r.schema, resp.NewState), Identity: identity(t, r.identity, resp.NewIdentity),
		Diagnostics: resp.Diagnostics, private: resp.Private,
	}
	if !Failed(resp.Diagnostics) {
		if broken := brokenPromises("", plan.Attributes, state.Attributes); broken != "" {
			t.Errorf("inconsistent result after apply:\n%s", broken)
		}
	}
	return state
}

// brokenPromises lists what was known and is different now.
func brokenPromises(at string, promised, got any) string {
	if promised == Unknown {
		return ""
	}
	fields, nested := promised.(Attributes)
	now, still := got.(Attributes)
	if !nested || !still || fields == nil || now == nil {
		if reflect.DeepEqual(promised, got) {
			return ""
		}
		return fmt.Sprintf("%s was %v, but now %v\n", at, promised, got)
	}
	var broken strings.Builder
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		broken.WriteString(brokenPromises(strings.TrimPrefix(at+"."+name, "."), fields[name], now[name]))
	}
	return broken.String()
}

// Read refreshes a state that has no identity yet.
func (r *Resource) Read(t testing.TB, state Attributes) State {
	t.Helper()
	return r.Refresh(t, State{Attributes: state})
}

// Refresh refreshes a state.
func (r *Resource) Refresh(t testing.TB, state State) State {
	t.Helper()
	resp, err := r.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: r.typeName, CurrentState: dynamic(t, r.schema, state.Attributes),
		CurrentIdentity: identityData(t, r.identity, state.Identity), Private: state.private,
	})
	if err != nil {
		t.Fatal(err)
	}
	return State{
		Attributes: attributes(t, r.schema, resp.NewState), Identity: identity(t, r.identity, resp.NewIdentity),
		Diagnostics: resp.Diagnostics, private: resp.Private,
	}
}

// Import imports by id, and refreshes.
func (r *Resource) Import(t testing.TB, id string) State {
	t.Helper()
	return r.imported(t, &tfprotov6.ImportResourceStateRequest{TypeName: r.typeName, ID: id})
}

// ImportIdentity imports by identity, and refreshes.
func (r *Resource) ImportIdentity(t testing.TB, identity Attributes) State {
	t.Helper()
	return r.imported(t,
		&tfprotov6.ImportResourceStateRequest{TypeName: r.typeName, Identity: identityData(t, r.identity, identity)})
}

func (r *Resource) imported(t testing.TB, req *tfprotov6.ImportResourceStateRequest) State {
	t.Helper()
	resp, err := r.server.ImportResourceState(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if len(resp.ImportedResources) == 0 {
		return State{Diagnostics: resp.Diagnostics}
	}
	found := resp.ImportedResources[0]
	return r.Refresh(t,
		State{Attributes: attributes(t, r.schema, found.State), Identity: identity(t, r.identity, found.Identity)})
}

// Validate validates a configuration.
func (r *Resource) Validate(t testing.TB, config Attributes) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := r.server.ValidateResourceConfig(t.Context(),
		&tfprotov6.ValidateResourceConfigRequest{TypeName: r.typeName, Config: dynamic(t, r.schema, config)})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// Failed reports whether one of the diagnostics is an error.
func Failed(diagnostics []*tfprotov6.Diagnostic) bool {
	return slices.ContainsFunc(diagnostics, func(d *tfprotov6.Diagnostic) bool {
		return d.Severity == tfprotov6.DiagnosticSeverityError
	})
}

// Text returns diagnostics as text, one after the other: severity, attribute, summary, and detail but for the link to
// the troubleshooting guide, which each error of the provider ends with.
func Text(diagnostics []*tfprotov6.Diagnostic) string {
	var text strings.Builder
	for _, d := range diagnostics {
		at := ""
		if d.Attribute != nil && len(d.Attribute.Steps()) > 0 {
			at = " on " + d.Attribute.String()
		}
		fmt.Fprintf(&text, "%s%s: %s\n\n%s\n", d.Severity, at, d.Summary, toGuide.ReplaceAllString(d.Detail, ""))
	}
	return text.String()
}

var toGuide = regexp.MustCompile(`\n\nSee https://\S+/troubleshooting#\S+$`)

func identityData(t testing.TB, schema tftypes.Type, identity Attributes) *tfprotov6.ResourceIdentityData {
	t.Helper()
	if identity == nil {
		return nil
	}
	return &tfprotov6.ResourceIdentityData{IdentityData: dynamic(t, schema, identity)}
}

func identity(t testing.TB, schema tftypes.Type, data *tfprotov6.ResourceIdentityData) Attributes {
	t.Helper()
	if data == nil {
		return nil
	}
	return attributes(t, schema, data.IdentityData)
}

func dynamic(t testing.TB, schema tftypes.Type, attributes Attributes) *tfprotov6.DynamicValue {
	t.Helper()
	var content any
	if attributes != nil {
		content = attributes
	}
	value, err := tfprotov6.NewDynamicValue(schema, toValue(t, schema, content))
	if err != nil {
		t.Fatal(err)
	}
	return &value
}

func attributes(t testing.TB, schema tftypes.Type, value *tfprotov6.DynamicValue) Attributes {
	t.Helper()
	if value == nil {
		return nil
	}
	decoded, err := value.Unmarshal(schema)
	if err != nil {
		t.Fatal(err)
	}
	found, _ := fromValue(t, decoded).(Attributes)
	return found
}

func toValue(t testing.TB, typ tftypes.Type, content any) tftypes.Value {
	t.Helper()
	if content == nil {
		return tftypes.NewValue(typ, nil)
	}
	if content == Unknown {
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	}
	if element, items := elements(typ, content); items != nil {
		return tftypes.NewValue(typ, each(items, func(item any) tftypes.Value { return toValue(t, element, item) }))
	}
	if of, ok := typ.(tftypes.Map); ok {
		values := map[string]tftypes.Value{}
		for key, item := range content.(Attributes) { //nolint:forcetypeassert // Tests have nothing else in maps.
			values[key] = toValue(t, of.ElementType, item)
		}
		return tftypes.NewValue(typ, values)
	}
	object, ok := typ.(tftypes.Object)
	if !ok {
		return tftypes.NewValue(typ, content)
	}
	fields, ok := content.(Attributes)
	if !ok {
		t.Fatalf("%v is not the content of an object", content)
	}
	for name := range fields {
		if _, known := object.AttributeTypes[name]; !known {
			t.Fatalf("the schema has no attribute %s", name)
		}
	}
	values := map[string]tftypes.Value{}
	for name, attribute := range object.AttributeTypes {
		values[name] = toValue(t, attribute, fields[name])
	}
	return tftypes.NewValue(typ, values)
}

// elements returns what a list or a set has; nil for anything else.
func elements(typ tftypes.Type, content any) (element tftypes.Type, items []any) {
	items, _ = content.([]any)
	switch of := typ.(type) {
	case tftypes.List:
		return of.ElementType, items
	case tftypes.Set:
		return of.ElementType, items
	}
	return nil, nil
}

func each(items []any, convert func(any) tftypes.Value) []tftypes.Value {
	values := []tftypes.Value{}
	for _, item := range items {
		values = append(values, convert(item))
	}
	return values
}

func fromValue(t testing.TB, value tftypes.Value) any {
	t.Helper()
	if value.IsNull() {
		return nil
	}
	if !value.IsKnown() {
		return Unknown
	}
	var text string
	var flag bool
	var items []tftypes.Value
	var fields map[string]tftypes.Value
	switch {
	case value.Type().Is(tftypes.String):
		if err := value.As(&text); err != nil {
			t.Fatal(err)
		}
		return text
	case value.Type().Is(tftypes.Bool):
		if err := value.As(&flag); err != nil {
			t.Fatal(err)
		}
		return flag
	case value.Type().Is(tftypes.Number):
		return number(t, value)
	case value.Type().Is(tftypes.List{}), value.Type().Is(tftypes.Set{}):
		if err := value.As(&items); err != nil {
			t.Fatal(err)
		}
		found := make([]any, 0, len(items))
		for _, item := range items {
			found = append(found, fromValue(t, item))
		}
		return found
	default:
		if err := value.As(&fields); err != nil {
			t.Fatal(err)
		}
		found := Attributes{}
		for name, field := range fields {
			found[name] = fromValue(t, field)
		}
		return found
	}
}

func number(t testing.TB, value tftypes.Value) int64 {
	t.Helper()
	var parsed big.Float
	if err := value.As(&parsed); err != nil {
		t.Fatal(err)
	}
	whole, _ := parsed.Int64()
	return whole
}
