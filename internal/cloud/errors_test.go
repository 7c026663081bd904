package cloud_test

import (
	"bytes"
	"cmp"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

func TestAPIErrorOfEachBody(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status        int
		header        http.Header
		body          string
		code, message string
		requestID     string
		foreign       bool
	}{
		"error":          {status: 400, body: `{"error": {"message": "XXXX", "code": "XXX"}}`, code: "XXX", message: "XXXX"},
		"badrequest":     {status: 400, body: `{"badrequest": {"message": "XXXX", "code": "XXX"}}`, code: "XXX", message: "XXXX"},
		"itemNotFound":   {status: 404, body: `{"itemNotFound": {"message": "XXXX", "code": "XXX"}}`, code: "XXX", message: "XXXX"},
		"gateway":        {status: 409, body: `{"error_msg": "The throttling threshold has been reached", "error_code": "APIGW.0308", "request_id": "7ebe1c8a1a6f4a1f8e4b9d1f2b3c4d5e"}`, code: "APIGW.0308", message: "The throttling threshold has been reached", requestID: "7ebe1c8a1a6f4a1f8e4b9d1f2b3c4d5e"},
		"IAM":            {status: 403, body: `{"error": {"code": 403, "message": "no", "title": "Forbidden"}}`, message: "no"},
		"HTML":           {status: 405, header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, body: `<html>`, message: "Method Not Allowed (the answer is not JSON: 6 bytes of text/html)", foreign: true},
		"empty":          {status: 406, message: "Not Acceptable (empty body)"},
		"empty 404":      {status: 404, message: "Not Found (empty body)", foreign: true},
		"no such route":  {status: 404, body: `{"message": "no Route matched with those values"}`, message: "Not Found", foreign: true},
		"truncated":      {status: 400, header: http.Header{"Content-Type": {"application/json"}}, body: `{"error": {"mess`, message: "Bad Request (the answer is not JSON: 16 bytes of application/json)", foreign: true},
		"another object": {status: 400, body: `{"a": 1, "b": {"c": "d"}, "e": null}`, message: "Bad Request"},
		"an array":       {status: 400, header: http.Header{"Content-Type": {"application/json"}}, body: `[]`, message: "Bad Request (the answer is not JSON: 2 bytes of application/json)", foreign: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			session := c.session(t)
			c.Inject(simulator.Fault{Route: simulator.RouteGroup, Status: test.status, Header: test.header, Body: test.body})
			_, err := group(t.Context(), session)
			failure, ok := errors.AsType[*cloud.APIError](err)
			if !ok {
				t.Fatalf("got %v, want an APIError", err)
			}
			requests := c.Requests()
			want := cloud.APIError{
				Method: http.MethodGet, Path: "/sdrs/v1/" + c.account.ProjectID + groupPath, Status: test.status,
				Code: test.code, Message: test.message, RequestID: cmp.Or(test.requestID, requests[len(requests)-1].RequestID), Foreign: test.foreign,
			}
			if *failure != want {
				t.Errorf("got  %+v\nwant %+v", *failure, want)
			}
			for _, part := range []string{test.code, test.message, test.requestID} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q lacks %q", err, part)
				}
			}
		})
	}
}

// logBuffer collects log lines of concurrent requests.
type logBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func TestLogHasEachRequestAndNoSecret(t *testing.T) {
	t.Parallel()
	var output logBuffer
	ctx := tflogtest.RootLogger(t.Context(), &output)
	c := newCloud(t)
	a := c.account
	c.Inject(simulator.Fault{Route: simulator.RouteGroup, Times: 1, Status: http.StatusServiceUnavailable})

	byPassword := c.config()
	byToken := cloud.Config{AuthURL: c.url, Token: c.IssueToken()} // First: the others revoke it.
	byKey := cloud.Config{AuthURL: c.url, AccessKey: a.AccessKey, SecretKey: a.SecretKey, ProjectName: a.ProjectName}
	byAgency := byKey
	byAgency.DomainName = a.DomainName
	byAgency.AgencyName, byAgency.AgencyDomainName, byAgency.DelegatedProject = a.AgencyName, a.AgencyDomainName, a.DelegatedProject
	wrong := c.config()
	wrong.Password = "not-the-passw0rd"
	for _, config := range []cloud.Config{byToken, byPassword, byKey, byAgency, wrong} {
		session, err := cloud.NewSession(ctx, config)
		if err != nil {
			if config.Password != wrong.Password {
				t.Error(err)
			}
			continue
		}
		c.RevokeTokens()
		_, _ = group(ctx, session)
		_, _ = act(ctx, session)
	}

	lines, err := tflogtest.MultilineJSONDecode(bytes.NewReader(output.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) != len(c.Requests()) {
		t.Errorf("%d log lines for %d requests", len(lines), len(c.Requests()))
	}
	for _, field := range []string{"method", "path", "status", "duration_ms", "request_id", "attempt"} {
		if _, ok := lines[0][field]; !ok {
			t.Errorf("a line lacks %s", field)
		}
	}
	for _, secret := range append(c.Secrets(), wrong.Password) {
		if strings.Contains(output.String(), secret) {
			t.Errorf("the log has a secret: %.8s...", secret)
		}
	}
}
