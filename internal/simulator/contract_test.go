package simulator_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// contract is what the API reference says of answers: testdata/contract-fields.csv and contract-routes.csv. Each answer
// that a test of this package gets from a simulator without faults must fit it. When all of them have run, each row and
// each value must have been seen, or is in parentheses.
type contract struct {
	objects map[string]map[string]field
	answers map[string]string          // of "route status"
	codes   map[string]map[string]bool // of a route, without the SDRS. before them, to whether the simulator has them

	mu     sync.Mutex
	unseen map[string]bool
}

type field struct {
	kind         string
	served       bool // it is not always null or left out
	null, absent string
	values       map[string]bool // to whether the simulator has them
}

var routeNames = regexp.MustCompile(`(?m)^\tRoute\w+ += "(.+?)"`)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}

	return value
}

var reference = sync.OnceValue(readContract)

func TestMain(m *testing.M) {
	code := m.Run()
	asked := func(name string) string { return flag.Lookup("test." + name).Value.String() }
	if code == 0 && asked("run")+asked("skip")+asked("list") == "" {
		for _, what := range slices.Sorted(maps.Keys(reference().unseen)) {
			fmt.Println("contract: no test has seen", what)
			code = 1
		}
	}
	os.Exit(code)
}

func readContract() *contract {
	c := &contract{
		objects: map[string]map[string]field{}, answers: map[string]string{}, codes: map[string]map[string]bool{},
		unseen: map[string]bool{},
	}
	for _, row := range rows("testdata/contract-fields.csv") {
		object, name := row["object"], row["field"]
		kind, unserved := strings.CutPrefix(row["type"], "(")
		f := field{
			kind: strings.TrimSuffix(kind, ")"), served: !unserved, null: row["null"], absent: row["absent"],
			values: wordsOf(row["values"]),
		}
		if c.objects[object] == nil {
			c.objects[object] = map[string]field{}
		}
		c.objects[object][name] = f
		c.unseen[object+"."+name] = f.served
		c.unseen[object+"."+name+" null"] = f.null != ""
		for value, served := range f.values {
			c.unseen[object+"."+name+" "+value] = served
		}
	}
	for _, route := range routeNames.FindAllStringSubmatch(string(must(os.ReadFile("routes.go"))), -1) {
		c.unseen["the route "+route[1]] = true
	}
	for _, row := range rows("testdata/contract-routes.csv") {
		answer := row["route"] + " " + row["status"]
		c.answers[answer], c.unseen["an answer of "+answer] = row["body"], true
		if row["codes"] != "" {
			c.codes[row["route"]] = wordsOf(row["codes"])
		}
		for code, served := range wordsOf(row["codes"]) {
			c.unseen["a refusal of "+row["route"]+" with "+code] = served
		}
	}
	maps.DeleteFunc(c.unseen, func(_ string, wanted bool) bool { return !wanted })

	return c
}

// rows are those of a table, by the names of its columns.
func rows(file string) (all []map[string]string) {
	reader := csv.NewReader(bytes.NewReader(must(os.ReadFile(file)))) //nolint:gosec // Of this package.
	reader.Comment = '#'
	table := must(reader.ReadAll())
	for _, cells := range table[1:] {
		row := map[string]string{}
		for n, name := range table[0] {
			row[name] = cells[n]
		}
		all = append(all, row)
	}

	return all
}

// wordsOf tells of each word whether it is without parentheses.
func wordsOf(text string) map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.Fields(text) {
		plain, unserved := strings.CutPrefix(word, "(")
		all[strings.TrimSuffix(plain, ")")] = !unserved
	}

	return all
}

// check tells what of an answer does not fit.
func (c *contract) check(route string, status int, text string) error {
	answer := route + " " + strconv.Itoa(status)
	bodies, known := c.answers[answer]
	if !known {
		answer = "* " + strconv.Itoa(status)
		if bodies, known = c.answers[answer]; !known {
			return fmt.Errorf("the answer of %s with %d is not in the contract", route, status)
		}
	}
	var body any
	if bodies != "" || text != "" {
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&body); err != nil {
			return fmt.Errorf("%s: %w in %q", answer, err, text)
		}
	}
	var all []error
	for _, object := range strings.Split(bodies, " or ") {
		look := &look{contract: c, seen: []string{"an answer of " + answer, "the route " + route}}
		if object != "" || body != nil {
			look.object(object, body, false)
		}
		code, isRefusal := reply{body: mapOf(body)}.at(object, "code").(string)
		if isRefusal && len(look.problems) == 0 {
			look.code(route, code)
		}
		if len(look.problems) == 0 {
			c.mu.Lock()
			defer c.mu.Unlock()
			for _, what := range look.seen {
				delete(c.unseen, what)
			}

			return nil
		}
		all = append(all, look.problems...)
	}

	return fmt.Errorf("%s: %w\n%.300s", answer, errors.Join(all...), text)
}

func mapOf(value any) map[string]any {
	object, _ := value.(map[string]any)

	return object
}

// look is a walk through an answer.
type look struct {
	*contract

	problems []error
	seen     []string
}

func (l *look) bad(format string, args ...any) {
	l.problems = append(l.problems, fmt.Errorf(format, args...))
}

func (l *look) code(route, code string) {
	code = strings.TrimPrefix(code, "SDRS.")
	for _, of := range []string{route, "*"} {
		if served, known := l.codes[of][code]; known {
			l.seen = append(l.seen, "a refusal of "+of+" with "+code)
			if !served {
				l.bad("%s refuses with %s, which the contract has in parentheses", route, code)
			}

			return
		}
	}
	l.bad("%s refuses with %s", route, code)
}

// object looks at the fields of an object. In a job that has succeeded they are all there that it promises then.
func (l *look) object(name string, value any, succeeded bool) {
	fields, known := l.objects[name]
	object, isObject := value.(map[string]any)
	if !known || !isObject {
		l.bad("%v is no %s", value, name)

		return
	}
	for key := range object {
		if _, known := fields[key]; !known {
			l.bad("%s has the field %s", name, key)
		}
	}
	for key, f := range fields {
		value, has := object[key]
		where := name + "." + key
		switch {
		case !has && (f.absent == "" || f.absent == "unless-success" && succeeded):
			l.bad("%s is missing", where)
		case !has:
		case value == nil && f.null == "":
			l.bad("%s is null", where)
		case value == nil:
			l.seen = append(l.seen, where+" null")
		case !f.served:
			l.bad("%s is %v, which the contract has in parentheses", where, value)
		case f.kind == "entities":
			jobType, _ := object["job_type"].(string)
			l.seen = append(l.seen, where)
			l.object(jobType, value, object["status"] == "SUCCESS")
		default:
			l.seen = append(l.seen, where)
			l.value(where, f.kind, value)
			l.enumerated(where, f, value)
		}
	}
}

func (l *look) enumerated(where string, f field, value any) {
	text := fmt.Sprint(value)
	served, known := f.values[text]
	switch {
	case len(f.values) > 0 && !known:
		l.bad("%s is %q", where, text)
	case known && !served:
		l.bad("%s is %q, which the contract has in parentheses", where, text)
	default:
		l.seen = append(l.seen, where+" "+text)
	}
}

// forms are those of texts, by their types.
var forms = map[string]*regexp.Regexp{
	"string":        regexp.MustCompile(``),
	"blank-time":    regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,3}$`),
	"t-time":        regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$`),
	"identity-time": regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$`),
	"job-time":      regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`),
}

// value looks at a value that is not null.
func (l *look) value(where, kind string, value any) {
	item, isList := strings.CutPrefix(kind, "[]")
	item, ofAnyName := strings.CutPrefix(item, "of-any-name ")
	switch value := value.(type) {
	case string:
		if forms[kind] == nil || !forms[kind].MatchString(value) {
			l.bad("%s is %q, not of the type %s", where, value, kind)
		}
	case json.Number:
		if _, err := value.Int64(); err != nil || kind != "integer" {
			l.bad("%s is %s, not of the type %s", where, value, kind)
		}
	case bool:
		if kind != "boolean" {
			l.bad("%s is %v, not of the type %s", where, value, kind)
		}
	case []any:
		if !isList {
			l.bad("%s is a list, not of the type %s", where, kind)
		}
		for _, each := range value {
			l.value(where, item, each)
		}
	case map[string]any:
		if !ofAnyName {
			l.object(kind, value, false)

			return
		}
		for _, each := range value {
			l.value(where, item, each)
		}
	default:
		l.bad("%s is %v, not of the type %s", where, value, kind)
	}
}
