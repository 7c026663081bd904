package sdrs_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// example lets the simulator answer with a body of the API reference.
func example(t *testing.T, sim *simulator.Simulator, file string) {
	t.Helper()
	body, err := examples.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	sim.Inject(simulator.Fault{Status: http.StatusOK, Body: string(body)})
}

// What the examples are about.
const (
	exampleGroup = "decf224d-87fe-403a-8721-037a1a45c287"
	exampleJob   = "0000000062db92d70162db9d200f000a"
)

func at(year int, month time.Month, day, hour, minute, second, nanosecond int) time.Time {
	return time.Date(year, month, day, hour, minute, second, nanosecond, time.UTC)
}

func TestJobExamples(t *testing.T) {
	t.Parallel()
	client, sim := newClient(t)
	example(t, sim, "job-success.json")
	job, err := client.Job(t.Context(), "", exampleJob)
	if err != nil {
		t.Fatal(err)
	}
	if job.ID != exampleJob || job.Type != "createProtectionGroupNoCG" || job.Status != cloud.JobSuccess ||
		job.Begin.Time != at(2018, 4, 19, 1, 55, 30, 443e6) || job.End.Time != at(2018, 4, 19, 1, 55, 45, 493e6) ||
		job.ErrorCode != "" || job.Entities.GroupID != "a59d008e-4bad-4bf3-9b17-6cc25e7da483" {
		t.Errorf("got %+v", job)
	}

	client, sim = newClient(t)
	example(t, sim, "job-with-sub-jobs.json")
	job, err = client.Job(t.Context(), "", "ff8080826b45d4a5016b5036242c0025")
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
	if first.Server(sdrs.Source) != "d1e8e8a7-ae6f-4f40-bead-20093976961e" ||
		first.Server(sdrs.Target) != "9bad52b9-ca5a-4274-ba9e-3c8ca9843fa1" ||
		first.Frozen() || len(first.Attachments) != 2 || first.Attachments[1].Device != "/dev/vda" ||
		first.Tags[1].Value != "dddd" {
		t.Errorf("got %+v", first)
	}
	if second.Status != sdrs.StatusProtected || second.Progress != 100 || second.PriorityStation != sdrs.Target ||
		len(second.Tags) != 0 {
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
	if !slices.Equal(pair.VolumeIDs(),
		[]string{"48dda0c0-c800-46f2-9728-a519ff783d35", "388b324a-a9d1-44a4-a00d-42085f22a9bc"}) ||
		pair.FaultLevel != "0" || pair.ReplicationStatus != "active" || pair.RecordMetadata == nil ||
		pair.RecordMetadata.VolumeSize != 10 || pair.FailureDetail != nil ||
		pair.CreatedAt.Time != at(2018, 5, 4, 3, 43, 24, 108526e3) {
		t.Errorf("got %+v", pair)
	}
}

// A create tells the id of what it made in its job, and nowhere else.
func TestJobsTellWhatTheyMade(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]sdrs.JobEntities{
		`{"entities": {"server_group_id": "g"}}`:                          {GroupID: "g"},
		`{"entities": {"protected_instance_id": "i", "sub_jobs": []}}`:    {InstanceID: "i", SubJobs: []sdrs.Job{}},
		`{"entities": {"replication_pair_id": "p", "volume_ids": "a,b"}}`: {PairID: "p"},
		`{"entities": {"disaster_recovery_drill_id": "d"}}`:               {DrillID: "d"},
		`{"entities": {"nic_id": "n", "protected_instance_id": null}}`:    {NICID: "n"},
		`{"entities": {}}`:   {},
		`{"entities": null}`: {},
	} {
		var job sdrs.Job
		if err := json.Unmarshal([]byte(body), &job); err != nil || !reflect.DeepEqual(job.Entities, want) {
			t.Errorf("%s tells %+v, %v", body, job.Entities, err)
		}
	}
}

// What is made of the answers in the API reference.
func TestExamples(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	const vpc = "046852ef-c49d-409b-8389-546aaaa5701f"
	for file, test := range map[string]struct {
		read func(*sdrs.Client) (any, error)
		want any
	}{
		"group.json": {
			read: func(c *sdrs.Client) (any, error) { return c.Group(t.Context(), exampleGroup) },
			want: sdrs.Group{
				ID: exampleGroup, Name: "Protection-Group-lwx", Status: sdrs.StatusAvailable,
				SourceAvailabilityZone: "eu-de-01", TargetAvailabilityZone: "eu-de-02", PriorityStation: sdrs.Source,
				DomainID: "fb4bb8e3-a574-4437-a156-78c916aeea4d", DomainName: "ActiveactiveDomain", SourceVPCID: vpc,
				TargetVPCID: vpc,
				DRType:      "migration", ServerType: "ECS", ProtectionType: text("replication-pair"),
				CreatedAt: sdrs.Time{Time: at(2019, 5, 22, 8, 16, 54, 413e6)},
				UpdatedAt: sdrs.Time{Time: at(2019, 5, 23, 9, 11, 10, 856e6)},
			},
		},
		"groups.json": {
			read: func(c *sdrs.Client) (any, error) {
				groups, err := c.Groups(t.Context(), sdrs.GroupFilter{})
				var descriptions []*string
				for _, group := range groups {
					descriptions = append(descriptions, group.Description)
				}
				return descriptions, err
			},
			want: []*string{text("description"), nil},
		},
		"failure-jobs.json": {
			read: func(c *sdrs.Client) (any, error) { return c.FailureJobs(t.Context(), sdrs.FailureJobFilter{}) },
			want: []sdrs.FailureJob{{
				JobID: "ff808082686f229a0168707beaab014e", JobType: "createProtectedInstance", JobStatus: cloud.JobFail,
				FailureStatus: "createFail", ResourceID: "17984002-ad8a-438b-8ba6-b850224634c5",
				ResourceName: "Protected-Instance-ab14", ResourceType: "protectedInstance",
				Begin: sdrs.Time{Time: at(2019, 1, 21, 12, 56, 35, 754e6)}, ErrorCode: "EVS.2024",
				FailReason: "SdrsGenerateNativeServerParamsTask-fail:volume is error!",
			}},
		},
		"drills.json": {
			read: func(c *sdrs.Client) (any, error) {
				return c.Drills(t.Context(), sdrs.DrillFilter{GroupID: exampleShop, VPCID: "8e2f3a4b5c6d4e7f908192a3b4c5d6e7"})
			},
			want: []sdrs.Drill{{
				ID: exampleDrill, Name: "spring-drill", Status: sdrs.StatusAvailable, GroupID: exampleShop,
				VPCID:     "8e2f3a4b-5c6d-4e7f-9081-92a3b4c5d6e7",
				Servers:   []sdrs.DrillServer{{InstanceID: exampleInstance, ServerID: "2b3c4d5e-6f70-4812-93a4-b5c6d7e8f901"}},
				CreatedAt: sdrs.Time{Time: at(2026, 3, 20, 8, 1, 58, 681e6)},
				UpdatedAt: sdrs.Time{Time: at(2026, 3, 20, 8, 9, 14, 677e6)},
			}},
		},
		"active-domains.json": {
			read: func(c *sdrs.Client) (any, error) { return c.ActiveDomains(t.Context()) },
			want: []sdrs.ActiveDomain{{
				ID: "fb4bb8e3-a574-4437-a156-78c916aeea4d", Name: "ActiveactiveDomain", Description: text("my domain"),
				Local:  sdrs.ReplicationCluster{AvailabilityZone: "eu-de-01"},
				Remote: sdrs.ReplicationCluster{AvailabilityZone: "eu-de-02"},
			}},
		},
		"quotas.json": {
			read: func(c *sdrs.Client) (any, error) { return c.Quotas(t.Context()) },
			want: []sdrs.Quota{
				{Type: "server_groups", Used: 10, Quota: 50, Max: -1}, {Type: "replications", Used: 1, Quota: -1, Max: -1},
			},
		},
	} {
		client, sim := newClient(t)
		example(t, sim, file)
		if got, err := test.read(client); err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %v\ngot  %+v\nwant %+v", file, err, got, test.want)
		}
	}
}
