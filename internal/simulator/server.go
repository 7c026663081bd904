package simulator

import (
	"encoding/json"
	"strings"
	"time"
)

// ServerStopped is the one server status that means stopped.
const ServerStopped = "SHUTOFF"

const (
	serverRunning      = "ACTIVE"
	maxServersInAction = 1000
)

// Server is a cloud server. One whose name ends in -stubborn ignores a soft stop: the job succeeds, the server runs on.
type Server struct {
	ID     string
	Name   string
	Status string // e.g. ACTIVE, SHUTOFF
}

// SetServerStatus puts a server into a status, e.g. ACTIVE, at once. A server that is not SHUTOFF dooms a planned
// failover that runs on its group. An unknown server is ignored.
func (s *Simulator) SetServerStatus(serverID, status string) {
	defer s.enter().Unlock()

	if server := s.server(serverID); server != nil {
		server.Status = status
	}
}

// server returns a server of any group, or nil.
func (s *Simulator) server(id string) *Server {
	for _, g := range s.groups {
		for n := range g.Instances {
			for _, station := range []string{StationSource, StationTarget} {
				if server := g.Instances[n].at(station); server.ID == id {
					return server
				}
			}
		}
	}

	return nil
}

func unknownServer(id string) *Problem {
	return notFound("Ecs.0114", "Instance %s could not be found.", id)
}

// showServer serves GET cloudservers/{id}.
func (s *Simulator) showServer(in *incoming) (any, *Problem) {
	id := in.PathValue("id")
	server := s.server(id)
	if server == nil {
		return nil, unknownServer(id)
	}

	return object{"server": object{
		"id": server.ID, "name": server.Name, "status": server.Status, "metadata": object{},
	}}, nil
}

type serverAction struct {
	Type    string `json:"type"`
	Servers []struct {
		ID string `json:"id"`
	} `json:"servers"`
}

// actOnServers serves POST cloudservers/action. The documentation says when a server's status changes as little as what
// a partly failed job looks like: here the servers change when the job ends, all at once, and no job fails.
func (s *Simulator) actOnServers(in *incoming) (any, *Problem) {
	var request struct {
		Stop  *serverAction `json:"os-stop"`
		Start *serverAction `json:"os-start"`
	}
	if err := json.Unmarshal(in.body, &request); err != nil || (request.Stop == nil) == (request.Start == nil) {
		return nil, malformed("Ecs.0005", "The request body must hold either os-stop or os-start.")
	}

	action, kind, status, soft := request.Start, "startServer", serverRunning, false
	if request.Stop != nil {
		action, kind, status, soft = request.Stop, "stopServer", ServerStopped, request.Stop.Type != "HARD"
		if t := request.Stop.Type; t != "" && t != "SOFT" && t != "HARD" {
			return nil, malformed("Ecs.0005", "type must be SOFT or HARD.")
		}
	}
	if n := len(action.Servers); n == 0 || n > maxServersInAction {
		return nil, malformed("Ecs.0005", "The number of servers must be from 1 to %d.", maxServersInAction)
	}

	j := &job{part: part{kind: kind}, service: pathECS}
	for _, server := range action.Servers {
		if s.server(server.ID) == nil {
			return nil, unknownServer(server.ID)
		}
		j.parts = append(j.parts, &part{kind: kind, entities: map[string]string{"server_id": server.ID}})
	}
	j.steps = []step{{after: s.serverJobDuration, ends: true, do: func(time.Time) {
		for _, asked := range action.Servers {
			server := s.server(asked.ID)
			if server == nil || soft && strings.HasSuffix(server.Name, "-stubborn") {
				continue
			}
			server.Status = status
		}
	}}}
	s.start(j)

	return j.accepted(), nil
}
