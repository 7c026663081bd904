package simulator

import (
	"encoding/json"
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
}

var operations = []operation{
	{
		name: "reverse", action: ActionReverse, from: []string{StatusProtected, StatusErrorReversing},
		moving: StatusReversing, done: StatusProtected, failed: StatusErrorReversing, failure: "reverseFail",
	},
	{
		name: "failover", action: ActionFailover,
		from:   []string{StatusProtected, StatusErrorFailingOver, StatusErrorReversing},
		moving: StatusFailingOver, done: StatusFailedOver, failed: StatusErrorFailingOver, failure: "failoverFail",
	},
	{
		name: "start", action: ActionStart, from: []string{StatusAvailable, StatusErrorStarting},
		moving: StatusStarting, done: StatusProtected, failed: StatusErrorStarting, failure: "startFail",
	},
	{
		name: "reprotect", action: ActionStart, from: []string{StatusFailedOver, StatusErrorReprotecting},
		moving: StatusReprotecting, done: StatusProtected, failed: StatusErrorReprotecting, failure: "reprotectFail",
	},
	{
		name: "stop", action: ActionStop, from: []string{StatusProtected, StatusErrorStopping},
		moving: StatusStopping, done: StatusAvailable, failed: StatusErrorStopping, failure: "stopFail",
	},
}

// actOnGroup serves POST server-groups/{id}/action.
func (s *Simulator) actOnGroup(in *incoming) answer {
	action, station, problem := parseAction(in.body)
	if problem != nil {
		return problem.answer()
	}
	jobID, problem := s.act(in.now, in.PathValue("id"), action, station)
	if problem != nil {
		return problem.answer()
	}

	return ok(map[string]string{"job_id": jobID})
}

func parseAction(body []byte) (action, station string, problem *Problem) {
	var actions map[string]json.RawMessage
	if err := json.Unmarshal(body, &actions); err != nil {
		return "", "", malformed("SDRS.0204", "The request body is not a JSON object.")
	}
	if len(actions) != 1 {
		return "", "", malformed("SDRS.0204", "The request body must hold exactly one action.")
	}
	for name, raw := range actions {
		var parameters map[string]any
		if err := json.Unmarshal(raw, &parameters); err != nil || parameters == nil {
			return "", "", malformed("SDRS.0204", "The value of %s must be an object.", name)
		}
		action = name
		station, _ = parameters["priority_station"].(string) // anything but text is no station
	}
	if !slices.ContainsFunc(operations, func(o operation) bool { return o.action == action }) {
		return "", "", malformed("SDRS.0204", "The action %s is unknown.", action)
	}

	return action, station, nil
}

// act starts an operation on a group, if the rules allow it, and returns the id of its job.
func (s *Simulator) act(now time.Time, groupID, action, station string) (string, *Problem) {
	if action == ActionReverse && station != StationSource && station != StationTarget {
		return "", malformed("SDRS.0216", "priority_station must be source or target.")
	}
	g := s.find(groupID)
	if g == nil {
		return "", unknownGroup(groupID)
	}
	op, problem := g.operation(action)
	if problem != nil {
		return "", problem
	}
	if problem := g.obstacle(op, station); problem != nil {
		return "", problem
	}

	switch op.name {
	case "reverse":
	case "failover":
		station = opposite(g.PriorityStation)
	default:
		station = g.PriorityStation
	}

	return s.begin(now, g, op, station), nil
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

	return operation{}, refused("SDRS.0209", "The status %s of the protection group %s does not allow %s.", g.Status, g.ID, action)
}

// obstacle returns the first thing about the group's servers and disks that an operation doesn't start with.
func (g *Group) obstacle(op operation, station string) *Problem {
	if g.pairCount() == 0 {
		return refused("SDRS.0214", "The protection group %s has no replication pairs.", g.ID)
	}

	switch op.name {
	case "reverse":
		// From error-reversing either direction is fine: it finishes the switch, or takes it back.
		if g.Status == StatusProtected && station == g.PriorityStation {
			return malformed("SDRS.0216", "The %s site is the production site already.", station)
		}
		if server := g.running(g.PriorityStation); server != nil {
			return refused("SDRS.1319", "The production site server %s (%s) is not stopped.", server.Name, server.ID)
		}

		return g.defect(true)
	case "failover":
		return g.defect(false)
	case "reprotect":
		if server := g.running(opposite(g.PriorityStation)); server != nil {
			return refused("SDRS.1342", "The DR site server %s (%s) is not stopped.", server.Name, server.ID)
		}

		return nil
	default:
		return nil
	}
}

// running returns a server of a site that is not stopped, or nil.
func (g *Group) running(station string) *Server {
	for n := range g.Instances {
		if server := g.Instances[n].at(station); server.Status != ServerStopped {
			return server
		}
	}

	return nil
}

// defect returns what about the instances and pairs forbids to leave the production site. Data that is still being
// copied matters only when none may be lost.
func (g *Group) defect(planned bool) *Problem {
	for _, i := range g.Instances {
		if i.Status == StatusInvalid {
			return refused("SDRS.1314", "The protected instance %s (%s) is invalid.", i.Name, i.ID)
		}
		for _, p := range i.Pairs {
			if planned && p.ReplicationStatus == ReplicationCopying {
				return refused("SDRS.1830", "The replication pair %s (%s) is still synchronizing.", p.Name, p.ID)
			}
			if p.FaultLevel == faultLinkDown {
				return refused("SDRS.1601", "The replication link of the replication pair %s (%s) is down.", p.Name, p.ID)
			}
		}
	}

	return nil
}
