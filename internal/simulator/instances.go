package simulator

import "time"

// ServerStopped is the one server status that means stopped.
const ServerStopped = "SHUTOFF"

const serverRunning = "ACTIVE"

// Instance is a protected instance: a server and its replica.
type Instance struct {
	ID              string
	Name            string
	Status          string
	PriorityStation string
	SourceServer    Server
	TargetServer    Server
	Pairs           []Pair
	Frozen          bool // metadata __system__frozen
	Progress        int  // percent
	CreatedAt       time.Time
	UpdatedAt       time.Time
}

// Server is a cloud server. One whose name ends in -stubborn ignores a soft stop: the job succeeds, the server runs on.
type Server struct {
	ID     string
	Name   string
	Status string // e.g. ACTIVE, SHUTOFF
}

// at returns the instance's server at a site.
func (i *Instance) at(station string) *Server {
	if station == StationTarget {
		return &i.TargetServer
	}

	return &i.SourceServer
}

type attachmentOfInstance struct {
	Replication string `json:"replication"`
	Device      string `json:"device"`
}

type instanceWire struct {
	ID              string                 `json:"id"`
	Name            string                 `json:"name"`
	Description     string                 `json:"description"`
	ServerGroupID   string                 `json:"server_group_id"`
	Status          string                 `json:"status"`
	Progress        int                    `json:"progress"`
	SourceServer    string                 `json:"source_server"`
	TargetServer    string                 `json:"target_server"`
	CreatedAt       string                 `json:"created_at"`
	UpdatedAt       string                 `json:"updated_at"`
	PriorityStation string                 `json:"priority_station"`
	Attachment      []attachmentOfInstance `json:"attachment"`
	Tags            []map[string]string    `json:"tags"`
	Metadata        map[string]string      `json:"metadata"`
}

func (i *Instance) wire(groupID string) instanceWire {
	w := instanceWire{
		ID: i.ID, Name: i.Name, Description: i.Name, ServerGroupID: groupID,
		Status: i.Status, Progress: i.Progress, PriorityStation: i.PriorityStation,
		SourceServer: i.SourceServer.ID, TargetServer: i.TargetServer.ID,
		CreatedAt: groupTime(i.CreatedAt), UpdatedAt: groupTime(i.UpdatedAt),
		Attachment: []attachmentOfInstance{}, Tags: []map[string]string{}, Metadata: map[string]string{},
	}
	for _, p := range i.Pairs {
		w.Attachment = append(w.Attachment, attachmentOfInstance{Replication: p.ID, Device: p.Device})
	}
	if i.Frozen {
		w.Metadata["__system__frozen"] = "true"
	}

	return w
}

// listInstances serves GET protected-instances.
func (s *Simulator) listInstances(in *incoming) answer {
	q, problem := parseFilter(in.URL.Query())
	if problem != nil {
		return problem.answer()
	}

	instances := []instanceWire{}
	for _, g := range s.groups {
		for n := range g.Instances {
			i := &g.Instances[n]
			if q.acceptsGroup(g.ID) && q.accepts(i.Name, i.Status, g.zone(i.PriorityStation)) {
				instances = append(instances, i.wire(g.ID))
			}
		}
	}

	return ok(map[string]any{"protected_instances": page(q, instances), "count": len(instances)})
}
