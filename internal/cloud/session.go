// Package cloud holds a session with the cloud: credentials, service endpoints, and authenticated HTTP with retries.
package cloud

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/sync/singleflight"
)

// Session is an authenticated connection to one project of the cloud. It is safe for concurrent use: requests share its
// connections, and one that finds the token expired renews it for all.
type Session struct {
	config    Config
	transport http.RoundTripper

	renewal singleflight.Group
	mu      sync.Mutex
	// identity is who the session is now; replaced, never changed.
	identity *identity
	// refused is IAM's answer to the last renewal where it refused the credentials. It is final: asking again for each
	// waiting request would lock the account.
	refused error
}

// NewSession logs in.
//
// Errors are *APIError where IAM refused, and name the Config field where it is unusable.
func NewSession(ctx context.Context, config Config) (*Session, error) {
	if config.RetryWait == 0 {
		config.RetryWait = defaultRetryWait
	}
	if config.RequestTimeout == 0 {
		config.RequestTimeout = defaultRequestTimeout
	}
	config.UserAgent = cmp.Or(config.UserAgent, "terraform-provider-sdrs")
	if config.MaxRetries < 0 || config.MaxRetries > MostRetries {
		return nil, fmt.Errorf("max_retries is %d: it must be from 0 to %d", config.MaxRetries, MostRetries)
	}
	pool, err := config.transport()
	if err != nil {
		return nil, err
	}
	if config.Around != nil {
		return newSession(ctx, config, config.Around(pool))
	}
	return newSession(ctx, config, pool)
}

// newSession logs in over transport.
func newSession(ctx context.Context, config Config, transport http.RoundTripper) (*Session, error) {
	session := &Session{config: config, transport: transport}
	var err error
	session.identity, err = session.authenticate(ctx)
	if err != nil {
		return nil, err
	}
	return session, nil
}

// Region returns the region whose endpoints the session uses.
func (s *Session) Region() string { return s.current().region }

// ProjectID returns the id of the project that the session works in.
func (s *Session) ProjectID() string { return s.current().projectID }

// Endpoint returns the base URL that the session uses for a service. It is an error where the catalog has none.
func (s *Session) Endpoint(service Service) (string, error) { return s.current().endpoint(service) }

// Get reads path below the project of a service into out. It is repeated after transient failures.
//
// Errors are *APIError for a status other than 2xx and *MalformedError for an unreadable answer.
func (s *Session) Get(ctx context.Context, service Service, path string, query url.Values, out any) error {
	return s.do(ctx, call{method: http.MethodGet, service: service, path: path, query: query, repeatable: true}, out)
}

// Post asks a service for an action. It is sent at most once: repeated only where the cloud provably did nothing, that
// is, without a connection (dial or TLS failure), after 429, or after 401 with a renewed token. See [OutcomeUnknown].
//
// It is written within 30 seconds or not at all, see [Postponed], and not once ctx has ended. An answer that is on its
// way when ctx ends is still waited for, one second at most: it carries the job id.
//
// A nil out stands for an answer that nobody needs. Errors are those of [Session.Get].
func (s *Session) Post(ctx context.Context, service Service, path string, body, out any) error {
	return s.doChange(ctx, call{method: http.MethodPost, service: service, path: path}, body, out)
}

// Put makes what a path names like body, which may be nil. It is sent in time like [Session.Post], but repeated like
// [Session.Get], where an answer was lost, too: twice makes what once makes. After a lost answer the outcome of a
// failure is unknown, whatever the last attempt was answered, see [OutcomeUnknown].
//
// 204 leaves out as it is, and a nil out stands for an answer that nobody needs. Errors are those of [Session.Get].
func (s *Session) Put(ctx context.Context, service Service, path string, body, out any) error {
	return s.doChange(ctx, call{method: http.MethodPut, service: service, path: path, repeatable: true}, body, out)
}

// Delete deletes what a path names. It is sent and repeated like [Session.Put], so a 404 may be the answer to a
// deletion whose first answer was lost.
func (s *Session) Delete(ctx context.Context, service Service, path string, body, out any) error {
	return s.doChange(ctx, call{method: http.MethodDelete, service: service, path: path, repeatable: true}, body, out)
}

// doChange does a call that changes something, in time or not at all.
func (s *Session) doChange(ctx context.Context, c call, body, out any) error {
	if body != nil {
		var err error
		if c.body, err = json.Marshal(body); err != nil {
			return err
		}
	}
	limit, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	c.change = &change{caller: ctx}
	err := s.do(limit, c, out)
	if err == nil {
		return nil
	}
	if c.change.unanswered {
		return &unansweredError{err: err}
	}
	if _, answered := errors.AsType[*APIError](err); answered || OutcomeUnknown(err) {
		return err
	}
	if limit.Err() != nil && ctx.Err() == nil {
		return &lateError{err: err}
	}
	return err
}

// Decoder is what decodes the body of an answer itself. It may keep the body.
type Decoder interface{ Decode(body []byte) error }

func (s *Session) do(ctx context.Context, c call, out any) error {
	who := s.current()
	err := s.exchange(ctx, who, c, out)
	if !tokenRejected(err) || !who.renewable {
		return err
	}
	who, renewal := s.renew(ctx, who)
	if renewal != nil {
		return &renewalError{rejection: err, err: renewal}
	}
	return s.exchange(ctx, who, c, out)
}

// exchange sends one call as who, repeating it as the call allows, and decodes the answer.
func (s *Session) exchange(ctx context.Context, who *identity, c call, out any) error {
	if strayed(c.path) {
		return fmt.Errorf("the path %q leads elsewhere: an id in it is empty, or made of dots", c.path)
	}
	base, err := who.endpoint(c.service)
	if err != nil {
		return err
	}
	target := base + c.path
	if len(c.query) > 0 {
		target += "?" + c.query.Encode()
	}
	var payload any // A nil []byte would be sent as an empty body.
	if c.body != nil {
		payload = c.body
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, c.method, target, payload)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", s.config.UserAgent)
	if c.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}

	//nolint:contextcheck // The request has it.
	got, err := s.send(req, attempts{authorize: who.authorize, repeatable: c.repeatable, change: c.change})
	if err != nil {
		return err
	}
	if got.status < 200 || got.status > 299 {
		return newAPIError(req.Request, got)
	}
	empty := got.status == http.StatusNoContent && c.change != nil && c.repeatable
	if out == nil || empty {
		return nil
	}
	decoder, itself := out.(Decoder)
	switch {
	case bytes.Count(got.body, []byte(",")) > maxValues:
		err = fmt.Errorf("it has more than %d values", maxValues)
	case itself:
		err = decoder.Decode(got.body)
	default:
		err = json.Unmarshal(got.body, out)
	}
	if err != nil {
		return &MalformedError{Method: c.method, Path: req.URL.Path, RequestID: got.header.Get("X-Request-Id"), Err: err}
	}
	return nil
}

// strayed reports whether a path has a segment that is empty, or made of dots: escaping leaves those as they are, and
// servers resolve them to another resource.
func strayed(path string) bool {
	return slices.ContainsFunc(strings.Split(path, "/")[1:], func(segment string) bool {
		return strings.Trim(segment, ".") == ""
	})
}

// renew logs in again unless another request already did so since stale was current.
func (s *Session) renew(ctx context.Context, stale *identity) (*identity, error) {
	done := s.renewal.DoChan("", func() (any, error) {
		s.mu.Lock()
		who, refused := s.identity, s.refused
		s.mu.Unlock()
		if refused != nil || who != stale {
			return who, refused
		}
		// Shared by all who wait: the end of the first one's context must not fail the others.
		who, err := s.authenticate(context.WithoutCancel(ctx))
		s.mu.Lock()
		defer s.mu.Unlock()
		if err != nil {
			if credentialsRefused(err) {
				s.refused = err
			}
			return nil, err
		}
		s.identity = who
		return who, nil
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case result := <-done:
		who, _ := result.Val.(*identity)
		return who, result.Err
	}
}

func (s *Session) current() *identity {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.identity
}

// call is one request to a service, before it is known who sends it.
type call struct {
	method  string
	service Service
	path    string
	query   url.Values
	body    []byte
	// repeatable and change are those of its attempts.
	repeatable bool
	change     *change
}

// tokenRejected reports whether the cloud refused a request, unprocessed, because of its token.
func tokenRejected(err error) bool {
	failure, ok := errors.AsType[*APIError](err)
	return ok && failure.TokenRejected
}
