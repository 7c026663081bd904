package simulator

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/iam"
)

const (
	maxBody         = 1 << 20 // bytes
	headerRequestID = "X-Request-Id"
)

// incoming is a request to SDRS or ECS as a handler sees it.
type incoming struct {
	*http.Request

	body []byte
}

// object is a JSON object.
type object = map[string]any

// handler serves a route of SDRS or ECS: its 200 has this body, its 204 none, its refusal is a problem. It is called
// with s.mu held and the state up to date, for a request whose credential is for the project.
type handler func(s *Simulator, in *incoming) (body any, problem *Problem)

// listen sets up who serves which path.
func (s *Simulator) listen() {
	s.mux = http.NewServeMux()
	s.routes = map[string]string{}
	for _, r := range s.Routes() {
		s.routes[r.Pattern] = r.Name
		s.mux.Handle(r.Pattern, r.Handler)
	}
	s.listenForVersions()
	for _, r := range routes {
		pattern := r.method + " " + r.service + "{project_id}/" + r.path
		s.routes[pattern] = r.route
		s.mux.Handle(pattern, s.project(r.handle))
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

	result := fault.replacement()
	accepted := false
	if fault.Status == 0 || fault.AfterEffect {
		given := answer{status: http.StatusOK, header: http.Header{headerRequestID: {requestID}}}
		s.mux.ServeHTTP(&given, r.WithContext(context.WithValue(r.Context(), insteadKey{}, fault.Instead)))
		accepted = entry.Action != "" && given.status < http.StatusMultipleChoices
		if fault.Rewrite != nil {
			given.body = fault.Rewrite(given.body)
		}
		if fault.Status == 0 {
			result = given
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
	result := answer{header: http.Header{headerRequestID: {entry.RequestID}}}
	problem := gateway(http.StatusRequestEntityTooLarge, "APIGW.0201", "The request body is too large.")
	write(&result, problem.Status, problem.body(entry.RequestID))
	s.close(entry, result.status, false)
	result.send(w, 0)
}

// insteadKey is the context key of a Fault.Instead.
type insteadKey struct{}

// project serves a route of SDRS or ECS behind the API gateway, which demands a valid token or signature for the
// project in the path.
func (s *Simulator) project(handle handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(err) // can't be: the body is in memory
		}
		var result any
		problem := s.refusal(r, body)
		if problem == nil {
			if instead, _ := r.Context().Value(insteadKey{}).(func(*http.Request)); instead != nil {
				instead(r)
			}
			result, problem = s.handle(handle, r, body)
		}
		if problem != nil {
			write(w, problem.Status, problem.body(w.Header().Get(headerRequestID)))

			return
		}
		if result == nil {
			w.WriteHeader(http.StatusNoContent)

			return
		}
		write(w, http.StatusOK, result)
	})
}

// handle calls a handler the way that it expects.
func (s *Simulator) handle(handle handler, r *http.Request, body []byte) (any, *Problem) {
	defer s.enter().Unlock()

	return handle(s, &incoming{Request: r, body: body})
}

// refusal is what the gateway answers to a request without a credential for its project, or nil.
func (s *Simulator) refusal(r *http.Request, body []byte) *Problem {
	grant, fault := s.Authenticate(r, body)
	switch {
	case fault != "" && s.invalidTokenAs403 && !iam.Signed(r):
		return gateway(http.StatusForbidden, "APIGW.0301", iam.HeaderAuthToken+" is invalid")
	case fault != "":
		return gateway(http.StatusUnauthorized, "APIGW.0301", "Incorrect IAM authentication information: "+fault)
	case grant.ProjectID == "" || grant.ProjectID != r.PathValue("project_id"):
		return gateway(http.StatusForbidden, "APIGW.0302", "The credential is not scoped to the project of the request.")
	default:
		return nil
	}
}

// answer is an answer ready to be sent, and an http.ResponseWriter that makes one.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) { a.status = status }

func (a *answer) Write(p []byte) (int, error) {
	a.body = append(a.body, p...)

	return len(p), nil
}

// send sends an answer, or as much of it as the fault lets through.
func (a *answer) send(w http.ResponseWriter, truncate int) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	if len(a.body) > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)

	if truncate > 0 && truncate < len(a.body) {
		_, _ = w.Write(a.body[:truncate]) // the client may be gone: nothing to do about that
		_ = http.NewResponseController(w).Flush()
		hangUp()
	}
	_, _ = w.Write(a.body)
}

// hangUp closes the connection of the request being served without another byte. It does not return.
func hangUp() {
	panic(http.ErrAbortHandler) // net/http's own way to say so
}

// write writes a body as JSON.
func write(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // can't be: all bodies are of plain values
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text) // never fails, it is an answer
}

func newRequestID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails, as its documentation says

	return fmt.Sprintf("%x", id)
}

func setBody(r *http.Request, body []byte) { r.Body = io.NopCloser(bytes.NewReader(body)) }
