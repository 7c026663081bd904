package failover_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// console has, by the status that a group has meanwhile, what can be done at the console, and from which status.
var console = map[sdrs.Status]struct {
	from, done sdrs.Status
	do         func(*scene) (string, error)
}{
	"reversing": {"protected", "protected", func(s *scene) (string,
		error,
	) {
		return s.Switch(groupID, simulator.StationTarget)
	}},
	"failing-over": {"protected", "failed-over", func(s *scene) (string, error) { return s.Failover(groupID) }},
	"stopping":     {"protected", "available", func(s *scene) (string, error) { return s.Unprotect(groupID) }},
	"starting":     {"available", "protected", func(s *scene) (string, error) { return s.Protect(groupID) }},
	"reprotecting": {"failed-over", "protected", func(s *scene) (string, error) { return s.Protect(groupID) }},
}

// lead brings the group into a status, by what leads there where that can be done at the console.
func (s *scene) lead(t stage, status sdrs.Status) {
	t.Helper()
	failing := strings.HasPrefix(string(status), "error-")
	for moving, operation := range console {
		if moving != status && "error-"+moving != status && (operation.done != status || status == "protected") {
			continue
		}
		s.lead(t, operation.from)
		if failing {
			s.FailNextJob("SDRS.0013", "the array is on fire")
		}
		if _, err := operation.do(s); err != nil {
			t.Fatal(err)
		}
		if moving != status {
			s.clock.Advance(time.Minute)
		}
		return
	}
	s.set(status, sdrs.Source)
}

// TestWaysOut does from each status, for each operation, what the messages say, until the operation has succeeded or a
// service ticket is all that is left. What else must hold of each run is in [scene.checkSent].
func TestWaysOut(t *testing.T) {
	t.Parallel()
	type start struct {
		status sdrs.Status
		// then is what a status becomes that no operation ends; ticket is set where it stays.
		then sdrs.Status
		// fails is set where the job fails that runs, flips where the API names the other site as active than before.
		fails, flips, ticket bool
	}
	starts := []start{
		{status: "creating", then: "available"},
		{status: "creating", then: "error"},
		{status: "deleting"},
		{status: "error"},
		{status: "error-deleting", ticket: true},
		{status: "drilling", then: "protected"},
		{status: "drilling", ticket: true},
		{status: "error-reversing", flips: true},
		{status: "error-failing-over", flips: true},
		{status: "protected"},
		{status: "available"},
		{status: "failed-over"},
	}
	for moving := range console {
		starts = append(starts, start{status: moving}, start{status: moving, fails: true}, start{status: "error-" + moving})
	}
	for _, status := range sdrs.GroupStatuses {
		if !slices.ContainsFunc(starts, func(s start) bool { return s.status == status }) {
			t.Errorf("no walk begins in %s", status)
		}
	}
	for _, start := range starts {
		for _, site := range stations {
			for _, operation := range failover.Operations(site) {
				t.Run(fmt.Sprintf("%+v/%s to %s", start, operation.Name, site), func(t *testing.T) {
					t.Parallel()
					s := newScene(t)
					s.policy = failover.ServerPolicy{Start: true}
					if start.fails {
						s.lead(t, console[start.status].from)
						s.FailNextJob("SDRS.0013", "the array is on fire")
						_, _ = console[start.status].do(s)
					} else {
						s.lead(t, start.status)
					}
					if start.then != "" {
						s.clock.then[3] = func() { s.set(start.then, sdrs.Source) }
					}
					s.UpdateGroup(groupID, func(g *simulator.Group) {
						if start.flips {
							g.PriorityStation = string(sdrs.Station(g.PriorityStation).Other())
						}
					})
					group, _ := s.Group(groupID)
					want := start.ticket
					if start.status == "error-failing-over" || start.status == "failing-over" && start.fails {
						// To fail over again would leave the site that is active: where that is the one to go to, it is not done.
						want = group.PriorityStation == string(site)
					}
					if ticket := s.follow(t, operation, site, nil); ticket != want {
						t.Errorf("ends in a service ticket: %t, want %t", ticket, want)
					}
				})
			}
		}
	}
}

// follow runs an operation, and where that is not possible does what the message says, and runs it again. It reports
// whether that ends in a service ticket. site is the one to go to where a message does not name one.
func (s *scene) follow(t stage, operation failover.Operation, site sdrs.Station, way []string) (ticket bool) {
	t.Helper()
	for {
		group, _ := s.Group(groupID)
		way = append(way, fmt.Sprintf("%s at %s: %s", group.Status, group.PriorityStation, operation.Name))
		if len(way) > 6 {
			t.Fatal("leads nowhere: " + strings.Join(way, ", "))
		}
		begun := len(s.actions())
		_, err := s.do(t, operation)
		failure, _ := errors.AsType[*failover.Error](err)
		if failure == nil {
			s.wantDone(t, operation)
			return false
		}
		if sent := s.actions()[begun:]; len(sent) > 0 {
			t.Fatal("sent", sent, "and then", err)
		}
		next, isOperation := failure.Advice.Next.Operation(site)
		switch {
		case failure.Kind == failover.NotReady && halfReversed(group): // Which a planned failover finishes.
			if operation.Kind == failover.KindPlannedFailover || s.follow(t, failover.PlannedFailover(site), site, way) {
				t.Fatal("a dead end: ", strings.Join(way, ", "), err)
			}
		case failure.Kind == failover.NotReady: // For servers that run where none should.
			s.stopStandby()
		case isOperation:
			if s.follow(t, next, site, way) {
				return true
			}
		case failure.Advice.Next == failover.NextRecreate:
			s.AddGroup(simulator.DemoGroup())
			s.lead(t, "available")
		case failure.Advice.Next == failover.NextTicket:
			return true
		default:
			t.Fatal("a dead end: ", strings.Join(way, ", "), err)
		}
	}
}

// halfReversed reports whether pairs of a group are active at another site than the group, after a planned failover
// that failed.
func halfReversed(group simulator.Group) bool {
	return group.Status == simulator.StatusErrorReversing &&
		slices.ContainsFunc(group.Instances, func(instance simulator.Instance) bool {
			return slices.ContainsFunc(instance.Pairs,
				func(pair simulator.Pair) bool { return pair.PriorityStation != group.PriorityStation })
		})
}

// stopStandby stops the servers at the site that is not active.
func (s *scene) stopStandby() {
	group, _ := s.Group(groupID)
	for _, instance := range group.Instances {
		s.SetServerStatus(serverAt(instance, sdrs.Station(group.PriorityStation).Other()).ID, simulator.ServerStopped)
	}
}

// isDone reports whether a group is what an operation makes of it. What a failover is to bring about is there, too,
// where the group was protected at that site from the start.
func isDone(operation failover.Operation, group simulator.Group) bool {
	status := sdrs.Status(group.Status)
	rests := status == operation.Rest || operation.Kind == failover.KindUnplannedFailover && status == sdrs.StatusProtected
	return rests && (operation.Station == "" || group.PriorityStation == string(operation.Station))
}

// wantDone checks that the group is what an operation makes of it, and runs where it was to go.
func (s *scene) wantDone(t stage, operation failover.Operation) {
	t.Helper()
	group, _ := s.Group(groupID)
	if !isDone(operation, group) {
		t.Errorf("a %s to %q succeeded, and the group is %s at %s", operation.Name, operation.Station, group.Status,
			group.PriorityStation)
	}
	for _, instance := range group.Instances {
		if server := serverAt(instance, operation.Station); operation.Station != "" && s.policy.Start &&
			server.Status != "ACTIVE" {
			t.Errorf("a %s succeeded, and %s is %s", operation.Name, server.Name, server.Status)
		}
	}
}
