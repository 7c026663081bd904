package simulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// The actions on a protection group, as the bodies of POST server-groups/{id}/action name them.
const (
	ActionReverse  = "reverse-server-group"  // planned failover
	ActionFailover = "failover-server-group" // unplanned failover
	ActionStart    = "start-server-group"    // enable protection, or reprotect
	ActionStop     = "stop-server-group"     // disable protection
)

// operation is what an action does to a group: an action starts it when it is allowed from the group's status.
type operation struct {
	name    string // the prefix of its job types
	action  string
	from    []string
	moving  string // the status meanwhile
	done    string
	failed  string
	failure string // failure_status in the list of failed jobs

	replication string // of the pairs afterwards
	copies      bool   // the pairs are copied meanwhile
	syncs       bool   // and afterwards, at the rate of WithSyncRate
	switches    bool   // the other site is the production site afterwards, or the one that was asked for
	stopped     bool   // all servers must be stopped all the while
	force       bool   // stops the servers of the old production site by force

	obstacle func(g *Group, station string) *Problem // what it doesn't start with
}

var operations = []operation{
	{
		name: "reverse", action: ActionReverse, from: []string{StatusProtected, StatusErrorReversing},
		moving: StatusReversing, done: StatusProtected, failed: StatusErrorReversing, failure: "reverseFail",
		replication: ReplicationActive, switches: true, stopped: true, obstacle: (*Group).reverseObstacle,
	},
	{
		name: "failover", action: ActionFailover,
		from:   []string{StatusProtected, StatusErrorFailingOver, StatusErrorReversing},
		moving: StatusFailingOver, done: StatusFailedOver, failed: StatusErrorFailingOver, failure: "failoverFail",
		replication: ReplicationInactive, switches: true, force: true,
		obstacle: func(g *Group, _ string) *Problem { return g.defect(false) },
	},
	{
		name: "start", action: ActionStart, from: []string{StatusAvailable, StatusErrorStarting},
		moving: StatusStarting, done: StatusProtected, failed: StatusErrorStarting, failure: "startFail",
		replication: ReplicationActive, syncs: true,
	},
	{
		name: "reprotect", action: ActionStart, from: []string{StatusFailedOver, StatusErrorReprotecting},
		moving: StatusReprotecting, done: StatusProtected, failed: StatusErrorReprotecting, failure: "reprotectFail",
		replication: ReplicationActive, copies: true, syncs: true, obstacle: (*Group).reprotectObstacle,
	},
	{
		name: "stop", action: ActionStop, from: []string{StatusProtected, StatusErrorStopping},
		moving: StatusStopping, done: StatusAvailable, failed: StatusErrorStopping, failure: "stopFail",
		replication: ReplicationActiveStopped,
	},
}

// Switch starts a planned failover towards station (source or target) at the console: the rules are those of POST
// server-groups/{id}/action, the request log knows nothing of it. A refusal is a *Problem.
func (s *Simulator) Switch(groupID, station string) (jobID string, err error) {
	return s.console(groupID, ActionReverse, station)
}

// Failover starts an unplanned failover at the console.
func (s *Simulator) Failover(groupID string) (jobID string, err error) {
	return s.console(groupID, ActionFailover, "")
}

// Protect enables protection at the console or, after a failover, reprotects.
func (s *Simulator) Protect(groupID string) (jobID string, err error) {
	return s.console(groupID, ActionStart, "")
}

// Unprotect disables protection at the console.
func (s *Simulator) Unprotect(groupID string) (jobID string, err error) {
	return s.console(groupID, ActionStop, "")
}

func (s *Simulator) console(groupID, action, station string) (string, error) {
	defer s.enter().Unlock()

	j, problem := s.act(groupID, action, station)
	if problem != nil {
		return "", problem
	}

	return j.id, nil
}

// actOnGroup serves POST server-groups/{id}/action.
func (s *Simulator) actOnGroup(in *incoming) (any, *Problem) {
	action, station, problem := parseAction(in.body)
	if problem != nil {
		return nil, problem
	}
	j, problem := s.act(in.PathValue("id"), action, station)
	if problem != nil {
		return nil, problem
	}

	return j.accepted(), nil
}

func parseAction(body []byte) (action, station string, problem *Problem) {
	var actions map[string]json.RawMessage
	if err := json.Unmarshal(body, &actions); err != nil {
		return "", "", malformed("SDRS.0201", "The request body is not a JSON object.")
	}
	if len(actions) != 1 {
		return "", "", malformed("SDRS.0201", "The request body must hold exactly one action.")
	}
	for name, raw := range actions {
		var parameters map[string]any
		if err := json.Unmarshal(raw, &parameters); err != nil || parameters == nil {
			return "", "", malformed("SDRS.0201", "The value of %s must be an object.", name)
		}
		action = name
		station, _ = parameters["priority_station"].(string) // anything but text is no station
	}
	if !slices.ContainsFunc(operations, func(o operation) bool { return o.action == action }) {
		return "", "", malformed("SDRS.0206", "The action %s is unknown.", action)
	}

	return action, station, nil
}

// act starts an operation on a group, if the rules allow it. The conditions are documented, and which code refuses
// what; the order in which they are looked at is our reading.
func (s *Simulator) act(groupID, action, station string) (*job, *Problem) {
	if action == ActionReverse && station != StationSource && station != StationTarget {
		return nil, malformed("SDRS.0216", "priority_station must be source or target.")
	}
	g, problem := s.groupAsked(groupID)
	if problem != nil {
		return nil, problem
	}
	op, problem := g.operation(action)
	if problem != nil {
		return nil, problem
	}
	if problem := s.busy(g.ID); problem != nil {
		return nil, problem
	}
	if g.pairCount() == 0 || s.attachedNeeded && g.pairCount() == len(g.Pairs) {
		return nil, refused("SDRS.1002", "The protection group %s has no replication pairs.", g.ID)
	}
	if problem := s.zoneObstacle(g, op); problem != nil {
		return nil, problem
	}
	if op.obstacle != nil {
		if problem := op.obstacle(g, station); problem != nil {
			return nil, problem
		}
	}

	switch {
	case action == ActionReverse:
	case op.switches:
		station = opposite(g.PriorityStation)
	default:
		station = g.PriorityStation
	}

	return s.begin(g, op, station), nil
}

// operation picks what an action means from the group's status.
func (g *Group) operation(action string) (operation, *Problem) {
	for _, op := range operations {
		if op.action == action && slices.Contains(op.from, g.Status) {
			return op, nil
		}
	}
	if g.Status == StatusAvailable {
		return operation{}, refused("SDRS.1019", "Protection is not enabled for the protection group %s.", g.ID)
	}

	return operation{}, refused("SDRS.0209",
		"The status %s of the protection group %s does not allow %s.", g.Status, g.ID, action)
}

func (g *Group) reverseObstacle(station string) *Problem {
	// From error-reversing either direction is fine: it finishes the switch, or takes it back.
	if g.Status == StatusProtected && station == g.PriorityStation {
		return malformed("SDRS.0216", "The %s site is the production site already.", station)
	}
	if server, _ := g.running(g.PriorityStation); server != nil {
		return refused("SDRS.1319", "The production site server %s (%s) is not stopped.", server.Name, server.ID)
	}

	return g.defect(true)
}

func (g *Group) reprotectObstacle(string) *Problem {
	if server, _ := g.running(opposite(g.PriorityStation)); server != nil {
		return refused("SDRS.1342", "The DR site server %s (%s) is not stopped.", server.Name, server.ID)
	}

	return nil
}

// running returns a server at one of the sites that is not stopped, and its instance's id, or nil.
func (g *Group) running(stations ...string) (server *Server, instanceID string) {
	for n := range g.Instances {
		i := &g.Instances[n]
		for _, station := range stations {
			if server := i.at(station); server.ID != "" && settled(i.Status) && server.Status != ServerStopped {
				return server, i.ID
			}
		}
	}

	return nil, ""
}

// defect returns what about the instances and pairs forbids to leave the production site. Data that is still being
// copied matters only when none may be lost.
func (g *Group) defect(planned bool) *Problem {
	for _, i := range g.Instances {
		if i.Status == StatusInvalid {
			return refused("SDRS.1314", "The protected instance %s (%s) is invalid.", i.Name, i.ID)
		}
	}
	for _, p := range g.pairs() {
		if planned && p.ReplicationStatus == ReplicationCopying {
			return refused("SDRS.1830", "The replication pair %s (%s) is still synchronizing.", p.Name, p.ID)
		}
		if p.FaultLevel == faultLinkDown {
			return refused("SDRS.1601", "The replication link of the replication pair %s (%s) is down.", p.Name, p.ID)
		}
	}

	return nil
}

// begin starts an operation whose conditions are met. Its job has a sub-job for each instance, which has one for each
// pair, and all of them name the group and nothing else. The reference has an example of that for disabling, with
// sub-jobs of pairs alone; the rest is our reading.
func (s *Simulator) begin(g *Group, op operation, station string) *job {
	entities := map[string]string{"server_group_id": g.ID}
	previous := g.PriorityStation

	j := &job{
		part:     part{kind: op.name + "ProtectionGroupNoCG", entities: entities},
		service:  pathSDRS,
		resource: g.resource(op.failure),
		progress: g.showProgress,
	}
	j.check = func() *failure {
		if !slices.Contains(s.groups, g) {
			return &failure{code: "SDRS.1013", reason: "The protection group has been deleted."}
		}
		if server, instance := g.running(StationSource, StationTarget); op.stopped && server != nil {
			return &failure{
				code:   "SDRS.1352",
				reason: fmt.Sprintf("The server %s (%s) was started during the planned failover.", server.Name, server.ID),
				of:     instance,
			}
		}

		return nil
	}
	// When one instance fails the others are done all the same, which is how partly reversed groups come about.
	settle := func(at time.Time) {
		status, failed := op.done, ""
		if j.failure == nil {
			g.PriorityStation, g.Progress = station, 100
		} else {
			g.PriorityStation, status, failed = previous, op.failed, j.failedPart()
		}
		g.Status, g.UpdatedAt = status, at
		for n := range g.Instances {
			i := &g.Instances[n]
			switch {
			case !settled(i.Status):
			case i.ID == failed:
				i.move(op.failed, false, at)
			default:
				s.finishInstance(i, op, station, at)
				if op.force {
					i.at(previous).Status = ServerStopped
				}
			}
		}
		for n := range g.Pairs {
			s.finishPair(&g.Pairs[n], op, station, at)
		}
		s.pauseLoose(g)
	}
	j.steps = []step{{after: s.jobDuration, ends: true}, {after: s.statusLag, do: settle}}

	g.Status, g.UpdatedAt = op.moving, s.now
	sub := op.name + "ProtectionGroupRepNoCG" // one for each pair
	if op.stopped && s.stationFlipsEarly {
		g.PriorityStation = station
	}
	for n := range g.Instances {
		i := &g.Instances[n]
		if !settled(i.Status) {
			continue
		}
		i.move(op.moving, op.copies, s.now)
		for range i.Pairs {
			j.parts = append(j.parts, &part{kind: sub, of: i.ID, entities: entities})
		}
	}
	for n := range g.Pairs {
		g.Pairs[n].move(op.moving, op.copies, s.now)
		j.parts = append(j.parts, &part{kind: sub, of: g.Pairs[n].ID, entities: entities})
	}
	g.showProgress(0)
	s.start(j)

	return j
}

// showProgress writes the progress of a running job into the group and all that belongs to it.
func (g *Group) showProgress(percent int) {
	g.Progress = percent
	for n := range g.Instances {
		if i := &g.Instances[n]; settled(i.Status) {
			i.Progress = percent
		}
	}
	for _, p := range g.pairs() {
		if settled(p.Status) {
			p.Progress = percent
		}
	}
}

// finishInstance shows an operation that has succeeded.
func (s *Simulator) finishInstance(i *Instance, op operation, station string, at time.Time) {
	switch {
	case op.name == "reprotect":
		i.returnNICs(station)
	case op.switches && i.PriorityStation != station:
		i.exchangeNICs(station, op.force)
	}
	i.Status, i.PriorityStation, i.Progress, i.UpdatedAt = op.done, station, 100, at
	for n := range i.Pairs {
		s.finishPair(&i.Pairs[n], op, station, at)
	}
}

func (s *Simulator) finishPair(p *Pair, op operation, station string, at time.Time) {
	if !settled(p.Status) {
		return
	}
	p.Status, p.PriorityStation, p.Progress, p.UpdatedAt = op.done, station, 100, at
	p.ReplicationStatus, p.copiedSince = op.replication, time.Time{}
	if op.syncs {
		s.copy(p, at)
	}
}

// copy begins to synchronize a pair.
func (s *Simulator) copy(p *Pair, at time.Time) {
	p.ReplicationStatus, p.Progress = ReplicationActive, 100
	if s.syncRate > 0 {
		p.ReplicationStatus, p.Progress, p.copiedSince = ReplicationCopying, 0, at
	}
}

// synchronize brings the pairs that are copied up to date.
func (s *Simulator) synchronize() {
	if s.syncRate <= 0 {
		return
	}
	for _, g := range s.groups {
		for _, p := range g.pairs() {
			if p.copiedSince.IsZero() || p.ReplicationStatus != ReplicationCopying {
				continue
			}
			p.Progress = int(100 * s.now.Sub(p.copiedSince).Seconds() * s.syncRate / float64(max(1, p.SizeGB)))
			if p.Progress >= 100 {
				p.ReplicationStatus, p.Progress, p.copiedSince = ReplicationActive, 100, time.Time{}
			}
		}
	}
}
