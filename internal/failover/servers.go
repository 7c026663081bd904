package failover

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
	"golang.org/x/sync/errgroup"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// ServerPolicy says what a switch does about the group's servers. By default it leaves them alone.
type ServerPolicy struct {
	// Stop stops the servers at the site that is left, before the switch, by their operating systems.
	Stop bool
	// ForceStopAfter stops hard what still runs after this long; nil: never.
	ForceStopAfter *time.Duration
	// Start starts the servers at the new site after the switch, and waits until they are in service.
	Start bool
}

// OutOfService returns the servers of a group at one of its sites that are not ACTIVE.
func (w *Workflow) OutOfService(ctx context.Context, groupID string, station sdrs.Station) ([]ecs.Server, error) {
	instances, err := w.sdrs.ProtectedInstances(ctx, sdrs.ProtectedInstanceFilter{GroupID: groupID})
	if err != nil {
		return nil, err
	}
	ids := serversAt(instances, station)
	found, failed := w.readServers(ctx, ids)
	servers := make([]ecs.Server, 0, len(ids))
	for _, id := range ids {
		if err := failed[id]; err != nil {
			return nil, &serverError{id: id, err: err}
		}
		if found[id].Status != ecs.Active {
			servers = append(servers, found[id])
		}
	}
	return servers, nil
}

func serversAt(instances []sdrs.ProtectedInstance, stations ...sdrs.Station) []string {
	var ids []string
	for _, instance := range instances {
		for _, station := range stations {
			ids = append(ids, instance.Server(station))
		}
	}
	return ids
}

// resend is after how many looks a request about servers is sent again whose answer was lost, or that was one too many. To stop or start a server
// twice does no harm.
const resend = 5

// stopServers stops the servers at the site that is active, and waits until they are. After a switch that failed half-way
// the API's word for which site that is does not count: there it stops those of both.
func (s *run) stopServers(ctx context.Context, policy ServerPolicy) error {
	began := s.clock.Now()
	stations := []sdrs.Station{s.Group.PriorityStation}
	if s.Group.Status == sdrs.StatusErrorReversing {
		stations = append(stations, s.Group.PriorityStation.Other())
	}
	hard := false
	return s.power(ctx, stations, power{
		wanted: ecs.Stopped,
		ask:    func(ctx context.Context, ids []string) (string, error) { return s.ecs.Stop(ctx, ids, hard) },
		again: func() bool {
			if hard || policy.ForceStopAfter == nil || s.clock.Now().Sub(began) < *policy.ForceStopAfter {
				return false
			}
			hard = true
			return true
		},
		// A soft stop may fail where a hard one is to come.
		mayFail: func() bool { return !hard && policy.ForceStopAfter != nil },
	})
}

// startServers starts the servers at the site that has become active, and waits until they are in service.
func (s *run) startServers(ctx context.Context) error {
	return s.power(ctx, []sdrs.Station{s.Station}, power{
		wanted: ecs.Active, ask: s.ecs.Start,
		again: func() bool { return false }, mayFail: func() bool { return false },
	})
}

// power is how servers are brought to a status.
type power struct {
	wanted ecs.Status
	ask    func(ctx context.Context, ids []string) (jobID string, err error)
	// again reports whether to ask once more, mayFail whether a job that fails is not the end.
	again, mayFail func() bool
}

// power brings the group's servers at some sites to a status. It asks for that once, and again where the power says so, or
// where an answer was lost and nothing has changed since.
func (s *run) power(ctx context.Context, stations []sdrs.Station, p power) error {
	instances, err := patiently(ctx, s, func(ctx context.Context) ([]sdrs.ProtectedInstance, error) {
		return s.sdrs.ProtectedInstances(ctx, sdrs.ProtectedInstanceFilter{GroupID: s.GroupID})
	})
	if contact, ok := lostContact(err); ok {
		return s.serversFailed(p.wanted, nil, contact.Err)
	}
	if err != nil {
		return err
	}
	ids := serversAt(instances, stations...)
	began := s.clock.Now()
	jobs := []string(nil)
	asked := false
	for looks := 0; ; looks++ {
		servers, err := s.lookAt(ctx, ids)
		if contact, ok := lostContact(err); ok {
			return s.serversFailed(p.wanted, culprit(contact.Err), contact.Err)
		}
		if err != nil {
			return err
		}
		var others []ecs.Server
		for _, server := range servers {
			switch {
			case server.Status != p.wanted:
				others = append(others, server)
			case p.wanted == ecs.Stopped && s.asked[server.ID]:
				s.Stopped = include(s.Stopped, server)
				s.Requested = slices.DeleteFunc(s.Requested, func(other ecs.Server) bool { return other.ID == server.ID })
			case p.wanted == ecs.Stopped:
				s.Down = include(s.Down, server)
			}
		}
		servers = others
		s.Awaited, s.AwaitedStatus = servers, p.wanted
		if len(servers) == 0 {
			return nil
		}
		if slices.ContainsFunc(servers, func(server ecs.Server) bool { return server.Status == "ERROR" }) {
			return s.serversFailed(p.wanted, servers, nil)
		}
		if failure := s.failedServerJob(ctx, jobs); failure != nil && !p.mayFail() {
			return s.serversFailed(p.wanted, servers, failure)
		}
		ids = ids[:0]
		for _, server := range servers {
			ids = append(ids, server.ID)
		}
		if !asked || p.again() || s.unanswered && looks%resend == 0 {
			asked = true
			if jobs, err = s.ask(ctx, servers, p); err != nil {
				if ended := s.ended(ctx); ended != nil {
					return ended
				}
				return s.serversFailed(p.wanted, servers, err)
			}
			tflog.Info(ctx, "Asked for servers to change", map[string]any{"group": s.GroupID, "servers": ids, "status": p.wanted})
		}
		if err := s.pause(ctx, s.interval(s.clock.Now().Sub(began))); err != nil {
			return err
		}
	}
}

// include adds a server to a list that does not have it.
func include(list []ecs.Server, server ecs.Server) []ecs.Server {
	if slices.ContainsFunc(list, func(other ecs.Server) bool { return other.ID == server.ID }) {
		return list
	}
	return append(list, server)
}

func (s *run) serversFailed(wanted ecs.Status, servers []ecs.Server, err error) error {
	return s.fail(Error{Kind: ServersFailed, Wanted: wanted, Servers: servers, Err: err})
}

func lostContact(err error) (*Error, bool) {
	failure, ok := errors.AsType[*Error](err)
	return failure, ok && failure.Kind == LostContact
}

// failedServerJob returns the failure of the first of the jobs that has failed. The servers tell how the others get on.
func (s *run) failedServerJob(ctx context.Context, jobs []string) error {
	for _, id := range jobs {
		if job, err := s.ecs.Job(cloud.Once(ctx), id); err == nil && job.Failure() != "" {
			return errors.New(job.Failure())
		}
	}
	return nil
}

// ask sends one request for each thousand servers, returns the jobs, and notes where one has to be repeated. It keeps
// which servers were asked to change, also where a later request is refused.
func (s *run) ask(ctx context.Context, servers []ecs.Server, p power) ([]string, error) {
	s.unanswered = false
	var jobs []string
	for chunk := range slices.Chunk(servers, ecs.MaxServers) {
		ids := make([]string, 0, len(chunk))
		for _, server := range chunk {
			ids = append(ids, server.ID)
		}
		job, err := p.ask(ctx, ids)
		switch {
		case cloud.Postponed(err):
			s.unanswered = true
			continue
		case cloud.OutcomeUnknown(err):
			s.unanswered = true
		case err != nil:
			return nil, err
		default:
			jobs = append(jobs, job)
		}
		for _, server := range chunk {
			if p.wanted == ecs.Active {
				s.Started = include(s.Started, server)
				continue
			}
			s.asked[server.ID] = true
			s.Requested = include(s.Requested, server)
		}
	}
	return jobs, nil
}

// serverError is a server that can't be read.
type serverError struct {
	id  string
	err error
}

func (e *serverError) Error() string { return "server " + e.id + ": " + e.err.Error() }
func (e *serverError) Unwrap() error { return e.err }

// culprit returns the server that an error of lookAt is about.
func culprit(err error) []ecs.Server {
	if unread, ok := errors.AsType[*serverError](err); ok {
		return []ecs.Server{{ID: unread.id}}
	}
	return nil
}

// lookAt reads servers, and reads those again that fail for passing reasons: of many, some always do.
func (s *run) lookAt(ctx context.Context, ids []string) ([]ecs.Server, error) {
	found := make(map[string]ecs.Server, len(ids))
	return patiently(ctx, s, func(ctx context.Context) ([]ecs.Server, error) {
		missing := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { _, read := found[id]; return read })
		read, failed := s.readServers(ctx, missing)
		maps.Copy(found, read)
		if len(read) > 0 {
			s.misses = 0
		}
		var first error
		for _, id := range missing {
			// One that can't pass counts for more than those that may.
			if err := failed[id]; err != nil && (first == nil || cloud.Transient(first) && !cloud.Transient(err)) {
				first = &serverError{id: id, err: err}
			}
		}
		servers := make([]ecs.Server, 0, len(ids))
		for _, id := range ids {
			servers = append(servers, found[id])
		}
		return servers, first
	})
}

// readServers reads servers, a few at a time. Of each, by its id, there is the server, or why it can't be read.
func (w *Workflow) readServers(ctx context.Context, ids []string) (map[string]ecs.Server, map[string]error) {
	found, failed := make(map[string]ecs.Server, len(ids)), map[string]error{}
	var mu sync.Mutex
	var limited errgroup.Group
	limited.SetLimit(min(max(len(ids)/4, 2), 10)) // Few connections for a small group, some more for a large one.
	for _, id := range ids {
		limited.Go(func() error {
			server, err := w.ecs.Server(ctx, id)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed[id] = err
			} else {
				found[id] = server
			}
			return nil
		})
	}
	_ = limited.Wait() // The errors are in the map.
	return found, failed
}
