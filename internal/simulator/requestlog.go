package simulator

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/iam"
)

// Request is one line of the request log. It never holds a token, a password or a key: IAM bodies and all headers but
// the user agent are left out.
type Request struct {
	Time      time.Time // of arrival, on the simulator's clock
	Method    string
	Path      string
	RawQuery  string
	Route     string // one of the Route constants; empty when the path is unknown
	Action    string // of RouteAction and RouteServerAction, e.g. os-stop; of another change its route; empty for reads
	Body      string // of SDRS and ECS requests only
	Status    int    // 0 while the request is being served, and when its connection was cut
	RequestID string
	Accepted  bool   // an action whose effect happened, whatever the client was told
	AuthKind  string // token, aksk, temporary aksk, or empty; as claimed by the headers
	UserAgent string
}

// Requests returns a copy of the request log in order of arrival.
func (s *Simulator) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()

	requests := make([]Request, 0, len(s.requests))
	for _, r := range s.requests {
		requests = append(requests, *r)
	}

	return requests
}

// ResetRequests empties the request log.
func (s *Simulator) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.requests = nil
}

// Accepted returns how many HTTP requests for an action took effect: reverse-server-group and the like, or the route of
// a change that is none, e.g. RouteCreateGroup.
func (s *Simulator) Accepted(action string) int {
	return s.tally(func(r *Request) bool { return r.Accepted && r.Action == action })
}

// Count returns how many requests were made to a route, whatever became of them.
func (s *Simulator) Count(route string) int {
	return s.tally(func(r *Request) bool { return r.Route == route })
}

func (s *Simulator) tally(counts func(*Request) bool) int {
	s.mu.Lock()
	defer s.mu.Unlock()

	n := 0
	for _, r := range s.requests {
		if counts(r) {
			n++
		}
	}

	return n
}

// record opens the log entry of a request that has just arrived.
func (s *Simulator) record(r *http.Request, route, requestID string, body []byte) *Request {
	entry := &Request{
		Method: r.Method, Path: r.URL.Path, RawQuery: r.URL.RawQuery,
		Route: route, RequestID: requestID, AuthKind: iam.AuthKind(r), UserAgent: r.UserAgent(),
	}
	if isProjectService(r.URL.Path) {
		entry.Body = string(body)
	}
	switch {
	case route == RouteAction || route == RouteServerAction:
		entry.Action = actionName(body)
	case r.Method != http.MethodGet && route != RouteInstancesByTags && isProjectService(r.URL.Path):
		entry.Action = route
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	entry.Time = s.clock.Now()
	s.requests = append(s.requests, entry)

	return entry
}

// close completes a log entry. status is what the client was told, 0 for nothing.
func (s *Simulator) close(entry *Request, status int, accepted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()

	entry.Status = status
	entry.Accepted = accepted
}

func isProjectService(path string) bool {
	return strings.HasPrefix(path, "/sdrs/") || strings.HasPrefix(path, "/ecs/") || strings.HasPrefix(path, "/evs/")
}

// actionName returns the one key of an action's body, or nothing when there isn't exactly one.
func actionName(body []byte) string {
	var actions map[string]json.RawMessage
	if err := json.Unmarshal(body, &actions); err != nil || len(actions) != 1 {
		return ""
	}
	for name := range actions {
		return name
	}

	return ""
}
