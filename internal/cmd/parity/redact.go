package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// redaction replaces what tells whose cloud it is: always the same by the same, numbered in the order in which it was
// met. It keeps what it knows to tell nothing, and replaces the rest, known to it or not.
type redaction struct {
	replaced map[string]string // By kind and what was replaced.
	counts   map[string]int
}

// redact returns exchanges that may be shown to anybody.
func redact(exchanges []Exchange) []Exchange {
	r := redaction{replaced: map[string]string{}, counts: map[string]int{}}
	shown := slices.Clone(exchanges)
	for n := range shown {
		e := &shown[n]
		e.Path = r.path(e.Path)
		e.Request, e.Answer = r.value("", e.Request), r.value("", e.Answer)
	}
	for n := range shown { // When all names are known.
		e := &shown[n]
		if e.Query != nil {
			query := map[string]string{}
			for _, name := range slices.Sorted(maps.Keys(e.Query)) {
				query[name] = r.parameter(name, e.Query[name])
			}
			e.Query = query
		}
	}
	return shown
}

var (
	idForm      = regexp.MustCompile(`^[0-9A-Fa-f]{8}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{12}$`)
	idKey       = regexp.MustCompile(`(^|_)ids?$|^(source|target)_server$|^replication$|^protected_instance$`)
	nameKey     = regexp.MustCompile(`(^|_)name$|^description$|^key$|^value$`)
	versionForm = regexp.MustCompile(`^v[0-9.]{1,8}$`)
	plainForm   = regexp.MustCompile(`^(-?[0-9]{1,9}(\.[0-9]{1,6})?|true|false)$`)
	timeForm    = regexp.MustCompile(`^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?$`)
	wordForm    = regexp.MustCompile(`^[A-Za-z0-9._/-]{1,48}$`)
	fieldForm   = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_:-]{0,47}$`)
	// wordKeys are the fields and parameters whose values are words of the API.
	wordKeys = regexp.MustCompile(`(^|_)(status|availability_zone|type|code|station|site|level|detail|model)$|` +
		`^(device|rel|version|min_version|limit|offset)$`)
	// dataKeys are the objects whose keys are the user's.
	dataKeys = regexp.MustCompile(`^(metadata|addresses)$`)
	// pathWords are the parts of paths that are no ids.
	pathWords = regexp.MustCompile(`^(|v[0-9.]{1,4}|server-groups|action|protected-instances|replications|jobs|` +
		`task-center|failure-jobs|active-domains|sdrs|quotas|tags|disaster-recovery-drills|cloudservers|auth|tokens|` +
		`catalog|projects|domains|OS-CREDENTIAL|securitytokens)$`)
)

// as returns what stands for value: kind and number, without one being a part of another.
func (r *redaction) as(kind, value string) string {
	known := kind + "\n" + value
	if kind == "id" {
		known = kind + "\n" + strings.ToLower(strings.ReplaceAll(value, "-", ""))
	}
	if r.replaced[known] == "" {
		r.counts[kind]++
		r.replaced[known] = fmt.Sprintf("%s-%04d", kind, r.counts[kind])
		if kind == "address" { // Of those for documentation, as long as there are any.
			r.replaced[known] = fmt.Sprintf("192.0.2.%d", r.counts[kind])
		}
	}
	return r.replaced[known]
}

// path replaces the ids in a path.
func (r *redaction) path(path string) string {
	segments := strings.Split(path, "/")
	for n, segment := range segments {
		if !pathWords.MatchString(segment) {
			segments[n] = r.as("id", segment)
		}
	}
	return strings.Join(segments, "/")
}

// value replaces in what stands at a key.
func (r *redaction) value(key string, value any) any {
	switch value := value.(type) {
	case map[string]any:
		shown := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(value)) {
			as := name
			if !fieldForm.MatchString(name) || dataKeys.MatchString(key) && !strings.HasPrefix(name, "__") {
				as = r.as("key", name)
			}
			shown[as] = r.value(name, value[name])
		}
		return shown
	case []any:
		shown := make([]any, 0, len(value))
		for _, item := range value {
			shown = append(shown, r.value(key, item))
		}
		return shown
	case string:
		return r.text(key, value)
	default:
		return value
	}
}

// text replaces a text that stands at a key, unless it is empty or of a kind that tells nothing.
func (r *redaction) text(key, value string) string {
	switch {
	case value == "":
		return ""
	case idForm.MatchString(value), idKey.MatchString(key) && !versionForm.MatchString(value):
		ids := strings.Split(value, ",")
		for n := range ids {
			ids[n] = r.as("id", ids[n])
		}
		return strings.Join(ids, ",")
	case nameKey.MatchString(key):
		return r.as("name", value)
	case wordKeys.MatchString(key) && wordForm.MatchString(value) && !isAddress(value),
		plainForm.MatchString(value), timeForm.MatchString(value), versionForm.MatchString(value):
		return value
	case isAddress(value):
		return r.as("address", value)
	default:
		return r.as("text", value)
	}
}

func isAddress(value string) bool {
	_, err := netip.ParseAddr(value)
	return err == nil
}

// parameter replaces the value of a query's parameter.
func (r *redaction) parameter(name, value string) string {
	var list []string
	if strings.HasSuffix(name, "_ids") && json.Unmarshal([]byte(value), &list) == nil {
		for n := range list {
			list[n] = r.as("id", list[n])
		}
		shown, _ := json.Marshal(list) // Texts can't fail.
		return string(shown)
	}
	if name == "name" && r.replaced["name\n"+value] == "" {
		// A part of a name is to be the same part of what stands for it.
		for _, known := range slices.Sorted(maps.Keys(r.replaced)) {
			if whole, isName := strings.CutPrefix(known, "name\n"); isName && whole != "" && whole[1:] == value {
				return r.replaced[known][1:]
			}
		}
	}
	if name == "query_type" {
		return value // One of the walk's own.
	}
	return r.text(name, value)
}
