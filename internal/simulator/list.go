package simulator

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

const (
	defaultLimit  = 1000
	maxLimit      = 999
	maxIDsInQuery = 30
)

// filter is what the lists of SDRS have in common.
type filter struct {
	limit, offset int
	name          string // a part of the name
	status        string
	zone          string // of the current production site
	kind          string // query_type
	groups        []string
}

// filter reads the parameters of a list. The API reference contradicts itself about a limit of 0 and of 1000: the text
// of the parameter allows both, that of SDRS.0221 neither. Here both are refused, so that nobody depends on them.
func (in *incoming) filter() (filter, *Problem) {
	query := in.URL.Query()
	q := filter{
		limit: defaultLimit, name: query.Get("name"), status: query.Get("status"),
		zone: query.Get("availability_zone"), kind: query.Get("query_type"),
	}
	if problem := number(query.Get("limit"), &q.limit, 1, maxLimit, "SDRS.0221"); problem != nil {
		return filter{}, problem
	}
	if problem := number(query.Get("offset"), &q.offset, 0, 1<<30, "SDRS.0222"); problem != nil {
		return filter{}, problem
	}
	if !slices.Contains([]string{"", "status_abnormal", "stop_protected", kindUndrilled}, q.kind) {
		return filter{}, malformed("SDRS.0201", "The value of query_type is invalid.")
	}
	var problem *Problem
	q.groups, problem = in.ids("server_group_id")

	return q, problem
}

// number reads an optional number of a request. What is not in its range is refused with code.
func number(text string, value *int, least, most int, code string) *Problem {
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return malformed(code, "%q is not a number from %d to %d.", text, least, most)
	}
	*value = n

	return nil
}

// ids reads a parameter that is an id, and its plural, which is a JSON list and goes before it. nil is no
// restriction.
func (in *incoming) ids(name string) ([]string, *Problem) {
	ids, problem := in.idList(name + "s")
	if problem != nil {
		return nil, problem
	}
	if id := in.URL.Query().Get(name); id != "" && ids == nil {
		ids = []string{id}
	}
	if len(ids) == 0 {
		return nil, nil
	}

	return ids, nil
}

// idList reads a parameter that is a JSON list of at most 30 ids.
func (in *incoming) idList(name string) ([]string, *Problem) {
	var ids []string
	if list := in.URL.Query().Get(name); list != "" {
		if err := json.Unmarshal([]byte(list), &ids); err != nil {
			return nil, malformed("SDRS.0201", "%s must be a JSON list of ids.", name)
		}
		if len(ids) > maxIDsInQuery {
			return nil, malformed("SDRS.0226", "%s holds more than %d ids.", name, maxIDsInQuery)
		}
	}

	return ids, nil
}

func (q filter) accepts(name, status, zone string) bool {
	return strings.Contains(name, q.name) &&
		(q.status == "" || q.status == status) &&
		(q.zone == "" || q.zone == zone) &&
		q.acceptsKind(status)
}

// kindUndrilled selects the groups that have had no drill for three months, which listGroups does.
const kindUndrilled = "period_no_dr_drill"

// acceptsKind applies query_type, as far as it is about the status.
func (q filter) acceptsKind(status string) bool {
	switch q.kind {
	case "status_abnormal":
		return strings.HasPrefix(status, "error") || status == StatusInvalid || status == StatusFault
	case "stop_protected":
		return status == StatusAvailable
	default:
		return true
	}
}

func (q filter) acceptsGroup(id string) bool { return q.groups == nil || slices.Contains(q.groups, id) }

// page cuts the part out of a list that a request asks for. The count is that of the whole list.
func page[T any](q filter, name string, items []T) (any, *Problem) {
	start := min(q.offset, len(items))
	end := min(start+q.limit, len(items))

	return object{name: items[start:end], "count": len(items)}, nil
}
