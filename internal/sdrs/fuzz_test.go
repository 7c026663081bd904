package sdrs_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"path"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

// The fuzz targets, one for each answer of SDRS: whatever it is, the client takes it or returns an error, in the end.

func FuzzGroup(f *testing.F) {
	fuzz(f, func(ctx context.Context, t *testing.T, client *sdrs.Client) error {
		group, err := client.Group(ctx, exampleGroup)
		if err == nil && (group.ID != exampleGroup || group.Status == "" || !group.PriorityStation.Valid()) {
			t.Errorf("half a group: %+v", group)
		}
		_ = group.AvailabilityZone(group.PriorityStation.Other())
		_ = group.Status.Phase()
		return err
	})
}

func FuzzGroups(f *testing.F) {
	fuzz(f, func(ctx context.Context, t *testing.T, client *sdrs.Client) error {
		return wantList(ctx, t, sdrs.GroupFilter{}, client.Groups)
	})
}

func FuzzProtectedInstances(f *testing.F) {
	fuzz(f, func(ctx context.Context, t *testing.T, client *sdrs.Client) error {
		return wantList(ctx, t, sdrs.ProtectedInstanceFilter{}, client.ProtectedInstances)
	})
}

func FuzzReplicationPairs(f *testing.F) {
	fuzz(f, func(ctx context.Context, t *testing.T, client *sdrs.Client) error {
		pairs, err := client.ReplicationPairs(ctx, sdrs.ReplicationPairFilter{})
		for _, pair := range pairs {
			for _, id := range pair.VolumeIDs() {
				if id == "" || strings.ContainsAny(id, ", ") {
					t.Errorf("a volume has the id %q", id)
				}
			}
		}
		return err
	})
}

func FuzzFailureJobs(f *testing.F) {
	fuzz(f, func(ctx context.Context, t *testing.T, client *sdrs.Client) error {
		return wantList(ctx, t, sdrs.FailureJobFilter{}, client.FailureJobs)
	})
}

func FuzzActiveDomains(f *testing.F) {
	fuzz(f, func(ctx context.Context, _ *testing.T, client *sdrs.Client) error {
		return second(client.ActiveDomains(ctx))
	})
}

func FuzzQuotas(f *testing.F) {
	fuzz(f, func(ctx context.Context, _ *testing.T, client *sdrs.Client) error {
		return second(client.Quotas(ctx))
	})
}

func FuzzJob(f *testing.F) {
	fuzz(f, func(ctx context.Context, t *testing.T, client *sdrs.Client) error {
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
	})
}

func FuzzAction(f *testing.F) {
	fuzz(f, func(ctx context.Context, t *testing.T, client *sdrs.Client) error {
		job, err := client.Failover(ctx, groupID)
		if (err == nil) == (job == "") {
			t.Errorf("job %q, and error %v", job, err)
		}
		return err
	})
}

func wantList[F, T any](ctx context.Context, t *testing.T, filter F, list func(context.Context, F) ([]T, error)) error {
	t.Helper()
	found, err := list(ctx, filter)
	if err == nil && found == nil {
		t.Error("neither a list nor an error")
	}
	return err
}

func second[T any](_ T, err error) error { return err }

// refusals are bodies of errors, and others that are no answer to anything.
var refusals = []string{
	`{"error": {"message": "XXXX", "code": "XXX"}}`, `{"badrequest": {"message": "XXXX", "code": "XXX"}}`,
	`{"itemNotFound": {"message": "XXXX", "code": "SDRS.1013"}}`,
	`{"error_msg": "The throttling threshold has been reached", "error_code": "APIGW.0308", "request_id": "7ebe1c8a"}`,
	`{"error": {"code": 403, "message": "no", "title": "Forbidden"}}`, `<html>`, ``, `{"error": {"mess`, `[]`, `null`, `{}`,
	`{"error": null}`, `{"server_group": null, "count": -1, "domains": null, "quotas": {"resources": null}}`,
	`{"server_group": [], "server_groups": {}, "failure_jobs": "x", "replications": 1, "protected_instances": true, "status": {}}`,
}

// manyPages is how many requests a fuzzed list may take: no body of a sensible size makes the client ask more often.
const manyPages = 1000

// fuzz lets the service answer any call with a fuzzed status and body, page after page. Seeds are the examples of the API
// reference and error bodies.
func fuzz(f *testing.F, call func(context.Context, *testing.T, *sdrs.Client) error) {
	f.Helper()
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
		f.Add(uint16(0), body)
		f.Add(uint16(0), body[:len(body)/2])
	}
	for _, body := range refusals {
		f.Add(uint16(0), []byte(body))
		f.Add(uint16(200), []byte(body))
		f.Add(uint16(304), []byte(body))
	}

	var status, requests int
	var body []byte
	c := simtest.Behind(f, func(simulated http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.URL.Path, "/sdrs/") {
				simulated.ServeHTTP(w, r)
				return
			}
			requests++
			if requests > manyPages {
				http.Error(w, "that's enough", http.StatusGone)
				return
			}
			w.WriteHeader(status)
			_, _ = io.Copy(w, bytes.NewReader(body)) // 204 and 304 have none.
		})
	})
	client := sdrs.NewClient(c.Session(f))

	f.Fuzz(func(t *testing.T, above200 uint16, fuzzed []byte) {
		status, requests, body = http.StatusOK+int(above200%400), 0, fuzzed
		err := call(t.Context(), t, client)
		if requests > manyPages {
			t.Fatalf("the client goes on and on")
		}
		if err == nil {
			if status > 299 {
				t.Errorf("HTTP %d is no error", status)
			}
			return
		}
		_, _, _ = sdrs.IsNotFound(err), sdrs.IsForbidden(err), cloud.Transient(err)
		refusal, refused := errors.AsType[*cloud.APIError](err)
		_, malformed := errors.AsType[*cloud.MalformedError](err)
		if refused && refusal.Status != status || refused != (status > 299) || malformed != (status < 300) {
			t.Errorf("HTTP %d is %T: %v", status, err, err)
		}
	})
}
