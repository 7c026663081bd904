package ecs_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

func newClient(t *testing.T) (*ecs.Client, *simulator.Simulator) {
	t.Helper()
	c := simtest.New(t, simulator.WithGroups(simulator.DemoGroup()))
	return ecs.NewClient(c.Session(t)), c.Simulator
}

func TestServer(t *testing.T) {
	t.Parallel()
	client, sim := newClient(t)
	want := simulator.DemoGroup().Instances[0].SourceServer
	server, err := client.Server(t.Context(), want.ID)
	if err != nil || server.ID != want.ID || server.Name != want.Name || server.Status != ecs.Stopped {
		t.Errorf("got %v, %v", server, err)
	}
	if got, text := server.String(), want.Name+" ("+want.ID+") is SHUTOFF"; got != text {
		t.Errorf("got %q, want %q", got, text)
	}
	if got := (ecs.Server{ID: "x"}).String(); got != "x" {
		t.Errorf("got %q", got)
	}
	if failure, ok := errors.AsType[*cloud.APIError](second(client.Server(t.Context(), "../x"))); !ok ||
		failure.Status != http.StatusNotFound {
		t.Error("an unknown server was found")
	}
	sim.Inject(simulator.Fault{Status: http.StatusOK, Body: `{"server":{"id":"x"}}`})
	if err := second(client.Server(t.Context(), "x")); !cloud.Transient(err) {
		t.Errorf("got %v, want a malformed answer", err)
	}
}

// The pages of the list of servers have numbers, and a page that is short is the last if there are as many as it says.
func TestServers(t *testing.T) {
	t.Parallel()
	c := simtest.New(t, simulator.WithGroups(simulator.NewGroup("5d0c2c3f-3f0e-4d5b-9a57-7d2a3c6a1b10", "large", 210, 1)))
	client := ecs.NewClient(c.Session(t))
	c.ResetRequests()
	servers, err := client.Servers(t.Context())
	if n := c.Count(simulator.RouteServers); err != nil || len(servers) != 420 || n != 3 {
		t.Errorf("%d servers from %d pages, %v", len(servers), n, err)
	}
	slices.SortFunc(servers, func(a, b ecs.Server) int { return strings.Compare(a.ID, b.ID) })
	one, err := client.Server(t.Context(), servers[300].ID)
	if err != nil || one != servers[300] || len(slices.Compact(servers)) != 420 {
		t.Errorf("%v is listed as %v: %v", one, servers[300], err)
	}
	short := `{"servers":[{"id":"x","status":"ACTIVE"}],"count":2}`
	c.Inject(simulator.Fault{Status: http.StatusOK, Body: short, Times: 1})
	c.Inject(simulator.Fault{Status: http.StatusOK, Body: `{"servers":[],"count":2}`, Times: 1})
	if servers, err = client.Servers(t.Context()); err != nil || len(servers) != 1 { // It went away meanwhile.
		t.Errorf("got %v, %v", servers, err)
	}
	c.Inject(simulator.Fault{Status: http.StatusOK, Body: `{"count":2}`})
	if _, err = client.Servers(t.Context()); !cloud.Transient(err) {
		t.Errorf("got %v, want a malformed answer", err)
	}
}

// What a server is asked for next names the one that was asked about, whatever the answer says.
func TestAnswersAboutAnotherServer(t *testing.T) {
	t.Parallel()
	client, sim := newClient(t)
	asked, other := simulator.DemoGroup().Instances[0].SourceServer.ID, simulator.DemoGroup().Instances[1].SourceServer.ID
	id, err := client.Start(t.Context(), []string{asked})
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := client.Start(t.Context(), []string{other})
	if err != nil {
		t.Fatal(err)
	}
	remove := sim.Inject(simulator.Fault{Route: simulator.RouteServer, Instead: simulator.OfAnother(other)})
	if err := second(client.Server(t.Context(), asked)); !cloud.Transient(err) || !strings.Contains(err.Error(), other) {
		t.Errorf("got %v, want no answer", err)
	}
	remove()
	remove = sim.Inject(simulator.Fault{Route: simulator.RouteServerJob, Instead: simulator.OfAnother(foreign)})
	if err := second(client.Job(t.Context(), id)); !cloud.Transient(err) || !strings.Contains(err.Error(), foreign) {
		t.Errorf("got %v, want no answer", err)
	}
	remove()
	upper := strings.ToUpper(strings.ReplaceAll(asked, "-", ""))
	sim.Inject(simulator.Fault{Route: simulator.RouteServer, Instead: simulator.OfAnother(asked)})
	if server, err := client.Server(t.Context(), upper); err != nil || server.ID != upper {
		t.Errorf("got %v, %v, want the id that was asked for", server, err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestActionRequests(t *testing.T) {
	t.Parallel()
	ids := []string{simulator.DemoGroup().Instances[0].SourceServer.ID, simulator.DemoGroup().Instances[1].SourceServer.ID}
	servers := `[{"id":"` + ids[0] + `"},{"id":"` + ids[1] + `"}]`
	for name, test := range map[string]struct {
		act  func(*ecs.Client) (string, error)
		body string
	}{
		"soft": {
			func(c *ecs.Client) (string, error) { return c.Stop(t.Context(), ids, false) },
			`{"os-stop":{"servers":` + servers + `,"type":"SOFT"}}`,
		},
		"hard": {
			func(c *ecs.Client) (string, error) { return c.Stop(t.Context(), ids, true) },
			`{"os-stop":{"servers":` + servers + `,"type":"HARD"}}`,
		},
		"start": {
			func(c *ecs.Client) (string, error) { return c.Start(t.Context(), ids) }, `{"os-start":{"servers":` + servers + `}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, sim := newClient(t)
			job, err := test.act(client)
			if err != nil || job == "" {
				t.Errorf("got job %q, %v", job, err)
			}
			requests := sim.Requests()
			last := requests[len(requests)-1]
			if last.Method != http.MethodPost || last.Route != simulator.RouteServerAction || last.Body != test.body {
				t.Errorf("got %s %s %s, want %s", last.Method, last.Path, last.Body, test.body)
			}
			sim.Inject(simulator.Fault{Status: http.StatusOK, Body: `{}`})
			if _, err := test.act(client); !cloud.OutcomeUnknown(err) {
				t.Errorf("got %v, want an unknown outcome", err)
			}
		})
	}
}

func TestNICs(t *testing.T) {
	t.Parallel()
	client, sim := newClient(t)
	group, _ := sim.Group(simulator.DemoGroup().ID)
	server := group.Instances[0].SourceServer
	want := server.NICs[0]
	nics, err := client.NICs(t.Context(), server.ID)
	if err != nil || len(nics) != 1 || nics[0].PortID != want.PortID || nics[0].SubnetID != want.SubnetID ||
		!nics[0].Has(want.IP) ||
		nics[0].Has("10.9.9.9") {
		t.Errorf("got %+v %v, want %+v", nics, err, want)
	}
	sim.Inject(simulator.Fault{Status: http.StatusOK, Body: `{}`})
	if err := second(client.NICs(t.Context(), server.ID)); !cloud.Transient(err) {
		t.Errorf("got %v, want a malformed answer", err)
	}
}

func TestJob(t *testing.T) {
	t.Parallel()
	client, sim := newClient(t)
	id, err := client.Start(t.Context(), []string{simulator.DemoGroup().Instances[0].SourceServer.ID})
	if err != nil {
		t.Fatal(err)
	}
	job, err := client.Job(t.Context(), id)
	if err != nil || job.ID != id || job.Status == "" || len(job.Entities.SubJobs) != 1 || job.Failure() != "" {
		t.Errorf("got %+v, %v", job, err)
	}
	sim.Inject(
		simulator.Fault{
			Route:  simulator.RouteServerJob,
			Times:  1,
			Status: http.StatusOK,
			Body: `{"job_id": "` + id + `", "status": "FAIL", "error_code": "Ecs.0319",
		"fail_reason": "no capacity", "entities": {"sub_jobs": [{"status": "FAIL", "fail_reason": "no host", "entities": {"server_id": "s"}}, {"status": "SUCCESS"}]}}`,
		},
	)
	if job, _ = client.Job(t.Context(),
		id); job.Failure() != "job "+id+" failed: Ecs.0319 no capacity; server s: no host" {
		t.Errorf("got %q", job.Failure())
	}
	sim.Inject(simulator.Fault{Route: simulator.RouteServerJob, Status: http.StatusOK, Body: `{}`})
	if err := second(client.Job(t.Context(), id)); !cloud.Transient(err) {
		t.Errorf("got %v, want a malformed answer", err)
	}
}

// Which answers mean that a server is gone; package sdrs has the long table of those that do not.
func TestIsNotFound(t *testing.T) {
	t.Parallel()
	for body, gone := range map[string]bool{
		`{"error": {"code": "Ecs.0114", "message": "Instance[x] could not be found."}}`:        true,
		`{"itemNotFound": {"code": "Ecs.0114", "message": "Instance x could not be found."}}`:  true,
		`{"itemNotFound": {"code": 404, "message": "Instance x could not be found."}}`:         true,
		`{"itemNotFound": {"code": "SDRS.1013", "message": "Instance x could not be found."}}`: false,
		`{"itemNotFound": {"code": 404}}`:                                                      false,
		`{"error": {"code": "Ecs.0003", "message": "no"}}`:                                     false,
		`{"error_code": "APIGW.0101", "error_msg": "no such API"}`:                             false,
		`{"code": 404, "message": "404 page not found"}`:                                       false,
		`{"message": "no Route matched with those values"}`:                                    false,
		`<html>`: false, ``: false, `{}`: false,
	} {
		client, sim := newClient(t)
		sim.Inject(simulator.Fault{Route: simulator.RouteServer, Status: http.StatusNotFound, Body: body})
		if err := second(client.Server(t.Context(), "x")); err == nil || ecs.IsNotFound(err) != gone {
			t.Errorf("%s: gone is %v: %v", body, !gone, err)
		}
	}
	client, sim := newClient(t)
	sim.Inject(simulator.Fault{
		Route: simulator.RouteServer, Status: http.StatusForbidden,
		Body: `{"error": {"code": "Ecs.0114", "message": "no"}}`,
	})
	if err := second(client.Server(t.Context(), "x")); ecs.IsNotFound(err) || ecs.IsNotFound(nil) {
		t.Errorf("gone: %v", err)
	}
}
