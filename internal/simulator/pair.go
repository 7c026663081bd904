package simulator

import (
	"fmt"
	"slices"
	"time"
)

// The replication statuses of a pair.
const (
	ReplicationActive        = "active"
	ReplicationInactive      = "inactive"
	ReplicationCopying       = "copying"
	ReplicationActiveStopped = "active-stopped"
)

// faultLinkDown is the fault level at which neither kind of failover is allowed.
const faultLinkDown = "5"

// Pair is a replication pair: a disk and its replica.
type Pair struct {
	ID                string
	Name              string
	Description       string // read as null when empty
	Status            string
	ReplicationStatus string
	FaultLevel        string // 0, 2 or 5
	FailureDetail     string // a code, with the status error
	PriorityStation   string
	Progress          int // percent
	SourceVolume      string
	TargetVolume      string
	Device            string       // at the instance that it is kept with
	Further           []Attachment // to other instances, which only a pair of shared disks has
	Shared            bool
	Separate          bool // it was not made together with an instance
	SizeGB            int
	VolumeType        string // SATA where empty
	CreatedAt         time.Time
	UpdatedAt         time.Time

	seenFrom    time.Time
	wantedBy    string    // the instance that it was last to be attached to
	copiedSince time.Time // where the simulator synchronizes it
	furnished   bool      // its disks are in the catalogue, or were
}

// Attachment is a pair at an instance.
type Attachment struct{ InstanceID, Device string }

func (i *Instance) addPair(g Group, n int) {
	name := fmt.Sprintf("%s-disk-%d", i.Name, len(i.Pairs)+1)
	i.Pairs = append(i.Pairs, Pair{
		ID:                derivedID(g.ID, "pair", name),
		Name:              name,
		Description:       name,
		Status:            StatusProtected,
		ReplicationStatus: ReplicationActive,
		FaultLevel:        "0",
		PriorityStation:   g.PriorityStation,
		Progress:          100,
		SourceVolume:      derivedID(g.ID, "source volume", name),
		TargetVolume:      derivedID(g.ID, "target volume", name),
		Device:            "/dev/vd" + string(rune('a'+len(i.Pairs)%26)),
		SizeGB:            10 * (n + 1),
		CreatedAt:         g.CreatedAt,
		UpdatedAt:         g.UpdatedAt,
	})
}

// volume returns the pair's disk at a site.
func (p *Pair) volume(station string) string {
	if station == StationTarget {
		return p.TargetVolume
	}

	return p.SourceVolume
}

func (p *Pair) volumeType() string {
	if p.VolumeType == "" {
		return "SATA"
	}

	return p.VolumeType
}

// move shows an operation that runs, or has failed.
func (p *Pair) move(status string, copies bool, at time.Time) {
	if !settled(p.Status) {
		return
	}
	p.Status, p.UpdatedAt = status, at
	if copies {
		p.ReplicationStatus = ReplicationCopying
	}
}

// attachments are the instances that have the pair: keeper, the one that it is kept with, first.
func (p *Pair) attachments(keeper *Instance) []Attachment {
	var all []Attachment
	if keeper != nil {
		all = append(all, Attachment{keeper.ID, p.Device})
	}

	return append(all, p.Further...)
}

// deviceAt returns the device that a pair, which keeper keeps, is at an instance, or nothing.
func (p *Pair) deviceAt(keeper *Instance, instanceID string) string {
	if keeper != nil && keeper.ID == instanceID {
		return p.Device
	}
	for _, a := range p.Further {
		if a.InstanceID == instanceID {
			return a.Device
		}
	}

	return ""
}

// pairBody is a pair as it is read. What lists hold is of a struct, which is written in a third of an object's time.
type pairBody struct {
	ID                string           `json:"id"`
	Name              string           `json:"name"`
	Description       *string          `json:"description"`
	ReplicationModel  string           `json:"replication_model"`
	Status            string           `json:"status"`
	Progress          int              `json:"progress"`
	PriorityStation   string           `json:"priority_station"`
	ReplicationStatus string           `json:"replication_status"`
	FaultLevel        string           `json:"fault_level"`
	ServerGroupID     string           `json:"server_group_id"`
	Attachment        []pairAttachment `json:"attachment"`
	VolumeIDs         string           `json:"volume_ids"`
	RecordMetadata    recordMetadata   `json:"record_metadata"`
	CreatedAt         string           `json:"created_at"`
	UpdatedAt         string           `json:"updated_at"`
	FailureDetail     string           `json:"failure_detail,omitempty"`
}

type pairAttachment struct {
	Device            string `json:"device"`
	ProtectedInstance string `json:"protected_instance"`
}

type recordMetadata struct {
	Multiattach bool   `json:"multiattach"`
	Bootable    bool   `json:"bootable"`
	VolumeSize  int    `json:"volume_size"`
	VolumeType  string `json:"volume_type"`
}

func (s *Simulator) pairWire(g *Group, keeper *Instance, p *Pair) pairBody {
	first := s.firstSite(p.PriorityStation)
	attachment := []pairAttachment{}
	for _, a := range p.attachments(keeper) {
		attachment = append(attachment, pairAttachment{Device: a.Device, ProtectedInstance: a.InstanceID})
	}

	return pairBody{
		ID: p.ID, Name: p.Name, Description: nullable(p.Description), ReplicationModel: "hypermetro",
		Status: p.Status, Progress: p.Progress, PriorityStation: p.PriorityStation,
		ReplicationStatus: p.ReplicationStatus, FaultLevel: s.faultLevel(g, p), ServerGroupID: g.ID,
		Attachment: attachment,
		VolumeIDs:  p.volume(first) + "," + p.volume(opposite(first)),
		RecordMetadata: recordMetadata{
			Multiattach: p.Shared, Bootable: isSystemDisk(p.Device), VolumeSize: p.SizeGB, VolumeType: p.volumeType(),
		},
		CreatedAt: pairTime(p.CreatedAt), UpdatedAt: pairTime(p.UpdatedAt), FailureDetail: p.FailureDetail,
	}
}

// pairTime is the time format of pairs, which names no zone either.
func pairTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000") }

// pairAsked returns the pair of a request's path or body, its group, and the instance that it is kept with, or nil.
func (s *Simulator) pairAsked(id, unknown string) (*Group, *Instance, *Pair, *Problem) {
	for _, g := range s.groups {
		for i, p := range g.pairs() {
			if p.ID == id {
				return g, i, p, nil
			}
		}
	}
	if !names.MatchString(id) {
		unknown = "SDRS.0213"
	}

	return nil, nil, nil, s.missing(unknown, "The replication pair %s does not exist.", id)
}

// pairOfDisk returns the pair that has a disk, or nil.
func (s *Simulator) pairOfDisk(id string) *Pair {
	for _, g := range s.groups {
		for _, p := range g.pairs() {
			if id != "" && (p.SourceVolume == id || p.TargetVolume == id) {
				return p
			}
		}
	}

	return nil
}

// showPair serves GET replications/{id}.
func (s *Simulator) showPair(in *incoming) (any, *Problem) {
	g, keeper, p, problem := s.pairAsked(in.PathValue("id"), "SDRS.1608")
	if problem == nil && s.now.Before(p.seenFrom) {
		problem = s.missing("SDRS.1608", "The replication pair %s does not exist.", p.ID)
	}
	if problem != nil {
		return nil, problem
	}

	return object{"replication": s.pairWire(g, keeper, p)}, nil
}

// listPairs serves GET replications.
func (s *Simulator) listPairs(in *incoming) (any, *Problem) {
	q, problem := in.filter()
	if problem != nil {
		return nil, problem
	}
	ofInstances, problem := in.ids("protected_instance_id")
	if problem != nil {
		return nil, problem
	}

	pairs := []pairBody{}
	for _, g := range s.groups {
		if !q.acceptsGroup(g.ID) {
			continue
		}
		for keeper, p := range g.pairs() {
			wanted := ofInstances == nil || slices.ContainsFunc(p.attachments(keeper), func(a Attachment) bool {
				return slices.Contains(ofInstances, a.InstanceID)
			})
			if wanted && !s.now.Before(p.seenFrom) && q.accepts(p.Name, p.Status, g.zone(p.PriorityStation)) {
				pairs = append(pairs, s.pairWire(g, keeper, p))
			}
		}
	}

	return page(q, "replications", pairs)
}
