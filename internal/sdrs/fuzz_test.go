package sdrs_test

import (
	"context"
	"path"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

// FuzzAnswers has a call for each answer of SDRS. Seeds are the examples of the API reference, too.
func FuzzAnswers(f *testing.F) {
	seeds := []string{
		`{"server_group": {"id": "` + exampleGroup + `", "priority_station": "source"}}`,
		`{"server_group": {"id": "` + exampleGroup + `", "status": "protected"}}`,
		`{"server_group": {"id": "` + exampleGroup + `", "status": "protected", "priority_station": "moon"}}`,
		`{"server_group": null, "count": -1, "domains": null, "quotas": {"resources": null}}`,
		`{"server_group": [], "server_groups": {}, "failure_jobs": "x", "replications": 1, "protected_instances": true, "status": {}}`,
	}
	entries, err := examples.ReadDir("testdata")
	if err != nil {
		f.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() { // What the fuzzer found; go test reads that itself.
			continue
		}
		body, err := examples.ReadFile(path.Join("testdata", entry.Name()))
		if err != nil {
			f.Fatal(err)
		}
		seeds = append(seeds, string(body))
	}
	simtest.FuzzAnswers(f, "/sdrs/", seeds, func(session *cloud.Session) []simtest.Call {
		client := sdrs.NewClient(session)
		return []simtest.Call{
			func(ctx context.Context, t *testing.T) error {
				group, err := client.Group(ctx, exampleGroup)
				if err == nil && (group.ID != exampleGroup || group.Status == "" || !group.PriorityStation.Valid()) {
					t.Errorf("half a group: %+v", group)
				}
				_ = group.AvailabilityZone(group.PriorityStation.Other())
				_ = group.Status.Phase()
				return err
			},
			func(ctx context.Context, t *testing.T) error {
				groups, err := client.Groups(ctx, sdrs.GroupFilter{})
				return wantListOf(t, groups, err)
			},
			func(ctx context.Context, t *testing.T) error {
				instances, err := client.ProtectedInstances(ctx, sdrs.ProtectedInstanceFilter{})
				return wantListOf(t, instances, err)
			},
			func(ctx context.Context, t *testing.T) error {
				pairs, err := client.ReplicationPairs(ctx, sdrs.ReplicationPairFilter{})
				for _, pair := range pairs {
					for _, id := range pair.VolumeIDs() {
						if id == "" || strings.ContainsAny(id, ", ") {
							t.Errorf("a volume has the id %q", id)
						}
					}
				}
				return wantListOf(t, pairs, err)
			},
			func(ctx context.Context, t *testing.T) error {
				jobs, err := client.FailureJobs(ctx, sdrs.FailureJobFilter{})
				return wantListOf(t, jobs, err)
			},
			func(ctx context.Context, t *testing.T) error {
				drills, err := client.Drills(ctx, sdrs.DrillFilter{})
				return wantListOf(t, drills, err)
			},
			func(ctx context.Context, t *testing.T) error {
				domains, err := client.ActiveDomains(ctx)
				return wantListOf(t, domains, err)
			},
			func(ctx context.Context, t *testing.T) error {
				quotas, err := client.Quotas(ctx)
				return wantListOf(t, quotas, err)
			},
			func(ctx context.Context, t *testing.T) error {
				job, err := client.Job(ctx, "", exampleJob)
				if err == nil && job.Status == "" {
					t.Errorf("half a job: %+v", job)
				}
				for failed := range job.Failed() {
					if failed.Status != cloud.JobFail {
						t.Errorf("a sub-job that is %s has failed", failed.Status)
					}
				}
				return err
			},
			func(ctx context.Context, t *testing.T) error {
				job, err := client.Failover(ctx, groupID)
				if (err == nil) == (job == "") {
					t.Errorf("job %q, and error %v", job, err)
				}
				return err
			},
		}
	})
}

func wantListOf[T any](t *testing.T, found []T, err error) error {
	t.Helper()
	if err == nil && found == nil {
		t.Error("neither a list nor an error")
	}
	return err
}

func second[T any](_ T, err error) error { return err }
