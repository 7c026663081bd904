package sdrs_test

import (
	"embed"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

const groupID = "40df180b-9fe2-471a-8c64-1b758dc84189"

func newClient(t *testing.T, groups ...simulator.Group) (*sdrs.Client, *simulator.Simulator) {
	t.Helper()
	sim := simulator.New(simulator.WithGroups(groups...))
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	account := simulator.DefaultAccount()
	session, err := cloud.NewSession(t.Context(), cloud.Config{
		AuthURL: server.URL, UserName: account.UserName, Password: account.Password,
		DomainName: account.DomainName, ProjectName: account.ProjectName,
	})
	if err != nil {
		t.Fatal(err)
	}
	return sdrs.NewClient(session), sim
}

//go:embed testdata
var examples embed.FS

// example lets the simulator answer with a body of the API reference.
func example(t *testing.T, sim *simulator.Simulator, file string) {
	t.Helper()
	body, err := examples.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	sim.Inject(simulator.Fault{Status: http.StatusOK, Body: string(body)})
}

func at(year int, month time.Month, day, hour, minute, second, nanosecond int) time.Time {
	return time.Date(year, month, day, hour, minute, second, nanosecond, time.UTC)
}

func TestGroupExample(t *testing.T) {
	t.Parallel()
	client, sim := newClient(t)
	example(t, sim, "group.json")
	group, err := client.Group(t.Context(), "any")
	if err != nil {
		t.Fatal(err)
	}
	protection := "replication-pair"
	want := sdrs.Group{
		ID: "decf224d-87fe-403a-8721-037a1a45c287", Name: "Protection-Group-lwx", Status: sdrs.StatusAvailable,
		SourceAvailabilityZone: "eu-de-01", TargetAvailabilityZone: "eu-de-02", PriorityStation: sdrs.Source,
		DomainID: "fb4bb8e3-a574-4437-a156-78c916aeea4d", DomainName: "ActiveactiveDomain",
		SourceVPCID: "046852ef-c49d-409b-8389-546aaaa5701f", TargetVPCID: "046852ef-c49d-409b-8389-546aaaa5701f",
		DRType: "migration", ServerType: "ECS", ProtectionType: &protection,
		CreatedAt: sdrs.Time{Time: at(2019, 5, 22, 8, 16, 54, 413e6)}, UpdatedAt: sdrs.Time{Time: at(2019, 5, 23, 9, 11, 10, 856e6)},
	}
	if *group.ProtectionType != protection {
		t.Errorf("protection type %q", *group.ProtectionType)
	}
	group.ProtectionType = want.ProtectionType
	if group != want {
		t.Errorf("got  %+v\nwant %+v", group, want)
	}
	if zone := group.AvailabilityZone(sdrs.Target); zone != "eu-de-02" {
		t.Errorf("target is in %s", zone)
	}
}

func TestGroupsExample(t *testing.T) {
	t.Parallel()
	client, sim := newClient(t)
	example(t, sim, "groups.json")
	groups, err := client.Groups(t.Context(), sdrs.GroupFilter{})
	if err != nil || len(groups) != 2 || groups[0].ID != groupID || *groups[0].Description != "description" || groups[1].Description != nil {
		t.Errorf("got %+v, %v", groups, err)
	}
}

func TestJobExamples(t *testing.T) {
	t.Parallel()
	client, sim := newClient(t)
	example(t, sim, "job-success.json")
	job, err := client.Job(t.Context(), "any")
	if err != nil {
		t.Fatal(err)
	}
	if job.ID != "0000000062db92d70162db9d200f000a" || job.Type != "createProtectionGroupNoCG" || job.Status != sdrs.JobSuccess ||
		job.Begin.Time != at(2018, 4, 19, 1, 55, 30, 443e6) || job.End.Time != at(2018, 4, 19, 1, 55, 45, 493e6) ||
		job.ErrorCode != "" || job.Entities.GroupID != "a59d008e-4bad-4bf3-9b17-6cc25e7da483" {
		t.Errorf("got %+v", job)
	}

	client, sim = newClient(t)
	example(t, sim, "job-with-sub-jobs.json")
	job, err = client.Job(t.Context(), "any")
	if err != nil {
		t.Fatal(err)
	}
	subs := job.Entities.SubJobs
	if len(subs) != 2 || subs[1].ID != "ff8080826b45d4a5016b50362870002b" || subs[1].Entities.GroupID == "" {
		t.Errorf("got %+v", job)
	}
	if failed := slices.Collect(job.Failed()); len(failed) != 0 {
		t.Errorf("%d failed", len(failed))
	}
}

func TestFailedSubJobsAtAnyDepth(t *testing.T) {
	t.Parallel()
	var job sdrs.Job
	err := json.Unmarshal([]byte(`{"status": "FAIL", "entities": {"sub_jobs": [
		{"job_id": "a", "status": "SUCCESS", "entities": {"sub_jobs": [{"job_id": "b", "status": "FAIL", "entities": {}}]}},
		{"job_id": "c", "status": "FAIL", "entities": {"sub_jobs": [{"job_id": "d", "status": "RUNNING"}, {"job_id": "e", "status": "FAIL"}]}}]}}`), &job)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for failed := range job.Failed() {
		ids = append(ids, failed.ID)
	}
	if !slices.Equal(ids, []string{"b", "c", "e"}) {
		t.Errorf("got %v", ids)
	}
	for failed := range job.Failed() {
		if failed.ID != "b" {
			t.Errorf("went on to %s", failed.ID)
		}
		break
	}
}

func TestProtectedInstancesExample(t *testing.T) {
	t.Parallel()
	client, sim := newClient(t)
	example(t, sim, "protected-instances.json")
	instances, err := client.ProtectedInstances(t.Context(), sdrs.ProtectedInstanceFilter{})
	if err != nil || len(instances) != 2 {
		t.Fatalf("got %+v, %v", instances, err)
	}
	first, second := instances[0], instances[1]
	if first.Server(sdrs.Source) != "d1e8e8a7-ae6f-4f40-bead-20093976961e" || first.Server(sdrs.Target) != "9bad52b9-ca5a-4274-ba9e-3c8ca9843fa1" ||
		first.Frozen() || len(first.Attachments) != 2 || first.Attachments[1].Device != "/dev/vda" || first.Tags[1].Value != "dddd" {
		t.Errorf("got %+v", first)
	}
	if second.Status != sdrs.StatusProtected || second.Progress != 100 || second.PriorityStation != sdrs.Target || len(second.Tags) != 0 {
		t.Errorf("got %+v", second)
	}
}

func TestReplicationPairsExample(t *testing.T) {
	t.Parallel()
	client, sim := newClient(t)
	example(t, sim, "replications.json")
	pairs, err := client.ReplicationPairs(t.Context(), sdrs.ReplicationPairFilter{})
	if err != nil || len(pairs) != 1 {
		t.Fatalf("got %+v, %v", pairs, err)
	}
	pair := pairs[0]
	if !slices.Equal(pair.VolumeIDs(), []string{"48dda0c0-c800-46f2-9728-a519ff783d35", "388b324a-a9d1-44a4-a00d-42085f22a9bc"}) ||
		pair.FaultLevel != "0" || pair.ReplicationStatus != "active" || pair.RecordMetadata == nil || pair.RecordMetadata.VolumeSize != 10 || pair.FailureDetail != nil ||
		pair.CreatedAt.Time != at(2018, 5, 4, 3, 43, 24, 108526e3) {
		t.Errorf("got %+v", pair)
	}
}

func TestFailureJobsExample(t *testing.T) {
	t.Parallel()
	client, sim := newClient(t)
	example(t, sim, "failure-jobs.json")
	jobs, err := client.FailureJobs(t.Context(), sdrs.FailureJobFilter{})
	if err != nil || len(jobs) != 1 {
		t.Fatalf("got %+v, %v", jobs, err)
	}
	want := sdrs.FailureJob{
		JobID: "ff808082686f229a0168707beaab014e", JobType: "createProtectedInstance", JobStatus: sdrs.JobFail, FailureStatus: "createFail",
		ResourceID: "17984002-ad8a-438b-8ba6-b850224634c5", ResourceName: "Protected-Instance-ab14", ResourceType: "protectedInstance",
		Begin: sdrs.Time{Time: at(2019, 1, 21, 12, 56, 35, 754e6)}, ErrorCode: "EVS.2024",
		FailReason: "SdrsGenerateNativeServerParamsTask-fail:volume is error!",
	}
	if jobs[0] != want {
		t.Errorf("got  %+v\nwant %+v", jobs[0], want)
	}
}

func TestActiveDomainsExample(t *testing.T) {
	t.Parallel()
	client, sim := newClient(t)
	example(t, sim, "active-domains.json")
	domains, err := client.ActiveDomains(t.Context())
	if err != nil || len(domains) != 1 {
		t.Fatalf("got %+v, %v", domains, err)
	}
	domain := domains[0]
	if domain.Description == nil || *domain.Description != "my domain" {
		t.Errorf("description %v", domain.Description)
	}
	want := sdrs.ActiveDomain{
		ID: "fb4bb8e3-a574-4437-a156-78c916aeea4d", Name: "ActiveactiveDomain", Description: domain.Description,
		Local: sdrs.ReplicationCluster{AvailabilityZone: "eu-de-01"}, Remote: sdrs.ReplicationCluster{AvailabilityZone: "eu-de-02"},
	}
	if domain != want {
		t.Errorf("got  %+v\nwant %+v", domain, want)
	}
}

func TestQuotasExample(t *testing.T) {
	t.Parallel()
	client, sim := newClient(t)
	example(t, sim, "quotas.json")
	quotas, err := client.Quotas(t.Context())
	want := []sdrs.Quota{{Type: "server_groups", Used: 10, Quota: 50, Max: -1}, {Type: "replications", Used: 1, Quota: -1, Max: -1}}
	if err != nil || !slices.Equal(quotas, want) {
		t.Errorf("got  %+v, %v\nwant %+v", quotas, err, want)
	}
}

// What the simulator serves is at the paths of the API reference.
func TestDomainsAndQuotasAreServed(t *testing.T) {
	t.Parallel()
	client, _ := newClient(t, simulator.DemoGroup())
	if domains, err := client.ActiveDomains(t.Context()); err != nil || len(domains) != 1 {
		t.Errorf("got %+v, %v", domains, err)
	}
	if quotas, err := client.Quotas(t.Context()); err != nil || len(quotas) != 2 || quotas[1].Used != 3 {
		t.Errorf("got %+v, %v", quotas, err)
	}
}

// The request is the one of the API reference, the answer too.
func TestActionRequests(t *testing.T) {
	t.Parallel()
	project := simulator.DefaultAccount().ProjectID
	for name, test := range map[string]struct {
		act  func(*testing.T, *sdrs.Client) (string, error)
		body string
	}{
		"reverse": {
			act: func(t *testing.T, c *sdrs.Client) (string, error) {
				t.Helper()
				return c.Reverse(t.Context(), groupID, sdrs.Source)
			},
			body: `{"reverse-server-group":{"priority_station":"source"}}`,
		},
		"failover": {
			act: func(t *testing.T, c *sdrs.Client) (string, error) {
				t.Helper()
				return c.Failover(t.Context(), groupID)
			},
			body: `{"failover-server-group":{}}`,
		},
		"start": {
			act: func(t *testing.T, c *sdrs.Client) (string, error) {
				t.Helper()
				return c.Start(t.Context(), groupID)
			},
			body: `{"start-server-group":{}}`,
		},
		"stop": {
			act: func(t *testing.T, c *sdrs.Client) (string, error) {
				t.Helper()
				return c.Stop(t.Context(), groupID)
			},
			body: `{"stop-server-group":{}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, sim := newClient(t)
			sim.ResetRequests()
			example(t, sim, "reverse-response.json")
			job, err := test.act(t, client)
			if err != nil || job != "0000000062db92d70162db9d200f002d" {
				t.Errorf("got job %q, %v", job, err)
			}
			requests := sim.Requests()
			if len(requests) != 1 {
				t.Fatalf("%d requests", len(requests))
			}
			request := requests[0]
			if want := "/sdrs/v1/" + project + "/server-groups/" + groupID + "/action"; request.Method != http.MethodPost || request.Path != want {
				t.Errorf("%s %s, want POST %s", request.Method, request.Path, want)
			}
			if request.Body != test.body {
				t.Errorf("body %s, want %s", request.Body, test.body)
			}
		})
	}
}

func TestUnusableAnswersAreMalformed(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"no group":   `{}`,
		"no status":  `{"server_group": {"id": "x", "priority_station": "source"}}`,
		"no station": `{"server_group": {"id": "x", "status": "protected"}}`,
		"bad site":   `{"server_group": {"id": "x", "status": "protected", "priority_station": "moon"}}`,
		"no JSON":    `<html>`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, sim := newClient(t)
			sim.Inject(simulator.Fault{Status: http.StatusOK, Body: body})
			_, err := client.Group(t.Context(), "x")
			if _, ok := errors.AsType[*cloud.MalformedError](err); !ok || !cloud.Transient(err) {
				t.Errorf("group: got %v, want a transient MalformedError", err)
			}
			if _, err := client.Job(t.Context(), "x"); !cloud.Transient(err) {
				t.Errorf("job: got %v", err)
			}
			if _, err := client.ActiveDomains(t.Context()); !cloud.Transient(err) {
				t.Errorf("active domains: got %v", err)
			}
			if _, err := client.Quotas(t.Context()); !cloud.Transient(err) {
				t.Errorf("quotas: got %v", err)
			}
			if _, err := client.Reverse(t.Context(), "x", sdrs.Source); !cloud.OutcomeUnknown(err) {
				t.Errorf("action: got %v", err)
			}
		})
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Time{
		`"2019-05-22 08:16:54.413"`:    at(2019, 5, 22, 8, 16, 54, 413e6),
		`"2018-05-04T03:43:24.108526"`: at(2018, 5, 4, 3, 43, 24, 108526e3),
		`"2019-06-13T09:40:53.930Z"`:   at(2019, 6, 13, 9, 40, 53, 930e6),
		`"2019-06-13T11:40:53+02:00"`:  at(2019, 6, 13, 9, 40, 53, 0),
		`null`:                         {},
		`""`:                           {},
		`"yesterday"`:                  {},
	} {
		parsed := sdrs.Time{Time: time.Now()}
		if err := json.Unmarshal([]byte(text), &parsed); err != nil || parsed.Time != want {
			t.Errorf("%s is %v, %v, want %v", text, parsed, err, want)
		}
	}
	if err := json.Unmarshal([]byte("7"), new(sdrs.Time)); err == nil {
		t.Error("a number is no time")
	}
}

func TestListsReadAllPages(t *testing.T) {
	t.Parallel()
	const pairs = 2001
	client, sim := newClient(t, simulator.NewGroup(groupID, "large", 1001, pairs), simulator.DemoGroup())
	sim.AddGroup(simulator.NewGroup(groupID, "large", 1001, pairs))
	found, err := client.ReplicationPairs(t.Context(), sdrs.ReplicationPairFilter{GroupID: groupID})
	if err != nil || len(found) != pairs {
		t.Errorf("%d pairs, %v", len(found), err)
	}
	if n := sim.Count(simulator.RoutePairs); n != 3 {
		t.Errorf("%d requests, want 3", n)
	}
	ids := map[string]bool{}
	for _, pair := range found {
		ids[pair.ID] = true
	}
	if len(ids) != pairs {
		t.Errorf("%d different pairs", len(ids))
	}
	instances, err := client.ProtectedInstances(t.Context(), sdrs.ProtectedInstanceFilter{GroupID: groupID})
	if err != nil || len(instances) != 1001 {
		t.Errorf("%d instances, %v", len(instances), err)
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	other := simulator.NewGroup("00000000-0000-0000-0000-000000000001", "other", 1, 1)
	other.Status, other.PriorityStation = simulator.StatusAvailable, simulator.StationTarget
	client, _ := newClient(t, simulator.DemoGroup(), other)
	for name, test := range map[string]struct {
		filter sdrs.GroupFilter
		want   int
	}{
		"all":    {want: 2},
		"name":   {filter: sdrs.GroupFilter{Name: "shop"}, want: 1},
		"status": {filter: sdrs.GroupFilter{Status: sdrs.StatusAvailable}, want: 1},
		"zone":   {filter: sdrs.GroupFilter{ActiveAvailabilityZone: "eu-de-02"}, want: 1},
		"query":  {filter: sdrs.GroupFilter{QueryType: "stop_protected"}, want: 1},
	} {
		groups, err := client.Groups(t.Context(), test.filter)
		if err != nil || len(groups) != test.want {
			t.Errorf("%s: %d groups, %v, want %d", name, len(groups), err, test.want)
		}
	}
}

func TestIsNotFound(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		want bool
	}{
		"404":           {err: &cloud.APIError{Status: 404}, want: true},
		"404 with code": {err: &cloud.APIError{Status: 404, Code: "SDRS.0013"}, want: true},
		"group":         {err: &cloud.APIError{Status: 400, Code: "SDRS.1013"}, want: true},
		"instance":      {err: &cloud.APIError{Status: 400, Code: "SDRS.1320"}, want: true},
		"pair":          {err: &cloud.APIError{Status: 400, Code: "SDRS.1608"}, want: true},
		"404 gateway":   {err: &cloud.APIError{Status: 404, Code: "APIGW.0101"}},
		"404 proxy":     {err: &cloud.APIError{Status: 404, Foreign: true}},
		"400":           {err: &cloud.APIError{Status: 400, Code: "SDRS.1019"}},
		"other":         {err: errors.New("404")},
		"nil":           {},
	} {
		if got := sdrs.IsNotFound(test.err); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestIDsAreEscaped(t *testing.T) {
	t.Parallel()
	client, sim := newClient(t)
	sim.ResetRequests()
	if _, err := client.Group(t.Context(), "../jobs/x?y#z"); err == nil {
		t.Error("no error")
	}
	for _, request := range sim.Requests() {
		if request.Route == simulator.RouteJob || request.RawQuery != "" {
			t.Errorf("the id reached the path: %s", request.Path)
		}
	}
}

func TestPhases(t *testing.T) {
	t.Parallel()
	for status, want := range map[sdrs.Status]sdrs.Phase{
		"available": sdrs.AtRest, "protected": sdrs.AtRest, "failed-over": sdrs.AtRest,
		"creating": sdrs.Moving, "deleting": sdrs.Moving, "starting": sdrs.Moving, "stopping": sdrs.Moving,
		"reversing": sdrs.Moving, "failing-over": sdrs.Moving, "reprotecting": sdrs.Moving,
		"error": sdrs.Failed, "error-deleting": sdrs.Failed, "error-starting": sdrs.Failed, "error-stopping": sdrs.Failed,
		"error-reversing": sdrs.Failed, "error-failing-over": sdrs.Failed, "error-reprotecting": sdrs.Failed,
		"": sdrs.Unknown, "drilling": sdrs.Unknown,
	} {
		if got := status.Phase(); got != want {
			t.Errorf("%s is %v, want %v", status, got, want)
		}
	}
}
