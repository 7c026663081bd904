package tftest

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// Want compares the named attributes.
func Want(t testing.TB, got, want Attributes) {
	t.Helper()
	for name, value := range want {
		if !reflect.DeepEqual(got[name], value) {
			t.Errorf("%s is %v, want %v", name, got[name], value)
		}
	}
}

// WantText compares diagnostics with a text in which {group} stands for the facts of the demo group's name and id.
func WantText(t testing.TB, got, want string) {
	t.Helper()
	want = strings.ReplaceAll(strings.TrimSpace(want), "{group}", "web-shop "+simulator.DemoGroup().ID)
	if got := strings.TrimSpace(got); got != want {
		t.Errorf("got:\n%s\n\nwant:\n%s", got, want)
	}
}

// Equal reports whether two objects are the same, with all that is in them.
func Equal(a, b Attributes) bool { return reflect.DeepEqual(a, b) }

// Objects returns the objects that an attribute lists.
func Objects(t testing.TB, attributes Attributes, name string) []Attributes {
	t.Helper()
	items, ok := attributes[name].([]any)
	if !ok {
		t.Fatalf("%s is %v", name, attributes[name])
	}
	var objects []Attributes
	for _, item := range items {
		object, ok := item.(Attributes)
		if !ok {
			t.Fatalf("%s holds %v", name, item)
		}
		objects = append(objects, object)
	}
	return objects
}

// WithoutRequestID replaces the id of a request, which differs from run to run, by a dash.
func WithoutRequestID(text string) string {
	return regexp.MustCompile(`Request ID: \w+`).ReplaceAllString(text, "Request ID: -")
}

// Masked replaces, line by line, what differs from run to run by the placeholder that the wanted text has there, and
// drops repetitions of such lines.
func Masked(got, want string) string {
	var lines []string
	for line := range strings.Lines(got) {
		for _, placeholder := range []string{"{job}", "{request}", "{reason}", "{sub-job}"} {
			for wanted := range strings.Lines(want) {
				prefix, _, found := strings.Cut(wanted, placeholder)
				if value, ok := strings.CutPrefix(line, prefix); found && ok && strings.TrimSpace(value) != "" {
					line = wanted
				}
			}
		}
		if len(lines) == 0 || lines[len(lines)-1] != line || line == "\n" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

// Change returns a copy in which attributes are changed, by name and value in turn.
func Change(attributes Attributes, changes ...any) Attributes {
	changed := maps.Clone(attributes)
	for change := range slices.Chunk(changes, 2) {
		changed[change[0].(string)] = change[1] //nolint:forcetypeassert // A name.
	}
	return changed
}
