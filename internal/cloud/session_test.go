package cloud_test

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

func TestReadsAreRepeated(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]simulator.Fault{
		"429":       {Status: http.StatusTooManyRequests},
		"500":       {Status: http.StatusInternalServerError},
		"502":       {Status: http.StatusBadGateway, Body: "<html>"},
		"503":       {Status: http.StatusServiceUnavailable},
		"504":       {Status: http.StatusGatewayTimeout},
		"cut":       {Cut: simulator.CutBefore},
		"truncated": {Truncate: 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			session := c.session(t)
			fault.Route, fault.Times = simulator.RouteGroup, 3
			c.Inject(fault)
			if _, err := group(t.Context(), session); err != nil {
				t.Errorf("after %d reads: %v", c.Count(simulator.RouteGroup), err)
			}
		})
	}
}

func TestReadsAreRepeatedMaxRetriesTimes(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	session := c.session(t)
	c.Inject(simulator.Fault{Route: simulator.RouteGroup, Status: http.StatusServiceUnavailable})
	_, err := group(t.Context(), session)
	if failure, ok := errors.AsType[*cloud.APIError](err); !ok || failure.Status != http.StatusServiceUnavailable {
		t.Errorf("got %v, want 503", err)
	}
	if !cloud.Transient(err) {
		t.Error("a 503 is transient")
	}
	if n := c.Count(simulator.RouteGroup); n != 4 {
		t.Errorf("%d reads, want 4", n)
	}
}

func TestMaxRetriesIsBounded(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	config := c.config()
	config.MaxRetries, config.RetryWait, config.RequestTimeout = cloud.MostRetries, 0, 0
	session, err := cloud.NewSession(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	if retry, request := session.Waits(); retry != 500*time.Millisecond || request != 30*time.Second {
		t.Errorf("waits %s and %s by default", retry, request)
	}
	for _, retries := range []int{-1, cloud.MostRetries + 1, math.MaxInt} {
		config.MaxRetries = retries
		_, err := cloud.NewSession(t.Context(), config)
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("max_retries is %d: it must be from 0 to 20", retries)) {
			t.Errorf("%d: got %v", retries, err)
		}
	}
}

func TestRefusedReadsAreNotRepeated(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 403, 404, 405, 409, 501} {
		c := newCloud(t)
		session := c.session(t)
		c.Inject(simulator.Fault{Route: simulator.RouteGroup, Status: status})
		if _, err := group(t.Context(), session); err == nil {
			t.Errorf("%d: no error", status)
		}
		if n := c.Count(simulator.RouteGroup); n != 1 {
			t.Errorf("%d: %d reads, want 1", status, n)
		}
	}
}

func TestSecretsStayAtHome(t *testing.T) {
	t.Parallel()
	for name, change := range credentials {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			elsewhere := newStranger(t)
			c := newCloud(t)
			config := c.config()
			change(c, &config)
			session, err := cloud.NewSession(t.Context(), config)
			if err != nil {
				t.Fatal(err)
			}
			c.Inject(simulator.Fault{Status: http.StatusTemporaryRedirect, Header: http.Header{"Location": {elsewhere.url}}})
			if _, err := group(t.Context(), session); err == nil {
				t.Error("a redirected read succeeded")
			}
			if err := act(t.Context(), session); err == nil {
				t.Error("a redirected action succeeded")
			}
			if n := elsewhere.requests.Load(); n > 0 {
				t.Errorf("%d requests followed the redirect", n)
			}
		})
	}
}

// A login carries more than a token.
func TestRedirectedLoginStaysAtHome(t *testing.T) {
	t.Parallel()
	for name, change := range credentials {
		for _, status := range []int{301, 302, 303, 307, 308} {
			t.Run(fmt.Sprintf("%s, %d", name, status), func(t *testing.T) {
				t.Parallel()
				elsewhere := newStranger(t)
				c := newCloud(t)
				config := c.config()
				change(c, &config)
				c.Inject(simulator.Fault{Status: status, Header: http.Header{"Location": {elsewhere.url + "/v3/auth/tokens"}}})
				// Keys of a project that is known need no login.
				if session, err := cloud.NewSession(t.Context(), config); err == nil {
					if _, err = group(t.Context(), session); err == nil {
						t.Error("a redirected login succeeded")
					}
				}
				if n := elsewhere.requests.Load(); n > 0 {
					t.Errorf("%d requests followed the redirect", n)
				}
			})
		}
	}
}

// credentials are those of each kind.
var credentials = map[string]func(*testCloud, *cloud.Config){
	"password": func(*testCloud, *cloud.Config) {},
	"token":    func(c *testCloud, config *cloud.Config) { config.Token = c.IssueToken() },
	"access key": func(c *testCloud, config *cloud.Config) {
		config.AccessKey, config.SecretKey = c.Account.AccessKey, c.Account.SecretKey
	},
	"temporary access key": func(c *testCloud, config *cloud.Config) {
		config.AccessKey, config.SecretKey, config.SecurityToken = c.IssueTemporaryKeys()
		config.ProjectName, config.ProjectID, config.Region = "", c.Account.DelegatedProjectID, c.Account.Region
	},
	"agency with password": func(c *testCloud, config *cloud.Config) { assume(c, config) },
	"agency with access key": func(c *testCloud, config *cloud.Config) {
		config.AccessKey, config.SecretKey = c.Account.AccessKey, c.Account.SecretKey
		assume(c, config)
	},
}

// stranger is a server that nobody has reason to ask.
type stranger struct {
	url      string
	requests atomic.Int32
}

func newStranger(t *testing.T) *stranger {
	t.Helper()
	s := &stranger{}
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { s.requests.Add(1) }))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func assume(c *testCloud, config *cloud.Config) {
	config.ProjectName = ""
	config.AgencyName, config.AgencyDomainName, config.DelegatedProject = c.Account.AgencyName, c.Account.AgencyDomainName,
		c.Account.DelegatedProject
}

// Bodies that announce no length are as bounded as others, those that never end included.
func TestEndlessAnswersAreRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		zipped bool
		piece  string
	}{
		"spaces":        {status: 200, piece: strings.Repeat(" ", 1<<16)},
		"an array":      {status: 200, piece: strings.Repeat("[", 1<<16)},
		"zipped":        {status: 200, piece: strings.Repeat(" ", 1<<16), zipped: true},
		"of an error":   {status: 400, piece: strings.Repeat("<html>", 1<<13)},
		"of a redirect": {status: 307, piece: strings.Repeat("<html>", 1<<13)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			endless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				var out io.Writer = w
				if test.zipped {
					w.Header().Set("Content-Encoding", "gzip")
					out = gzip.NewWriter(w)
				}
				w.WriteHeader(test.status)
				for {
					if _, err := io.WriteString(out, test.piece); err != nil {
						return
					}
				}
			}))
			t.Cleanup(endless.Close)
			c := newCloud(t)
			config := c.config()
			config.MaxRetries = 0
			config.Endpoints = map[cloud.Service]string{cloud.SDRS: endless.URL}
			session, err := cloud.NewSession(t.Context(), config)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := group(t.Context(), session); err == nil || !strings.Contains(err.Error(), "larger than 10 MiB") {
				t.Errorf("read: got %v", err)
			}
			if err := act(t.Context(), session); !cloud.OutcomeUnknown(err) {
				t.Errorf("action: got %v, want an unknown outcome", err)
			}
		})
	}
}
