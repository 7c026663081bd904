package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// difference is something that the cloud has otherwise than the simulator.
type difference struct {
	where            string // Route and step.
	field            string
	cloud, simulator string
	times            int
}

func (d difference) String() string {
	line := fmt.Sprintf("%s: %s: the cloud has %s, the simulator %s", d.where, d.field, d.cloud, d.simulator)
	if d.times > 1 {
		line += fmt.Sprintf(" (and %d more like it)", d.times-1)
	}
	return line
}

// comparison collects differences, each once.
type comparison struct {
	found []difference
	at    map[string]int
}

// add notes a difference: like is what others have in common that are not worth a line of their own.
func (c *comparison) add(like string, d difference) {
	if n, known := c.at[like]; known {
		c.found[n].times++
		return
	}
	c.at[like] = len(c.found)
	d.times = 1
	c.found = append(c.found, d)
}

// compare returns what two clouds have answered otherwise to the same requests.
func compare(cloud, simulated []Exchange) []difference {
	c := comparison{at: map[string]int{}}
	for n := range cloud {
		c.exchange(cloud[n], simulated[n])
	}
	c.legs(legs(cloud), legs(simulated))
	return c.found
}

// side is where two answers are compared.
type side struct {
	*comparison

	route, step string
	// moving is set while a group switches: what changes by itself then is compared by its order and time alone.
	moving bool
}

func (c *comparison) exchange(cloud, simulated Exchange) {
	if cloud.Status == http.StatusTooManyRequests {
		return // It was asked again.
	}
	s := side{comparison: c, route: cloud.Method + " " + template(cloud), step: cloud.Step, moving: cloud.Leg != ""}
	if cloud.Status != simulated.Status {
		s.differ("code", "status code", fmt.Sprint(cloud.Status), fmt.Sprint(simulated.Status), true)
		if cloud.Status < 300 || simulated.Status < 300 {
			return
		}
	}
	s.value("", "", cloud.Answer, simulated.Answer)
}

// template is the path of an exchange without its ids.
func template(e Exchange) string {
	segments := strings.Split(e.Path, "/")
	for n, segment := range segments {
		if !pathWords.MatchString(segment) {
			segments[n] = "{id}"
		}
	}
	path := strings.Join(segments, "/")
	switch e.Service {
	case serviceVersions:
		return "/" + path + " of SDRS"
	case serviceECS:
		return path + " of ECS"
	default:
		return path
	}
}

// differ notes a difference. One of a step counts for this step alone, and others wherever the route is asked.
func (s side) differ(kind, field, cloud, simulated string, ofStep bool) {
	like := kind + "\n" + s.route + "\n" + field
	if ofStep {
		like += "\n" + s.step
	}
	where := fmt.Sprintf("%s (%s)", s.route, s.step)
	s.add(like, difference{where: where, field: cmp.Or(field, "the answer"), cloud: cloud, simulator: simulated})
}

// The fields that are compared by their type alone: texts for people, and what is new with each answer.
var typeOnly = regexp.MustCompile(`^(message|error_msg|fail_reason|request_id|href)$`)

// volatile are the fields that change by themselves while a group switches.
var volatile = regexp.MustCompile(`^(status|replication_status|progress|priority_station|job_id|source_server|` +
	`target_server|volume_ids|error_code)$`)

func (s side) value(field, key string, cloud, simulated any) {
	if kindOf(cloud) != kindOf(simulated) {
		if s.moving && (key == "end_time" || key == "error_code") && (cloud == nil || simulated == nil) {
			return // It has not ended yet there.
		}
		s.differ("type", field, show(cloud), show(simulated), false)
		return
	}
	if s.moving && volatile.MatchString(key) {
		return
	}
	switch cloud := cloud.(type) {
	case map[string]any:
		s.object(field, cloud, simulated.(map[string]any)) //nolint:forcetypeassert // They are of one kind.
	case []any:
		s.list(field, key, cloud, simulated.([]any)) //nolint:forcetypeassert // They are of one kind.
	case string:
		other, _ := simulated.(string)
		same := cloud == other || typeOnly.MatchString(key)
		if timeForm.MatchString(cloud) && timeForm.MatchString(other) {
			same = timeShape(cloud) == timeShape(other)
		}
		if !same {
			s.differ("value", field, show(cloud), show(other), false)
		}
	default:
		if show(cloud) != show(simulated) {
			s.differ("value", field, show(cloud), show(simulated), false)
		}
	}
}

func (s side) object(field string, cloud, simulated map[string]any) {
	names := slices.Sorted(maps.Keys(cloud))
	for _, name := range slices.Sorted(maps.Keys(simulated)) {
		if _, known := cloud[name]; !known {
			names = append(names, name)
		}
	}
	for _, name := range names {
		at := strings.TrimPrefix(field+"."+name, ".")
		inCloud, has := cloud[name]
		inSimulator, simulates := simulated[name]
		switch {
		case !simulates:
			s.differ("extra", at, show(inCloud), "nothing", false)
		case !has:
			s.differ("missing", at, "nothing", show(inSimulator), false)
		default:
			s.value(at, name, inCloud, inSimulator)
		}
	}
}

func (s side) list(field, key string, cloud, simulated []any) {
	field += "[]"
	if len(cloud) != len(simulated) {
		s.differ("items", field, fmt.Sprintf("%d items", len(cloud)), fmt.Sprintf("%d", len(simulated)), true)
	}
	inCloud, inSimulator := identities(cloud), identities(simulated)
	if s.moving || inCloud == nil || inSimulator == nil { // Nothing tells which is which: jobs have ids of their own.
		for n := range min(len(cloud), len(simulated)) {
			s.value(field, key, cloud[n], simulated[n])
		}
		return
	}
	order := []int{}
	for n, id := range inCloud {
		if at := slices.Index(inSimulator, id); at >= 0 {
			order = append(order, at)
			s.value(field, key, cloud[n], simulated[at])
		} else if len(cloud) == len(simulated) {
			s.differ("other", field, id, inSimulator[n], true)
		}
	}
	if !slices.IsSorted(order) {
		s.differ("order", field, "another order", "its own", true)
	}
}

// identities are what tells the items of a list apart, or nil.
func identities(items []any) []string {
	ids := make([]string, 0, len(items))
	for _, item := range items {
		object, _ := item.(map[string]any)
		at := slices.IndexFunc(identifying, func(name string) bool { _, text := object[name].(string); return text })
		if at < 0 || slices.Contains(ids, show(object[identifying[at]])) {
			return nil
		}
		ids = append(ids, show(object[identifying[at]]))
	}
	return ids
}

var identifying = []string{"id", "job_id", "replication", "protected_instance", "key", "type"}

func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case map[string]any:
		return "object"
	case []any:
		return "list"
	case string:
		return "string"
	case bool:
		return "bool"
	default:
		return "number"
	}
}

// timeShape is how a time is written.
func timeShape(text string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return '0'
		}
		return r
	}, text)
}

// show writes a value shortly.
func show(value any) string {
	switch value := value.(type) {
	case map[string]any:
		return "an object"
	case []any:
		return fmt.Sprintf("a list of %d", len(value))
	default:
		text, err := json.Marshal(value)
		if err != nil {
			return fmt.Sprint(value)
		}
		return string(text)
	}
}
