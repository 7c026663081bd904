package ecs_test

import (
	"context"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

func FuzzAnswers(f *testing.F) {
	const id = "d1e8e8a7-ae6f-4f40-bead-20093976961e"
	simtest.FuzzAnswers(f, "/ecs/", []string{
		`{"server": {"id": "` + id + `", "name": "web", "status": "SHUTOFF"}}`, `{"server": {"id": "` + id + `"}}`,
		`{"server": {"id": "x", "name": 1, "status": []}}`, `{"server": null}`,
		`{"job_id": "` + id + `", "status": "RUNNING"}`, `{"job_id": 1}`,
		`{"servers": [{"id": "` + id + `", "status": "ACTIVE"}], "count": 1}`, `{"servers": [], "count": 9}`, `{"count": -1}`,
	}, func(session *cloud.Session) []simtest.Call {
		client := ecs.NewClient(session)
		return []simtest.Call{
			func(ctx context.Context, t *testing.T) error {
				server, err := client.Server(ctx, id)
				if (err == nil) == (server.Status == "") {
					t.Errorf("%v, and error %v", server, err)
				}
				return err
			},
			func(ctx context.Context, t *testing.T) error {
				servers, err := client.Servers(ctx)
				if (err == nil) == (servers == nil) {
					t.Errorf("%v, and error %v", servers, err)
				}
				return err
			},
			func(ctx context.Context, t *testing.T) error {
				job, err := client.Stop(ctx, []string{"any"}, false)
				if (err == nil) == (job == "") {
					t.Errorf("job %q, and error %v", job, err)
				}
				return err
			},
			func(ctx context.Context, t *testing.T) error {
				job, err := client.Job(ctx, id)
				if (err == nil) == (job.Status == "") {
					t.Errorf("%v, and error %v", job, err)
				}
				return err
			},
		}
	})
}
