package simulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

func TestPlannedFailoverRuns(t *testing.T) {
	c := newCloud(t)
	id := c.accepted(reverse("target"))
	if len(id) != 32 {
		t.Errorf("job id: got %q, want 32 characters", id)
	}

	for _, step := range []struct {
		after    time.Duration
		job      string
		status   string
		station  string
		progress int
	}{
		{0, "INIT", "reversing", "source", 0},
		{999 * time.Millisecond, "INIT", "reversing", "source", 9},
		{1 * time.Millisecond, "RUNNING", "reversing", "source", 10},
		{4 * time.Second, "RUNNING", "reversing", "source", 50},
		{4999 * time.Millisecond, "RUNNING", "reversing", "source", 99},
		{1 * time.Millisecond, "SUCCESS", "protected", "target", 100},
	} {
		c.clock.Advance(step.after)
		g := c.group()
		equal(t, "status", g.Status, step.status)
		equal(t, "station", g.PriorityStation, step.station)
		equal(t, "progress", g.Progress, step.progress)
		for _, i := range g.Instances {
			equal(t, "instance", i.Status+" "+i.PriorityStation, step.status+" "+step.station)
			equal(t, "instance progress", i.Progress, step.progress)
			for _, p := range i.Pairs {
				equal(t, "pair", p.Status+" "+p.PriorityStation, step.status+" "+step.station)
				equal(t, "pair progress", p.Progress, step.progress)
			}
		}

		job := c.sdrs("jobs/" + id)
		equal(t, "job", job.at("status"), any(step.job))
		for _, sub := range subJobs(job.body) {
			equal(t, "sub-job", sub["status"], any(step.job))
			equal(t, "sub-job type", sub["job_type"], any("reverseProtectionGroupRepNoCG"))
		}
		equal(t, "sub-jobs", len(subJobs(job.body)), 3)
	}

	updated := c.group().UpdatedAt
	equal(t, "updated", updated, start.Add(10*time.Second))
}

func subJobs(job map[string]any) []map[string]any {
	entities, _ := job["entities"].(map[string]any)

	return reply{body: entities}.list("sub_jobs")
}

func TestServerStartedDuringPlannedFailover(t *testing.T) {
	t.Parallel()

	server := func(c *cloud, site string) string {
		if site == "source" {
			return c.group().Instances[1].SourceServer.ID
		}

		return c.group().Instances[1].TargetServer.ID
	}
	for name, disturb := range map[string]func(c *cloud, id string){
		"at the console": func(c *cloud, id string) { c.SetServerStatus(id, "ACTIVE") },
		"by editing the group": func(c *cloud, id string) {
			c.UpdateGroup(groupID, func(g *simulator.Group) {
				for _, server := range []*simulator.Server{&g.Instances[1].SourceServer, &g.Instances[1].TargetServer} {
					if server.ID == id {
						server.Status = "ACTIVE"
					}
				}
			})
			c.SetServerStatus(id, "SHUTOFF") // too late
		},
		"and stopped again": func(c *cloud, id string) { c.SetServerStatus(id, "ACTIVE"); c.SetServerStatus(id, "SHUTOFF") },
		"through ECS":       func(c *cloud, id string) { c.servers(`{"os-start":{"servers":[{"id":"` + id + `"}]}}`) },
		"through ECS, seen at end": func(c *cloud, id string) {
			c.servers(`{"os-start":{"servers":[{"id":"` + id + `"}]}}`)
			c.clock.Advance(time.Hour)
		},
	} {
		for _, site := range []string{"source", "target"} {
			t.Run(name+" at the "+site, func(t *testing.T) {
				c := newCloud(t)
				id := c.accepted(reverse("target"))
				c.clock.Advance(5 * time.Second)
				disturb(c, server(c, site))
				c.clock.Advance(5 * time.Second)

				status, code := c.job(id)
				equal(t, "job", status+" "+code, "FAIL SDRS.1352")
				subs := subJobs(c.sdrs("jobs/" + id).body)
				equal(t, "first sub-job", subs[0]["status"], any("SUCCESS"))
				equal(t, "of the second instance", subs[2]["error_code"], any("SDRS.1352"))

				g := c.group()
				equal(t, "group", g.Status+" "+g.PriorityStation, "error-reversing source")
				equal(t, "first instance", g.Instances[0].Status+" "+g.Instances[0].PriorityStation, "protected target")
				equal(t, "second instance", g.Instances[1].Status+" "+g.Instances[1].PriorityStation, "error-reversing source")
				equal(t, "pair", g.Instances[1].Pairs[0].Status, "error-reversing")
			})
		}
	}
}

func TestServerRunningAtTheOtherSiteFromTheStart(t *testing.T) {
	c := newCloud(t)
	c.UpdateGroup(groupID, func(g *simulator.Group) { g.Instances[0].TargetServer.Status = "ACTIVE" })
	id := c.accepted(reverse("target"))
	c.clock.Advance(10 * time.Second)
	_, code := c.job(id)
	equal(t, "code", code, "SDRS.1352")
}

func TestFailNextJob(t *testing.T) {
	t.Parallel()

	for from, test := range map[string]struct{ body, kind, failed, failure, next string }{
		"protected":          {reverse("target"), "reverse", "error-reversing", "reverseFail", "protected target active"},
		"error-failing-over": {failover, "failover", "error-failing-over", "failoverFail", "failed-over target inactive"},
		"available":          {startBody, "start", "error-starting", "startFail", "protected source active"},
		"failed-over":        {startBody, "reprotect", "error-reprotecting", "reprotectFail", "protected source active"},
		"error-stopping":     {stopBody, "stop", "error-stopping", "stopFail", "available source active-stopped"},
	} {
		t.Run(test.failed, func(t *testing.T) {
			c := newCloud(t)
			c.UpdateGroup(groupID, func(g *simulator.Group) { g.Status = from })
			c.FailNextJob("SDRS.0013", "out of luck")
			equal(t, "a refusal doesn't use it up", c.action(`{}`).status, http.StatusBadRequest)
			c.servers(`{"os-stop":{"servers":[{"id":"` + c.group().Instances[0].SourceServer.ID + `"}]}}`) // nor does this
			id := c.accepted(test.body)
			status, _ := c.job(id)
			equal(t, "job before its end", status, "INIT")
			c.clock.Advance(10 * time.Second)

			job := c.sdrs("jobs/" + id)
			equal(t, "type", job.at("job_type"), any(test.kind+"ProtectionGroupNoCG"))
			equal(t, "job", job.at("status"), any("FAIL"))
			equal(t, "code", job.at("error_code"), any("SDRS.0013"))
			equal(t, "reason", job.at("fail_reason"), any("out of luck"))
			equal(t, "status", c.group().Status, test.failed)
			equal(t, "station", c.group().PriorityStation, "source")

			failures := c.sdrs("task-center/failure-jobs?server_group_id=" + groupID + "&failure_status=" + test.failure)
			equal(t, "failure", failures.list("failure_jobs")[0]["job_id"], any(id))

			// Only the next one fails, and each of these failures has a documented way on.
			c.accepted(test.body)
			c.clock.Advance(10 * time.Second)
			g := c.group()
			instance := g.Instances[0]
			equal(t, "group", g.Status+" "+g.PriorityStation+" "+instance.Pairs[0].ReplicationStatus, test.next)
			equal(t, "instance", instance.Status+" "+instance.PriorityStation, g.Status+" "+g.PriorityStation)
		})
	}
}

func TestFailureJobsNewestFirst(t *testing.T) {
	c := newCloud(t)
	for _, code := range []string{"SDRS.0001", "SDRS.0002"} {
		c.FailNextJob(code, "")
		c.accepted(reverse("target"))
		c.clock.Advance(10 * time.Second)
	}
	equal(t, "first", c.sdrs("task-center/failure-jobs?limit=1").list("failure_jobs")[0]["error_code"], any("SDRS.0002"))
}

func TestFailoverStopsServersByForce(t *testing.T) {
	c := newCloud(t)
	c.UpdateGroup(groupID, func(g *simulator.Group) {
		g.Instances[0].SourceServer.Status = "ACTIVE"
		g.Instances[0].TargetServer.Status = "ACTIVE"
	})
	c.accepted(failover)
	c.clock.Advance(10 * time.Second)
	g := c.group()
	equal(t, "group", g.Status+" "+g.PriorityStation, "failed-over target")
	equal(t, "production server", g.Instances[0].SourceServer.Status, "SHUTOFF")
	equal(t, "DR server", g.Instances[0].TargetServer.Status, "ACTIVE")
}

func TestStatusLag(t *testing.T) {
	c := newCloud(t, simulator.WithStatusLag(5*time.Second))
	id := c.accepted(reverse("target"))
	c.clock.Advance(14999 * time.Millisecond)
	status, _ := c.job(id)
	g := c.group()
	equal(t, "job", status, "SUCCESS")
	equal(t, "group", g.Status+" "+g.PriorityStation, "reversing source")
	equal(t, "second action", c.action(failover).at("error", "code"), any("SDRS.0209"))
	c.clock.Advance(time.Millisecond)
	g = c.group()
	equal(t, "group", g.Status+" "+g.PriorityStation, "protected target")
}

func TestStationFlipsEarly(t *testing.T) {
	c := newCloud(t, simulator.WithStationFlipsEarly())
	c.FailNextJob("SDRS.1029", "made up")
	c.accepted(reverse("target"))
	g := c.group()
	equal(t, "group", g.Status+" "+g.PriorityStation, "reversing target")
	c.clock.Advance(10 * time.Second)
	g = c.group()
	equal(t, "group after the failure", g.Status+" "+g.PriorityStation, "error-reversing source")
}

func TestStallJobs(t *testing.T) {
	c := newCloud(t)
	c.StallJobs()
	c.servers(`{"os-start":{"servers":[{"id":"` + c.group().Instances[0].SourceServer.ID + `"}]}}`)
	c.clock.Advance(time.Second)
	equal(t, "servers are not stalled", c.group().Instances[0].SourceServer.Status, "ACTIVE")
	c.SetServerStatus(c.group().Instances[0].SourceServer.ID, "SHUTOFF")

	id := c.accepted(reverse("target"))
	c.clock.Advance(time.Hour - time.Second)
	status, _ := c.job(id)
	equal(t, "job", status, "RUNNING")
	equal(t, "progress", c.group().Progress, 99)
	c.ResumeJobs()
	job := c.sdrs("jobs/" + id)
	equal(t, "job", job.at("status"), any("SUCCESS"))
	equal(t, "end", job.at("end_time"), any("2026-03-01T13:00:00.000Z"))
	equal(t, "ECS knows nothing of it", c.ecs("jobs/"+id).status, http.StatusNotFound)
	equal(t, "group", c.group().Status, "protected")
}

func TestDeleteGroupDuringJob(t *testing.T) {
	c := newCloud(t)
	id := c.accepted(reverse("target"))
	c.DeleteGroup(groupID)
	c.clock.Advance(10 * time.Second)
	status, code := c.job(id)
	equal(t, "job", status+" "+code, "FAIL SDRS.1013")
	equal(t, "group", c.sdrs("server-groups/"+groupID).at("error", "code"), any("SDRS.1013"))
}
