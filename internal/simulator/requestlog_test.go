package simulator_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

func TestRequestLog(t *testing.T) {
	c := newCloud(t)
	r := c.reverseRequest()
	r.Header.Set("User-Agent", "test/1")
	requestID := c.do(r).header.Get("X-Request-Id")
	want := simulator.Request{
		Time: start, Method: http.MethodPost, Path: actionPath(groupID), Route: simulator.RouteAction,
		Action: simulator.ActionReverse, Body: reverse("target"), Status: http.StatusOK, RequestID: requestID, Accepted: true,
		AuthKind: "token", UserAgent: "test/1",
	}
	equal(t, "entry", c.Requests()[0], want)
	equal(t, "request id's length", len(requestID), 32)

	c.clock.Advance(time.Second)
	c.action(reverse("source"))
	c.sdrs("server-groups?limit=3")
	c.servers(`{"os-start":{"servers":[{"id":"` + c.group().Instances[0].SourceServer.ID + `"}]}}`)
	c.signed(c.keys(), http.MethodGet, "/v3/projects", "")
	c.signed(c.temporaryKeys(), http.MethodGet, "/v3/projects", "")
	c.do(c.request(http.MethodGet, "/nowhere", ""))

	log := c.Requests()
	equal(t, "refused", log[1].Accepted, false)
	equal(t, "refused", log[1].Status, http.StatusBadRequest)
	equal(t, "time", log[1].Time, start.Add(time.Second))
	equal(t, "query", log[2].RawQuery, "limit=3")
	equal(t, "action", log[3].Action, "os-start")
	equal(t, "auth", log[4].AuthKind, "aksk")
	equal(t, "auth", log[5].AuthKind, "temporary aksk")
	equal(t, "auth", log[6].AuthKind, "")
	equal(t, "route", log[6].Route, "")
	equal(t, "count", c.Count(simulator.RouteAction), 2)
	equal(t, "accepted", c.Accepted("os-start"), 1)

	c.ResetRequests()
	equal(t, "after the reset", len(c.Requests()), 0)
	equal(t, "accepted after the reset", c.Accepted(simulator.ActionReverse), 0)
}

func TestRoutes(t *testing.T) {
	c := newCloud(t)
	sdrs, ecs := "/sdrs/v1/"+c.Account.ProjectID, "/ecs/v1/"+c.Account.ProjectID
	for _, test := range []struct{ method, path, route string }{
		{"GET", "/", simulator.RouteVersions},
		{"POST", "/v3/auth/tokens", simulator.RouteAuth},
		{"GET", "/v3/auth/tokens", simulator.RouteAuth},
		{"GET", "/v3/auth/catalog", simulator.RouteCatalog},
		{"GET", "/v3/projects", simulator.RouteProjects},
		{"GET", "/v3/auth/domains", simulator.RouteDomains},
		{"POST", "/v3.0/OS-CREDENTIAL/securitytokens", simulator.RouteSecurityTokens},
		{"GET", sdrs + "/server-groups", simulator.RouteGroups},
		{"GET", sdrs + "/server-groups/x", simulator.RouteGroup},
		{"POST", sdrs + "/server-groups/x/action", simulator.RouteAction},
		{"GET", sdrs + "/protected-instances", simulator.RouteInstances},
		{"GET", sdrs + "/replications", simulator.RoutePairs},
		{"GET", sdrs + "/jobs/x", simulator.RouteJob},
		{"GET", sdrs + "/task-center/failure-jobs", simulator.RouteFailureJobs},
		{"GET", sdrs + "/active-domains", simulator.RouteActiveDomains},
		{"GET", sdrs + "/sdrs/quotas", simulator.RouteQuotas},
		{"GET", ecs + "/cloudservers/x", simulator.RouteServer},
		{"POST", ecs + "/cloudservers/action", simulator.RouteServerAction},
		{"GET", ecs + "/jobs/x", simulator.RouteServerJob},
		{"GET", "/elsewhere", ""},
		{"POST", sdrs + "/server-groups", simulator.RouteCreateGroup},
		{"PATCH", sdrs + "/server-groups/x", ""},
	} {
		c.ResetRequests()
		r := c.call(test.method, test.path, "")
		equal(t, test.method+" "+test.path, c.Requests()[0].Route, test.route)
		equal(t, test.path+": request id", len(r.header.Get("X-Request-Id")), 32)
		if known := r.status != http.StatusNotFound || r.body != nil; known && test.path == "/elsewhere" {
			t.Errorf("%s: got %d", test.path, r.status)
		}
	}
	equal(t, "wrong method", c.call(http.MethodPatch, sdrs+"/server-groups/x", "").status, http.StatusMethodNotAllowed)
}

func TestTheLogKeepsNoSecret(t *testing.T) {
	c := newCloud(t)
	c.token = c.login(password(user), demoProject, "").header.Get("X-Subject-Token")
	c.login(fromToken(c.token), "", "")
	c.login(assumeRole, "", c.token)
	c.signed(c.temporaryKeys(), http.MethodGet, "/v3/auth/catalog", "")
	c.accepted(reverse("target"))

	text, err := json.Marshal(c.Requests())
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range c.Secrets() {
		if strings.Contains(string(text), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

func TestLargeBody(t *testing.T) {
	c := newCloud(t)
	r := c.action(`{"x":"` + strings.Repeat("x", 1<<20) + `"}`)
	equal(t, "HTTP status", r.status, http.StatusRequestEntityTooLarge)
	equal(t, "logged status", c.Requests()[0].Status, http.StatusRequestEntityTooLarge)
	r = c.action(`{"x":"` + strings.Repeat("x", 1<<20-8) + `"}`)
	equal(t, "the largest body", r.status, http.StatusBadRequest)
}

func TestServesTLS(t *testing.T) {
	t.Parallel()

	c := simtest.NewTLS(t, nil)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.URL+"/v3/auth/catalog", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Auth-Token", c.IssueToken())
	response, err := c.Server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var result reply
	if err := json.NewDecoder(response.Body).Decode(&result.body); err != nil {
		t.Fatal(err)
	}
	identity := reply{body: result.list("catalog")[0]}.list("endpoints")[1]
	equal(t, "URL", identity["url"], any(c.URL+"/v3"))
}

// TestConcurrentUse leaves the judging to the race detector.
func TestConcurrentUse(t *testing.T) {
	c := newCloud(t)
	c.Inject(simulator.Fault{Route: simulator.RouteGroup, Status: 500, Times: 3})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			c.action(reverse("target"))
			c.sdrs("server-groups/" + groupID)
			c.sdrs("protected-instances")
			c.clock.Advance(time.Second)
			c.UpdateGroup(groupID, func(g *simulator.Group) { g.Description += "." })
			c.IssueToken()
			c.Requests()
		})
	}
	all.Wait()
	equal(t, "accepted", c.Accepted(simulator.ActionReverse), 1)
}
