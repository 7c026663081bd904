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
	versionForm = regexp.MustCompile(`^v[0-9]{1,2}(\.[0-9]{1,3}){0,2}$`)
	plainForm   = regexp.MustCompile(`^(-?[0-9]{1,9}(\.[0-9]{1,6})?|true|false)$`)
	timeForm    = regexp.MustCompile(`^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?$`)
	fieldForm   = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_:-]{0,47}$`)
	// hexForm is a part of an id, whatever it is embedded in. No word of the API has one.
	hexForm = regexp.MustCompile(`[0-9A-Fa-f]{8}`)
	// freeKeys are the fields with texts for people, whatever they look like.
	freeKeys = regexp.MustCompile(`(^|_)(detail|reason|message|msg)$`)
	// wordForms are the forms of the API's words, by the fields and parameters that have them. What is of another form
	// at one of them is replaced.
	wordForms = []struct{ key, form *regexp.Regexp }{
		{regexp.MustCompile(`(^|_)code$`), regexp.MustCompile(`^[A-Z][A-Za-z]{1,7}\.[0-9]{4}$`)},
		{regexp.MustCompile(`(^|_)availability_zone$`), regexp.MustCompile(`^[a-z]{2}-([a-z]{2,4}-[0-9]{2}|[a-z]{2}[0-9][a-z])$`)},
		{regexp.MustCompile(`^device$`), regexp.MustCompile(`^/dev/(vd|xvd|sd)[a-z]{1,2}$`)},
		{regexp.MustCompile(`^volume_type$`), regexp.MustCompile(`^([A-Z]{3,5}2?|co-p1|uh-l1)$`)},
		{
			regexp.MustCompile(`(^|_)(status|type|station|site|level|model)$|^rel$`),
			regexp.MustCompile(`^[A-Za-z]{1,40}([_-][A-Za-z]{1,20}){0,4}$`),
		},
	}
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
		if kind == "address" { // Of those for documentation.
			r.replaced[known] = fmt.Sprintf("192.0.2.%d", r.counts[kind])
			if r.counts[kind] > 254 {
				r.replaced[known] = fmt.Sprintf("2001:db8::%x", r.counts[kind])
			}
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
			if !fieldForm.MatchString(name) || hexForm.MatchString(name) ||
				dataKeys.MatchString(key) && !strings.HasPrefix(name, "__") {
				as = r.as("key", name)
			}
			shown[as] = r.value(as, value[name]) // What a user calls status is no status.
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
	case freeKeys.MatchString(key):
		return r.as("text", value)
	case idForm.MatchString(value), idKey.MatchString(key) && !versionForm.MatchString(value):
		ids := strings.Split(value, ",")
		for n := range ids {
			ids[n] = r.as("id", ids[n])
		}
		return strings.Join(ids, ",")
	case nameKey.MatchString(key):
		return r.as("name", value)
	case isWord(key, value), plainForm.MatchString(value), timeForm.MatchString(value), versionForm.MatchString(value):
		return value
	case isAddress(value):
		return r.as("address", value)
	default:
		return r.as("text", value)
	}
}

// isWord reports whether a value is, as far as its form tells, one that the API itself has at a key.
func isWord(key, value string) bool {
	for _, word := range wordForms {
		if word.key.MatchString(key) {
			return word.form.MatchString(value) && !hexForm.MatchString(value)
		}
	}
	return false
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
