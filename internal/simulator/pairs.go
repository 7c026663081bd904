package simulator

import (
	"encoding/json"
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

type attachmentOfPair struct {
	Device            string `json:"device"`
	ProtectedInstance string `json:"protected_instance"`
}

type recordMetadata struct {
	Multiattach bool   `json:"multiattach"`
	Bootable    bool   `json:"bootable"`
	VolumeSize  int    `json:"volume_size"`
	VolumeType  string `json:"volume_type"`
}

type pairWire struct {
	ID                string             `json:"id"`
	Name              string             `json:"name"`
	Description       string             `json:"description"`
	ReplicationModel  string             `json:"replication_model"`
	Status            string             `json:"status"`
	Progress          int                `json:"progress"`
	ReplicationStatus string             `json:"replication_status"`
	Attachment        []attachmentOfPair `json:"attachment"`
	ServerGroupID     string             `json:"server_group_id"`
	VolumeIDs         string             `json:"volume_ids"`
	PriorityStation   string             `json:"priority_station"`
	FaultLevel        string             `json:"fault_level"`
	CreatedAt         string             `json:"created_at"`
	UpdatedAt         string             `json:"updated_at"`
	RecordMetadata    recordMetadata     `json:"record_metadata"`
}

func (p *Pair) wire(groupID, instanceID string) pairWire {
	return pairWire{
		ID: p.ID, Name: p.Name, Description: p.Name, ReplicationModel: "hypermetro",
		Status: p.Status, Progress: p.Progress, ReplicationStatus: p.ReplicationStatus,
		Attachment:    []attachmentOfPair{{Device: p.Device, ProtectedInstance: instanceID}},
		ServerGroupID: groupID, VolumeIDs: p.SourceVolume + "," + p.TargetVolume,
		PriorityStation: p.PriorityStation, FaultLevel: p.FaultLevel,
		CreatedAt: pairTime(p.CreatedAt), UpdatedAt: pairTime(p.UpdatedAt),
		RecordMetadata: recordMetadata{Bootable: p.Device == "/dev/vda", VolumeSize: p.SizeGB, VolumeType: "SATA"},
	}
}

// pairTime is the time format of pairs, which names no zone either.
func pairTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000") }

// listPairs serves GET replications.
func (s *Simulator) listPairs(in *incoming) answer {
	query := in.URL.Query()
	q, problem := parseFilter(query)
	if problem != nil {
		return problem.answer()
	}
	ofInstances, problem := instancesOf(query.Get("protected_instance_id"), query.Get("protected_instance_ids"))
	if problem != nil {
		return problem.answer()
	}

	pairs := []pairWire{}
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

	return ok(map[string]any{"replications": page(q, pairs), "count": len(pairs)})
}

// instancesOf reads the two parameters that restrict pairs to instances. nil is no restriction.
func instancesOf(id, list string) ([]string, *Problem) {
	var ids []string
	if id != "" {
		ids = append(ids, id)
	}
	if list != "" {
		var more []string
		if err := json.Unmarshal([]byte(list), &more); err != nil {
			return nil, malformed("SDRS.0204", "protected_instance_ids must be a JSON list.")
		}
		ids = append(ids, more...)
	}

	return ids, nil
}
