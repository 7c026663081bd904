package simulator

import (
	"fmt"
	"math"
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
	Status            string
	ReplicationStatus string
	FaultLevel        string // 0, 2 or 5
	PriorityStation   string
	Progress          int // percent
	SourceVolume      string
	TargetVolume      string
	Device            string
	SizeGB            int
	CreatedAt         time.Time
	UpdatedAt         time.Time
}

func (i *Instance) addPair(g Group, n int) {
	name := fmt.Sprintf("%s-disk-%d", i.Name, len(i.Pairs)+1)
	i.Pairs = append(i.Pairs, Pair{
		ID:                derivedID(g.ID, "pair", name),
		Name:              name,
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

func (p *Pair) wire(groupID, instanceID string) object {
	return object{
		"id": p.ID, "name": p.Name, "description": p.Name, "replication_model": "hypermetro",
		"status": p.Status, "progress": p.Progress, "priority_station": p.PriorityStation,
		"replication_status": p.ReplicationStatus, "fault_level": p.FaultLevel, "server_group_id": groupID,
		"attachment": []object{{"device": p.Device, "protected_instance": instanceID}},
		"volume_ids": p.SourceVolume + "," + p.TargetVolume,
		"record_metadata": object{
			"multiattach": false, "bootable": p.Device == "/dev/vda", "volume_size": p.SizeGB, "volume_type": "SATA",
		},
		"created_at": pairTime(p.CreatedAt), "updated_at": pairTime(p.UpdatedAt),
	}
}

// pairTime is the time format of pairs, which names no zone either.
func pairTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000") }

// listPairs serves GET replications.
func (s *Simulator) listPairs(in *incoming) (any, *Problem) {
	q, problem := in.filter()
	if problem != nil {
		return nil, problem
	}
	ofInstances, problem := in.ids("protected_instance_id", math.MaxInt)
	if problem != nil {
		return nil, problem
	}

	pairs := []object{}
	for _, g := range s.groups {
		for _, i := range g.Instances {
			if !q.acceptsGroup(g.ID) || ofInstances != nil && !slices.Contains(ofInstances, i.ID) {
				continue
			}
			for _, p := range i.Pairs {
				if q.accepts(p.Name, p.Status, g.zone(p.PriorityStation)) {
					pairs = append(pairs, p.wire(g.ID, i.ID))
				}
			}
		}
	}

	return page(q, "replications", pairs)
}
