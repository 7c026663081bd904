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
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
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

// resendAfterReads is after how many reads of the servers a request about them is sent again whose answer was lost, or
// that was throttled. To stop or start a server twice does no harm.
const resendAfterReads = 5

// mayBeOnTheWay is for how long a request about servers whose answer was lost may be why another one fails: a server
// that is stopping takes no second stop, and it takes minutes.
const mayBeOnTheWay = 5 * time.Minute

// stopServers stops the servers at the site that is active, and waits until they are. After a switch that failed
// half-way the API's word for which site that is does not count: there it stops those of both.
func (s *run) stopServers(ctx context.Context, policy ServerPolicy) error {
	began := s.waiter.Clock.Now()
	stations := []sdrs.Station{s.Group.PriorityStation}
	if s.Group.Status == sdrs.StatusErrorReversing {
		stations = append(stations, s.Group.PriorityStation.Other())
	}
	hard := false
	return s.changeServers(ctx, stations, serverChange{
		wanted:  ecs.Stopped,
		request: func(ctx context.Context, ids []string) (string, error) { return s.ecs.Stop(ctx, ids, hard) },
		again: func() bool {
			if hard || policy.ForceStopAfter == nil || s.waiter.Clock.Now().Sub(began) < *policy.ForceStopAfter {
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
	return s.changeServers(ctx, []sdrs.Station{s.Station}, serverChange{
		wanted: ecs.Active, request: s.ecs.Start,
		again: func() bool { return false }, mayFail: func() bool { return false },
	})
}

// serverChange is how servers are brought to a status.
type serverChange struct {
	wanted  ecs.Status
	request func(ctx context.Context, ids []string) (jobID string, err error)
	// again reports whether to request it once more, mayFail whether a job that fails is not the end.
	again, mayFail func() bool
}

// changeServers brings the group's servers at some sites to a status. It requests that once, and again where the change
// says so, or where an answer was lost and nothing has changed since.
func (s *run) changeServers(ctx context.Context, stations []sdrs.Station, change serverChange) error {
	s.wait.Restart()
	instances, err := s.instances, error(nil)
	if instances == nil {
		instances, err = retryRead(ctx, s.wait, func(ctx context.Context) ([]sdrs.ProtectedInstance, error) {
			return s.sdrs.ProtectedInstances(ctx, sdrs.ProtectedInstanceFilter{GroupID: s.GroupID})
		})
	}
	if contact, ok := lostContact(err); ok {
		return serversFailed(change.wanted, nil, contact.Err)
	}
	if err != nil {
		return err
	}
	ids := serversAt(instances, stations...)
	var jobIDs []string
	requested, lost := false, false
	var unanswered time.Time // The last request whose answer was lost.
	inDoubt := func() bool { return s.waiter.Clock.Now().Sub(unanswered) < mayBeOnTheWay }
	for reads := 0; ; reads++ {
		servers, err := s.retryServers(ctx, ids)
		if contact, ok := lostContact(err); ok {
			return serversFailed(change.wanted, failedServers(contact.Err), contact.Err)
		}
		if err != nil {
			return err
		}
		var others []ecs.Server
		for _, server := range servers {
			switch {
			case server.Status != change.wanted:
				others = append(others, server)
			case change.wanted == ecs.Stopped && s.stopRequested[server.ID]:
				s.Stopped = appendOnce(s.Stopped, server)
				s.Requested = slices.DeleteFunc(s.Requested, func(other ecs.Server) bool { return other.ID == server.ID })
			case change.wanted == ecs.Stopped:
				s.Down = appendOnce(s.Down, server)
			}
		}
		servers = others
		s.Awaited, s.AwaitedStatus = servers, change.wanted
		if len(servers) == 0 {
			switch {
			case change.wanted == ecs.Active && len(ids) > 0:
				s.Times.ServersActive = s.waiter.Clock.Now()
			case change.wanted == ecs.Stopped && !s.Times.ServersStopRequested.IsZero():
				s.Times.ServersStopped = s.waiter.Clock.Now()
			}
			return nil
		}
		if slices.ContainsFunc(servers, func(server ecs.Server) bool { return server.Status == "ERROR" }) {
			return serversFailed(change.wanted, servers, nil)
		}
		if failure := s.failedServerJob(ctx, jobIDs); failure != nil && !change.mayFail() {
			if !inDoubt() {
				return serversFailed(change.wanted, servers, failure)
			}
			lost = true
		}
		ids = ids[:0]
		for _, server := range servers {
			ids = append(ids, server.ID)
		}
		if !requested || change.again() || lost && reads%resendAfterReads == 0 {
			requested = true
			jobIDs, lost, err = s.request(ctx, servers, change, &unanswered)
			if ended := s.wait.Ended(ctx); err != nil && ended != nil {
				return ended
			}
			if err != nil && (!inDoubt() || sdrs.IsForbidden(err)) {
				return serversFailed(change.wanted, servers, err)
			}
			lost = lost || err != nil
			tflog.Info(
				ctx,
				"Asked for servers to change",
				map[string]any{"group": s.GroupID, "servers": ids, "status": change.wanted},
			)
		}
		if err := s.wait.Pause(ctx); err != nil {
			return err
		}
	}
}

// appendOnce adds a server to a list that does not have it.
func appendOnce(list []ecs.Server, server ecs.Server) []ecs.Server {
	if slices.ContainsFunc(list, func(other ecs.Server) bool { return other.ID == server.ID }) {
		return list
	}
	return append(list, server)
}

func serversFailed(wanted ecs.Status, servers []ecs.Server, err error) error {
	return &Error{Kind: ServersFailed, Wanted: wanted, Servers: servers, Err: err}
}

func lostContact(err error) (*jobs.Error, bool) {
	failure, ok := errors.AsType[*jobs.Error](err)
	return failure, ok && failure.Kind == jobs.LostContact
}

// failedServerJob returns the failure of the first of the jobs that has failed. The servers tell how the others get on.
func (s *run) failedServerJob(ctx context.Context, ids []string) error {
	for _, id := range ids {
		if job, err := s.ecs.Job(cloud.Once(ctx), id); err == nil && job.Failure() != "" {
			return errors.New(job.Failure())
		}
	}
	return nil
}

// request sends one request for each thousand servers, returns the jobs, and whether one has to be repeated. It keeps
// which servers were asked to change, also where a later request is refused, and when an answer was lost.
func (s *run) request(
	ctx context.Context,
	servers []ecs.Server,
	change serverChange,
	unanswered *time.Time,
) (jobIDs []string, lost bool, err error) {
	for chunk := range slices.Chunk(servers, ecs.MaxServers) {
		ids := make([]string, 0, len(chunk))
		for _, server := range chunk {
			ids = append(ids, server.ID)
		}
		now := s.waiter.Clock.Now()
		job, err := change.request(ctx, ids)
		switch {
		case cloud.Postponed(err):
			lost = true
			continue
		case cloud.OutcomeUnknown(err):
			lost, *unanswered = true, now
		case err != nil:
			return nil, lost, err
		default:
			jobIDs = append(jobIDs, job)
		}
		for _, server := range chunk {
			if change.wanted == ecs.Active {
				s.Started = appendOnce(s.Started, server)
				continue
			}
			s.stopRequested[server.ID] = true
			s.Requested = appendOnce(s.Requested, server)
			if s.Times.ServersStopRequested.IsZero() {
				s.Times.ServersStopRequested = now
			}
		}
	}
	return jobIDs, lost, nil
}

// serverError is a server that can't be read.
type serverError struct {
	id  string
	err error
}

func (e *serverError) Error() string { return "server " + e.id + ": " + e.err.Error() }
func (e *serverError) Unwrap() error { return e.err }

// failedServers returns the server that an error of retryServers is about.
func failedServers(err error) []ecs.Server {
	if unread, ok := errors.AsType[*serverError](err); ok {
		return []ecs.Server{{ID: unread.id}}
	}
	return nil
}

// retryServers reads servers, and reads those again that fail for passing reasons: of many, some always do.
func (s *run) retryServers(ctx context.Context, ids []string) ([]ecs.Server, error) {
	found := make(map[string]ecs.Server, len(ids))
	return retryRead(ctx, s.wait, func(ctx context.Context) ([]ecs.Server, error) {
		missing := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { _, read := found[id]; return read })
		read, failed := s.readServers(ctx, missing)
		maps.Copy(found, read)
		if len(read) > 0 {
			s.wait.Succeeded()
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

// readServers reads servers. Of each, by its id, there is the server, or why it can't be read.
func (w *Workflow) readServers(ctx context.Context, ids []string) (map[string]ecs.Server, map[string]error) {
	if lister, ok := w.ecs.(interface {
		ListedServers(ctx context.Context, ids []string) (map[string]ecs.Server, map[string]error)
	}); ok {
		return lister.ListedServers(ctx, ids)
	}
	return ReadServers(ctx, w.ecs, ids)
}

// ReadServers reads servers one by one, a few at a time. Of each, by its id, there is the server, or why it can't be
// read.
func ReadServers(ctx context.Context, api ECS, ids []string) (map[string]ecs.Server, map[string]error) {
	found, failed := make(map[string]ecs.Server, len(ids)), map[string]error{}
	var mu sync.Mutex
	var limited errgroup.Group
	limited.SetLimit(min(max(len(ids)/4, 2), 10)) // Few connections for a small group, some more for a large one.
	for _, id := range ids {
		limited.Go(func() error {
			server, err := api.Server(ctx, id)
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
