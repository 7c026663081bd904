package simulator

import (
	"iter"
	"slices"
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
	StatusError             = "error"
	StatusCreating          = "creating"
	StatusDeleting          = "deleting"
	StatusStarting          = "starting"
	StatusStopping          = "stopping"
	StatusReversing         = "reversing"
	StatusFailingOver       = "failing-over"
	StatusReprotecting      = "reprotecting"
	StatusErrorDeleting     = "error-deleting"
	StatusErrorStarting     = "error-starting"
	StatusErrorStopping     = "error-stopping"
	StatusErrorReversing    = "error-reversing"
	StatusErrorFailingOver  = "error-failing-over"
	StatusErrorReprotecting = "error-reprotecting"
	StatusInvalid           = "invalid"
	StatusFault             = "fault"
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
	Pairs           []Pair // that no instance has
	Drills          []Drill

	drilledAt time.Time // when the last drill was created
	seenFrom  time.Time
}

func (g Group) clone() Group {
	g.Pairs = slices.Clone(g.Pairs)
	g.Drills = slices.Clone(g.Drills)
	g.Instances = slices.Clone(g.Instances)
	for n := range g.Instances {
		i := &g.Instances[n]
		i.Pairs, i.Tags = slices.Clone(i.Pairs), slices.Clone(i.Tags)
		i.SourceServer, i.TargetServer = i.SourceServer.clone(), i.TargetServer.clone()
	}

	return g
}

// furnish puts what a seed of a group implies into the catalogue: its servers' properties and its pairs' disks. Unless
// the group is new here, disks that are known or deleted are left as they are.
func (s *Simulator) furnish(g *Group, isNew bool) {
	for n := range g.Instances {
		i := &g.Instances[n]
		for m, station := range []string{StationSource, StationTarget} {
			s.complete(i.at(station), g.zone(station), g.VPCID, 2*n+m)
			if isNew {
				delete(s.gone, i.at(station).ID)
			}
		}
	}
	for i, p := range g.pairs() {
		if p.furnished && !isNew {
			continue
		}
		p.furnished = true
		for _, station := range []string{StationSource, StationTarget} {
			id := p.volume(station)
			if id == "" || s.disks[id] != nil {
				continue
			}
			s.addDisk(Disk{
				ID: id, Name: p.Name, AZ: g.zone(station), SizeGB: p.SizeGB, Type: p.volumeType(), Shared: p.Shared,
				Bootable: isSystemDisk(p.Device),
			})
			if i != nil {
				s.attachDisk(id, i.at(station).ID, p.Device)
			}
		}
	}
}

// pairs goes through all pairs of the group, with the instance that each is kept with, or nil.
func (g *Group) pairs() iter.Seq2[*Instance, *Pair] {
	return func(yield func(*Instance, *Pair) bool) {
		for n := range g.Instances {
			i := &g.Instances[n]
			for m := range i.Pairs {
				if !yield(i, &i.Pairs[m]) {
					return
				}
			}
		}
		for n := range g.Pairs {
			if !yield(nil, &g.Pairs[n]) {
				return
			}
		}
	}
}

// instance returns one of the group's, or nil.
func (g *Group) instance(id string) *Instance {
	for n := range g.Instances {
		if g.Instances[n].ID == id {
			return &g.Instances[n]
		}
	}

	return nil
}

// zone is the availability zone of a site.
func (g *Group) zone(station string) string {
	if station == StationTarget {
		return g.TargetAZ
	}

	return g.SourceAZ
}

func (g *Group) pairCount() int {
	n := len(g.Pairs)
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

// DemoGroup returns the protection group of the demonstration: web-shop, two servers on each side, three disks,
// protected, active at the source site, all servers stopped.
func DemoGroup() Group {
	return NewGroup("40df180b-9fe2-471a-8c64-1b758dc84189", "web-shop", 2, 3)
}

// NewGroup returns a group like DemoGroup with its own number of protected instances and of replication pairs, which
// are spread over the instances in turn; without instances there are no pairs. All ids are derived from id.
func NewGroup(id, name string, instances, pairs int) Group {
	g := Group{
		ID:              id,
		Name:            name,
		Description:     "simulated",
		Status:          StatusProtected,
		PriorityStation: StationSource,
		SourceAZ:        "eu-de-01",
		TargetAZ:        "eu-de-02",
		DomainID:        DemoDomain().ID,
		DomainName:      DemoDomain().Name,
		VPCID:           derivedID(id, "vpc"),
		Progress:        100,
		CreatedAt:       time.Date(2019, time.May, 23, 3, 51, 58, 256108526, time.UTC),
		UpdatedAt:       time.Date(2019, time.May, 23, 7, 48, 12, 484322873, time.UTC),
	}
	for i := range instances {
		g.Instances = append(g.Instances, g.newInstance(i))
	}
	if instances == 0 {
		return g
	}
	for n := range pairs {
		g.Instances[n%instances].addPair(g, n)
	}

	return g
}

// Mirrored returns the group the other way round: its source is the AZ that was its target, and production stays in the
// AZ that it was in.
func (g Group) Mirrored() Group {
	g = g.clone()
	g.SourceAZ, g.TargetAZ, g.PriorityStation = g.TargetAZ, g.SourceAZ, opposite(g.PriorityStation)
	for n := range g.Instances {
		i := &g.Instances[n]
		i.PriorityStation = g.PriorityStation
		i.SourceServer, i.TargetServer = i.TargetServer, i.SourceServer
	}
	for _, p := range g.pairs() {
		p.PriorityStation = g.PriorityStation
	}

	return g
}

// AddGroup adds a protection group, or replaces the one with the same id.
func (s *Simulator) AddGroup(g Group) {
	defer s.enter().Unlock()

	s.addGroup(g)
}

// Group returns a copy of a group as it is at this moment of the simulator's clock.
func (s *Simulator) Group(id string) (Group, bool) {
	defer s.enter().Unlock()

	g := s.find(id)
	if g == nil {
		return Group{}, false
	}

	return g.clone(), true
}

// Groups returns copies of all groups as they are now.
func (s *Simulator) Groups() []Group {
	defer s.enter().Unlock()
	groups := make([]Group, 0, len(s.groups))
	for _, g := range s.groups {
		groups = append(groups, g.clone())
	}

	return groups
}

// UpdateGroup lets change edit anything about a group, without any rule but one: a server that is not SHUTOFF
// afterwards dooms a planned failover that runs. An unknown group is not changed. change must not call the simulator.
func (s *Simulator) UpdateGroup(id string, change func(*Group)) {
	defer s.enter().Unlock()

	g := s.find(id)
	if g == nil {
		return
	}
	change(g)
	s.furnish(g, false)
	g.UpdatedAt = s.now
}

// DeleteGroup removes a group with all that belongs to it. A job that runs on it fails.
func (s *Simulator) DeleteGroup(id string) {
	defer s.enter().Unlock()

	s.deleteGroup(id)
}

func (s *Simulator) addGroup(g Group) {
	s.deleteGroup(g.ID)
	s.addVPC(VPC{ID: g.VPCID, Name: g.Name})
	clone := g.clone()
	s.groups = append(s.groups, &clone)
	s.furnish(&clone, true)
}

func (s *Simulator) deleteGroup(id string) {
	s.groups = slices.DeleteFunc(s.groups, func(g *Group) bool { return g.ID == id })
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

// groupBody is the group as the API shows it. What is always null here is null on every group created since an old
// upgrade.
type groupBody struct {
	ID                       string  `json:"id"`
	Name                     string  `json:"name"`
	Description              *string `json:"description"`
	Status                   string  `json:"status"`
	Progress                 int     `json:"progress"`
	PriorityStation          string  `json:"priority_station"`
	SourceAvailabilityZone   string  `json:"source_availability_zone"`
	TargetAvailabilityZone   string  `json:"target_availability_zone"`
	DomainID                 string  `json:"domain_id"`
	DomainName               string  `json:"domain_name"`
	SourceVPCID              string  `json:"source_vpc_id"`
	TargetVPCID              string  `json:"target_vpc_id"`
	TestVPCID                *string `json:"test_vpc_id"`
	ProtectedStatus          *string `json:"protected_status"`
	ReplicationStatus        *string `json:"replication_status"`
	HealthStatus             *string `json:"health_status"`
	ProtectedInstanceNum     int     `json:"protected_instance_num"`
	ReplicationNum           int     `json:"replication_num"`
	DisasterRecoveryDrillNum int     `json:"disaster_recovery_drill_num"`
	DRType                   string  `json:"dr_type"`
	ServerType               string  `json:"server_type"`
	ProtectionType           string  `json:"protection_type"`
	ReplicationModel         *string `json:"replication_model"`
	CreatedAt                string  `json:"created_at"`
	UpdatedAt                string  `json:"updated_at"`
}

func (g *Group) wire() groupBody {
	return groupBody{
		ID: g.ID, Name: g.Name, Description: nullable(g.Description), Status: g.Status, Progress: g.Progress,
		PriorityStation:        g.PriorityStation,
		SourceAvailabilityZone: g.SourceAZ, TargetAvailabilityZone: g.TargetAZ,
		DomainID: g.DomainID, DomainName: g.DomainName, SourceVPCID: g.VPCID, TargetVPCID: g.VPCID,
		ProtectedInstanceNum: len(g.Instances), ReplicationNum: g.pairCount(), DisasterRecoveryDrillNum: len(g.Drills),
		DRType: "migration", ServerType: "ECS", ProtectionType: "replication-pair",
		CreatedAt: groupTime(g.CreatedAt), UpdatedAt: groupTime(g.UpdatedAt),
	}
}

// groupTime is the time format of groups and instances, which names no zone.
func groupTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000") }

// unknownGroup is the refusal for a group that doesn't exist, which SDRS answers with 400.
func (s *Simulator) unknownGroup(id string) *Problem {
	return s.missing("SDRS.1013", "The protection group %s does not exist.", id)
}

// showGroup serves GET server-groups/{id}.
func (s *Simulator) showGroup(in *incoming) (any, *Problem) {
	g, problem := s.groupAsked(in.PathValue("id"))
	if problem == nil && s.now.Before(g.seenFrom) {
		problem = s.unknownGroup(g.ID)
	}
	if problem != nil {
		return nil, problem
	}

	return object{"server_group": g.wire()}, nil
}

// listGroups serves GET server-groups.
func (s *Simulator) listGroups(in *incoming) (any, *Problem) {
	q, problem := in.filter()
	if problem != nil {
		return nil, problem
	}

	groups := []groupBody{}
	for _, g := range s.groups {
		drilled := q.kind == kindUndrilled && g.drilledAt.AddDate(0, 3, 0).After(s.now)
		if !drilled && !s.now.Before(g.seenFrom) && q.accepts(g.Name, g.Status, g.zone(g.PriorityStation)) {
			groups = append(groups, g.wire())
		}
	}

	return page(q, "server_groups", groups)
}
