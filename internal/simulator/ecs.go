package simulator

import (
	"encoding/json"
	"strings"
	"time"
)

const maxServersInAction = 1000

// serverJob stops or starts servers. Their status changes when it ends.
type serverJob struct {
	id      string
	kind    string
	status  string // of the servers afterwards
	soft    bool
	begin   time.Time
	end     time.Time
	ended   bool
	servers []string
	subIDs  []string
}

// server returns a server of any group, or nil.
func (s *Simulator) server(id string) *Server {
	for _, g := range s.groups {
		for n := range g.Instances {
			i := &g.Instances[n]
			for _, server := range []*Server{&i.SourceServer, &i.TargetServer} {
				if server.ID == id {
					return server
				}
			}
		}
	}

	return nil
}

func unknownServer(id string) answer {
	return notFound("Ecs.0114", "Instance %s could not be found.", id).answer()
}

// showServer serves GET cloudservers/{id}.
func (s *Simulator) showServer(in *incoming) answer {
	type serverWire struct {
		ID       string            `json:"id"`
		Name     string            `json:"name"`
		Status   string            `json:"status"`
		Metadata map[string]string `json:"metadata"`
	}

	id := in.PathValue("id")
	server := s.server(id)
	if server == nil {
		return unknownServer(id)
	}

	return ok(map[string]serverWire{"server": {
		ID: server.ID, Name: server.Name, Status: server.Status, Metadata: map[string]string{},
	}})
}

type serverAction struct {
	Type    string `json:"type"`
	Servers []struct {
		ID string `json:"id"`
	} `json:"servers"`
}

// actOnServers serves POST cloudservers/action.
func (s *Simulator) actOnServers(in *incoming) answer {
	var request struct {
		Stop  *serverAction `json:"os-stop"`
		Start *serverAction `json:"os-start"`
	}
	if err := json.Unmarshal(in.body, &request); err != nil || (request.Stop == nil) == (request.Start == nil) {
		return malformed("Ecs.0005", "The request body must hold either os-stop or os-start.").answer()
	}

	action := request.Start
	j := &serverJob{kind: "startServer", status: serverRunning, begin: in.now, end: in.now.Add(s.serverJobDuration)}
	if request.Stop != nil {
		action = request.Stop
		j.kind, j.status, j.soft = "stopServer", ServerStopped, request.Stop.Type != "HARD"
		if t := request.Stop.Type; t != "" && t != "SOFT" && t != "HARD" {
			return malformed("Ecs.0005", "type must be SOFT or HARD.").answer()
		}
	}
	if n := len(action.Servers); n == 0 || n > maxServersInAction {
		return malformed("Ecs.0005", "The number of servers must be from 1 to %d.", maxServersInAction).answer()
	}
	for _, server := range action.Servers {
		if s.server(server.ID) == nil {
			return unknownServer(server.ID)
		}
		j.servers = append(j.servers, server.ID)
	}

	j.id = s.newJobID()
	for range j.servers {
		j.subIDs = append(j.subIDs, s.newJobID())
	}
	s.serverJobs = append(s.serverJobs, j)

	return ok(map[string]string{"job_id": j.id})
}

// finishServers ends a job. A stubborn server sits out a soft stop.
func (s *Simulator) finishServers(j *serverJob) {
	j.ended = true
	for _, id := range j.servers {
		server := s.server(id)
		if server == nil || j.soft && strings.HasSuffix(server.Name, "-stubborn") {
			continue
		}
		server.Status = j.status
	}
	s.watchServers()
}

// showServerJob serves GET jobs/{id} of ECS.
func (s *Simulator) showServerJob(in *incoming) answer {
	id := in.PathValue("id")
	for _, j := range s.serverJobs {
		if j.id == id && !s.jobsForgotten {
			return ok(j.wire())
		}
	}

	return notFound("Ecs.0001", "The job %s does not exist.", id).answer()
}

func (j *serverJob) wire() jobWire {
	form := func(id string) jobWire {
		w := jobWire{JobID: id, JobType: j.kind, BeginTime: jobTime(j.begin), Status: "RUNNING"}
		if j.ended {
			end := jobTime(j.end)
			w.Status, w.EndTime = "SUCCESS", &end
		}

		return w
	}

	w := form(j.id)
	for n, server := range j.servers {
		sub := form(j.subIDs[n])
		sub.Entities.ServerID = server
		w.Entities.SubJobs = append(w.Entities.SubJobs, sub)
	}

	return w
}
