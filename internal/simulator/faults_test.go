package simulator_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// reverseRequest is a planned failover to the target, ready to be sent.
func (c *cloud) reverseRequest() *http.Request {
	r := c.request(http.MethodPost, actionPath(groupID), reverse("target"))
	r.Header.Set("X-Auth-Token", c.token)

	return r
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
