package simulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// newGroup is a creation whose parameters are those of the demo group, but for the edits.
func newGroup(edits ...string) string {
	g := simulator.DemoGroup()
	body := fmt.Sprintf(`{"server_group":{"name":"blog","source_availability_zone":"eu-de-01",`+
		`"target_availability_zone":"eu-de-02","domain_id":"%s","source_vpc_id":"%s"}}`, g.DomainID, g.VPCID)

	return strings.NewReplacer(edits...).Replace(body)
}

func TestGroupRefusals(t *testing.T) {
	protected := simulator.NewGroup("protected", "protected", 0, 0)
	moving := simulator.NewGroup("moving", "moving", 0, 0)
	moving.Status = simulator.StatusReversing
	pairs := simulator.NewGroup("pairs", "pairs", 1, 1)
	pairs.Pairs, pairs.Instances = pairs.Instances[0].Pairs, nil
	c := newCloud(t, simulator.WithGroups(protected, moving, pairs), simulator.WithQuota(4, 100))
	long := strings.Repeat("x", 65)

	for _, test := range []struct{ method, path, body, want string }{
		{"POST", "server-groups", `{"name":"x"}`, "400 SDRS.0201"},
		{"POST", "server-groups", `{"server_group":null}`, "400 SDRS.0201"},
		{"POST", "server-groups", newGroup(`"name"`, `"nome"`), "400 SDRS.0201"},
		{"POST", "server-groups", newGroup(`"name"`, `"dr_type":"active","name"`), "400 SDRS.0201"},
		{"POST", "server-groups", newGroup("blog", ""), "400 SDRS.0202"},
		{"POST", "server-groups", newGroup("blog", long), "400 SDRS.0202"},
		{"POST", "server-groups", newGroup("blog", "my blog"), "400 SDRS.0202"},
		{"POST", "server-groups", newGroup(`"name"`, `"description":"<b>","name"`), "400 SDRS.0212"},
		{"POST", "server-groups", newGroup(`"name"`, `"description":"`+long+`","name"`), "400 SDRS.0212"},
		{"POST", "server-groups", newGroup("eu-de-02", "eu-de-03"), "400 SDRS.0203"},
		{"POST", "server-groups", newGroup("eu-de-02", "eu-de-01"), "400 SDRS.0203"},
		{"POST", "server-groups", newGroup(simulator.DemoDomain().ID, "none"), "400 SDRS.0205"},
		{"POST", "server-groups", newGroup(simulator.DemoGroup().VPCID, "none"), "400 SDRS.0204"},
		{"POST", "server-groups", newGroup(), "400 SDRS.0305"},
		{"PUT", "server-groups/nowhere", `{"server_group":{"name":"x"}}`, "400 SDRS.1013"},
		{"PUT", "server-groups/" + groupID, `{"server_group":{"name":"a b"}}`, "400 SDRS.0202"},
		{"PUT", "server-groups/" + groupID, `{"server_group":{"name":"x","description":"x"}}`, "400 SDRS.0201"},
		{"DELETE", "server-groups/nowhere", "", "400 SDRS.1013"},
		{"DELETE", "server-groups/no%20id", "", "400 SDRS.0207"},
		{"DELETE", "server-groups/" + groupID, "", "400 SDRS.1001"},
		{"DELETE", "server-groups/pairs", "", "400 SDRS.1010"},
		{"DELETE", "server-groups/moving", "", "400 SDRS.1002"},
		{"DELETE", "server-groups/protected", "", "200"},
		{"DELETE", "server-groups/protected", "", "400 SDRS.1002"},
	} {
		equal(t, test.method+" "+test.path+" "+test.body, c.change(test.method, test.path, test.body).brief(), test.want)
	}
}

func TestFailedCreationOfAGroup(t *testing.T) {
	t.Parallel()

	for reading, shown := range map[simulator.IDShown][2]bool{
		simulator.IDAtEnd: {false, true}, simulator.IDOnSuccess: {false, false}, simulator.IDFromStart: {true, true},
	} {
		t.Run(fmt.Sprint(reading), func(t *testing.T) {
			c := newCloud(t, simulator.WithIDShown(reading))
			c.FailNextJob("SDRS.1014", "because")
			job, _ := c.change(http.MethodPost, "server-groups", newGroup()).at("job_id").(string)
			equal(t, "at first", c.sdrs("jobs/"+job).at("entities", "server_group_id") != nil, shown[0])
			c.clock.Advance(jobDuration)
			equal(t, "in the end", c.sdrs("jobs/"+job).at("entities", "server_group_id") != nil, shown[1])

			failures := c.sdrs("task-center/failure-jobs").list("failure_jobs")
			equal(t, "failures", len(failures), 1)
			id, _ := failures[0]["resource_id"].(string)
			equal(t, "failure", failures[0]["failure_status"], any("createFail"))
			equal(t, "status", c.sdrs("server-groups/"+id).at("server_group", "status"), any("error"))
			equal(t, "delete record", c.change(http.MethodDelete, "task-center/failure-jobs/"+job, "").brief(), "204")
			equal(t, "no record", c.change(http.MethodDelete, "task-center/failure-jobs/"+job, "").status, http.StatusNotFound)
			c.ended(http.MethodDelete, "server-groups/"+id, "")
			equal(t, "gone", c.sdrs("server-groups/"+id).brief(), "400 SDRS.1013")
		})
	}
}

func TestDeleteFailureJobs(t *testing.T) {
	c := newCloud(t, simulator.WithGroups(simulator.NewGroup("other", "other", 1, 1)))
	records := func() (n any) { return c.sdrs("task-center/failure-jobs").at("count") }
	fail := func() {
		for _, id := range []string{groupID, "other"} {
			c.UpdateGroup(id, func(g *simulator.Group) { g.Status = simulator.StatusProtected })
			c.FailNextJob("SDRS.1028", "because")
			c.ended(http.MethodPost, "server-groups/"+id+"/action", stopBody)
		}
	}
	fail()
	equal(t, "records", records(), any(2.0))
	equal(t, "of a group", c.change(http.MethodDelete, "task-center/other/failure-jobs/batch", "").brief(), "204")
	c.answers(ask{"DELETE", "task-center/nowhere/failure-jobs/batch", "", "400 SDRS.1013"})
	equal(t, "records", records(), any(1.0))
	equal(t, "all", c.change(http.MethodDelete, "task-center/failure-jobs/batch", "").brief(), "204")
	equal(t, "records", records(), any(0.0))
}

// What the reference leaves open about groups has an option for the other reading.
func TestReadingsOfGroups(t *testing.T) {
	t.Parallel()

	soldOut := simulator.DemoDomain()
	soldOut.SoldOut = true
	empty := simulator.NewGroup("empty", "empty", 0, 0)
	for name, test := range map[string]struct {
		option             simulator.Option
		method, path, body string
		by, other          string
	}{
		"sold out": {simulator.WithSoldOutRefused(), "POST", "server-groups", newGroup(), "200", "400 SDRS.0205"},
		"protected": {
			simulator.WithProtectedGroupsKept(), "DELETE", "server-groups/empty", "", "200", "400 SDRS.1002",
		},
	} {
		for want, options := range map[string][]simulator.Option{test.by: nil, test.other: {test.option}} {
			t.Run(name+", "+want, func(t *testing.T) {
				c := newCloud(t, append(options, simulator.WithGroups(empty), simulator.WithDomains(soldOut))...)
				equal(t, "answer", c.change(test.method, test.path, test.body).brief(), want)
			})
		}
	}
}

func TestBusy(t *testing.T) {
	c := newCloud(t, simulator.WithBusy("SDRS.0209", time.Minute))
	c.accepted(stopBody)
	for _, wait := range []time.Duration{jobDuration, time.Minute - time.Millisecond} {
		c.clock.Advance(wait)
		equal(t, "too early", c.action(startBody).brief(), "400 SDRS.0209")
	}
	c.clock.Advance(time.Millisecond)
	equal(t, "later", c.action(startBody).brief(), "200")
}
