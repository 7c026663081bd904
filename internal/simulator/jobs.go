package simulator

import (
	"fmt"
	"slices"
	"time"
)

// job is an operation that runs on a group, or has run.
type job struct {
	id        string
	op        operation
	groupID   string
	groupName string
	station   string // the production site after success
	previous  string // and before
	begin     time.Time
	end       time.Time // when it ends, unless jobs are stalled
	failure   *jobFailure
	ended     bool // it reads SUCCESS or FAIL
	settled   bool // and the group shows it
	parts     []part
}

// part is the share of one instance in a job.
type part struct {
	id         string
	instanceID string
	pairIDs    []string // of the sub-jobs, one for each pair
}

type jobFailure struct {
	code   string
	reason string
	part   int // index of the part that failed
}

func (s *Simulator) newJobID() string {
	s.lastJob++

	return fmt.Sprintf("ff8080826b45d4a5%016x", s.lastJob)
}

// begin starts an operation whose conditions are met.
func (s *Simulator) begin(now time.Time, g *Group, op operation, station string) string {
	j := &job{
		id: s.newJobID(), op: op, groupID: g.ID, groupName: g.Name, station: station, previous: g.PriorityStation,
		begin: now, end: now.Add(s.jobDuration), failure: s.failNext,
	}
	s.failNext = nil
	for _, i := range g.Instances {
		p := part{id: s.newJobID(), instanceID: i.ID}
		for range i.Pairs {
			p.pairIDs = append(p.pairIDs, s.newJobID())
		}
		j.parts = append(j.parts, p)
	}
	s.jobs = append(s.jobs, j)

	g.Status, g.Progress, g.UpdatedAt = op.moving, 0, now
	if op.name == "reverse" && s.stationFlipsEarly {
		g.PriorityStation = station
	}
	for n := range g.Instances {
		i := &g.Instances[n]
		i.Status, i.Progress, i.UpdatedAt = op.moving, 0, now
		for m := range i.Pairs {
			p := &i.Pairs[m]
			p.Status, p.Progress, p.UpdatedAt = op.moving, 0, now
			if op.name == "reprotect" {
				p.ReplicationStatus = ReplicationCopying
			}
		}
	}
	s.watchServers()

	return j.id
}

// watchServers dooms the planned failovers whose group has a server that isn't stopped. It must follow every change of a
// server.
func (s *Simulator) watchServers() {
	for _, j := range s.jobs {
		g := s.find(j.groupID)
		if j.ended || j.op.name != "reverse" || j.failure != nil || g == nil {
			continue
		}
		for n := range g.Instances {
			i := &g.Instances[n]
			for _, server := range []*Server{&i.SourceServer, &i.TargetServer} {
				if server.Status == ServerStopped || j.failure != nil {
					continue
				}
				j.failure = &jobFailure{
					code:   "SDRS.1352",
					reason: fmt.Sprintf("The server %s (%s) was started during the planned failover.", server.Name, server.ID),
					part:   max(0, slices.IndexFunc(j.parts, func(p part) bool { return p.instanceID == i.ID })),
				}
			}
		}
	}
}

// advance brings the cloud up to date and returns the time. Whatever fell due since the last access happens now, in the
// order in which it fell due.
func (s *Simulator) advance() time.Time {
	now := s.clock.Now()
	for {
		var next func(at time.Time)
		at := now
		consider := func(due time.Time, event func(at time.Time)) {
			if due.Before(at) || next == nil && !due.After(now) {
				next, at = event, due
			}
		}
		for _, j := range s.jobs {
			switch {
			case !j.ended && !s.jobsStalled:
				consider(j.end, func(time.Time) { s.finish(j) })
			case j.ended && !j.settled:
				consider(j.end.Add(s.statusLag), func(at time.Time) { s.settle(j, at) })
			}
		}
		for _, j := range s.serverJobs {
			if !j.ended {
				consider(j.end, func(time.Time) { s.finishServers(j) })
			}
		}
		if next == nil {
			break
		}
		next(at)
	}
	s.showProgress(now)

	return now
}

// finish ends a job. The group follows when it settles.
func (s *Simulator) finish(j *job) {
	j.ended = true
	if j.failure == nil {
		return
	}
	s.failures = append(s.failures, failureJob{
		JobStatus: "FAIL", ResourceID: j.groupID, ResourceName: j.groupName, ResourceType: "protectionGroup",
		FailureStatus: j.op.failure, JobID: j.id, JobType: j.op.name + groupJobSuffix, BeginTime: jobTime(j.begin),
		ErrorCode: j.failure.code, FailReason: j.failure.reason,
	})
}

// settle lets the group, its instances and its pairs show what their job has done. When one instance fails the others
// are done all the same, which is how partly reversed groups come about.
func (s *Simulator) settle(j *job, at time.Time) {
	j.settled = true
	g := s.find(j.groupID)
	if g == nil {
		return
	}

	g.UpdatedAt = at
	if j.failure == nil {
		g.Status, g.PriorityStation, g.Progress = j.op.done, j.station, 100
	} else {
		g.Status, g.PriorityStation = j.op.failed, j.previous
	}
	for n := range g.Instances {
		i := &g.Instances[n]
		i.UpdatedAt = at
		if j.failure != nil && j.partOf(i.ID) == j.failure.part {
			i.fail(j.op.failed, at)
		} else {
			i.complete(j, at)
		}
	}
	s.watchServers()
}

// partOf returns the index of an instance's share in the job, or -1.
func (j *job) partOf(instanceID string) int {
	return slices.IndexFunc(j.parts, func(p part) bool { return p.instanceID == instanceID })
}

func (i *Instance) fail(status string, at time.Time) {
	i.Status = status
	for n := range i.Pairs {
		i.Pairs[n].Status, i.Pairs[n].UpdatedAt = status, at
	}
}

func (i *Instance) complete(j *job, at time.Time) {
	replication := ReplicationActive
	switch j.op.name {
	case "failover":
		replication = ReplicationInactive
		i.at(j.previous).Status = ServerStopped // by force
	case "stop":
		replication = ReplicationActiveStopped
	}

	i.Status, i.PriorityStation, i.Progress = j.op.done, j.station, 100
	for n := range i.Pairs {
		p := &i.Pairs[n]
		p.Status, p.PriorityStation, p.Progress, p.UpdatedAt = j.op.done, j.station, 100, at
		p.ReplicationStatus = replication
	}
}

// showProgress writes the progress of running jobs into their groups.
func (s *Simulator) showProgress(now time.Time) {
	for _, j := range s.jobs {
		g := s.find(j.groupID)
		if j.settled || g == nil {
			continue
		}
		progress := j.progress(now)
		g.Progress = progress
		for n := range g.Instances {
			g.Instances[n].Progress = progress
			for m := range g.Instances[n].Pairs {
				g.Instances[n].Pairs[m].Progress = progress
			}
		}
	}
}

// progress is in percent, and below 100 until the job ends.
func (j *job) progress(now time.Time) int {
	if j.ended && j.failure == nil {
		return 100
	}
	total := j.end.Sub(j.begin)
	if total <= 0 {
		return 0
	}

	return min(99, int(100*now.Sub(j.begin)/total))
}

// started reports whether the job is past its first tenth, during which it reads INIT.
func (j *job) started(now time.Time) bool {
	return now.Sub(j.begin)*10 >= j.end.Sub(j.begin)
}
