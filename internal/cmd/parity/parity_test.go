package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

var start = time.Date(2026, time.November, 28, 12, 0, 0, 0, time.UTC)

// shop is a project with something of everything: two groups, one of them with a pair that no instance has and a failed
// job, and a drill.
func shop() simulator.Estate {
	estate := simulator.MixedEstate(2, 2)
	for n := range estate.Groups {
		g := &estate.Groups[n]
		for m := range g.Instances {
			g.Instances[m].SourceServer.Status = simulator.ServerStopped
			g.Instances[m].Tags = []simulator.Tag{{Key: "tier-of-shop", Value: "front-of-shop"}}
		}
	}
	g := &estate.Groups[0]
	spare := g.Instances[1].Pairs[1]
	g.Instances[1].Pairs, g.Pairs = g.Instances[1].Pairs[:1], []simulator.Pair{spare}
	g.Drills = []simulator.Drill{{
		ID: "5a5a5a5a-0000-4000-8000-000000000001", Name: "drill-of-shop", Status: "available",
		VPCID:     "5a5a5a5a-0000-4000-8000-000000000002",
		Servers:   []simulator.DrillServer{{InstanceID: g.Instances[0].ID, ServerID: "5a5a5a5a-0000-4000-8000-000000000003"}},
		CreatedAt: start, UpdatedAt: start,
	}}
	return estate
}

// tried is what a run of parity against a simulator printed, and left behind.
type tried struct {
	code     int
	out, log string
	record   []byte
	cloud    *simtest.Cloud
}

func try(t *testing.T, args []string, set prepare, options ...simulator.Option) tried {
	t.Helper()
	return tryEstate(t, shop(), args, set, options...)
}

func tryEstate(t *testing.T, estate simulator.Estate, args []string, set prepare, options ...simulator.Option) tried {
	t.Helper()
	clock := simulator.NewManualClock(start)
	cloud := simtest.New(t, append([]simulator.Option{
		simulator.WithEstate(estate), simulator.WithClock(clock), simulator.WithJobDuration(20 * time.Second),
	}, options...)...)
	if set != nil {
		set(cloud, clock)
	}
	cloud.ResetRequests()
	environment := map[string]string{
		"OS_AUTH_URL": cloud.URL + "/v3", "OS_USERNAME": cloud.Account.UserName, "OS_PASSWORD": cloud.Account.Password,
		"OS_DOMAIN_NAME": cloud.Account.DomainName, "OS_TENANT_NAME": cloud.Account.ProjectName,
	}
	var out, log bytes.Buffer
	p := program{
		getenv: func(name string) string { return environment[name] }, clock: clock, retryWait: time.Millisecond,
		out: &out, log: &log,
	}
	file := filepath.Join(t.TempDir(), "record.json")
	code := p.run(t.Context(), append([]string{"-o", file}, args...))
	record, _ := os.ReadFile(file) //nolint:gosec // Our own; there is none where the login failed.
	return tried{code: code, out: out.String(), log: log.String(), record: record, cloud: cloud}
}

// The jobs that -job asks for.
var (
	runningJob = simulator.PastJob{
		ID: "ff8080826b45d4a50000000000000b01", Kind: "createProtectionGroupNoCG", Begin: start,
		Made: map[string]string{"server_group_id": "5a5a5a5a-0000-4000-8000-000000000004"},
	}
	failedJob = simulator.PastJob{
		ID: "ff8080826b45d4a50000000000000b02", Kind: "createProtectedInstanceNoCG",
		Begin: start, End: start.Add(time.Minute), Ended: true, Failed: true,
		Code: "SDRS.1305", Reason: "the server web-of-shop is not fit",
		Made:    map[string]string{"protected_instance_id": "5a5a5a5a-0000-4000-8000-000000000005"},
		GroupID: shop().Groups[0].ID, ResourceID: "5a5a5a5a-0000-4000-8000-000000000006", ResourceName: "job-of-shop",
		ResourceKind: "protected_instances", FailureStatus: "createFail",
	}
)

var switching = []string{"-switch", shop().Groups[0].ID}

func later(j simulator.PastJob) simulator.PastJob {
	j.ID, j.Begin, j.End = "ff8080826b45d4a50000000000000b03", j.Begin.Add(time.Hour), j.End.Add(time.Hour)
	return j
}

// prepare changes a cloud before it is asked.
type prepare func(*simtest.Cloud, *simulator.ManualClock)

// with injects a fault into a route.
func with(route string, f simulator.Fault) prepare {
	f.Route = route
	return func(cloud *simtest.Cloud, _ *simulator.ManualClock) { cloud.Inject(f) }
}

// edit lets a route answer otherwise: change edits the object at key, each one of the list there, or the answer itself.
func edit(route, key string, change func(object)) prepare {
	return with(route, simulator.Fault{Rewrite: rewrite(key, change)})
}

func rewrite(key string, change func(object)) func([]byte) []byte {
	return func(body []byte) []byte {
		var answer object
		if json.Unmarshal(body, &answer) != nil {
			return body
		}
		switch at := answer[key].(type) {
		case object:
			change(at)
		case []any:
			for _, one := range at {
				if item, ok := one.(object); ok {
					change(item)
				}
			}
		}
		if key == "" {
			change(answer)
		}
		edited, _ := json.Marshal(answer)
		return edited
	}
}

// deviation is what a cloud does otherwise than the simulator, and the line that says so.
type deviation struct {
	option  simulator.Option
	prepare prepare
	want    string
}

// TestDeviations lets clouds deviate from the simulator, by its own options and by faults: parity finds each.
func TestDeviations(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args       []string
		deviations []deviation
	}{
		"reads": {args: []string{"-job", runningJob.ID}, deviations: []deviation{
			{
				option: simulator.WithMissingAs404(),
				want:   "GET replications/{id} (pair with a made-up id): status code: the cloud has 404, the simulator 400",
			},
			{
				option: simulator.WithInvalidTokenAs403(),
				want:   "GET sdrs/quotas (quotas with an invalid token): status code: the cloud has 403, the simulator 401",
			},
			{
				option: simulator.WithIDShown(simulator.IDFromStart),
				want:   `GET jobs/{id} (job): entities.server_group_id: the cloud has "id-`,
			},
			{
				prepare: edit(simulator.RouteGroup, "server_group", func(g object) { delete(g, "dr_type") }),
				want:    `GET server-groups/{id} (group): server_group.dr_type: the cloud has nothing, the simulator "migration"`,
			},
			{
				prepare: edit(simulator.RouteGroups, "server_groups", func(g object) { g["protection_type"] = nil }),
				want:    `server_groups[].protection_type: the cloud has null, the simulator "replication-pair" (and `,
			},
			{
				prepare: edit(simulator.RouteInstance, "protected_instance", func(i object) { i["progress"] = "100" }),
				want:    `protected_instance.progress: the cloud has "100", the simulator 100`,
			},
			{
				prepare: with(simulator.RouteInstances, simulator.Fault{Rewrite: simulator.CountOfPage}),
				want:    "GET protected-instances (instances, one): count: the cloud has 1, the simulator 4",
			},
			{
				prepare: edit(simulator.RoutePair, "replication", func(p object) { p["rpo"] = 3 }),
				want:    "GET replications/{id} (pair): replication.rpo: the cloud has 3, the simulator nothing",
			},
			{
				prepare: with(simulator.RoutePairs, simulator.Fault{Instead: simulator.Unfiltered("limit")}),
				want:    "GET replications (pairs, one): replications[]: the cloud has 8 items, the simulator 1",
			},
			{
				prepare: edit(simulator.RouteDrill, "disaster_recovery_drill",
					func(d object) { d["created_at"] = "2026-11-28T12:00:00Z" }),
				want: `disaster_recovery_drill.created_at: the cloud has "2026-11-28T12:00:00Z", the simulator "2026-11-28 12:`,
			},
			{
				prepare: edit(simulator.RouteJob, "itemNotFound", func(problem object) { problem["code"] = "SDRS.0217" }),
				want:    `(job with a made-up id): itemNotFound.code: the cloud has "SDRS.0217", the simulator "SDRS.0201"`,
			},
			{
				prepare: edit(simulator.RouteFailureJobs, "", func(answer object) { answer["failure_jobs"] = nil }),
				want:    "(failure jobs): failure_jobs: the cloud has null, the simulator a list of 0",
			},
			{
				prepare: with(simulator.RouteAPIVersions, simulator.Fault{Status: http.StatusUnauthorized, Body: "{}"}),
				want:    "GET /v1 of SDRS (version): status code: the cloud has 401, the simulator 200",
			},
			{
				prepare: with(simulator.RouteActiveDomains, simulator.Fault{Status: http.StatusOK, Body: "<html>"}),
				want:    `GET active-domains (active domains): the answer: the cloud has "text-`,
			},
		}},
		"lists": {args: []string{"-job", failedJob.ID}, deviations: []deviation{
			{
				option: simulator.WithIDShown(simulator.IDOnSuccess),
				want:   `GET jobs/{id} (job): entities.protected_instance_id: the cloud has nothing, the simulator "an id"`,
			},
			{
				prepare: edit(simulator.RouteGroup, "server_group", func(g object) { g["server_type"] = "ecs" }),
				want:    `server_group.server_type: the cloud has "ecs", the simulator "ECS"`,
			},
			{
				prepare: with(simulator.RouteGroups, simulator.Fault{
					Match:   func(r *http.Request) bool { return r.URL.Query().Get("limit") == "0" },
					Instead: simulator.Unfiltered("limit"),
				}),
				want: "GET server-groups (groups, none): status code: the cloud has 200, the simulator 400",
			},
			{
				prepare: with(simulator.RouteInstances, simulator.Fault{Instead: simulator.Unfiltered("server_group_ids")}),
				want:    "(instances of a list of groups): protected_instances[]: the cloud has 4 items, the simulator 2",
			},
			{
				prepare: with(simulator.RouteGroups, simulator.Fault{Instead: func(r *http.Request) {
					if strings.HasPrefix(r.URL.Query().Get("name"), "pp-") {
						r.URL.RawQuery = "name=nothing"
					}
				}}),
				want: "(groups by a part of the name): server_groups[]: the cloud has 0 items, the simulator 1",
			},
			{
				prepare: edit(simulator.RouteFailureJobs, "", func(answer object) {
					failed, _ := answer["failure_jobs"].([]any)
					slices.Reverse(failed)
				}),
				want: "(failure jobs of a group): failure_jobs[]: the cloud has another order, the simulator its own",
			},
		}},
		"a switch with a lag": {args: switching, deviations: []deviation{
			{
				option: simulator.WithStatusLag(20 * time.Second),
				want: "planned failover to target: lag of the group's status after the end of the job: the cloud has 22 s, " +
					"the simulator 0 s",
			},
			{
				option: simulator.WithProductionFirst(),
				want:   `GET protected-instances/{id} (instance): protected_instance.source_server: the cloud has "id-`,
			},
			{
				option: simulator.WithUnattachedPairsStopped(),
				want:   `replications[].replication_status: the cloud has "active-stopped", the simulator "active"`,
			},
			{
				prepare: edit(simulator.RouteJob, "", func(job object) {
					job["job_type"] = "reverseProtectionGroup"
					if job["status"] == "RUNNING" {
						job["status"] = "INIT"
					}
				}),
				want: "planned failover to target: order of the job's states: " +
					"the cloud has INIT, SUCCESS, the simulator INIT, RUNNING, SUCCESS",
			},
			{want: `job_type: the cloud has "reverseProtectionGroup", the simulator "reverseProtectionGroupNoCG"`},
		}},
		"a switch that is busy": {args: switching, deviations: []deviation{
			{
				option: simulator.WithStationFlipsEarly(),
				want: "planned failover to source: flip of the station after the end of the job: the cloud has -19 s, " +
					"the simulator 0 s",
			},
			{
				option: simulator.WithBusy("SDRS.1002", 30*time.Second),
				want: "POST server-groups/{id}/action (planned failover to source): status code: " +
					"the cloud has 400, the simulator 200",
			},
		}},
		"a switch of another order": {args: switching, deviations: []deviation{
			{
				prepare: func(cloud *simtest.Cloud, _ *simulator.ManualClock) {
					cloud.Inject(simulator.Fault{
						Route: simulator.RouteGroup, Times: 2,
						Match:   func(*http.Request) bool { return cloud.Accepted(simulator.ActionReverse) == 1 },
						Rewrite: rewrite("server_group", func(g object) { g["status"] = simulator.StatusProtected }),
					})
				},
				want: "planned failover to target: order of the group's states: " +
					"the cloud has protected, reversing, protected, the simulator reversing, protected",
			},
			{
				prepare: func(cloud *simtest.Cloud, clock *simulator.ManualClock) {
					cloud.Inject(simulator.Fault{Route: simulator.RouteGroup, Rewrite: rewrite("server_group", func(g object) {
						if clock.Now().Before(start.Add(35 * time.Second)) {
							g["priority_station"] = simulator.StationSource
						}
					})})
				},
				want: "planned failover to target: flip of the station after the end of the job: the cloud has 15 s, " +
					"the simulator 0 s",
			},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var options []simulator.Option
			for _, d := range test.deviations {
				if d.option != nil {
					options = append(options, d.option)
				}
			}
			if name == "lists" {
				options = append(options, simulator.WithPastJobs(failedJob, later(failedJob)))
			} else {
				options = append(options, simulator.WithPastJobs(runningJob))
			}
			got := try(t, test.args, func(cloud *simtest.Cloud, clock *simulator.ManualClock) {
				for _, d := range test.deviations {
					if d.prepare != nil {
						d.prepare(cloud, clock)
					}
				}
			}, options...)
			if got.code != exitDifferent {
				t.Errorf("exit code %d: %s", got.code, got.log)
			}
			for _, d := range test.deviations {
				if !strings.Contains(got.out, d.want) {
					t.Errorf("not found: %s", d.want)
				}
			}
			if t.Failed() {
				t.Log(got.out)
			}
		})
	}
}

// TestSame lets parity ask a simulator that is as the one it compares with: there is no difference, also in its record.
func TestSame(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args    []string
		options []simulator.Option
		prepare prepare
		changes int
		failure string // What fails all the same; empty: nothing.
	}{
		"reads": {
			args:    []string{"-job", failedJob.ID},
			options: []simulator.Option{simulator.WithPastJobs(failedJob, later(failedJob), runningJob)},
		},
		"empty project": {prepare: func(cloud *simtest.Cloud, _ *simulator.ManualClock) {
			for _, g := range shop().Groups {
				cloud.DeleteGroup(g.ID)
			}
		}},
		"switch": {args: []string{"-switch", strings.ToUpper(shop().Groups[0].ID)}, changes: 2},
		"switch whose job begins to run between two reads": {
			args: switching, changes: 2, prepare: edit(simulator.RouteJob, "", func(job object) {
				if job["status"] == "INIT" {
					job["status"] = "RUNNING"
				}
			}),
		},
		"switch whose job ended long before that was read": {
			args: switching, changes: 2, prepare: func(cloud *simtest.Cloud, clock *simulator.ManualClock) {
				cloud.Inject(simulator.Fault{Route: simulator.RouteGroup, Rewrite: func(body []byte) []byte {
					if now := clock.Now(); now.After(start.Add(8*time.Second)) && now.Before(start.Add(15*time.Second)) {
						clock.Advance(5 * time.Minute)
					}
					return body
				}})
			},
		},
		"switch with a look between that is lost": {
			args: switching, changes: 2, failure: "is back at source, but after the planned failover to target the record is ",
			prepare: func(cloud *simtest.Cloud, _ *simulator.ManualClock) {
				cloud.Inject(simulator.Fault{
					Route: simulator.RouteFailureJobs, Cut: simulator.CutBefore,
					Match: func(*http.Request) bool { return cloud.Accepted(simulator.ActionReverse) == 1 },
				})
			},
		},
		"no endpoint of ECS": {prepare: edit(simulator.RouteAuth, "token", func(token object) {
			catalog, _ := token["catalog"].([]any)
			token["catalog"] = slices.DeleteFunc(catalog, func(service any) bool { return text(service, "type") == "ecs" })
		})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := try(t, test.args, test.prepare, test.options...)
			code := exitSame
			if test.failure != "" {
				code = exitFailed
			}
			if got.code != code || !strings.HasPrefix(got.out, "0 differences in ") || !strings.Contains(got.log, test.failure) {
				t.Errorf("exit code %d:\n%s%s", got.code, got.out, got.log)
			}
			changes := 0
			for _, r := range got.cloud.Requests() {
				if r.Method != http.MethodGet && r.Route != simulator.RouteAuth {
					changes++
				}
			}
			if changes != test.changes {
				t.Errorf("%d changes were sent, want %d", changes, test.changes)
			}
			if g, _ := got.cloud.Group(shop().Groups[0].ID); test.changes > 0 && g.PriorityStation != simulator.StationSource {
				t.Errorf("the group was left at %s", g.PriorityStation)
			}
		})
	}
}

// TestRecord searches the record of a whole walk for all that tells whose cloud it was.
func TestRecord(t *testing.T) {
	t.Parallel()
	got := try(t, append(switching, "-job", failedJob.ID), edit(simulator.RouteGroups, "server_groups", func(g object) {
		g["owner"], g["note"], g["vip"], g["mac"] = "me-of-shop", "call me@of-shop", "10.9.8.7", "fa:16:3e:09:08:07"
		g["metadata"] = object{"status": "Gotham", "cost-of-shop": []any{"10.9.8.7", object{"id": "vip-of-shop"}}}
		g["of-shop in a field"] = "fd00::9"
		g["failure_detail"], g["fault_code"] = "db01.customer-of-shop.example", "vol-40df180b-aaaa"
		g["health_status"], g["fail_reason"], g["model"] = "vm_40df180b", "Gotham", "db.acme.example"
		g["vol_40df180b"], g["version"], g["site"] = true, "v10.9.8.7", "10.9.8.7:443"
		var addresses []any
		for n := range 256 {
			addresses = append(addresses, fmt.Sprintf("10.1.2.%d", n))
		}
		g["vips"] = addresses
	}), simulator.WithPastJobs(failedJob))
	account := got.cloud.Account
	private := append(got.cloud.Secrets(), account.Password, account.UserName, account.UserID, account.DomainName,
		account.DomainID, account.ProjectName, account.ProjectID, strings.TrimPrefix(got.cloud.URL, "http://"), "127.0.0.1",
		"of-shop", "40df180b", "Gotham", "acme", "192.0.2.255", "10.9.8.7", "fa:16:3e", "fd00::9", `"catalog"`,
		simulator.DemoDomain().ID, simulator.DemoDomain().Name, simulator.DemoDomain().Description,
		failedJob.ID, failedJob.Reason, failedJob.Made["protected_instance_id"], "5a5a5a5a", "ff808082")
	for _, g := range got.cloud.Groups() {
		private = append(private, g.ID, g.Name, g.Description, g.VPCID)
		pairs := slices.Clone(g.Pairs)
		for _, i := range g.Instances {
			private = append(private, i.ID, i.Name, i.Description)
			for _, server := range []simulator.Server{i.SourceServer, i.TargetServer} {
				private = append(private, server.ID, server.Name)
				for _, nic := range server.NICs {
					private = append(private, nic.IP, nic.PortID, nic.MAC)
				}
			}
			pairs = append(pairs, i.Pairs...)
		}
		for _, p := range pairs {
			private = append(private, p.ID, p.Name, p.Description, p.SourceVolume, p.TargetVolume)
		}
	}
	for _, text := range private {
		if bytes.Contains(got.record, []byte(text)) || text == "" {
			t.Errorf("the record holds %q", text)
		}
	}
	if len(private) < 100 {
		t.Errorf("only %d texts were searched for", len(private))
	}
	if one, other := try(t, nil, nil), try(t, nil, nil); !bytes.Equal(one.record, other.record) {
		t.Error("the same walk has another record")
	}
}

var update = flag.Bool("update", false, "make the record in testdata anew, of a switch in a small project")

// TestReplay compares a record that was kept with the simulator of today. Where that has changed on purpose,
// `go test ./internal/cmd/parity -update` makes it anew.
func TestReplay(t *testing.T) {
	t.Parallel()
	const kept = "testdata/record.json"
	if *update {
		group := simulator.NewGroup(simulator.DemoGroup().ID, "shop", 1, 1)
		got := tryEstate(t, simulator.Estate{Groups: []simulator.Group{group}}, []string{"-switch", group.ID}, nil)
		if err := os.WriteFile(kept, got.record, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	record, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	edited := func(name, old, text string) string {
		file := filepath.Join(folder, name)
		//nolint:gosec // A temporary folder.
		if err := os.WriteFile(file, bytes.ReplaceAll(record, []byte(old), []byte(text)), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	for file, want := range map[string]struct {
		code int
		line string
	}{
		kept: {exitSame, "0 differences in "},
		edited("once.json", "APIGW.0301", "APIGW.0302"):                   {exitDifferent, "\n1 difference in "},
		edited("often.json", `"dr_type":"migration"`, `"dr_type":"copy"`): {exitDifferent, `server_group.dr_type: the cloud has "copy", the simulator "migration" (and `},
		"parity_test.go": {exitFailed, "parity_test.go: it is no record of parity: "},
	} {
		var out bytes.Buffer
		code := program{out: &out, log: &out}.run(t.Context(), []string{"-replay", file})
		if code != want.code || !strings.Contains(out.String(), want.line) {
			t.Errorf("%s: exit code %d:\n%s", file, code, &out)
		}
	}
}

// TestRefusals lets parity refuse before it changes anything.
func TestRefusals(t *testing.T) {
	t.Parallel()
	groupID := shop().Groups[0].ID
	for name, test := range map[string]struct {
		args    []string
		prepare prepare
		want    string
	}{
		"unknown flag":       {args: []string{"-swich", groupID}, want: "flag provided but not defined: -swich"},
		"flag with no value": {args: []string{"-switch", ""}, want: "-switch has no value"},
		"argument":           {args: []string{groupID}, want: "unexpected argument"},
		"replay of a cloud":  {args: []string{"-replay", "x", "-job", "y"}, want: "-replay asks no cloud"},
		"no login": {
			prepare: with(simulator.RouteAuth, simulator.Fault{Status: http.StatusUnauthorized}), want: "logging in failed: ",
		},
		"group that is unknown": {args: []string{"-switch", madeUp}, want: "nothing was switched: "},
		"group that is not protected": {args: switching, prepare: func(cloud *simtest.Cloud, _ *simulator.ManualClock) {
			cloud.UpdateGroup(groupID, func(g *simulator.Group) { g.Status = simulator.StatusAvailable })
		}, want: "is available, and must be protected"},
		"server that runs": {args: switching, prepare: func(cloud *simtest.Cloud, _ *simulator.ManualClock) {
			cloud.SetServerStatus(shop().Groups[0].Instances[0].SourceServer.ID, "ACTIVE")
		}, want: "is not ready: "},
		"servers that can't be read": {
			args: switching, prepare: with(simulator.RouteServer, simulator.Fault{Status: 403}),
			want: "is not ready: ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := try(t, test.args, test.prepare)
			if got.code != exitFailed || strings.Count(got.log, test.want) != 1 {
				t.Errorf("exit code %d:\n%s%s", got.code, got.out, got.log)
			}
			for _, r := range got.cloud.Requests() {
				if r.Action != "" {
					t.Errorf("%s was sent", r.Action)
				}
			}
		})
	}
}

// TestLeftAway lets the way back fail: the error says where the group is.
func TestLeftAway(t *testing.T) {
	t.Parallel()
	got := try(t, switching, with(simulator.RouteAction, simulator.Fault{Skip: 1, Status: http.StatusForbidden}))
	want := "which was active at source before all this; it is now active at target, and protected: "
	if got.code != exitFailed || !strings.Contains(got.log, want) {
		t.Errorf("exit code %d: %s", got.code, got.log)
	}
}

// TestGuard sends a request, and then the action that is allowed, and counts what reaches the cloud.
func TestGuard(t *testing.T) {
	t.Parallel()
	const base, allowed = "http://cloud/v1/p/", "http://cloud/v1/p/server-groups/g/action"
	dial := &net.OpError{Op: "dial", Err: errors.New("refused")}
	lost := errors.New("lost")
	for name, test := range map[string]struct {
		method, first string
		status        int
		failure       error
		want          int // How many of the request and an allowed action after it are sent.
	}{
		"action of another group": {method: http.MethodPost, first: base + "server-groups/other/action", want: 1},
		"creation":                {method: http.MethodPost, first: base + "server-groups", want: 1},
		"deletion":                {method: http.MethodDelete, first: allowed, want: 1},
		"unknown service":         {method: http.MethodPost, first: "http://elsewhere/v1/p/cloudservers/action", want: 1},
		"user of IAM":             {method: http.MethodPut, first: "http://iam/v3/auth/tokens", want: 1},
		"login":                   {method: http.MethodPost, first: "http://iam/v3/auth/tokens", status: 201, want: 2},
		"accepted":                {method: http.MethodPost, first: allowed, status: 200, want: 1},
		"refused":                 {method: http.MethodPost, first: allowed, status: 400, want: 2},
		"perhaps accepted":        {method: http.MethodPost, first: allowed, status: 503, want: 1},
		"answer that is lost":     {method: http.MethodPost, first: allowed, failure: lost, want: 1},
		"no connection":           {method: http.MethodPost, first: allowed, failure: dial, want: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sent := 0
			watched := &recorder{clock: simulator.NewManualClock(start), sdrs: strings.TrimSuffix(base, "/")}
			watched.around(roundTrip(func() (*http.Response, error) {
				sent++
				return &http.Response{StatusCode: test.status, Body: http.NoBody}, test.failure
			}))
			watched.allow("server-groups/g/action")
			for _, req := range [][2]string{{test.method, test.first}, {http.MethodPost, allowed}} {
				resp, err := watched.RoundTrip(httptest.NewRequestWithContext(t.Context(), req[0], req[1], http.NoBody))
				if err == nil {
					_ = resp.Body.Close()
				}
			}
			if sent != test.want {
				t.Errorf("%d requests were sent, want %d", sent, test.want)
			}
		})
	}
}

type roundTrip func() (*http.Response, error)

func (send roundTrip) RoundTrip(*http.Request) (*http.Response, error) { return send() }
