package simulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

func (c *cloud) ecs(path string) reply {
	c.t.Helper()

	return c.call(http.MethodGet, "/ecs/v1/"+c.Account.ProjectID+"/"+path, "")
}

func (c *cloud) servers(body string) reply {
	c.t.Helper()

	return c.call(http.MethodPost, "/ecs/v1/"+c.Account.ProjectID+"/cloudservers/action", body)
}

func TestServer(t *testing.T) {
	c := newCloud(t)
	server := c.group().Instances[0].TargetServer
	r := c.ecs("cloudservers/" + server.ID)
	equal(t, "id", r.at("server", "id"), any(server.ID))
	equal(t, "name", r.at("server", "name"), any("web-shop-1-dr"))
	equal(t, "status", r.at("server", "status"), any("SHUTOFF"))
}

func TestServerJobs(t *testing.T) {
	c := newCloud(t)
	g := c.group()
	body := `{"servers":[{"id":"` + g.Instances[0].SourceServer.ID + `"},{"id":"` + g.Instances[1].SourceServer.ID + `"}]}`

	for _, step := range []struct{ action, before, after string }{
		{`{"os-start":` + body + `}`, "SHUTOFF", "ACTIVE"},
		{`{"os-stop":` + strings.Replace(body, "{", `{"type":"SOFT",`, 1) + `}`, "ACTIVE", "SHUTOFF"},
	} {
		id, _ := c.servers(step.action).at("job_id").(string)
		c.clock.Advance(999 * time.Millisecond)
		job := c.ecs("jobs/" + id)
		equal(t, "job", job.at("status"), any("RUNNING"))
		equal(t, "end", job.at("end_time"), nil)
		equal(t, "server", c.group().Instances[1].SourceServer.Status, step.before)
		c.clock.Advance(time.Millisecond)
		job = c.ecs("jobs/" + id)
		equal(t, "job", job.at("status"), any("SUCCESS"))
		equal(t, "server", c.group().Instances[1].SourceServer.Status, step.after)

		subs := subJobs(job.body)
		equal(t, "sub-jobs", len(subs), 2)
		equal(t, "server id", reply{body: subs[1]}.at("entities", "server_id"), any(g.Instances[1].SourceServer.ID))
	}
	equal(t, "starts", c.Accepted("os-start"), 1)
	equal(t, "stops", c.Accepted("os-stop"), 1)
}

func TestStubbornServer(t *testing.T) {
	c := newCloud(t)
	c.UpdateGroup(groupID, func(g *simulator.Group) {
		g.Instances[0].SourceServer.Name += "-stubborn"
		g.Instances[0].SourceServer.Status = "ACTIVE"
	})
	id := c.group().Instances[0].SourceServer.ID
	for _, step := range []struct{ kind, after string }{{"SOFT", "ACTIVE"}, {"HARD", "SHUTOFF"}} {
		c.servers(`{"os-stop":{"type":"` + step.kind + `","servers":[{"id":"` + id + `"}]}}`)
		c.clock.Advance(time.Second)
		equal(t, step.kind, c.group().Instances[0].SourceServer.Status, step.after)
	}
}

func TestServerActionRefusals(t *testing.T) {
	t.Parallel()

	many := strings.TrimSuffix(strings.Repeat(`{"id":"x"},`, 1001), ",")
	for name, test := range map[string]struct {
		body   string
		status int
	}{
		"not JSON":         {`{`, http.StatusBadRequest},
		"no action":        {`{}`, http.StatusBadRequest},
		"both actions":     {`{"os-stop":{"servers":[]},"os-start":{"servers":[]}}`, http.StatusBadRequest},
		"no servers":       {`{"os-stop":{"servers":[]}}`, http.StatusBadRequest},
		"too many servers": {`{"os-stop":{"servers":[` + many + `]}}`, http.StatusBadRequest},
		"unknown type":     {`{"os-stop":{"type":"soft","servers":[{"id":"x"}]}}`, http.StatusBadRequest},
		"unknown server":   {`{"os-stop":{"type":"SOFT","servers":[{"id":"x"}]}}`, http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCloud(t)
			equal(t, "HTTP status", c.servers(test.body).status, test.status)
			equal(t, "accepted", c.Accepted("os-stop"), 0)
		})
	}
}

func TestServerJobDuration(t *testing.T) {
	c := newCloud(t, simulator.WithServerJobDuration(time.Minute))
	id := c.group().Instances[0].SourceServer.ID
	c.servers(`{"os-start":{"servers":[{"id":"` + id + `"}]}}`)
	c.clock.Advance(time.Minute - 1)
	equal(t, "just before", c.group().Instances[0].SourceServer.Status, "SHUTOFF")
	c.clock.Advance(1)
	equal(t, "at the end", c.group().Instances[0].SourceServer.Status, "ACTIVE")
}
