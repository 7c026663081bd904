package sdrs_test

import (
	"embed"
	"encoding/json"
	"errors"
	"net/http"
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

// Busy is what was refused: what a server failed at may have happened.
func TestIsBusy(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status int
		code   string
		want   bool
	}{{400, "SDRS.1002", true}, {409, "SDRS.0209", true}, {500, "SDRS.1002", false}, {400, "SDRS.1013", false}} {
		if got := sdrs.IsBusy(&cloud.APIError{Status: test.status, Code: test.code}); got != test.want {
			t.Errorf("%d with %s: %v", test.status, test.code, got)
		}
	}
}

// An answer without its list is no empty list, and one without a status is none: what is in the cloud would count as gone.
func TestAnswersThatLackTheAnswer(t *testing.T) {
	t.Parallel()
	client, sim := newClient(t)
	sim.ResetRequests()
	sim.Inject(simulator.Fault{Status: http.StatusOK, Body: `{"count": 0, "server_group": {"id": "x", "priority_station": "source"},
		"protected_instance": {"id": "x"}, "replication": {"id": "x"}, "disaster_recovery_drill": {"id": "x"}}`})
	for name, err := range map[string]error{
		"groups":   second(client.Groups(t.Context(), sdrs.GroupFilter{})),
		"group":    second(client.Group(t.Context(), "x")),
		"instance": second(client.ProtectedInstance(t.Context(), "x")),
		"pair":     second(client.ReplicationPair(t.Context(), "x")),
		"drill":    second(client.Drill(t.Context(), "x")),
	} {
		if _, malformed := errors.AsType[*cloud.MalformedError](err); !malformed {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, request := range sim.Requests() { // A filter that is not set is not sent: an empty one may select nothing.
		if request.RawQuery != "" && request.RawQuery != "limit=999&offset=0" {
			t.Errorf("asked for %s", request.RawQuery)
		}
	}
}

func TestStationIn(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		source, target string
		want           sdrs.Station
	}{{"eu-de-01", "eu-de-02", sdrs.Source}, {"eu-de-02", "eu-de-01", sdrs.Target}, {"eu-de-01", "eu-de-01", ""}, {"a", "b", ""}} {
		group := sdrs.Group{SourceAvailabilityZone: test.source, TargetAvailabilityZone: test.target}
		if got, found := group.StationIn("eu-de-01"); got != test.want || found != (test.want != "") {
			t.Errorf("%s, %s: got %q, %v", test.source, test.target, got, found)
		}
	}
}

// A job that names no error of its own failed for that of its first sub-job that failed, at any depth.
func TestProblemOfASubJob(t *testing.T) {
	t.Parallel()
	failed := sdrs.Job{Status: cloud.JobFail, ErrorCode: "SDRS.1314", FailReason: "broken"}
	inner := sdrs.Job{Status: cloud.JobSuccess, Entities: sdrs.JobEntities{SubJobs: []sdrs.Job{failed}}}
	job := sdrs.Job{Status: cloud.JobFail, Entities: sdrs.JobEntities{SubJobs: []sdrs.Job{inner}}}
	if code, reason := job.Problem(); code != failed.ErrorCode || reason != failed.FailReason {
		t.Errorf("got %q, %q", code, reason)
	}
	job.ErrorCode = "SDRS.0013"
	if code, _ := job.Problem(); code != job.ErrorCode {
		t.Errorf("got %q", code)
	}
}
