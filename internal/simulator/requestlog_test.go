package simulator_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
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
