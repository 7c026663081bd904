package simulator

import (
	"fmt"
	"time"
)

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

// at returns the instance's server at a site.
func (i *Instance) at(station string) *Server {
	if station == StationTarget {
		return &i.TargetServer
	}

	return &i.SourceServer
}

// move shows an operation that runs, or has failed.
func (i *Instance) move(status string, copies bool, at time.Time) {
	i.Status, i.UpdatedAt = status, at
	for n := range i.Pairs {
		i.Pairs[n].Status, i.Pairs[n].UpdatedAt = status, at
		if copies {
			i.Pairs[n].ReplicationStatus = ReplicationCopying
		}
	}
}

// finish shows an operation that has succeeded.
func (i *Instance) finish(status, station, replication string, at time.Time) {
	i.Status, i.PriorityStation, i.Progress, i.UpdatedAt = status, station, 100, at
	for n := range i.Pairs {
		p := &i.Pairs[n]
		p.Status, p.PriorityStation, p.Progress, p.UpdatedAt = status, station, 100, at
		p.ReplicationStatus = replication
	}
}

func (g Group) newInstance(n int) Instance {
	name := fmt.Sprintf("%s-%d", g.Name, n+1)

	return Instance{
		ID:              derivedID(g.ID, "instance", name),
		Name:            name,
		Status:          StatusProtected,
		PriorityStation: g.PriorityStation,
		SourceServer:    Server{ID: derivedID(g.ID, "source", name), Name: name, Status: ServerStopped},
		TargetServer:    Server{ID: derivedID(g.ID, "target", name), Name: name + "-dr", Status: ServerStopped},
		Progress:        100,
		CreatedAt:       g.CreatedAt,
		UpdatedAt:       g.UpdatedAt,
	}
}

func (i *Instance) wire(groupID string) object {
	attachment, metadata := []object{}, object{}
	for _, p := range i.Pairs {
		attachment = append(attachment, object{"replication": p.ID, "device": p.Device})
	}
	if i.Frozen {
		metadata["__system__frozen"] = "true"
	}

	return object{
		"id": i.ID, "name": i.Name, "description": i.Name, "server_group_id": groupID,
		"status": i.Status, "progress": i.Progress, "priority_station": i.PriorityStation,
		"source_server": i.SourceServer.ID, "target_server": i.TargetServer.ID,
		"attachment": attachment, "tags": []object{}, "metadata": metadata,
		"created_at": groupTime(i.CreatedAt), "updated_at": groupTime(i.UpdatedAt),
	}
}

// listInstances serves GET protected-instances.
func (s *Simulator) listInstances(in *incoming) (any, *Problem) {
	q, problem := in.filter()
	if problem != nil {
		return nil, problem
	}

	instances := []object{}
	for _, g := range s.groups {
		for n := range g.Instances {
			i := &g.Instances[n]
			if q.acceptsGroup(g.ID) && q.accepts(i.Name, i.Status, g.zone(i.PriorityStation)) {
				instances = append(instances, i.wire(g.ID))
			}
		}
	}

	return page(q, "protected_instances", instances)
}
