package evacuation

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
)

// firstJobRead is after how many of the shortest intervals a job about servers is first read. It is read again after
// twice the time each time, and after [jobEvery] at most: the servers tell how it gets on, and only it that it failed.
const firstJobRead = 5

// servers is the way of many workflows to their servers. They are listed for all groups that want to know at the same
// time, and while they stop or start once in an interval. What the list does not tell is read server by server.
type servers struct {
	failover.ECS
	waiter jobs.Waiter
	// looks and polls are the list for whoever asks once, and for those that wait.
	looks, polls *shared[ecs.Server]

	mu sync.Mutex
	// refused is set once the cloud has refused a list, which needs a permission of its own. pages are those of the last.
	refused bool
	pages   int
	// reads are the first time that a job was asked for, and the next that it is read, by its id.
	reads map[string]jobRead
}

type jobRead struct{ first, next time.Time }

func newServers(api failover.ECS, waiter jobs.Waiter) *servers {
	list := func(ctx context.Context, _ string) ([]ecs.Server, error) { return api.Servers(ctx) }
	return &servers{
		ECS: api, waiter: waiter, reads: map[string]jobRead{},
		looks: newShared(waiter, 0, list), polls: newShared(waiter, waiter.Shortest, list),
	}
}

// ListedServers reads servers by a list. Of each, by its id, there is the server, or why it can't be read.
func (s *servers) ListedServers(ctx context.Context, ids []string) (map[string]ecs.Server, map[string]error) {
	found, failed := map[string]ecs.Server{}, map[string]error{}
	s.mu.Lock()
	worth := len(ids) > 0 && !s.refused && s.pages <= len(ids)
	s.mu.Unlock()
	if worth {
		all, err := s.list(ctx)
		if err != nil && (cloud.Throttled(err) || ctx.Err() != nil) { // Single reads would make it worse.
			for _, id := range ids {
				failed[id] = err
			}
			return found, failed
		}
		for _, id := range ids {
			listed := of(all, id, func(server ecs.Server) string { return server.ID })
			if len(listed) == 1 && listed[0].Status != "" { // Twice: it moved from one page to the next.
				listed[0].ID = id
				found[id] = listed[0]
			}
		}
	}
	var missing []string
	for _, id := range ids {
		if _, known := found[id]; !known {
			missing = append(missing, id)
		}
	}
	read, failed := failover.ReadServers(ctx, s.ECS, missing)
	maps.Copy(found, read)
	return found, failed
}

// list lists all servers of the project.
func (s *servers) list(ctx context.Context) ([]ecs.Server, error) {
	list := s.looks
	if cloud.IsOnce(ctx) {
		list = s.polls
	}
	all, err := list.get(ctx, "")
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err == nil:
		s.pages = len(all)/ecs.ServersOnPage + 1
	case !cloud.Transient(err) && ctx.Err() == nil:
		s.refused = true
	}
	return all, err
}

// Job reads a job about servers, or takes it for one that runs.
func (s *servers) Job(ctx context.Context, id string) (ecs.Job, error) {
	now := s.waiter.Clock.Now()
	s.mu.Lock()
	read, begun := s.reads[id]
	if !begun {
		read = jobRead{first: now, next: now.Add(firstJobRead * s.waiter.Shortest)}
	}
	due := !now.Before(read.next)
	if due {
		read.next = now.Add(min(now.Sub(read.first), jobEvery))
	}
	s.reads[id] = read
	s.mu.Unlock()
	if !due {
		return ecs.Job{ID: id, Status: cloud.JobRunning}, nil
	}
	return s.ECS.Job(ctx, id)
}
