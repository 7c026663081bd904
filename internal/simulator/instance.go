package simulator

import (
	"fmt"
	"slices"
	"time"
)

// Instance is a protected instance: a server and its replica.
type Instance struct {
	ID              string
	Name            string
	Description     string // read as null when empty
	Status          string
	PriorityStation string
	SourceServer    Server
	TargetServer    Server
	Pairs           []Pair // that are attached to it
	Tags            []Tag
	Frozen          bool // metadata __system__frozen
	Progress        int  // percent
	CreatedAt       time.Time
	UpdatedAt       time.Time

	seenFrom time.Time
	idle     []NIC // what the DR server had before a failover gave it those of production
}

// at returns the instance's server at a site. While it is created it has one only.
func (i *Instance) at(station string) *Server {
	if station == StationTarget {
		return &i.TargetServer
	}

	return &i.SourceServer
}

// settled tells whether an instance or a pair of this status is one that a group's operation moves.
func settled(status string) bool {
	return status != StatusCreating && status != StatusDeleting && status != StatusError
}

// move shows an operation that runs, or has failed.
func (i *Instance) move(status string, copies bool, at time.Time) {
	i.Status, i.UpdatedAt = status, at
	for n := range i.Pairs {
		i.Pairs[n].move(status, copies, at)
	}
}

// exchangeNICs lets the NICs follow production to a site: after a planned failover the servers have each other's, after
// a failover the new one has both, until protection is enabled again.
func (i *Instance) exchangeNICs(station string, forced bool) {
	to, from := i.at(station), i.at(opposite(station))
	if forced {
		i.idle, to.NICs, from.NICs = to.NICs, from.NICs, nil

		return
	}
	to.NICs, from.NICs = from.NICs, to.NICs
}

func (i *Instance) returnNICs(station string) {
	if i.idle != nil {
		i.at(opposite(station)).NICs, i.idle = i.idle, nil
	}
}

func (g Group) newInstance(n int) Instance {
	name := fmt.Sprintf("%s-%d", g.Name, n+1)

	return Instance{
		ID:              derivedID(g.ID, "instance", name),
		Name:            name,
		Description:     name,
		Status:          StatusProtected,
		PriorityStation: g.PriorityStation,
		SourceServer:    Server{ID: derivedID(g.ID, "source", name), Name: name, Status: ServerStopped},
		TargetServer:    Server{ID: derivedID(g.ID, "target", name), Name: name + "-dr", Status: ServerStopped},
		Progress:        100,
		CreatedAt:       g.CreatedAt,
		UpdatedAt:       g.UpdatedAt,
	}
}

// instanceBody is an instance as it is read.
type instanceBody struct {
	ID              string               `json:"id"`
	Name            string               `json:"name"`
	Description     *string              `json:"description"`
	ServerGroupID   string               `json:"server_group_id"`
	Status          string               `json:"status"`
	Progress        int                  `json:"progress"`
	PriorityStation string               `json:"priority_station"`
	SourceServer    string               `json:"source_server"`
	TargetServer    string               `json:"target_server"`
	Attachment      []instanceAttachment `json:"attachment"`
	Tags            []tagBody            `json:"tags"`
	Metadata        object               `json:"metadata"`
	CreatedAt       string               `json:"created_at"`
	UpdatedAt       string               `json:"updated_at"`
}

type instanceAttachment struct {
	Replication string `json:"replication"`
	Device      string `json:"device"`
}

func (s *Simulator) instanceWire(g *Group, i *Instance) instanceBody {
	attachment, metadata := []instanceAttachment{}, object{}
	for keeper, p := range g.pairs() {
		if device := p.deviceAt(keeper, i.ID); device != "" {
			attachment = append(attachment, instanceAttachment{Replication: p.ID, Device: device})
		}
	}
	first := s.firstSite(i.PriorityStation)
	if i.Frozen {
		metadata["__system__frozen"] = "true"
	}

	return instanceBody{
		ID: i.ID, Name: i.Name, Description: nullable(i.Description), ServerGroupID: g.ID,
		Status: i.Status, Progress: i.Progress, PriorityStation: i.PriorityStation,
		SourceServer: i.at(first).ID, TargetServer: i.at(opposite(first)).ID,
		Attachment: attachment, Tags: tagsWire(i.Tags), Metadata: metadata,
		CreatedAt: groupTime(i.CreatedAt), UpdatedAt: groupTime(i.UpdatedAt),
	}
}

// firstSite is the site whose server or disk is shown as the source.
func (s *Simulator) firstSite(priorityStation string) string {
	if s.productionFirst {
		return priorityStation
	}

	return StationSource
}

// instanceAsked returns the instance of a request's path, and its group. What is not there is refused with unknown.
func (s *Simulator) instanceAsked(id, unknown string) (*Group, *Instance, *Problem) {
	for _, g := range s.groups {
		if i := g.instance(id); i != nil {
			return g, i, nil
		}
	}
	if !names.MatchString(id) {
		unknown = "SDRS.0208"
	}

	return nil, nil, s.missing(unknown, "The protected instance %s does not exist.", id)
}

// showInstance serves GET protected-instances/{id}.
func (s *Simulator) showInstance(in *incoming) (any, *Problem) {
	g, i, problem := s.instanceAsked(in.PathValue("id"), "SDRS.1320")
	if problem == nil && s.now.Before(i.seenFrom) {
		problem = s.missing("SDRS.1320", "The protected instance %s does not exist.", i.ID)
	}
	if problem != nil {
		return nil, problem
	}

	return object{"protected_instance": s.instanceWire(g, i)}, nil
}

// listInstances serves GET protected-instances.
func (s *Simulator) listInstances(in *incoming) (any, *Problem) {
	q, problem := in.filter()
	if problem != nil {
		return nil, problem
	}
	asked, problem := in.idList("protected_instance_ids")
	if problem != nil {
		return nil, problem
	}

	instances := []instanceBody{}
	for _, g := range s.groups {
		for n := range g.Instances {
			i := &g.Instances[n]
			if !q.acceptsGroup(g.ID) || q.groups == nil && asked != nil && !slices.Contains(asked, i.ID) {
				continue
			}
			if !s.now.Before(i.seenFrom) && q.accepts(i.Name, i.Status, g.zone(i.PriorityStation)) {
				instances = append(instances, s.instanceWire(g, i))
			}
		}
	}

	return page(q, "protected_instances", instances)
}
