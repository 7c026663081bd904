// Package iam is the identity service of the simulated cloud: one account, its tokens, keys and catalog, and the check
// of tokens and AK/SK signatures for the services beside it.
//
// It is written from the API reference of IAM v3. What the reference leaves open, such as the texts of refusals, is as
// the real service was seen to answer, or ours where nobody depends on it.
package iam

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// The headers that carry credentials.
const (
	HeaderAuthToken     = "X-Auth-Token" //nolint:gosec // The name of a header.
	headerSubjectToken  = "X-Subject-Token"
	headerSecurityToken = "X-Security-Token"
	headerProject       = "X-Project-Id"
)

// Service is the identity service. It is safe for concurrent use.
type Service struct {
	account  Account
	services []Endpoint
	lifetime time.Duration
	now      func() time.Time

	mu     sync.Mutex       // guards everything below
	tokens map[string]Grant // by token
	keys   map[string]key   // by access key
	issued []string         // all secrets given out so far
}

// Endpoint is a service of the catalog whose base URL is that of the cloud with Path and the project's id.
type Endpoint struct{ Type, Path string }

// New returns the identity service of an account. Tokens and temporary keys are valid for lifetime. The catalog has IAM
// itself, and services for a credential that is scoped to a project.
func New(account Account, lifetime time.Duration, now func() time.Time, services ...Endpoint) *Service {
	return &Service{
		account: account, services: services, lifetime: lifetime, now: now,
		tokens: map[string]Grant{},
		keys:   map[string]key{account.AccessKey: {secret: account.SecretKey}},
	}
}

// Grant is what a valid credential permits.
type Grant struct {
	ProjectID string // empty when not scoped to a project

	domainID  string
	delegated bool // obtained through the agency
	methods   []string
	issued    time.Time
	expires   time.Time
	signed    bool // an AK/SK signature, not a token
}

// key is the secret part of an access key.
type key struct {
	secret        string
	securityToken string // of temporary keys
	expires       time.Time
}

func (k key) temporary() bool { return k.securityToken != "" }

// AuthKind says how a request claims to be authenticated: token, aksk, temporary aksk, or nothing.
func AuthKind(r *http.Request) string {
	switch {
	case strings.HasPrefix(r.Header.Get("Authorization"), signatureAlgorithm):
		if r.Header.Get(headerSecurityToken) != "" {
			return "temporary aksk"
		}

		return "aksk"
	case r.Header.Get(HeaderAuthToken) != "":
		return "token"
	default:
		return ""
	}
}

// Signed reports whether a request carries a signature, which then counts and no token does.
func Signed(r *http.Request) bool { return r.Header.Get("Authorization") != "" }

// Authenticate checks the token or the signature of a request with this body. The text says what is wrong with it, if
// anything is.
func (s *Service) Authenticate(r *http.Request, body []byte) (Grant, string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.credential(&request{Request: r, body: body, now: s.now()})
}

func (s *Service) credential(in *request) (Grant, string) {
	if Signed(in.Request) {
		return s.signedBy(in)
	}

	token := in.Header.Get(HeaderAuthToken)
	g, ok := s.tokens[token]
	switch {
	case token == "":
		return Grant{}, "no token and no signature"
	case !ok:
		return Grant{}, "the token is invalid"
	case !in.now.Before(g.expires):
		return Grant{}, "the token has expired"
	default:
		return g, ""
	}
}

// signedBy checks an AK/SK signature. Its grant is for the project of X-Project-Id, which only SDRS and ECS insist on.
func (s *Service) signedBy(in *request) (Grant, string) {
	sig, ok := parseSignature(in.Header.Get("Authorization"))
	if !ok {
		return Grant{}, "the Authorization header is malformed"
	}
	k, ok := s.keys[sig.accessKey]
	if !ok {
		return Grant{}, "the access key does not exist"
	}
	// The wall clock, because that is what clients sign with, whatever the simulator's clock says.
	if problem := sig.fault(in.Request, in.body, k.secret, time.Now()); problem != "" {
		return Grant{}, problem
	}
	if k.temporary() && in.Header.Get(headerSecurityToken) != k.securityToken {
		return Grant{}, "the security token does not belong to the access key"
	}
	if k.temporary() && !in.now.Before(k.expires) {
		return Grant{}, "the temporary access key has expired"
	}

	g := Grant{delegated: k.temporary(), signed: true}
	var project string
	g.domainID, project = s.account.home(g.delegated)
	if in.Header.Get(headerProject) == project {
		g.ProjectID = project
	}

	return g, ""
}

// Route is a path of the service: a pattern of http.ServeMux, the name of the route, and who serves it.
type Route struct {
	Pattern, Name string
	Handler       http.Handler
}

// Routes returns all that the service serves.
func (s *Service) Routes() []Route {
	return []Route{
		{"GET /{$}", "versions", s.open(s.listVersions)},
		{"GET /v3", "versions", s.open(s.showVersion)},
		{"GET /v3/{$}", "versions", s.open(s.showVersion)},
		{"POST /v3/auth/tokens", "auth", s.open(s.createToken)},
		{"GET /v3/auth/tokens", "auth", s.guarded(s.validateToken)},
		{"GET /v3/auth/catalog", "catalog", s.guarded(s.showCatalog)},
		{"GET /v3/projects", "projects", s.guarded(s.listProjects)},
		{"GET /v3/auth/projects", "projects", s.guarded(s.listProjects)},
		{"GET /v3/auth/domains", "domains", s.guarded(s.listDomains)},
		{"POST /v3.0/OS-CREDENTIAL/securitytokens", "security-tokens", s.guarded(s.createKeys)},
	}
}

// request is a request as a handler sees it.
type request struct {
	*http.Request

	body []byte
	now  time.Time
	who  Grant // of handlers that demand a credential
}

// base is the scheme and host by which the client found the cloud.
func (r *request) base() string {
	if r.TLS != nil {
		return "https://" + r.Host
	}

	return "http://" + r.Host
}

// names reports whether name passes the optional name parameter of a list, which is exact.
func (r *request) names(name string) bool {
	names := r.URL.Query()["name"]

	return len(names) == 0 || slices.Contains(names, name)
}

// object is a JSON object.
type object = map[string]any

// response is what a handler returns: a body to be encoded as JSON, and sometimes a token for the header.
type response struct {
	status int
	token  string
	body   any
}

func ok(body any) response { return response{status: http.StatusOK, body: body} }

// refuse is an error as IAM writes it, whose code is a number.
func refuse(status int, message string) response {
	return response{status: status, body: object{"error": object{
		"code": status, "message": message, "title": http.StatusText(status),
	}}}
}

// handler serves a route. It is called with s.mu held.
type handler func(in *request) response

// guarded demands a valid token or signature.
func (s *Service) guarded(handle handler) http.Handler {
	return s.open(func(in *request) response {
		who, problem := s.credential(in)
		if problem != "" {
			return refuse(http.StatusUnauthorized, problem)
		}
		in.who = who

		return handle(in)
	})
}

func (s *Service) open(handle handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler) // the client is gone
		}
		s.mu.Lock()
		out := handle(&request{Request: r, body: body, now: s.now()})
		s.mu.Unlock()
		answer, err := json.Marshal(out.body)
		if err != nil {
			panic(err) // can't be: all bodies are of plain values
		}

		if out.token != "" {
			w.Header().Set(headerSubjectToken, out.token)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(out.status)
		_, _ = w.Write(answer) // the client may be gone: nothing to do about that
	})
}
