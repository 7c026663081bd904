package simulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

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

// The list of servers shows what a server alone does, by pages with numbers of 25 servers where none is asked for.
func TestListedServers(t *testing.T) {
	c := newCloud(t)
	c.AddGroup(simulator.NewGroup("5d0c2c3f-3f0e-4d5b-9a57-7d2a3c6a1b10", "large", 20, 1))
	all := c.ecs("cloudservers/detail?limit=1000").list("servers")
	count := len(all)
	pages := map[string]int{
		"": 25, "?offset=0": 25, "?offset=1": 25, "?offset=2": count - 25, "?offset=3": 0, "?limit=10&offset=2": 10,
	}
	for query, want := range pages {
		answer := c.ecs("cloudservers/detail" + query)
		equal(t, query, len(answer.list("servers")), want)
		equal(t, "count of "+query, answer.at("count"), any(float64(count)))
	}
	second := c.ecs("cloudservers/detail?limit=10&offset=2").list("servers")[0]
	equal(t, "the second page", second["id"], all[10]["id"])
	id, _ := second["id"].(string)
	equal(t, "listed", fmt.Sprint(second), fmt.Sprint(c.ecs("cloudservers/"+id).at("server")))
	equal(t, "not a number", c.ecs("cloudservers/detail?limit=x").status, http.StatusBadRequest)
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
