package evs_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/evs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

const id = "d1e8e8a7-ae6f-4f40-bead-20093976961e"

func TestDisk(t *testing.T) {
	t.Parallel()
	c := simtest.New(t, simulator.WithDisks(simulator.Disk{ID: id, AZ: "eu-de-01", Shared: true, Encrypted: true}))
	client := evs.NewClient(c.Session(t))
	disk, err := client.Disk(t.Context(), id)
	if err != nil || disk.Status != evs.Available || disk.AvailabilityZone != "eu-de-01" || !disk.Shared || !disk.Encrypted() {
		t.Errorf("got %+v, %v", disk, err)
	}
	if _, err := client.Disk(t.Context(), "../x"); !evs.IsNotFound(err) {
		t.Errorf("got %v, want no such disk", err)
	}
	for answer, encrypted := range map[string]bool{
		`"encrypted": false, "metadata": {"__system__encrypted": "1"}`: true,
		`"encrypted": true`:                        true,
		`"metadata": {"__system__encrypted": "0"}`: false,
		`"metadata": {}, "multiattach": false`:     false,
	} {
		remove := c.Inject(simulator.Fault{
			Status: http.StatusOK, Body: `{"volume": {"id": "` + id + `", "status": "in-use", ` + answer + `}}`,
		})
		if disk, err := client.Disk(t.Context(), id); err != nil || disk.Encrypted() != encrypted || disk.Shared {
			t.Errorf("%s: got %+v, %v", answer, disk, err)
		}
		remove()
	}
	for body, want := range map[string]string{
		`{"volume": {"id": "` + id + `"}}`:                        "no status",
		`{"volume": {"id": "other", "status": "in-use"}}`:         "other",
		`{"itemNotFound": {"code": 404, "message": "not found"}}`: "404",
	} {
		status := http.StatusOK
		if want == "404" {
			status = http.StatusNotFound
		}
		remove := c.Inject(simulator.Fault{Status: status, Body: body})
		if _, err := client.Disk(t.Context(), id); err == nil || !strings.Contains(err.Error(), want) ||
			evs.IsNotFound(err) != (want == "404") {
			t.Errorf("%s: got %v", body, err)
		}
		remove()
	}
	c.Inject(simulator.Fault{Status: http.StatusNotFound, Body: `{"error_msg": "no such API", "error_code": "APIGW.0101"}`})
	if _, err := client.Disk(t.Context(), id); err == nil || evs.IsNotFound(err) {
		t.Errorf("got %v, which says nothing of the disk", err)
	}
}

func FuzzAnswers(f *testing.F) {
	simtest.FuzzAnswers(f, "/evs/", []string{
		`{"volume": {"id": "` + id + `", "status": "available", "metadata": {"__system__encrypted": "1"}}}`,
		`{"volume": {"id": "` + id + `"}}`, `{"volume": {"status": [], "multiattach": "yes"}}`, `{"volume": null}`,
	}, func(session *cloud.Session) []simtest.Call {
		return []simtest.Call{func(ctx context.Context, t *testing.T) error {
			disk, err := evs.NewClient(session).Disk(ctx, id)
			if (err == nil) == (disk.Status == "") {
				t.Errorf("%v, and error %v", disk, err)
			}
			return err
		}}
	})
}
