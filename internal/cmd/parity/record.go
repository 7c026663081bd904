package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/jobs"
)

// Record is what was asked of a cloud, and what it answered, without anything that tells whose it is.
type Record struct {
	// Format is that of the record, 1.
	Format    int        `json:"format"`
	Began     time.Time  `json:"began"`
	Exchanges []Exchange `json:"exchanges"`
}

// Exchange is a request and its answer. A redirect, a repetition, and a refusal are exchanges of their own; a request
// without an answer is none.
type Exchange struct {
	// Step says what is asked, and Leg which switch it belongs to; empty: none runs.
	Step string `json:"step,omitempty"`
	Leg  string `json:"leg,omitempty"`
	// AfterMS is when it was sent, in milliseconds since the record began.
	AfterMS int64 `json:"after_ms"`
	// Service is sdrs, sdrs-versions, ecs, or iam, of which there are no queries and bodies.
	Service string            `json:"service"`
	Method  string            `json:"method"`
	Path    string            `json:"path"` // Below the project, where the service has projects.
	Query   map[string]string `json:"query,omitempty"`
	Request any               `json:"request,omitempty"`
	// BadToken is set where the request had a token that is none.
	BadToken bool `json:"bad_token,omitempty"`
	Status   int  `json:"status"`
	Answer   any  `json:"answer,omitempty"`
}

const (
	serviceSDRS     = "sdrs"
	serviceVersions = "sdrs-versions"
	serviceECS      = "ecs"
	serviceIAM      = "iam"
)

// noToken is sent where the answer to an invalid token is asked for.
const noToken = "no-token-at-all"

// maxAnswer bounds what is read of an answer, a little above what the session takes.
const maxAnswer = 11 << 20

// recorder watches the connections of a session. It lets reads, logins, and the action through that it was told to
// allow, and nothing else.
type recorder struct {
	clock jobs.Clock
	next  http.RoundTripper

	mu sync.Mutex
	// mayChange is the path of the one action that may be sent; empty: none may. It is empty again from when that is
	// sent, unless it certainly did nothing.
	mayChange string
	sdrs, ecs string // The base URLs in the project; without ECS, that one is empty.
	step, leg string
	began     time.Time
	exchanges []Exchange
}

// around is the session's [cloud.Config].Around.
func (r *recorder) around(next http.RoundTripper) http.RoundTripper {
	r.next = next
	return r
}

// begin tells where the services of a session are. Only a switch asks ECS, and says itself where there is none.
func (r *recorder) begin(session *cloud.Session) (err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ecs, _ = session.Endpoint(cloud.ECS)
	r.sdrs, err = session.Endpoint(cloud.SDRS)
	return err
}

// at says what is asked from now on.
func (r *recorder) at(leg, step string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.leg, r.step = leg, step
}

// allow lets an action through, by its path: until it was accepted, or may have been.
func (r *recorder) allow(path string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mayChange = path
}

// versions is the URL that the versions of SDRS are below.
func (r *recorder) versions() string {
	project := r.sdrs[:strings.LastIndex(r.sdrs, "/")]
	return project[:strings.LastIndex(project, "/")]
}

// RoundTrip sends a request, and keeps it with its answer, where there is one. Headers are not kept.
func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	r.mu.Lock()
	kept := Exchange{
		Step: r.step, Leg: r.leg, AfterMS: r.since().Milliseconds(), Method: req.Method,
		BadToken: req.Header.Get("X-Auth-Token") == noToken,
	}
	kept.Service, kept.Path = r.locate(req.URL)
	post := req.Method == http.MethodPost
	login := post && kept.Service == serviceIAM && strings.HasSuffix("/"+kept.Path, "/v3/auth/tokens")
	change := post && kept.Service == serviceSDRS && kept.Path == r.mayChange
	if change {
		r.mayChange = ""
	}
	r.mu.Unlock()
	if req.Method != http.MethodGet && !login && !change {
		return nil, fmt.Errorf("%s %s is not sent: parity changes nothing but the group of -switch, once in each direction",
			req.Method, kept.Path)
	}
	if kept.Service != serviceIAM {
		kept.Query = map[string]string{}
		for name, values := range req.URL.Query() {
			kept.Query[name] = strings.Join(values, ",")
		}
		if req.Body != nil && req.Method != http.MethodGet {
			sent, err := io.ReadAll(req.Body)
			if err != nil {
				return nil, err
			}
			req = req.Clone(req.Context())
			req.Body = io.NopCloser(bytes.NewReader(sent))
			kept.Request = decode(sent)
		}
	}

	resp, err := r.next.RoundTrip(req)
	if change && nothingHappened(resp, err) {
		r.allow(kept.Path)
	}
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	kept.Status = resp.StatusCode
	if kept.Service != serviceIAM {
		kept.Answer = decode(body)
	}
	if kept.Service == serviceECS {
		kept.Answer = serverOnly(kept.Answer)
	}
	r.mu.Lock()
	r.exchanges = append(r.exchanges, kept)
	r.mu.Unlock()
	return resp, nil
}

// nothingHappened reports whether an action certainly did nothing: there was no connection, or the cloud refused it.
func nothingHappened(resp *http.Response, err error) bool {
	if failed, ok := errors.AsType[*net.OpError](err); ok {
		return failed.Op == "dial"
	}
	return err == nil && resp.StatusCode >= 400 && resp.StatusCode < 500 && resp.StatusCode != http.StatusRequestTimeout
}

func (r *recorder) since() time.Duration {
	now := r.clock.Now()
	if r.began.IsZero() {
		r.began = now
	}
	return now.Sub(r.began)
}

// locate returns the service of a URL, and the path in it.
func (r *recorder) locate(target *url.URL) (service, path string) {
	whole := target.Scheme + "://" + target.Host + target.EscapedPath()
	if r.sdrs != "" {
		if path, found := strings.CutPrefix(whole, r.sdrs+"/"); found {
			return serviceSDRS, path
		}
		if path, found := strings.CutPrefix(whole, r.ecs+"/"); found && r.ecs != "" {
			return serviceECS, path
		}
		if path, found := strings.CutPrefix(whole, r.versions()+"/"); found && (path == "" || path == "v1") {
			return serviceVersions, path
		}
	}
	return serviceIAM, strings.TrimPrefix(target.EscapedPath(), "/")
}

// decode reads JSON, with numbers as they are written. What is no JSON is a text that says so.
func decode(body []byte) any {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil || decoder.More() {
		return "no JSON"
	}
	return value
}

// serverOnly keeps of an answer of ECS what the provider goes by: a server has user data and metadata, too.
func serverOnly(answer any) any {
	whole, _ := answer.(map[string]any)
	server, ok := whole["server"].(map[string]any)
	if !ok {
		return answer
	}
	kept := map[string]any{}
	for _, name := range []string{"id", "status"} {
		if value, known := server[name]; known {
			kept[name] = value
		}
	}
	return map[string]any{"server": kept}
}

// record returns what was kept, redacted.
func (r *recorder) record() Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Record{Format: 1, Began: r.began.UTC().Truncate(time.Second), Exchanges: redact(r.exchanges)}
}

// readRecord reads a record as encode wrote it.
func readRecord(text []byte) (Record, error) {
	var record Record
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&record); err != nil {
		return Record{}, fmt.Errorf("it is no record of parity: %w", err)
	}
	if record.Format != 1 {
		return Record{}, fmt.Errorf("its format is %d, and this parity reads 1", record.Format)
	}
	return record, nil
}

// encode writes a record, an exchange on each line.
func (r Record) encode() ([]byte, error) {
	began, err := json.Marshal(r.Began)
	if err != nil {
		return nil, err
	}
	lines := make([]string, 0, len(r.Exchanges))
	for _, exchange := range r.Exchanges {
		line, err := json.Marshal(exchange)
		if err != nil {
			return nil, err
		}
		lines = append(lines, "  "+string(line))
	}
	return fmt.Appendf(nil, "{\"format\": %d, \"began\": %s, \"exchanges\": [\n%s\n]}\n",
		r.Format, began, strings.Join(lines, ",\n")), nil
}
