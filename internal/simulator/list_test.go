package simulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// names returns the names of a list's items.
func names(r reply, key string) string {
	var all []string
	for _, item := range r.list(key) {
		name, _ := item["name"].(string)
		all = append(all, name)
	}

	return strings.Join(all, " ")
}

func TestGroupFilters(t *testing.T) {
	c := newCloud(t)
	c.UpdateGroup(groupID, func(g *simulator.Group) { g.Name = "alpha-shop" })
	beta, gamma := simulator.NewGroup("1", "beta-shop", 1, 1), simulator.NewGroup("2", "gamma", 1, 1)
	beta.Status = "available"
	gamma.Status, gamma.PriorityStation = "error-reversing", "target"
	c.AddGroup(beta)
	c.AddGroup(gamma)

	for query, want := range map[string]struct {
		names string
		count int
	}{
		"":                                       {"alpha-shop beta-shop gamma", 3},
		"limit=1":                                {"alpha-shop", 3},
		"limit=999&offset=1":                     {"beta-shop gamma", 3},
		"limit=1&offset=1":                       {"beta-shop", 3},
		"offset=9":                               {"", 3},
		"name=shop":                              {"alpha-shop beta-shop", 2},
		"name=shop&limit=1":                      {"alpha-shop", 2},
		"name=Shop":                              {"", 0},
		"status=available":                       {"beta-shop", 1},
		"availability_zone=eu-de-02":             {"gamma", 1},
		"availability_zone=eu-de-01":             {"alpha-shop beta-shop", 2},
		"query_type=status_abnormal":             {"gamma", 1},
		"query_type=stop_protected":              {"beta-shop", 1},
		"query_type=period_no_dr_drill&offset=2": {"gamma", 3},
	} {
		r := c.sdrs("server-groups?" + query)
		equal(t, query, names(r, "server_groups"), want.names)
		equal(t, query+" count", r.at("count"), any(float64(want.count)))
	}
}

func TestInvalidFilters(t *testing.T) {
	c := newCloud(t)
	ids := `["` + strings.Repeat(`x","`, 30) + `x"]`
	for query, code := range map[string]string{
		"limit=1000": "SDRS.0221", "limit=0": "SDRS.0221", "limit=many": "SDRS.0221", "offset=-1": "SDRS.0222",
		"query_type=all": "SDRS.0201", "server_group_ids=x": "SDRS.0201",
		"server_group_ids=" + url.QueryEscape(ids): "SDRS.0226",
	} {
		for _, list := range []string{
			"server-groups", "protected-instances", "replications", "task-center/failure-jobs", "disaster-recovery-drills",
		} {
			equal(t, list+"?"+query, c.sdrs(list+"?"+query).brief(), "400 "+code)
		}
	}
	equal(t, "instance ids", c.sdrs("replications?protected_instance_ids=x").status, http.StatusBadRequest)
}
