package service_test

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

// validator is a resource, a data source, or an action.
type validator interface {
	Validate(t testing.TB, config tftest.Attributes) []*tfprotov6.Diagnostic
}

// face is a resource, a data source, or an action of the provider, as its schema tells.
type face struct {
	validator
	name, typeName string
	// texts are the arguments that are text, with what their kinds take.
	texts map[string]text
	// collections are the arguments that are sets, lists, or maps, with a null in each.
	collections map[string]any
	// valid has what must be set, and each flag.
	valid tftest.Attributes
	// chosen is the one of valid in whose place others could be set; empty: there is none.
	chosen string
}

// text is what an argument takes: the id of something, one of some values, a duration, or anything.
type text struct {
	id, duration bool
	values       []string
}

// anything are the arguments that take any text. A new one has to be named here, so that none is forgotten.
var anything = regexp.MustCompile(`^(name|description|(\w+_)?availability_zone|flavor_id|primary_ip_address)$`)

var (
	enumeration = regexp.MustCompile("(One of|There is one,) `[^.:]+")
	quoted      = regexp.MustCompile("`([^`]+)`")
)

// kind tells from the schema what an argument takes.
func kind(t *testing.T, name, argument, description string) text {
	t.Helper()
	found := text{
		id:       argument == "id" || strings.HasSuffix(argument, "_id") && argument != "flavor_id", // A flavor's is no UUID.
		duration: strings.Contains(description, "a duration such as"),
	}
	if argument == "priority_station" {
		found.values = []string{"source", "target"}
	} else if argument == "device" {
		found.values = []string{"/dev/vdb"}
	} else if argument == "report_file" {
		found.values = []string{"report.html"}
	} else if argument == "ip_address" {
		found.values = []string{"10.0.1.77"}
	} else if list := enumeration.FindString(description); list != "" {
		for _, value := range quoted.FindAllStringSubmatch(list, -1) {
			found.values = append(found.values, value[1])
		}
	}
	if !found.id && !found.duration && found.values == nil && !anything.MatchString(argument) {
		t.Errorf("%s: it is not known what %s takes: %s", name, argument, description)
	}
	return found
}

func (k text) free() bool { return !k.id && !k.duration && k.values == nil }

// valid is a value that it takes.
func (k text) valid(c *tftest.Cloud) string {
	switch {
	case k.id:
		return c.GroupID
	case k.duration:
		return "5m"
	case k.values != nil:
		return k.values[0]
	}
	return "x"
}

// faces are all that the provider offers.
func faces(t *testing.T, c *tftest.Cloud) []face {
	t.Helper()
	schemas := c.Schemas(t)
	var found []face
	add := func(sort, typeName string, schema *tfprotov6.Schema, of func() validator) {
		f := face{
			name: sort + " " + typeName, typeName: typeName, texts: map[string]text{}, valid: tftest.Attributes{},
			collections: map[string]any{}, validator: of(),
		}
		for _, a := range schema.Block.Attributes {
			switch {
			case !a.Required && !a.Optional:
			case a.Type.Is(tftypes.Bool):
				if a.Name != "all" { // It stands in place of an id.
					f.valid[a.Name] = true
				}
			case a.Type.Is(tftypes.Set{}), a.Type.Is(tftypes.List{}):
				f.collections[a.Name] = []any{nil}
			case a.Type.Is(tftypes.Map{}):
				f.collections[a.Name] = tftest.Attributes{"a": nil}
			case a.Type.Is(tftypes.String):
				f.texts[a.Name] = kind(t, f.name, a.Name, a.Description)
				if a.Required {
					f.valid[a.Name] = f.texts[a.Name].valid(c)
				}
			}
		}
		for _, block := range schema.Block.BlockTypes { // All are timeouts.
			for _, a := range block.Block.Attributes {
				f.texts[block.TypeName+"."+a.Name] = text{duration: true}
			}
		}
		for argument, kind := range f.texts { // Exactly one of some arguments must be set.
			if config := f.with(argument, kind.valid(c)); !kind.free() && len(f.Validate(t, f.valid)) > 0 &&
				len(f.Validate(t, config)) == 0 {
				f.valid, f.chosen = config, argument
			}
		}
		if text := tftest.Text(f.Validate(t, f.valid)); text != "" {
			t.Errorf("%s: the valid configuration is not: %s", f.name, text)
		}
		found = append(found, f)
	}
	for name, schema := range schemas.ResourceSchemas {
		add("resource", name, schema, func() validator {
			resource, _ := c.NewResource(t, name, nil)
			return resource
		})
	}
	for name, schema := range schemas.DataSourceSchemas {
		add("data", name, schema, func() validator { return c.NewDataSource(t, name, nil) })
	}
	for name, schema := range schemas.ActionSchemas {
		add("action", name, schema.Schema, func() validator { return c.NewAction(t, name) })
	}
	return found
}

// lists are the data sources that list things: whatever they have of arguments is a filter.
func lists(t *testing.T, c *tftest.Cloud) []face {
	t.Helper()
	return slices.DeleteFunc(faces(t, c),
		func(f face) bool { return !strings.HasPrefix(f.name, "data ") || len(f.valid) > 0 })
}

// with returns the valid configuration with another value of an argument, which may be in a block. Of the ids of a data
// source one alone may be set.
func (f face) with(argument string, value any) tftest.Attributes {
	config := maps.Clone(f.valid)
	if _, set := config[argument]; !set && f.texts[argument].id {
		delete(config, f.chosen)
	}
	if block, inner, nested := strings.Cut(argument, "."); nested {
		config[block] = tftest.Attributes{inner: value}
	} else {
		if strings.HasPrefix(f.name, "data ") && f.texts[argument].id {
			maps.DeleteFunc(config, func(other string, _ any) bool { return f.texts[other].id && len(config) == 1 })
		}
		config[argument] = value
	}
	return config
}

// Each argument takes what the documentation says, and what belongs to an argument of that name elsewhere it refuses.
func TestArgumentsTakeWhatTheDocumentationSays(t *testing.T) {
	t.Parallel()
	c := tftest.Simulate(t)
	all := faces(t, c)
	values := map[string][]string{}
	for _, f := range all {
		for argument, kind := range f.texts {
			values[argument] = append(values[argument], kind.values...)
		}
	}
	for _, f := range all {
		for argument, kind := range f.texts {
			good, refusal := kind.values, argument+" value must be one of: "
			var bad []string
			for _, value := range values[argument] {
				if !slices.Contains(kind.values, value) && !slices.Contains(bad, value) {
					bad = append(bad, value)
				}
			}
			if kind.id {
				good, bad = []string{c.GroupID, strings.ReplaceAll(c.GroupID, "-", ""), tftest.Unknown}, []string{"web-shop"}
				refusal = "must be the id of a"
			}
			for _, value := range good {
				if text := tftest.Text(f.Validate(t, f.with(argument, value))); text != "" {
					t.Errorf("%s: %s = %q: %s", f.name, argument, value, text)
				}
			}
			for _, value := range bad {
				if text := tftest.Text(f.Validate(t, f.with(argument, value))); !strings.Contains(text, refusal) ||
					!strings.Contains(text, value) {
					t.Errorf("%s: %s = %q: %s", f.name, argument, value, text)
				}
			}
		}
	}
}

// Each argument of a list is sent as it is, in one request with one parameter more.
func TestArgumentsOfListsAreSent(t *testing.T) {
	t.Parallel()
	parameters := map[string]string{
		"protection_group_id":      "server_group_id",
		"active_availability_zone": "availability_zone",
	}
	c := tftest.Simulate(t)
	for _, f := range lists(t, c) {
		list := c.NewDataSource(t, f.typeName, nil)
		for argument, kind := range f.texts {
			parameter := argument
			if other, found := parameters[argument]; found {
				parameter = other
			}
			values := []string{kind.valid(c)}
			if kind.free() {
				values = []string{"a b&c=d#é"}
			}
			if kind.free() && f.typeName == "sdrs_protection_groups" {
				values = append(values, hostile...)
				if strings.HasSuffix(argument, "availability_zone") {
					values = slices.DeleteFunc(values, func(value string) bool { return value == "" }) // It is refused.
				}
			}
			for _, value := range values {
				c.ResetRequests()
				list.Read(t, tftest.Attributes{argument: value})
				requests := c.Requests()
				if len(requests) != 1 {
					t.Fatalf("%s: %s = %.40q: %v", f.name, argument, value, requests)
				}
				query, err := url.ParseQuery(requests[0].RawQuery)
				want := url.Values{"limit": {"999"}, "offset": {"0"}}
				if value != "" {
					want.Set(parameter, value)
				}
				if err != nil || !maps.EqualFunc(query, want, slices.Equal) {
					t.Errorf("%s: %s = %.40q is sent as %.80s, %v", f.name, argument, value, requests[0].RawQuery, err)
				}
			}
		}
	}
}
