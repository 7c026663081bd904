package simulator_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// reverseRequest is a planned failover to the target, ready to be sent.
func (c *cloud) reverseRequest() *http.Request {
	r := c.request(http.MethodPost, actionPath(groupID), reverse("target"))
	r.Header.Set("X-Auth-Token", c.token)

	return r
}

func TestCuts(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		cut      simulator.Cut
		accepted int
		status   string
	}{
		"before": {simulator.CutBefore, 0, "protected"},
		"after":  {simulator.CutAfter, 1, "reversing"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCloud(t)
			c.Inject(simulator.Fault{Route: simulator.RouteAction, Cut: test.cut, Times: 1})
			if r, err := c.try(c.reverseRequest()); err == nil {
				t.Errorf("got an answer: %d %s", r.status, r.text)
			}
			equal(t, "accepted", c.Accepted(simulator.ActionReverse), test.accepted)
			equal(t, "status", c.group().Status, test.status)
			entry := c.Requests()[0]
			equal(t, "logged status", entry.Status, 0)
			equal(t, "logged as accepted", entry.Accepted, test.accepted == 1)
			equal(t, "other routes", c.sdrs("server-groups/"+groupID).status, http.StatusOK)
		})
	}
}

func TestReplacedAnswers(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		afterEffect bool
		status      string
	}{
		"nothing happened": {false, "protected"},
		"it happened":      {true, "reversing"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCloud(t)
			c.Inject(simulator.Fault{
				Status: http.StatusBadGateway, AfterEffect: test.afterEffect,
				Body: "<html>", Header: http.Header{"Retry-After": {"1"}},
			})
			r := c.do(c.reverseRequest())
			equal(t, "HTTP status", r.status, http.StatusBadGateway)
			equal(t, "body", r.text, "<html>")
			equal(t, "header", r.header.Get("Retry-After"), "1")
			equal(t, "status", c.group().Status, test.status)
			equal(t, "accepted", c.Accepted(simulator.ActionReverse) == 1, test.afterEffect)
			equal(t, "logged status", c.Requests()[0].Status, http.StatusBadGateway)
			if len(r.header.Get("X-Request-Id")) != 32 {
				t.Errorf("request id: got %q", r.header.Get("X-Request-Id"))
			}
		})
	}
}

func TestReplacedAnswerOfJSON(t *testing.T) {
	c := newCloud(t)
	c.Inject(simulator.Fault{Status: http.StatusTooManyRequests, Body: `{"error_code":"APIGW.0308"}`})
	r := c.sdrs("server-groups")
	equal(t, "type", r.header.Get("Content-Type"), "application/json")
	equal(t, "code", r.at("error_code"), any("APIGW.0308"))
}

func TestSkipAndTimes(t *testing.T) {
	c := newCloud(t)
	c.Inject(simulator.Fault{Route: simulator.RouteGroup, Skip: 1, Times: 2, Status: 500})
	c.Inject(simulator.Fault{Route: simulator.RouteGroup, Skip: 2, Times: 1, Status: 503})
	var statuses []int
	for range 6 {
		statuses = append(statuses, c.sdrs("server-groups/"+groupID).status)
		c.sdrs("server-groups") // another route doesn't count
	}
	// A request that met the first fault is none that the second lets pass.
	for n, want := range []int{200, 500, 500, 200, 503, 200} {
		equal(t, "request", statuses[n], want)
	}
}

func TestRemoveFault(t *testing.T) {
	c := newCloud(t)
	remove := c.Inject(simulator.Fault{Status: 500})
	c.Inject(simulator.Fault{Status: 503})
	equal(t, "injected", c.sdrs("server-groups").status, 500)
	remove()
	remove()
	equal(t, "removed", c.sdrs("server-groups").status, 503)
}

func TestFaultMatch(t *testing.T) {
	c := newCloud(t)
	c.Inject(simulator.Fault{Status: 500, Match: func(r *http.Request) bool {
		body, err := io.ReadAll(r.Body)
		c.Count(simulator.RouteAction) // calling the simulator is allowed

		return err == nil && strings.Contains(string(body), `"target"`)
	}})
	equal(t, "no match", c.action(reverse("source")).status, http.StatusBadRequest)
	equal(t, "match", c.action(reverse("target")).status, 500)
	equal(t, "the body is still there", c.action(stopBody).status, http.StatusOK)
}

func TestAnswersAboutSomethingElse(t *testing.T) {
	other := simulator.NewGroup("other-group", "other", 3, 3)
	c := newCloud(t, simulator.WithGroups(other))
	first := c.accepted(reverse("target"))
	second, err := c.Unprotect(other.ID)
	if err != nil {
		t.Fatal(err)
	}
	server := other.Instances[1].TargetServer

	for route, id := range map[string]string{
		simulator.RouteGroup: other.ID, simulator.RouteJob: second, simulator.RouteServer: server.ID,
	} {
		c.Inject(simulator.Fault{Route: route, Instead: simulator.OfAnother(id)})
	}
	c.Inject(simulator.Fault{Route: simulator.RouteInstances, Instead: simulator.Unfiltered("server_group_id", "status")})
	c.Inject(simulator.Fault{Route: simulator.RouteGroups, Rewrite: simulator.CountOfPage})

	equal(t, "group", c.sdrs("server-groups/"+groupID).at("server_group", "id"), any(other.ID))
	equal(t, "job", c.sdrs("jobs/"+first).at("entities", "server_group_id"), any(other.ID))
	answered := c.ecs("cloudservers/" + c.group().Instances[0].SourceServer.ID)
	equal(t, "server", answered.at("server", "id"), any(server.ID))
	instances := c.sdrs("protected-instances?server_group_id=" + groupID + "&status=invalid&limit=4")
	equal(t, "unfiltered, but a page", len(instances.list("protected_instances")), 4)
	equal(t, "unfiltered count", instances.at("count"), any(5.0))
	groups := c.sdrs("server-groups?limit=1")
	equal(t, "page", len(groups.list("server_groups")), 1)
	equal(t, "count of the page", groups.at("count"), any(1.0))

	c.token = "not a token"
	equal(t, "the credential is checked first", c.sdrs("server-groups/"+groupID).status, http.StatusUnauthorized)
}

func TestTruncate(t *testing.T) {
	c := newCloud(t)
	c.Inject(simulator.Fault{Route: simulator.RouteAction, Truncate: 5})
	r, err := c.try(c.reverseRequest())
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
	equal(t, "HTTP status", r.status, http.StatusOK)
	equal(t, "body", r.text, `{"job`)
	equal(t, "length", r.header.Get("Content-Length"), "45")
	equal(t, "accepted", c.Accepted(simulator.ActionReverse), 1)
}

func TestDelay(t *testing.T) {
	c := newCloud(t)
	remove := c.Inject(simulator.Fault{Delay: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	r := c.reverseRequest().WithContext(ctx)
	left := make(chan error, 1)
	go func() {
		_, err := c.try(r)
		left <- err
	}()
	for c.Count(simulator.RouteAction) == 0 {
		time.Sleep(time.Millisecond) // until the request is there, which no clock of ours tells
	}
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	equal(t, "accepted", c.Accepted(simulator.ActionReverse), 0)

	remove()
	c.Inject(simulator.Fault{Delay: time.Millisecond})
	equal(t, "after a short delay", c.action(reverse("target")).status, http.StatusOK)
}
