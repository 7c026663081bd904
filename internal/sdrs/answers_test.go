package sdrs_test

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// An answer about something else is no answer: neither another object, nor a list with members of another group.
func TestAnswersAboutAnotherObject(t *testing.T) {
	t.Parallel()
	other := simulator.NewGroup("9d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55", "other", 1, 1)
	client, sim := newClient(t, simulator.DemoGroup(), other)
	job, err := sim.Switch(groupID, simulator.StationTarget)
	if err != nil {
		t.Fatal(err)
	}
	sim.FailNextJob("SDRS.1029", "not ours")
	foreign, err := sim.Switch(other.ID, simulator.StationTarget)
	if err != nil {
		t.Fatal(err)
	}
	unfiltered := simulator.Unfiltered("server_group_id", "protected_instance_id", "failure_status")
	const failed = `{"count": 1, "failure_jobs": [{"resource_type": "protectionGroup", "resource_id": "` + groupID +
		`", "failure_status": "stopFail"}]}`
	const drilled = `{"count": 1, "disaster_recovery_drills": [{"server_group_id": "` + groupID + `", "drill_vpc_id": "here"}]}`
	for name, test := range map[string]struct {
		fault simulator.Fault
		call  func() error
		text  string
	}{
		"group": {
			fault: simulator.Fault{Instead: simulator.OfAnother(other.ID)},
			call:  func() error { return second(client.Group(t.Context(), groupID)) },
			text:  `it is about the protection group "` + other.ID + `", not "` + groupID + `"`,
		},
		"a group without an id": {
			fault: simulator.Fault{Status: 200, Body: `{"server_group": {"status": "protected", "priority_station": "target"}}`},
			call:  func() error { return second(client.Group(t.Context(), groupID)) },
			text:  "it does not say which protection group it is about",
		},
		"job": {
			fault: simulator.Fault{Instead: simulator.OfAnother(foreign)},
			call:  func() error { return second(client.Job(t.Context(), "", job)) },
			text:  `it is about the job "` + foreign + `", not "` + job + `"`,
		},
		"job of another group": {
			call: func() error { return second(client.Job(t.Context(), groupID, foreign)) },
			text: `it is about the protection group "` + other.ID + `"`,
		},
		"instances": {
			fault: simulator.Fault{Instead: unfiltered},
			call: func() error {
				return second(client.ProtectedInstances(t.Context(), sdrs.ProtectedInstanceFilter{GroupID: groupID}))
			},
			text: other.ID,
		},
		"pairs": {
			fault: simulator.Fault{Instead: unfiltered},
			call: func() error {
				return second(client.ReplicationPairs(t.Context(), sdrs.ReplicationPairFilter{GroupID: groupID}))
			},
			text: other.ID,
		},
		"pairs of an instance": {
			fault: simulator.Fault{Instead: unfiltered},
			call: func() error {
				return second(client.ReplicationPairs(t.Context(), sdrs.ReplicationPairFilter{
					ProtectedInstanceID: simulator.DemoGroup().Instances[0].ID,
				}))
			},
			text: "is not attached to the protected instance",
		},
		"failure jobs of a group": {
			fault: simulator.Fault{Status: 200, Body: failed},
			call: func() error {
				return second(client.FailureJobs(t.Context(), sdrs.FailureJobFilter{GroupID: other.ID}))
			},
			text: groupID,
		},
		"drills of a group": {
			fault: simulator.Fault{Status: 200, Body: drilled},
			call:  func() error { return second(client.Drills(t.Context(), sdrs.DrillFilter{GroupID: other.ID})) },
			text:  groupID,
		},
		"drills in a VPC": {
			fault: simulator.Fault{Status: 200, Body: drilled},
			call:  func() error { return second(client.Drills(t.Context(), sdrs.DrillFilter{VPCID: other.ID})) },
			text:  `in the VPC "here", not`,
		},
		"failure jobs of a kind": {
			fault: simulator.Fault{Status: 200, Body: failed},
			call: func() error {
				return second(client.FailureJobs(t.Context(), sdrs.FailureJobFilter{GroupID: groupID, Status: sdrs.ReverseFail}))
			},
			text: `"stopFail", not "reverseFail"`,
		},
	} {
		remove := sim.Inject(test.fault)
		err := test.call()
		remove()
		if _, ok := errors.AsType[*cloud.MalformedError](err); !ok || !cloud.Transient(err) ||
			!strings.Contains(err.Error(), test.text) {
			t.Errorf("%s: got %v, want %q", name, err, test.text)
		}
	}
}

// The user may write an id otherwise than the API, which need not take it so, and some of whose ids have no dashes.
func TestIDsAreAskedForAsTheAPIWritesThem(t *testing.T) {
	t.Parallel()
	bare := strings.ReplaceAll(groupID, "-", "")
	for name, test := range map[string]struct {
		id, asked string
		reads     int
	}{
		"as it is":        {groupID, groupID, 1},
		"without dashes":  {groupID, bare, 2},
		"in upper case":   {groupID, strings.ToUpper(groupID), 2},
		"one with none":   {bare, bare, 1},
		"one that is not": {"50df180b-9fe2-471a-8c64-1b758dc84189", groupID, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, sim := newClient(t, simulator.NewGroup(test.id, "web-shop", 1, 1))
			sim.ResetRequests()
			_, err := client.Group(t.Context(), test.asked)
			if found := name != "one that is not"; found != (err == nil) || !found && !sdrs.IsNotFound(err) {
				t.Error(err)
			}
			if n := len(sim.Requests()); n != test.reads {
				t.Errorf("%d requests, want %d", n, test.reads)
			}
			for noun, create := range map[string]func() (string, error){
				"instance": func() (string, error) {
					return client.CreateInstance(t.Context(), sdrs.InstanceArguments{GroupID: test.asked, Name: "x", ServerID: groupID})
				},
				"pair": func() (string, error) {
					return client.CreatePair(t.Context(), sdrs.PairArguments{GroupID: test.asked, Name: "x", VolumeID: groupID})
				},
				"drill": func() (string, error) {
					return client.CreateDrill(t.Context(), sdrs.DrillArguments{GroupID: test.asked, Name: "x", VPCID: groupID})
				},
			} { // For want of a server, a disk, or a VPC, and not of the group.
				if _, err := create(); err == nil || sdrs.IsNotFound(err) != (name == "one that is not") {
					t.Errorf("%s: %v", noun, err)
				}
			}
			if _, err := client.Stop(t.Context(), test.asked); (err == nil) != (name != "one that is not") {
				t.Error(err)
			}
		})
	}
}

// A group that has never run anywhere has no active site. Any other one without it is not taken for read.
func TestGroupWithoutASite(t *testing.T) {
	t.Parallel()
	client, sim := newClient(t, simulator.DemoGroup())
	for status, read := range map[sdrs.Status]bool{
		sdrs.StatusCreating: true, sdrs.StatusError: true, sdrs.StatusDeleting: true, sdrs.StatusErrorDeleting: true,
		sdrs.StatusAvailable: false, sdrs.StatusProtected: false, sdrs.StatusErrorReversing: false,
	} {
		sim.UpdateGroup(groupID, func(g *simulator.Group) { g.Status, g.PriorityStation = string(status), "" })
		if _, err := client.Group(t.Context(), groupID); (err == nil) != read {
			t.Errorf("%s: %v", status, err)
		}
	}
}

// A list goes on until a page is short, whatever the count says.
func TestListsGoOnUntilAShortPage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		groups int
		count  func([]byte) []byte
		pages  int
	}{
		"the count is the page's":     {groups: 1202, count: simulator.CountOfPage, pages: 2},
		"the count is one too many":   {groups: 1202, count: countOf("1203"), pages: 3},
		"the count is the first page": {groups: 1202, count: countOf("999"), pages: 2},
		"there is no count":           {groups: 1202, count: countOf("0"), pages: 2},
		"the last page is full":       {groups: 999, count: countOf("999"), pages: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			groups := make([]simulator.Group, test.groups)
			for i := range groups {
				groups[i] = simulator.NewGroup(strings.Replace(groupID, "40df", hex4(i), 1), "many", 0, 0)
			}
			client, sim := newClient(t, groups...)
			sim.Inject(simulator.Fault{Route: simulator.RouteGroups, Rewrite: test.count})
			found, err := client.Groups(t.Context(), sdrs.GroupFilter{})
			if err != nil || len(found) != test.groups {
				t.Errorf("%d groups, %v, want %d", len(found), err, test.groups)
			}
			if n := sim.Count(simulator.RouteGroups); n != test.pages {
				t.Errorf("%d pages, want %d", n, test.pages)
			}
		})
	}
	client, sim := newClient(t, simulator.DemoGroup(),
		simulator.NewGroup("9d1b2f6a-2f0b-4b7e-a7a3-0f6f0c0b7d55", "other", 1, 1))
	pages := 0
	sim.Inject(
		simulator.Fault{Route: simulator.RouteGroups, Instead: func(r *http.Request) { // The cloud's pages are of one.
			query := r.URL.Query()
			query.Set("limit", "1")
			r.URL.RawQuery = query.Encode()
			pages++
		}},
	)
	if found, err := client.Groups(t.Context(), sdrs.GroupFilter{}); err != nil || len(found) != 2 || pages != 2 {
		t.Errorf("%d groups on %d pages, %v, want 2", len(found), pages, err)
	}
}

// countOf returns an edit of a list that replaces its count.
func countOf(count string) func([]byte) []byte {
	pattern := regexp.MustCompile(`"count":\s*\d+`)
	return func(body []byte) []byte { return pattern.ReplaceAll(body, []byte(`"count":`+count)) }
}

func hex4(i int) string { return fmt.Sprintf("%04x", i) }
