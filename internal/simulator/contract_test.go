package simulator_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math"
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
	kind, null, absent string
	served             bool            // it is not always null or left out
	values             map[string]bool // to whether the simulator has them
}

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
	name := regexp.MustCompile(`(?m)^\tRoute\w+ += "(.+?)"`)
	for _, route := range name.FindAllStringSubmatch(string(must(os.ReadFile("routes.go"))), -1) {
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
		bodies, known = c.answers[answer]
	}
	var body any
	if err := json.Unmarshal([]byte(text), &body); !known || err != nil && text != "" {
		return fmt.Errorf("%s %d is not in the contract, or no JSON: %s", route, status, text)
	}
	fields, _ := body.(map[string]any)
	var all []error
	for _, object := range strings.Split(bodies, " or ") {
		look := &look{contract: c, seen: []string{"an answer of " + answer, "the route " + route}}
		if object != "" || body != nil {
			look.object(object, body, "")
		}
		code, isRefusal := reply{body: fields}.at(object, "code").(string)
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
	if _, known := l.codes[route][code]; !known {
		route = "*"
	}
	l.enumerated("a refusal of "+route+" with", field{values: l.codes[route]}, code)
}

// lacks tells whether something may be null or absent, and whether it must, by its rule and the status.
func lacks(rule, status string) (may, must bool) {
	word, statuses, _ := strings.Cut(rule, " ")
	listed := slices.Contains(strings.Fields(statuses), status)
	switch word {
	case "in":
		return listed, listed
	case "unless":
		return !listed, false
	case "outside":
		return true, !listed
	default:
		return word == "may", false
	}
}

// object looks at the fields of an object. Entities have the status of their job.
func (l *look) object(name string, value any, ofJob string) {
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
	status, _ := object["status"].(string)
	for key, f := range fields {
		value, has := object[key]
		where := name + "." + key
		mayLack, mustLack := lacks(f.absent, status+ofJob)
		mayBeNull, mustBeNull := lacks(f.null, status)
		switch {
		case !has && !mayLack:
			l.bad("%s is missing", where)
		case !has:
		case value == nil && !mayBeNull:
			l.bad("%s is null", where)
		case mustLack || value != nil && mustBeNull:
			l.bad("%s is there while the status is %s", where, status)
		case value == nil:
			l.seen = append(l.seen, where+" null")
		case !f.served:
			l.bad("%s %v is in parentheses in the contract", where, value)
		case f.kind == "entities":
			jobType, _ := object["job_type"].(string)
			l.seen = append(l.seen, where)
			l.object(jobType, value, status)
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
		l.bad("%s %q is not in the contract", where, text)
	case known && !served:
		l.bad("%s %q is in parentheses in the contract", where, text)
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
	named, ofAnyName := strings.CutPrefix(kind, "of-any-name ")
	fits := false
	switch value := value.(type) {
	case string:
		fits = forms[kind] != nil && forms[kind].MatchString(value)
	case float64:
		fits = kind == "integer" && value == math.Trunc(value)
	case bool:
		fits = kind == "boolean"
	case []any:
		fits = isList
		for _, each := range value {
			l.value(where, item, each)
		}
	case map[string]any:
		fits = true
		if !ofAnyName {
			l.object(kind, value, "")

			break
		}
		for _, each := range value {
			l.value(where, named, each)
		}
	}
	if !fits {
		l.bad("%s is %v, not of the type %s", where, value, kind)
	}
}
