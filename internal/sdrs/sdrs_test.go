package sdrs_test

import (
	"embed"
	"encoding/json"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

const groupID = "40df180b-9fe2-471a-8c64-1b758dc84189"

func newClient(t *testing.T, groups ...simulator.Group) (*sdrs.Client, *simulator.Simulator) {
	t.Helper()
	c := simtest.New(t, simulator.WithGroups(groups...))
	return sdrs.NewClient(c.Session(t)), c.Simulator
}

//go:embed testdata
var examples embed.FS

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

// What is a number in one answer is text in another.
func TestNumbersInQuotes(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"fault_level": "2", "record_metadata": {"volume_size": 100}}`, `{"fault_level": 2, "record_metadata": {"volume_size": "100"}}`,
	} {
		var pair sdrs.ReplicationPair
		if err := json.Unmarshal([]byte(body), &pair); err != nil || pair.FaultLevel != "2" ||
			pair.RecordMetadata.VolumeSize != 100 {
			t.Errorf("%s is %q, %+v, %v", body, pair.FaultLevel, pair.RecordMetadata, err)
		}
	}
	if err := json.Unmarshal([]byte(`{"fault_level": [], "record_metadata": null}`),
		new(sdrs.ReplicationPair)); err == nil {
		t.Error("a list is no text")
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

func TestIsForbidden(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  cloud.APIError
		want bool
	}{
		"403":        {err: cloud.APIError{Status: 403}, want: true},
		"no role":    {err: cloud.APIError{Status: 400, Code: "SDRS.0003"}, want: true},
		"no rights":  {err: cloud.APIError{Status: 400, Code: "SDRS.0009"}, want: true},
		"a proxy":    {err: cloud.APIError{Status: 403, Foreign: true}},
		"its token":  {err: cloud.APIError{Status: 403, TokenRejected: true}},
		"bad status": {err: cloud.APIError{Status: 400, Code: "SDRS.0209"}},
	} {
		if got := sdrs.IsForbidden(&test.err); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
