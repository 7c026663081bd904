package cloud_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// scripted is a server that answers one request after the other as its script says, where "" closes the connection.
type scripted struct {
	mu     sync.Mutex
	script []string
	// requests are what arrived: method, path below the project, type, and body.
	requests []string
}

func newScripted(t *testing.T, script ...string) (*scripted, *cloud.Session) {
	t.Helper()
	s := &scripted{script: script}
	address := listen(t, func(_ int, conn net.Conn) {
		http1(conn, func(r *http.Request, body string) bool {
			s.mu.Lock()
			defer s.mu.Unlock()
			_, path, _ := strings.Cut(r.URL.Path, "/server-groups")
			s.requests = append(s.requests, strings.Join([]string{r.Method, path, r.Header.Get("Content-Type"), body}, " "))
			answer := s.script[0]
			if len(s.script) > 1 {
				s.script = s.script[1:]
			}
			_, _ = io.WriteString(conn, answer)
			return answer != ""
		})
	})
	return s, sessionAt(t, "http://"+address)
}

func (s *scripted) sent() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

const (
	noContent = "HTTP/1.1 204 No Content\r\n\r\n"
	accepted  = "HTTP/1.1 202 Accepted\r\nContent-Length: 14\r\n\r\n{\"job_id\":\"j\"}"
	empty     = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
	throttled = "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n"
	busy      = "HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n"
	notFound  = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
	gateway   = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
	redirect  = "HTTP/1.1 303 See Other\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"
)

// status is an empty answer, as of a gateway that may have passed the request on.
func status(code int) string {
	return fmt.Sprintf("HTTP/1.1 %d X\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", code)
}

// The same answers to the three requests that change something: what twice makes what once makes is repeated where an
// answer was lost, what acts is not.
func TestChangesByAnswers(t *testing.T) {
	t.Parallel()
	methods := map[string]func(context.Context, *cloud.Session, any) error{
		http.MethodPost: func(ctx context.Context, s *cloud.Session, out any) error {
			return s.Post(ctx, cloud.SDRS, "/server-groups/x", map[string]int{"a": 1}, out)
		},
		http.MethodPut: func(ctx context.Context, s *cloud.Session, out any) error {
			return s.Put(ctx, cloud.SDRS, "/server-groups/x", map[string]int{"a": 1}, out)
		},
		http.MethodDelete: func(ctx context.Context, s *cloud.Session, out any) error {
			return s.Delete(ctx, cloud.SDRS, "/server-groups/x", map[string]int{"a": 1}, out)
		},
	}
	// once and again are the ends of a POST, and of a PUT or DELETE.
	type end struct {
		sent    int
		status  int // Of an error; 0 where it has none.
		unknown bool
		jobID   string
	}
	for name, test := range map[string]struct {
		script      []string
		once, again end
	}{
		"accepted":                 {[]string{accepted}, end{1, 0, false, "j"}, end{1, 0, false, "j"}},
		"refused":                  {[]string{busy}, end{1, 409, false, ""}, end{1, 409, false, ""}},
		"throttled, accepted":      {[]string{throttled, accepted}, end{2, 0, false, "j"}, end{2, 0, false, "j"}},
		"throttled, refused":       {[]string{throttled, busy}, end{2, 409, false, ""}, end{2, 409, false, ""}},
		"lost, accepted":           {[]string{"", accepted}, end{1, 0, true, ""}, end{2, 0, false, "j"}},
		"lost, gone":               {[]string{"", notFound}, end{1, 0, true, ""}, end{2, 404, true, ""}},
		"lost, throttled, refused": {[]string{"", throttled, busy}, end{1, 0, true, ""}, end{3, 409, true, ""}},
		"lost for ever":            {[]string{""}, end{1, 0, true, ""}, end{4, 0, true, ""}},
		"502, accepted":            {[]string{gateway, accepted}, end{1, 502, true, ""}, end{2, 0, false, "j"}},
		"502, refused":             {[]string{gateway, busy}, end{1, 502, true, ""}, end{2, 409, true, ""}},
		"400":                      {[]string{status(400)}, end{1, 400, false, ""}, end{1, 400, false, ""}},
		"408":                      {[]string{status(408)}, end{1, 408, true, ""}, end{1, 408, true, ""}},
		"500, accepted":            {[]string{status(500), accepted}, end{1, 500, true, ""}, end{2, 0, false, "j"}},
		"504, accepted":            {[]string{status(504), accepted}, end{1, 504, true, ""}, end{2, 0, false, "j"}},
		"301":                      {[]string{status(301)}, end{1, 301, true, ""}, end{1, 301, true, ""}},
		"304":                      {[]string{status(304)}, end{1, 304, true, ""}, end{1, 304, true, ""}},
		"307":                      {[]string{status(307)}, end{1, 307, true, ""}, end{1, 307, true, ""}},
		"redirected":               {[]string{redirect}, end{1, 303, true, ""}, end{1, 303, true, ""}},
		"empty":                    {[]string{empty}, end{1, 0, true, ""}, end{1, 0, true, ""}},
		"204":                      {[]string{noContent}, end{1, 0, true, ""}, end{1, 0, false, ""}},
	} {
		for method, send := range methods {
			t.Run(method+" "+name, func(t *testing.T) {
				t.Parallel()
				server, session := newScripted(t, test.script...)
				want := test.again
				if method == http.MethodPost {
					want = test.once
				}
				var out struct {
					JobID string `json:"job_id"`
				}
				err := send(t.Context(), session, &out)
				failure, _ := errors.AsType[*cloud.APIError](err)
				got := end{sent: len(server.sent()), unknown: cloud.OutcomeUnknown(err), jobID: out.JobID}
				if failure != nil {
					got.status = failure.Status
				}
				if got != want {
					t.Errorf("got %+v, want %+v: %v", got, want, err)
				}
				if done := want.status == 0 && !want.unknown; done != (err == nil) || cloud.Postponed(err) {
					t.Errorf("got %v, postponed %t", err, cloud.Postponed(err))
				}
				for _, request := range server.sent() {
					if request != method+` /x application/json {"a":1}` {
						t.Errorf("sent %s", request)
					}
				}
			})
		}
	}
}

// Bodies of requests and answers are optional.
func TestChangesWithoutBodies(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{noContent, empty, answered, accepted} {
		server, session := newScripted(t, answer)
		if err := session.Put(t.Context(), cloud.SDRS, "/server-groups/x", nil, nil); err != nil {
			t.Errorf("%q: %v", answer, err)
		}
		if err := session.Delete(t.Context(), cloud.SDRS, "/server-groups/x", nil, nil); err != nil {
			t.Errorf("%q: %v", answer, err)
		}
		if got := strings.Join(server.sent(), ","); got != "PUT /x  ,DELETE /x  " {
			t.Errorf("sent %q", got)
		}
	}
}

func TestReadsNeedAnAnswer(t *testing.T) {
	t.Parallel()
	server, session := newScripted(t, "HTTP/1.1 204 No Content\r\nX-Request-Id: 7\r\n\r\n")
	_, err := group(t.Context(), session)
	if failure, malformed := errors.AsType[*cloud.MalformedError](err); !malformed || failure.Method != http.MethodGet ||
		!strings.HasSuffix(failure.Path, groupPath) || failure.RequestID != "7" {
		t.Errorf("got %v", err)
	}
	sent := len(server.sent())
	if err := session.Post(t.Context(), cloud.SDRS, "/x", make(chan int), nil); err == nil || len(server.sent()) != sent {
		t.Errorf("what is no JSON: got %v, sent %v", err, server.sent())
	}
}
