package simulator_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

const groupID = "40df180b-9fe2-471a-8c64-1b758dc84189"

const jobDuration = 10 * time.Second

var start = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// cloud is a simulator on a loopback listener, with a clock that the test moves and a valid token.
type cloud struct {
	*simtest.Cloud

	t     *testing.T
	clock *simulator.ManualClock
	token string
	wrong bool // faults may have changed what it answers
}

// newCloud starts a cloud with the demo group whose SDRS jobs take 10 s and whose server jobs take 1 s.
func newCloud(t *testing.T, options ...simulator.Option) *cloud {
	t.Helper()
	t.Parallel()

	clock := simulator.NewManualClock(start)
	c := simtest.New(t, append([]simulator.Option{
		simulator.WithClock(clock),
		simulator.WithJobDuration(jobDuration),
		simulator.WithGroups(simulator.DemoGroup()),
	}, options...)...)

	return &cloud{Cloud: c, t: t, clock: clock, token: c.IssueToken()}
}

type reply struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

// at returns the value at a path of keys, or nil.
func (r reply) at(path ...string) any {
	var value any = r.body
	for _, key := range path {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[key]
	}

	return value
}

// list returns the objects of a list.
func (r reply) list(key string) []map[string]any {
	items, _ := r.body[key].([]any)
	objects := make([]map[string]any, 0, len(items))
	for _, item := range items {
		object, _ := item.(map[string]any)
		objects = append(objects, object)
	}

	return objects
}

func (c *cloud) request(method, path, body string) *http.Request {
	c.t.Helper()

	r, err := http.NewRequestWithContext(c.t.Context(), method, c.URL+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}

	return r
}

// try sends a request; the connection may be cut.
func (c *cloud) try(r *http.Request) (reply, error) {
	c.t.Helper()

	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	result := reply{status: response.StatusCode, header: response.Header, text: string(text)}
	_ = json.Unmarshal(text, &result.body) // not every answer is JSON
	for _, r := range c.Requests() {
		if r.RequestID == response.Header.Get("X-Request-Id") && r.Route != "" && !c.wrong {
			if err := reference().check(r.Route, result.status, result.text); err != nil {
				c.t.Errorf("%s %s %s: %v", r.Method, r.Path, r.Body, err)
			}
		}
	}

	return result, err
}

// Inject adds a fault. What is answered from then on need not fit the API reference.
func (c *cloud) Inject(f simulator.Fault) (remove func()) {
	c.wrong = true

	return c.Cloud.Inject(f)
}

func (c *cloud) do(r *http.Request) reply {
	c.t.Helper()

	result, err := c.try(r)
	if err != nil {
		c.t.Fatal(err)
	}

	return result
}

func (c *cloud) call(method, path, body string) reply {
	c.t.Helper()

	r := c.request(method, path, body)
	r.Header.Set("X-Auth-Token", c.token)

	return c.do(r)
}

func (c *cloud) sdrs(path string) reply {
	c.t.Helper()

	return c.call(http.MethodGet, "/sdrs/v1/"+c.Account.ProjectID+"/"+path, "")
}

// change sends a request that changes something in SDRS.
func (c *cloud) change(method, path, body string) reply {
	c.t.Helper()

	return c.call(method, "/sdrs/v1/"+c.Account.ProjectID+"/"+path, body)
}

// brief is an answer's HTTP status, with the code of a refusal.
func (r reply) brief() string {
	code, _ := r.at("error", "code").(string)
	if code == "" {
		code, _ = r.at("badrequest", "code").(string)
	}

	return strings.TrimSpace(strconv.Itoa(r.status) + " " + code)
}

// ended sends a request that starts a job, waits for its end, and returns the job.
func (c *cloud) ended(method, path, body string) reply {
	c.t.Helper()

	r := c.change(method, path, body)
	id, _ := r.at("job_id").(string)
	if r.status != http.StatusOK || id == "" {
		c.t.Fatalf("%s %s %s: got %d %s", method, path, body, r.status, r.text)
	}
	c.clock.Advance(jobDuration)

	return c.sdrs("jobs/" + id)
}

// made is ended, and returns the id of what the job has made.
func (c *cloud) made(path, body, entity string) string {
	c.t.Helper()

	job := c.ended(http.MethodPost, path, body)
	id, _ := job.at("entities", entity).(string)
	if job.at("status") != "SUCCESS" || id == "" {
		c.t.Fatalf("POST %s %s: got %s", path, body, job.text)
	}

	return id
}

func (c *cloud) action(body string) reply {
	c.t.Helper()

	return c.call(http.MethodPost, actionPath(groupID), body)
}

func actionPath(id string) string {
	return "/sdrs/v1/" + simulator.DefaultAccount().ProjectID + "/server-groups/" + id + "/action"
}

// accepted sends an action that must be accepted and returns its job id.
func (c *cloud) accepted(body string) string {
	c.t.Helper()

	r := c.action(body)
	id, _ := r.at("job_id").(string)
	if r.status != http.StatusOK || id == "" {
		c.t.Fatalf("%s: got %d %s", body, r.status, r.text)
	}

	return id
}

func (c *cloud) group() simulator.Group {
	c.t.Helper()

	g, ok := c.Group(groupID)
	if !ok {
		c.t.Fatal("the group is gone")
	}

	return g
}

// job returns a job's status and error code.
func (c *cloud) job(id string) (status, code string) {
	c.t.Helper()

	r := c.sdrs("jobs/" + id)
	status, _ = r.at("status").(string)
	code, _ = r.at("error_code").(string)

	return status, code
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()

	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func reverse(station string) string {
	return `{"reverse-server-group":{"priority_station":"` + station + `"}}`
}

const (
	failover  = `{"failover-server-group":{}}`
	startBody = `{"start-server-group":{}}`
	stopBody  = `{"stop-server-group":{}}`
)
