package simulator

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"
)

// The routes, for Fault.Route, Request.Route and Count.
const (
	RouteVersions       = "versions"        // GET /, /v3
	RouteAuth           = "auth"            // POST and GET /v3/auth/tokens
	RouteCatalog        = "catalog"         // GET /v3/auth/catalog
	RouteProjects       = "projects"        // GET /v3/projects, /v3/auth/projects
	RouteDomains        = "domains"         // GET /v3/auth/domains
	RouteSecurityTokens = "security-tokens" // POST /v3.0/OS-CREDENTIAL/securitytokens

	RouteGroup         = "group"          // GET server-groups/{id}
	RouteGroups        = "groups"         // GET server-groups
	RouteAction        = "action"         // POST server-groups/{id}/action
	RouteJob           = "job"            // GET jobs/{id} of SDRS
	RouteInstances     = "instances"      // GET protected-instances
	RoutePairs         = "pairs"          // GET replications
	RouteFailureJobs   = "failure-jobs"   // GET task-center/failure-jobs
	RouteActiveDomains = "active-domains" // GET active-domains
	RouteQuotas        = "quotas"         // GET sdrs/quotas

	RouteServer       = "server"        // GET cloudservers/{id}
	RouteServerAction = "server-action" // POST cloudservers/action
	RouteServerJob    = "server-job"    // GET jobs/{id} of ECS
)

const maxBody = 1 << 20 // bytes

const (
	headerAuthToken     = "X-Auth-Token" //nolint:gosec // The name of a header.
	headerSubjectToken  = "X-Subject-Token"
	headerSecurityToken = "X-Security-Token"
	headerProject       = "X-Project-Id"
)

// incoming is a request as a handler sees it.
type incoming struct {
	*http.Request

	body      []byte
	base      string // scheme and host
	requestID string
	instead   func(*http.Request) // of a fault, or nil
	now       time.Time
	who       grant // of handlers that demand a credential
}

// answer is what a handler returns: a body to be encoded as JSON.
type answer struct {
	status int
	header http.Header
	body   any
}

func ok(body any) answer { return answer{status: http.StatusOK, body: body} }

// handler serves a route. It is called with s.mu held and the state up to date.
type handler func(s *Simulator, in *incoming) answer

func (s *Simulator) route() {
	const sdrs, ecs = "/sdrs/v1/{project_id}", "/ecs/v1/{project_id}"

	s.mux = http.NewServeMux()
	s.routes = map[string]string{}
	for _, r := range []struct {
		pattern, route string
		handle         handler
	}{
		{"GET /{$}", RouteVersions, (*Simulator).listVersions},
		{"GET /v3", RouteVersions, (*Simulator).showVersion},
		{"GET /v3/{$}", RouteVersions, (*Simulator).showVersion},
		{"POST /v3/auth/tokens", RouteAuth, (*Simulator).createToken},
		{"GET /v3/auth/tokens", RouteAuth, withCredential((*Simulator).validateToken)},
		{"GET /v3/auth/catalog", RouteCatalog, withCredential((*Simulator).showCatalog)},
		{"GET /v3/projects", RouteProjects, withCredential((*Simulator).listProjects)},
		{"GET /v3/auth/projects", RouteProjects, withCredential((*Simulator).listProjects)},
		{"GET /v3/auth/domains", RouteDomains, withCredential((*Simulator).listDomains)},
		{"POST /v3.0/OS-CREDENTIAL/securitytokens", RouteSecurityTokens, withCredential((*Simulator).createKeys)},

		{"GET " + sdrs + "/server-groups", RouteGroups, inProject((*Simulator).listGroups)},
		{"GET " + sdrs + "/server-groups/{id}", RouteGroup, inProject((*Simulator).showGroup)},
		{"POST " + sdrs + "/server-groups/{id}/action", RouteAction, inProject((*Simulator).actOnGroup)},
		{"GET " + sdrs + "/protected-instances", RouteInstances, inProject((*Simulator).listInstances)},
		{"GET " + sdrs + "/replications", RoutePairs, inProject((*Simulator).listPairs)},
		{"GET " + sdrs + "/jobs/{id}", RouteJob, inProject((*Simulator).showJob)},
		{"GET " + sdrs + "/task-center/failure-jobs", RouteFailureJobs, inProject((*Simulator).listFailureJobs)},
		{"GET " + sdrs + "/active-domains", RouteActiveDomains, inProject((*Simulator).listActiveDomains)},
		{"GET " + sdrs + "/sdrs/quotas", RouteQuotas, inProject((*Simulator).showQuotas)},

		{"GET " + ecs + "/cloudservers/{id}", RouteServer, inProject((*Simulator).showServer)},
		{"POST " + ecs + "/cloudservers/action", RouteServerAction, inProject((*Simulator).actOnServers)},
		{"GET " + ecs + "/jobs/{id}", RouteServerJob, inProject((*Simulator).showServerJob)},
	} {
		s.routes[r.pattern] = r.route
		s.mux.Handle(r.pattern, s.adapt(r.handle))
	}
}

// ServeHTTP serves the whole cloud. A cut connection is a panic with http.ErrAbortHandler, which net/http's server
// understands.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	requestID := newRequestID()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	_, pattern := s.mux.Handler(r)
	route := s.routes[pattern]
	entry := s.record(r, route, requestID, body)
	if err != nil {
		s.unreadable(w, entry, err)

		return
	}

	setBody(r, body)
	fault := s.faultFor(r, route, body)
	if !fault.wait(r) || fault.Cut == CutBefore {
		hangUp()
	}

	var result rendered
	accepted := false
	if fault.Status != 0 && !fault.AfterEffect {
		result = fault.replacement()
	} else {
		in := incoming{requestID: requestID, instead: fault.Instead}
		result = s.serve(r.WithContext(context.WithValue(r.Context(), incomingKey{}, in)))
		accepted = entry.Action != "" && result.status == http.StatusOK
		if fault.Status != 0 {
			result = fault.replacement()
		} else if fault.Rewrite != nil {
			result.body = fault.Rewrite(result.body)
		}
	}

	if fault.Cut == CutAfter {
		s.close(entry, 0, accepted)
		hangUp()
	}
	result.header.Set(headerRequestID, requestID)
	s.close(entry, result.status, accepted)
	result.send(w, fault.Truncate)
}

// unreadable ends a request whose body is too large or never arrived as a whole.
func (s *Simulator) unreadable(w http.ResponseWriter, entry *Request, err error) {
	var tooLarge *http.MaxBytesError
	if !errors.As(err, &tooLarge) {
		hangUp()
	}
	result := (&Problem{
		Status: http.StatusRequestEntityTooLarge, Code: "SDRS.0204", Message: "The request body is too large.", key: "error",
	}).answer().render()
	result.header.Set(headerRequestID, entry.RequestID)
	s.close(entry, result.status, false)
	result.send(w, 0)
}

// serve has the real answer made, without sending it.
func (s *Simulator) serve(r *http.Request) rendered {
	recorder := &recorder{rendered: rendered{status: http.StatusOK, header: http.Header{}}}
	s.mux.ServeHTTP(recorder, r)

	return recorder.rendered
}

// adapt makes an http.Handler of a handler.
func (s *Simulator) adapt(handle handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError) // can't be: the body is in memory

			return
		}
		in, _ := r.Context().Value(incomingKey{}).(incoming)
		in.Request, in.body, in.base = r, body, baseURL(r)

		s.answer(handle, &in).render().send(w, 0)
	})
}

// answer calls a handler the way that it expects.
func (s *Simulator) answer(handle handler, in *incoming) answer {
	s.mu.Lock()
	defer s.mu.Unlock()

	in.now = s.advance()

	return handle(s, in)
}

func (a answer) render() rendered {
	header := a.header
	if header == nil {
		header = http.Header{}
	}
	header.Set("Content-Type", "application/json")
	body, err := json.Marshal(a.body)
	if err != nil {
		return rendered{status: http.StatusInternalServerError, header: header}
	}

	return rendered{status: a.status, header: header, body: body}
}

const headerRequestID = "X-Request-Id"

// incomingKey is the context key of what ServeHTTP has for the handler.
type incomingKey struct{}

func newRequestID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails, as its documentation says

	return hex.EncodeToString(id[:])
}

func baseURL(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}

	return "http://" + r.Host
}

func setBody(r *http.Request, body []byte) { r.Body = io.NopCloser(bytes.NewReader(body)) }

// recorder is a http.ResponseWriter that keeps the answer.
type recorder struct{ rendered }

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) { w.status = status }

func (w *recorder) Write(p []byte) (int, error) {
	w.body = append(w.body, p...)

	return len(p), nil
}
