package cloud_test

import (
	"bytes"
	"cmp"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

func TestAPIErrorOfEachBody(t *testing.T) {
	t.Parallel()
	html, plainJSON := http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		http.Header{"Content-Type": {"application/json"}}
	for name, test := range map[string]struct {
		status        int
		header        http.Header
		body          string
		code, message string
		requestID     string
		foreign       bool
		itemNotFound  bool
		tokenRejected bool
	}{
		"error": {status: 400, body: `{"error": {"message": "XXXX", "code": "XXX"}}`, code: "XXX", message: "XXXX"},
		"badrequest": {
			status: 400, body: `{"badrequest": {"message": "XXXX", "code": "XXX"}}`, code: "XXX", message: "XXXX",
		},
		"itemNotFound": {
			status: 404, body: `{"itemNotFound": {"message": "XXXX", "code": "XXX"}}`, code: "XXX", message: "XXXX",
			itemNotFound: true,
		},
		"a 404 of another kind": {
			status: 404, body: `{"error": {"message": "XXXX", "code": "XXX"}}`, code: "XXX", message: "XXXX",
		},
		"gateway": {
			status: 409, body: `{"error_msg": "The throttling threshold has been reached", "error_code": "APIGW.0308", "request_id": "7ebe1c8a"}`,
			code: "APIGW.0308", message: "The throttling threshold has been reached", requestID: "7ebe1c8a",
		},
		"gateway without a code": {status: 404, body: `{"error_msg": "no"}`, message: "no"},
		"a number":               {status: 400, body: `{"error": {"code": 1101}}`, code: "1101"},
		"IAM": {
			status: 403, body: `{"error": {"code": 403, "message": "no", "title": "Forbidden"}}`, message: "no",
		},
		"HTML": {
			status: 405, header: html, body: `<html>`,
			message: "Method Not Allowed (the answer is not JSON: 6 bytes of text/html)", foreign: true,
		},
		"empty":     {status: 406, message: "Not Acceptable (empty body)"},
		"empty 404": {status: 404, message: "Not Found (empty body)", foreign: true},
		"no such route": {
			status: 404, body: `{"message": "no Route matched with those values"}`,
			message: "no Route matched with those values", foreign: true,
		},
		"no such path": {
			status: 404, body: `{"status": 404, "error": "Not Found", "message": "no handler", "path": "/"}`,
			message: "no handler", foreign: true,
		},
		"truncated": {
			status: 400, header: plainJSON, body: `{"error": {"mess`,
			message: "Bad Request (the answer is not JSON: 16 bytes of application/json)", foreign: true,
		},
		"another object": {status: 400, body: `{"a": 1, "b": {"c": "d"}, "e": null}`, message: "Bad Request"},
		"an array": {
			status: 400, header: plainJSON, body: `[]`,
			message: "Bad Request (the answer is not JSON: 2 bytes of application/json)", foreign: true,
		},
		"flat": {
			status: 400, body: `{"code": "SDRS.0013", "message": "no"}`, code: "SDRS.0013", message: "no",
		},
		"flat 404": {
			status: 404, body: `{"code": "SDRS.0013", "message": "no"}`, code: "SDRS.0013", message: "no",
		},
		"a reason at the top": {
			status: 400, body: `{"error": {"code": "SDRS.0013"}, "message": "no"}`, code: "SDRS.0013", message: "no",
		},
		"nulls": {
			status: 404, body: `{"error": {"code": null, "message": null}, "error_code": null, "a": null}`,
			message: "Not Found", foreign: true,
		},
		"a null before a code": {
			status: 400, body: `{"a": {"code": null}, "b": {"code": "SDRS.0013", "message": "no"}}`, code: "SDRS.0013",
			message: "no",
		},
		"error goes first": {
			status: 400, body: `{"a": {"code": "A", "message": "a"}, "error": {"code": "E", "message": "e"}, "error_code": "F"}`,
			code: "E", message: "e",
		},
		"then the gateway": {
			status: 400, body: `{"a": {"code": "A", "message": "a"}, "error_code": "F", "error_msg": "f"}`, code: "F",
			message: "f",
		},
		"then in order": {
			status: 404,
			body:   `{"z": {"code": "Z"}, "itemNotFound": {"code": 404, "message": "n"}, "b": {"code": "B"}, "y": {"code": "Y"}}`,
			code:   "B",
		},
		"then what is flat": {status: 400, body: `{"b": {"c": "d"}, "code": "C", "a": []}`, code: "C"},
		"forged lines": {
			status: 400,
			body:   `{"error": {"code": "X\u001b[2K", "message": "no\nApply complete!\u202e"}, "request_id": "1\r2"}`,
			code:   `X\x1b[2K`, message: `no\nApply complete!\u202e`, requestID: `1\r2`,
		},
		"forged type": {
			status: 400, header: http.Header{"Content-Type": {"a\u202eb"}}, body: `x`,
			message: `Bad Request (the answer is not JSON: 1 bytes of a\u202eb)`, foreign: true,
		},
		"a type that is no text": {
			status: 400, header: http.Header{"Content-Type": {strings.Repeat("\x80", 999)}}, body: `x`,
			message: `Bad Request (the answer is not JSON: 1 bytes of …)`, foreign: true,
		},
		"a message that just fits": {
			status: 400, body: `{"error": {"code": "X", "message": "` + strings.Repeat("ü", 2000) + `"}}`, code: "X",
			message: strings.Repeat("ü", 2000),
		},
		"a long message": {
			status: 400, body: `{"error": {"code": "X", "message": "` + strings.Repeat("ü", 3000) + `"}}`, code: "X",
			message: strings.Repeat("ü", 2000) + "…",
		},
		"a body that just fits": {
			status: 404, body: `{"error": {"code": "SDRS.1013"}, "x": "` + strings.Repeat("x", 1<<16-41) + `"}`, code: "SDRS.1013",
		},
		"a long body": {
			status: 404, header: plainJSON, body: `{"error": {"code": "SDRS.1013"}, "x": "` + strings.Repeat("x", 1<<16) + `"}`,
			message: "Not Found (the answer is larger than 64 KiB: 65577 bytes of application/json)", foreign: true,
		},
		"an expired token": {
			status: 403, body: `{"message": "X-Auth-Token is invalid in the request"}`,
			message: "X-Auth-Token is invalid in the request", tokenRejected: true,
		},
		"and in a code": {
			status: 403, body: `{"error": {"code": "Token expired", "message": "no"}}`, code: "Token expired", message: "no",
			tokenRejected: true,
		},
		"and deeper": {
			status: 403, body: `{"error": {"message": "no", "details": [{"why": "The token has expired."}]}}`, message: "no",
			tokenRejected: true,
		},
		"and of the gateway": {
			status: 403,
			body:   `{"error_msg": "Incorrect IAM authentication information: token expires", "error_code": "APIGW.0301"}`,
			code:   "APIGW.0301", message: "Incorrect IAM authentication information: token expires", tokenRejected: true,
		},
		"and in HTML": {
			status: 403, header: html, body: `<html>X-Auth-Token is invalid`,
			message: "Forbidden (the answer is not JSON: 29 bytes of text/html)", foreign: true, tokenRejected: true,
		},
		"another token": {
			status: 403, body: `{"error": {"message": "the user may not use a token here"}}`,
			message: "the user may not use a token here",
		},
		"not a 403": {
			status: 400, body: `{"error": {"message": "X-Auth-Token is invalid"}}`, message: "X-Auth-Token is invalid",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			config := c.config()
			config.Token = c.IssueToken() // One that is not renewed.
			session, err := cloud.NewSession(t.Context(), config)
			if err != nil {
				t.Fatal(err)
			}
			c.Inject(simulator.Fault{Route: simulator.RouteGroup, Status: test.status, Header: test.header, Body: test.body})
			_, err = group(t.Context(), session)
			failure, ok := errors.AsType[*cloud.APIError](err)
			if !ok {
				t.Fatalf("got %v, want an APIError", err)
			}
			requests := c.Requests()
			want := cloud.APIError{
				Method: http.MethodGet, Path: "/sdrs/v1/" + c.Account.ProjectID + groupPath, Status: test.status,
				Code: test.code, Message: test.message, RequestID: cmp.Or(test.requestID, requests[len(requests)-1].RequestID),
				Foreign: test.foreign, ItemNotFound: test.itemNotFound, TokenRejected: test.tokenRejected,
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

func TestTransient(t *testing.T) {
	t.Parallel()
	for _, status := range []int{399, 404, 407, 408, 409, 428, 429, 499, 500, 501} {
		for _, foreign := range []bool{false, true} {
			want := foreign || status == 408 || status == 429 || status >= 500
			if got := cloud.Transient(&cloud.APIError{Status: status, Foreign: foreign}); got != want {
				t.Errorf("%d, foreign %t: got %t", status, foreign, got)
			}
		}
	}
	malformed := &cloud.MalformedError{Method: "GET", Path: "/x", RequestID: "7", Err: errors.New("y")}
	if text := malformed.Error(); text != "GET /x: the answer can't be read: y (request id 7)" || !cloud.Transient(malformed) {
		t.Errorf("%s, or it is not transient", text)
	}
	if text := cloud.Malformed("GET", "/x", "y").Error(); text != "GET /x: the answer can't be read: y" {
		t.Error(text)
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

// Package provider has that of each kind of credentials.
func TestLogHasEachRequestAndNoSecret(t *testing.T) {
	t.Parallel()
	var output logBuffer
	ctx := tflogtest.RootLogger(t.Context(), &output)
	c := newCloud(t)
	c.Inject(simulator.Fault{Route: simulator.RouteGroup, Times: 1, Status: http.StatusServiceUnavailable})
	c.Inject(simulator.Fault{Route: simulator.RouteAction, Cut: simulator.CutBefore})

	wrong := c.config()
	wrong.Password = "not-the-passw0rd"
	for _, config := range []cloud.Config{c.config(), wrong} {
		if session, err := cloud.NewSession(ctx, config); err == nil {
			c.RevokeTokens()
			_, _ = group(ctx, session)
			_ = act(ctx, session)
		}
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
	if !strings.Contains(output.String(), `"error":"EOF"`) {
		t.Error("no line tells what became of the request without an answer")
	}
	for _, secret := range append(c.Secrets(), wrong.Password) {
		if strings.Contains(output.String(), secret) {
			t.Errorf("the log has a secret: %.8s...", secret)
		}
	}
}

// What answers in the cloud's place names its request as it likes.
func TestLogIsPrintable(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Request-Id", "1\u202e2")
		w.WriteHeader(http.StatusNotFound)
	}))
	t.Cleanup(server.Close)
	var output logBuffer
	ctx := tflogtest.RootLogger(t.Context(), &output)
	_, err := cloud.NewSession(ctx, cloud.Config{AuthURL: server.URL, Token: "x"})
	if err == nil || strings.Contains(err.Error(), "\u202e") {
		t.Errorf("got %v", err)
	}
	if text := output.String(); strings.Contains(text, "\u202e") || !strings.Contains(text, `1\\u202e2`) {
		t.Errorf("the log is %s", text)
	}
}
