package ecs_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

// The fuzz targets, one for each answer of ECS: whatever it is, the client takes it or returns an error.

func FuzzServer(f *testing.F) {
	f.Add(uint16(0), []byte(`{"server": {"id": "d1e8e8a7-ae6f-4f40-bead-20093976961e", "name": "web", "status": "SHUTOFF"}}`))
	f.Add(uint16(0), []byte(`{"server": {"id": "x", "name": 1, "status": []}}`))
	f.Add(uint16(204), []byte(`{"itemNotFound": {"code": "Ecs.0114", "message": "instance not found"}}`))
	fuzz(f, func(ctx context.Context, t *testing.T, client *ecs.Client) error {
		server, err := client.Server(ctx, "d1e8e8a7-ae6f-4f40-bead-20093976961e")
		if (err == nil) == (server.Status == "") {
			t.Errorf("%v, and error %v", server, err)
		}
		return err
	})
}

func FuzzAction(f *testing.F) {
	f.Add(uint16(0), []byte(`{"job_id": "70a599e0-31e7-49b7-b260-868f441e862b"}`))
	f.Add(uint16(0), []byte(`{"job_id": 1}`))
	fuzz(f, func(ctx context.Context, t *testing.T, client *ecs.Client) error {
		job, err := client.Stop(ctx, []string{"any"}, false)
		if (err == nil) == (job == "") {
			t.Errorf("job %q, and error %v", job, err)
		}
		return err
	})
}

// fuzz lets the service answer any call with a fuzzed status and body.
func fuzz(f *testing.F, call func(context.Context, *testing.T, *ecs.Client) error) {
	f.Helper()
	for _, body := range []string{``, `null`, `[]`, `{}`, `{"server": null}`, `<html>`, `{"error": {"code": "Ecs.0005", "message": "no"}}`} {
		f.Add(uint16(0), []byte(body))
		f.Add(uint16(200), []byte(body))
	}
	var status int
	var body []byte
	c := simtest.Behind(f, func(simulated http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.URL.Path, "/ecs/") {
				simulated.ServeHTTP(w, r)
				return
			}
			w.WriteHeader(status)
			_, _ = w.Write(body) // 204 and 304 have none.
		})
	})
	client := ecs.NewClient(c.Session(f))

	f.Fuzz(func(t *testing.T, above200 uint16, fuzzed []byte) {
		status, body = http.StatusOK+int(above200%400), fuzzed
		err := call(t.Context(), t, client)
		if err == nil {
			if status > 299 {
				t.Errorf("HTTP %d is no error", status)
			}
			return
		}
		refusal, refused := errors.AsType[*cloud.APIError](err)
		_, malformed := errors.AsType[*cloud.MalformedError](err)
		if refused && refusal.Status != status || refused != (status > 299) || malformed != (status < 300) {
			t.Errorf("HTTP %d is %T: %v", status, err, err)
		}
	})
}
