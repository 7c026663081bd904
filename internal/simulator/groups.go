package simulator

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The two sites, as priority_station names them.
const (
	StationSource = "source"
	StationTarget = "target"
)

// Statuses of groups, instances and pairs that the simulator decides from or sets.
const (
	StatusAvailable         = "available"
	StatusProtected         = "protected"
	StatusFailedOver        = "failed-over"
	StatusStarting          = "starting"
	StatusStopping          = "stopping"
	StatusReversing         = "reversing"
	StatusFailingOver       = "failing-over"
	StatusReprotecting      = "reprotecting"
	StatusErrorStarting     = "error-starting"
	StatusErrorStopping     = "error-stopping"
	StatusErrorReversing    = "error-reversing"
	StatusErrorFailingOver  = "error-failing-over"
	StatusErrorReprotecting = "error-reprotecting"
	StatusInvalid           = "invalid"
	StatusFault             = "fault"
)

const (
	demoDomainID   = "fb4bb8e3-a574-4437-a156-78c916aeea4d"
	demoDomainName = "ActiveactiveDomain"
)

// Group is a protection group: a seed for the simulator, or a copy of its state.
type Group struct {
	ID              string
	Name            string
	Description     string // read as null when empty
	Status          string
	PriorityStation string // the current production site, source or target
	SourceAZ        string
	TargetAZ        string
	DomainID        string
	DomainName      string
	VPCID           string
	Progress        int // percent
	CreatedAt       time.Time
	UpdatedAt       time.Time
	Instances       []Instance
}

func (g Group) clone() Group {
	g.Instances = slices.Clone(g.Instances)
	for i := range g.Instances {
		g.Instances[i].Pairs = slices.Clone(g.Instances[i].Pairs)
	}

	return g
}

// zone is the availability zone of a site.
func (g *Group) zone(station string) string {
	if station == StationTarget {
		return g.TargetAZ
	}

	return g.SourceAZ
}

func (g *Group) pairCount() int {
	n := 0
	for _, i := range g.Instances {
		n += len(i.Pairs)
	}

	return n
}

func opposite(station string) string {
	if station == StationTarget {
		return StationSource
	}

	return StationTarget
}

func (s *Simulator) addGroup(g Group) {
	s.deleteGroup(g.ID)
	clone := g.clone()
	s.groups = append(s.groups, &clone)
}

func (s *Simulator) deleteGroup(id string) {
	s.groups = slices.DeleteFunc(s.groups, func(g *Group) bool { return g.ID == id })
	for _, j := range s.jobs {
		if j.groupID == id && !j.ended && j.failure == nil {
			j.failure = &jobFailure{code: "SDRS.1013", reason: "The protection group has been deleted."}
		}
	}
}

// find returns a group, or nil.
func (s *Simulator) find(id string) *Group {
	for _, g := range s.groups {
		if g.ID == id {
			return g
		}
	}

	return nil
}

type groupWire struct {
	ID                    string  `json:"id"`
	Name                  string  `json:"name"`
	Description           *string `json:"description"`
	SourceAZ              string  `json:"source_availability_zone"`
	TargetAZ              string  `json:"target_availability_zone"`
	DomainID              string  `json:"domain_id"`
	DomainName            string  `json:"domain_name"`
	Status                string  `json:"status"`
	ProtectedStatus       *string `json:"protected_status"`   // always null, as on every group since an old upgrade
	ReplicationStatus     *string `json:"replication_status"` // likewise
	HealthStatus          *string `json:"health_status"`      // likewise
	Progress              int     `json:"progress"`
	PriorityStation       string  `json:"priority_station"`
	ProtectedInstanceNum  int     `json:"protected_instance_num"`
	ReplicationNum        int     `json:"replication_num"`
	DisasterRecoveryDrill int     `json:"disaster_recovery_drill_num"`
	SourceVPCID           string  `json:"source_vpc_id"`
	TargetVPCID           string  `json:"target_vpc_id"`
	TestVPCID             *string `json:"test_vpc_id"` // always null
	DRType                string  `json:"dr_type"`
	ServerType            string  `json:"server_type"`
	CreatedAt             string  `json:"created_at"`
	UpdatedAt             string  `json:"updated_at"`
	ProtectionType        string  `json:"protection_type"`
	ReplicationModel      *string `json:"replication_model"` // always null
}

func (g *Group) wire() groupWire {
	w := groupWire{
		ID: g.ID, Name: g.Name, SourceAZ: g.SourceAZ, TargetAZ: g.TargetAZ,
		DomainID: g.DomainID, DomainName: g.DomainName,
		Status: g.Status, Progress: g.Progress, PriorityStation: g.PriorityStation,
		ProtectedInstanceNum: len(g.Instances), ReplicationNum: g.pairCount(),
		SourceVPCID: g.VPCID, TargetVPCID: g.VPCID,
		DRType: "migration", ServerType: "ECS", ProtectionType: "replication-pair",
		CreatedAt: groupTime(g.CreatedAt), UpdatedAt: groupTime(g.UpdatedAt),
	}
	if g.Description != "" {
		w.Description = &g.Description
	}

	return w
}

// groupTime is the time format of groups and instances, which names no zone.
func groupTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000") }

// unknownGroup is the refusal for a group that doesn't exist, which SDRS answers with 400.
func unknownGroup(id string) *Problem {
	return refused("SDRS.1013", "The protection group %s does not exist.", id)
}

// showGroup serves GET server-groups/{id}.
func (s *Simulator) showGroup(in *incoming) answer {
	id := in.PathValue("id")
	g := s.find(id)
	if g == nil {
		return unknownGroup(id).answer()
	}

	return ok(map[string]groupWire{"server_group": g.wire()})
}

// listGroups serves GET server-groups.
func (s *Simulator) listGroups(in *incoming) answer {
	q, problem := parseFilter(in.URL.Query())
	if problem != nil {
		return problem.answer()
	}

	groups := []groupWire{}
	for _, g := range s.groups {
		if q.accepts(g.Name, g.Status, g.zone(g.PriorityStation)) {
			groups = append(groups, g.wire())
		}
	}

	return ok(map[string]any{"server_groups": page(q, groups), "count": len(groups)})
}

// filter is what the three lists of SDRS have in common.
type filter struct {
	limit, offset int
	name          string // a part of the name
	status        string
	zone          string // of the current production site
	kind          string // query_type
	groups        []string
}

const (
	maxLimit         = 1000
	maxGroupsInQuery = 30
)

func parseFilter(query url.Values) (filter, *Problem) {
	q := filter{
		limit: maxLimit, name: query.Get("name"), status: query.Get("status"),
		zone: query.Get("availability_zone"), kind: query.Get("query_type"),
	}
	for name, bounds := range map[string]struct {
		value    *int
		min, max int
	}{"limit": {&q.limit, 0, maxLimit}, "offset": {&q.offset, 0, 1 << 30}} {
		text := query.Get(name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < bounds.min || n > bounds.max {
			return filter{}, malformed("SDRS.0204", "The value of %s is invalid.", name)
		}
		*bounds.value = n
	}

	switch q.kind {
	case "", "status_abnormal", "stop_protected", "period_no_dr_drill":
	default:
		return filter{}, malformed("SDRS.0204", "The value of query_type is invalid.")
	}

	if id := query.Get("server_group_id"); id != "" {
		q.groups = []string{id}
	}
	if list := query.Get("server_group_ids"); list != "" {
		var ids []string
		if err := json.Unmarshal([]byte(list), &ids); err != nil || len(ids) > maxGroupsInQuery {
			return filter{}, malformed("SDRS.0204", "server_group_ids must be a JSON list of at most %d ids.", maxGroupsInQuery)
		}
		q.groups = append(q.groups, ids...)
	}

	return q, nil
}

func (q filter) accepts(name, status, zone string) bool {
	return strings.Contains(name, q.name) &&
		(q.status == "" || q.status == status) &&
		(q.zone == "" || q.zone == zone) &&
		q.acceptsKind(status)
}

// acceptsKind applies query_type. No group of the simulator has ever had a drill, so period_no_dr_drill takes them all.
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

// page cuts the part of a list out that a request asks for.
func page[T any](q filter, items []T) []T {
	start := min(q.offset, len(items))
	end := min(start+q.limit, len(items))

	return items[start:end]
}

// listActiveDomains serves GET active-domains.
func (s *Simulator) listActiveDomains(*incoming) answer {
	type cluster struct {
		Zone string `json:"availability_zone"`
	}
	type activeDomain struct {
		ID          string  `json:"id"`
		Name        string  `json:"name"`
		Description string  `json:"description"`
		SoldOut     bool    `json:"sold_out"`
		Local       cluster `json:"local_replication_cluster"`
		Remote      cluster `json:"remote_replication_cluster"`
	}

	return ok(map[string][]activeDomain{"domains": {{
		ID: demoDomainID, Name: demoDomainName, Description: "my domain",
		Local: cluster{s.account.Region + "-01"}, Remote: cluster{s.account.Region + "-02"},
	}}})
}

// showQuotas serves GET sdrs/quotas.
func (s *Simulator) showQuotas(*incoming) answer {
	type quota struct {
		Type  string `json:"type"`
		Used  int    `json:"used"`
		Quota int    `json:"quota"`
		Min   int    `json:"min"`
		Max   int    `json:"max"`
	}
	pairs := 0
	for _, g := range s.groups {
		pairs += g.pairCount()
	}

	return ok(map[string]map[string][]quota{"quotas": {"resources": {
		{Type: "server_groups", Used: len(s.groups), Quota: 50, Min: 0, Max: -1},
		{Type: "replications", Used: pairs, Quota: 100, Min: 0, Max: -1},
	}}})
}
