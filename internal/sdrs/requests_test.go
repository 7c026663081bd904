package sdrs_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// What the requests are about, as in the examples.
const (
	exampleInstance = "b8d0f4e6-3a57-4b0c-a9a1-1d2c3b4a5f60"
	examplePair     = "a2c3d4e5-f607-4182-ac9d-1e2f3a4b5c63"
	exampleShop     = "2f6a1c1e-8d0b-4c55-9a1c-6d3f4f0a7e10"
	exampleSubnet   = "4d5e6f70-8192-4a3b-9c4d-5e6f708192a3"
	exampleDrill    = "d3e4f506-1728-4394-b5a6-c7d8e9f0a1b2"
	exampleServer   = "11f0c6d2-4e3a-4b7c-9d58-7a6b5c4d3e21"
)

// Each request is the one of the API reference: its method, path, and body. So is its answer: the id of a job, the
// object, or nothing. An answer about another thing is none.
func TestRequests(t *testing.T) {
	t.Parallel()
	const (
		instance = "/protected-instances/" + exampleInstance
		pair     = "/replications/" + examplePair
		drills   = "/disaster-recovery-drills"
		jobs     = "/task-center/failure-jobs"
	)
	type client = *sdrs.Client
	done := func(err error) (string, error) { return "", err }
	for name, test := range map[string]struct {
		call                 func(context.Context, client) (string, error)
		method, path, answer string
		body                 string // Or a file of requests.
	}{
		"reverse": {
			call:   func(ctx context.Context, c client) (string, error) { return c.Reverse(ctx, groupID, sdrs.Source) },
			method: "POST", path: "/server-groups/" + groupID +
				"/action", body: `{"reverse-server-group":{"priority_station":"source"}}`,
		},
		"failover": {
			call:   func(ctx context.Context, c client) (string, error) { return c.Failover(ctx, groupID) },
			method: "POST", path: "/server-groups/" + groupID + "/action", body: `{"failover-server-group":{}}`,
		},
		"start": {
			call:   func(ctx context.Context, c client) (string, error) { return c.Start(ctx, groupID) },
			method: "POST", path: "/server-groups/" + groupID + "/action", body: `{"start-server-group":{}}`,
		},
		"stop": {
			call:   func(ctx context.Context, c client) (string, error) { return c.Stop(ctx, groupID) },
			method: "POST", path: "/server-groups/" + groupID + "/action", body: `{"stop-server-group":{}}`,
		},
		"group-create": {
			call: func(ctx context.Context, c client) (string, error) {
				return c.CreateGroup(ctx, sdrs.GroupArguments{
					Name: "dr-shop", Description: "shop frontend and database",
					SourceAvailabilityZone: "eu-de-01", TargetAvailabilityZone: "eu-de-02",
					DomainID: "7c9e6b1a-1f0e-4a39-b1de-0a1d2e3f4a5b", SourceVPCID: "0f3b9a52-5c1d-4a5e-8b9b-2a7c5a6b1d30",
					DRType: "migration",
				})
			},
			method: "POST", path: "/server-groups",
		},
		"group-rename": {
			call: func(ctx context.Context, c client) (string, error) {
				group, err := c.RenameGroup(ctx, exampleShop, "dr-shop-eu")
				return group.ID, err
			},
			method: "PUT", path: "/server-groups/" + exampleShop, answer: "group-empty.json",
		},
		"delete a group": {
			call:   func(ctx context.Context, c client) (string, error) { return c.DeleteGroup(ctx, exampleShop) },
			method: "DELETE", path: "/server-groups/" + exampleShop,
		},
		"instance-create": {
			call: func(ctx context.Context, c client) (string, error) {
				return c.CreateInstance(ctx, sdrs.InstanceArguments{
					GroupID: exampleShop, ServerID: exampleServer, Name: "shop-web-1", Description: "web tier",
					PrimarySubnetID: exampleSubnet, PrimaryIPAddress: "10.20.0.151", FlavorID: "s3.large.2",
					Tags: []sdrs.Tag{{Key: "tier", Value: "web"}, {Key: "owner", Value: "shop"}},
				})
			},
			method: "POST", path: "/protected-instances",
		},
		"instance-create-minimal": {
			call: func(ctx context.Context, c client) (string, error) {
				return c.CreateInstance(ctx,
					sdrs.InstanceArguments{GroupID: exampleShop, ServerID: exampleServer, Name: "shop-web-1"})
			},
			method: "POST", path: "/protected-instances",
		},
		"read an instance": {
			call: func(ctx context.Context, c client) (string, error) {
				found, err := c.ProtectedInstance(ctx, exampleInstance)
				return found.ID, err
			},
			method: "GET", path: instance, answer: "instance.json",
		},
		"instance-rename": {
			call: func(ctx context.Context, c client) (string, error) {
				renamed, err := c.RenameInstance(ctx, exampleInstance, "shop-web-01")
				return renamed.ID, err
			},
			method: "PUT", path: instance, answer: "instance.json",
		},
		"instance-delete": {
			call: func(ctx context.Context, c client) (string, error) {
				return c.DeleteInstance(ctx, exampleInstance, sdrs.InstanceLeftovers{TargetServer: true})
			},
			method: "DELETE", path: instance,
		},
		"resize-dr-only": {
			call: func(ctx context.Context, c client) (string, error) {
				return c.ResizeInstance(ctx, exampleInstance, sdrs.Flavors{DR: "s3.large.2"})
			},
			method: "POST", path: instance + "/resize",
		},
		"resize-each": {
			call: func(ctx context.Context, c client) (string, error) {
				return c.ResizeInstance(ctx, exampleInstance, sdrs.Flavors{Production: "s3.xlarge.2", DR: "s3.large.2"})
			},
			method: "POST", path: instance + "/resize",
		},
		"nic-add": {
			call: func(ctx context.Context, c client) (string, error) {
				return c.AddNIC(ctx, exampleInstance, sdrs.NIC{
					SubnetID: exampleSubnet, IPAddress: "10.20.0.160",
					SecurityGroups: []sdrs.SecurityGroup{{ID: "9f0a1b2c-3d4e-4f50-a162-b3c4d5e6f708"}},
				})
			},
			method: "POST", path: instance + "/nic",
		},
		"nic-delete": {
			call: func(ctx context.Context, c client) (string, error) {
				return c.DeleteNIC(ctx, exampleInstance, "0a9b8c7d-6e5f-4a4b-8c3d-2e1f0a9b8c7d")
			},
			method: "POST", path: instance + "/nic/delete",
		},
		"tag-add": {
			call: func(ctx context.Context, c client) (string, error) {
				return done(c.SetTag(ctx, exampleInstance, sdrs.Tag{Key: "tier", Value: "web"}))
			},
			method: "POST", path: instance + "/tags", answer: noBody,
		},
		"delete a tag": {
			call: func(ctx context.Context, c client) (string, error) {
				return done(c.DeleteTag(ctx, exampleInstance, "tier/1"))
			},
			method: "DELETE", path: instance + "/tags/tier/1", answer: noBody,
		},
		"list tags": {
			call: func(ctx context.Context, c client) (string, error) {
				tags, err := c.Tags(ctx, exampleInstance)
				if !reflect.DeepEqual(tags, []sdrs.Tag{{Key: "tier", Value: "web"}, {Key: "owner", Value: "shop"}}) {
					return "", errors.Join(err, errors.New("other tags"))
				}
				return exampleInstance, err
			},
			method: "GET", path: instance + "/tags", answer: "tags.json",
		},
		"pair-create": {
			call: func(ctx context.Context, c client) (string, error) {
				return c.CreatePair(ctx, sdrs.PairArguments{
					GroupID: exampleShop, VolumeID: "6b0c1d2e-3f40-4a51-8b62-c3d4e5f60703", Name: "shop-web-1-data",
					Description: "uploads",
				})
			},
			method: "POST", path: "/replications",
		},
		"read a pair": {
			call: func(ctx context.Context, c client) (string, error) {
				found, err := c.ReplicationPair(ctx, examplePair)
				return found.ID, err
			},
			method: "GET", path: pair, answer: "pair.json",
		},
		"pair-rename": {
			call: func(ctx context.Context, c client) (string, error) {
				renamed, err := c.RenamePair(ctx, examplePair, "shop-web-1-uploads")
				return renamed.ID, err
			},
			method: "PUT", path: pair, answer: "pair.json",
		},
		"pair-extend": {
			call:   func(ctx context.Context, c client) (string, error) { return c.ExtendPair(ctx, examplePair, 200) },
			method: "POST", path: pair + "/action",
		},
		"pair-delete": {
			call: func(ctx context.Context, c client) (string, error) {
				return c.DeletePair(ctx, exampleShop, examplePair, true)
			},
			method: "DELETE", path: pair,
		},
		"attach": {
			call: func(ctx context.Context, c client) (string, error) {
				return c.AttachPair(ctx, exampleInstance, examplePair, "/dev/vdc")
			},
			method: "POST", path: instance + "/attachreplication",
		},
		"detach": {
			call: func(ctx context.Context, c client) (string, error) {
				return c.DetachPair(ctx, exampleInstance, examplePair)
			},
			method: "DELETE", path: instance + "/detachreplication/" + examplePair,
		},
		"drill-create": {
			call: func(ctx context.Context, c client) (string, error) {
				return c.CreateDrill(ctx, sdrs.DrillArguments{
					GroupID: exampleShop, Name: "spring-drill", VPCID: "8e2f3a4b-5c6d-4e7f-9081-92a3b4c5d6e7",
				})
			},
			method: "POST", path: drills,
		},
		"drill-create-auto-vpc": {
			call: func(ctx context.Context, c client) (string, error) {
				return c.CreateDrill(ctx, sdrs.DrillArguments{GroupID: exampleShop, Name: "spring-drill"})
			},
			method: "POST", path: drills,
		},
		"read a drill": {
			call: func(ctx context.Context, c client) (string, error) {
				found, err := c.Drill(ctx, exampleDrill)
				return found.ID, err
			},
			method: "GET", path: drills + "/" + exampleDrill, answer: "drill.json",
		},
		"drill-rename": {
			call: func(ctx context.Context, c client) (string, error) {
				renamed, err := c.RenameDrill(ctx, exampleDrill, "spring-drill-2026")
				return renamed.ID, err
			},
			method: "PUT", path: drills + "/" + exampleDrill, answer: "drill.json",
		},
		"delete a drill": {
			call:   func(ctx context.Context, c client) (string, error) { return c.DeleteDrill(ctx, exampleDrill) },
			method: "DELETE", path: drills + "/" + exampleDrill,
		},
		"delete a failed job": {
			call:   func(ctx context.Context, c client) (string, error) { return done(c.DeleteFailureJob(ctx, exampleJob)) },
			method: "DELETE", path: jobs + "/" + exampleJob, answer: noBody,
		},
		"delete failed jobs": {
			call:   func(ctx context.Context, c client) (string, error) { return done(c.DeleteFailureJobs(ctx, "")) },
			method: "DELETE", path: jobs + "/batch", answer: noBody,
		},
		"delete failed jobs of a group": {
			call: func(ctx context.Context, c client) (string, error) {
				return done(c.DeleteFailureJobs(ctx, exampleShop))
			},
			method: "DELETE", path: "/task-center/" + exampleShop + "/failure-jobs/batch", answer: noBody,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, sim := newClient(t)
			sim.ResetRequests()
			want := map[string]string{
				"": "ff8080828f1a2b3c019a4c7d5e000011", "group-empty.json": exampleShop, "pair.json": examplePair, "drill.json": exampleDrill,
				"instance.json": exampleInstance, "tags.json": exampleInstance,
			}[test.answer]
			switch test.answer {
			case "":
				example(t, sim, "job-accepted.json")
			case noBody:
				sim.Inject(simulator.Fault{Status: http.StatusNoContent})
			default:
				example(t, sim, test.answer)
			}
			if got, err := test.call(t.Context(), client); err != nil || got != want {
				t.Errorf("got %q, %v, want %q", got, err, want)
			}
			requests := sim.Requests()
			if len(requests) != 1 {
				t.Fatalf("%d requests", len(requests))
			}
			request := requests[0]
			if path := "/sdrs/v1/" + simulator.DefaultAccount().ProjectID + test.path; request.Method != test.method ||
				request.Path != path {
				t.Errorf("%s %s, want %s %s", request.Method, request.Path, test.method, path)
			}
			if body, err := examples.ReadFile("testdata/requests/" + name + ".json"); err == nil {
				test.body = string(body)
			}
			if !sameJSON(request.Body, test.body) {
				t.Errorf("body %s, want %s", request.Body, test.body)
			}
			if test.answer == noBody {
				return
			}
			client, sim = newClient(t)
			sim.Inject(
				simulator.Fault{
					Status: http.StatusOK,
					Body:   `{"server_group": {"id": "x"}, "replication": {"id": "x"}, "disaster_recovery_drill": {"id": "x"}}`,
				},
			)
			_, err := test.call(t.Context(), client)
			if _, malformed := errors.AsType[*cloud.MalformedError](err); !malformed {
				t.Errorf("another answer: got %v", err)
			}
		})
	}
}

// noBody stands for 204.
const noBody = "204"

func sameJSON(a, b string) bool {
	var left, right any
	if a == "" || b == "" {
		return a == b
	}
	return json.Unmarshal([]byte(a), &left) == nil && json.Unmarshal([]byte(b), &right) == nil &&
		reflect.DeepEqual(left, right)
}
