package simulator_test

import (
	"net/http"
	"strings"
	"testing"
)

func (c *cloud) ecs(path string) reply {
	c.t.Helper()

	return c.call(http.MethodGet, "/ecs/v1/"+c.Account.ProjectID+"/"+path, "")
}

func (c *cloud) servers(body string) reply {
	c.t.Helper()

	return c.call(http.MethodPost, "/ecs/v1/"+c.Account.ProjectID+"/cloudservers/action", body)
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
