package foreign_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	golangsdk "github.com/opentelekomcloud/gophertelekomcloud"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack/ecs/v1/cloudservers"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack/sdrs/v1/protectedinstances"
	"github.com/opentelekomcloud/gophertelekomcloud/openstack/sdrs/v1/protectiongroups"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// gopher is gophertelekomcloud. It knows no list of groups or pairs, no failover, no failed jobs, and no quotas.
type gopher struct {
	*simulator.Simulator

	sdrs, ecs *golangsdk.ServiceClient
}

// network is one of pipes, so that all who wait on it can be in a bubble of testing/synctest: there the waiters' sleeps
// take no time, and the simulator's jobs as long as they should.
type network struct {
	connections chan net.Conn
	closed      chan struct{}
}

func (n *network) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	n.connections <- server
	return client, nil
}

func (n *network) Accept() (net.Conn, error) {
	select {
	case c := <-n.connections:
		return c, nil
	case <-n.closed:
		return nil, net.ErrClosed
	}
}

func (n *network) Close() error { close(n.closed); return nil }

func (n *network) Addr() net.Addr { return &net.IPAddr{} }

// read takes the whole answer from its connection, which gophertelekomcloud doesn't do where it has no use for it.
type read struct{ http.RoundTripper }

func (r read) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := r.RoundTripper.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, err
}

func account() simulator.Account { return simulator.DefaultAccount() }

const identity = "http://cloud.test/v3"

func password() golangsdk.AuthOptionsProvider {
	return golangsdk.AuthOptions{
		IdentityEndpoint: identity, Username: account().UserName, Password: account().Password,
		DomainName: account().DomainName, TenantName: account().ProjectName,
	}
}

func keys() golangsdk.AuthOptionsProvider {
	return golangsdk.AKSKAuthOptions{
		IdentityEndpoint: identity, AccessKey: account().AccessKey, SecretKey: account().SecretKey,
		ProjectName: account().ProjectName, Region: account().Region,
	}
}

// in runs a call in a bubble of its own.
func in(t *testing.T, call func(t *testing.T, g *gopher), as golangsdk.AuthOptionsProvider) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newSimulator()
		n := &network{connections: make(chan net.Conn), closed: make(chan struct{})}
		server := &http.Server{Handler: s} //nolint:gosec // The clients are ours.
		go func() { _ = server.Serve(n) }()
		transport := &http.Transport{DialContext: n.dial}
		t.Cleanup(func() { transport.CloseIdleConnections(); _ = server.Close() })

		client := must[*golangsdk.ProviderClient](t)(openstack.NewClient(identity))
		client.HTTPClient = http.Client{Transport: read{transport}}
		if err := openstack.Authenticate(client, as); err != nil {
			t.Fatal(err)
		}
		region := golangsdk.EndpointOpts{Region: account().Region}
		call(t, &gopher{
			Simulator: s,
			sdrs:      must[*golangsdk.ServiceClient](t)(openstack.NewSDRSV1(client, region)),
			ecs:       must[*golangsdk.ServiceClient](t)(openstack.NewComputeV1(client, region)),
		})
	})
}

func (g *gopher) seeded(t *testing.T, id string) simulator.Group {
	t.Helper()
	group, ok := g.Group(id)
	if !ok {
		t.Fatal("the group is gone")
	}
	return group
}

func (g *gopher) stands(t *testing.T, id, status string) {
	t.Helper()
	same(t, "status", must[*protectiongroups.ServerGroupResponseInfo](t)(protectiongroups.Get(g.sdrs, id)).Status, status)
}

func (g *gopher) disable(t *testing.T) string {
	t.Helper()
	return must[*protectiongroups.DisableResponse](t)(protectiongroups.Disable(g.sdrs, webShop)).JobID
}

// serverJob sends an action on servers, for which gophertelekomcloud has a waiter, but no call.
func (g *gopher) serverJob(t *testing.T, body map[string]any) string {
	t.Helper()
	var job cloudservers.JobResponse
	response, err := g.ecs.Post(g.ecs.ServiceURL("cloudservers", "action"), body, &job,
		&golangsdk.RequestOpts{OkCodes: []int{200}})
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return job.JobID
}

func (g *gopher) instances(t *testing.T, opts protectedinstances.ListOpts, want ...string) {
	t.Helper()
	listed := must[[]protectedinstances.Instance](t)(protectedinstances.List(g.sdrs, opts))
	same(t, "instances", ids(func(i protectedinstances.Instance) string { return i.ID }, &listed),
		append([]string{}, want...))
}

func TestGophertelekomcloud(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(t *testing.T, g *gopher){
		"group": func(t *testing.T, g *gopher) {
			for _, id := range []string{webShop, database} {
				seed := g.seeded(t, id)
				pairs := 0
				for _, i := range seed.Instances {
					pairs += len(i.Pairs)
				}
				same(t, "group", *must[*protectiongroups.ServerGroupResponseInfo](t)(protectiongroups.Get(g.sdrs, id)),
					protectiongroups.ServerGroupResponseInfo{
						Id: seed.ID, Name: seed.Name, Description: seed.Description, Status: seed.Status, Progress: seed.Progress,
						SourceAvailabilityZone: seed.SourceAZ, TargetAvailabilityZone: seed.TargetAZ,
						DomainID: seed.DomainID, DomainName: seed.DomainName, PriorityStation: seed.PriorityStation,
						ProtectedInstanceNum: len(seed.Instances), ReplicationNum: pairs,
						SourceVPCID: seed.VPCID, TargetVPCID: seed.VPCID, DRType: "migration", ServerType: "ECS",
						CreatedAt: groupTime(seed.CreatedAt), UpdatedAt: groupTime(seed.UpdatedAt), ProtectionType: "replication-pair",
					})
			}
		},
		"disable and enable protection, with its waiter": func(t *testing.T, g *gopher) {
			job := g.disable(t)
			if err := protectiongroups.WaitForJobSuccess(g.sdrs, 60, job); err != nil {
				t.Fatal(err)
			}
			same(t, "group of the job", must[any](t)(protectiongroups.GetJobEntity(g.sdrs, job, "server_group_id")),
				any(webShop))
			g.stands(t, webShop, "available")
			job = must[*protectiongroups.EnableResponse](t)(protectiongroups.Enable(g.sdrs, webShop)).JobID
			if err := protectiongroups.WaitForJobSuccess(g.sdrs, 60, job); err != nil {
				t.Fatal(err)
			}
			g.stands(t, webShop, "protected")
		},
		"job that fails": func(t *testing.T, g *gopher) {
			g.FailNextJob("SDRS.1028", "because")
			err := protectiongroups.WaitForJobSuccess(g.sdrs, 60, g.disable(t))
			if err == nil || !strings.Contains(err.Error(), "SDRS.1028: because") {
				t.Errorf("got %v", err)
			}
			g.stands(t, webShop, "error-stopping")
		},
		"protected instances, filtered and by page": func(t *testing.T, g *gopher) {
			web, db := g.seeded(t, webShop).Instances, g.seeded(t, database).Instances
			g.instances(t, protectedinstances.ListOpts{}, web[0].ID, web[1].ID, db[0].ID)
			g.instances(t, protectedinstances.ListOpts{Limit: 1, Offset: 1}, web[1].ID)
			g.instances(t, protectedinstances.ListOpts{Name: "shop-2"}, web[1].ID)
			g.instances(t, protectedinstances.ListOpts{Status: "invalid"})
			g.instances(t, protectedinstances.ListOpts{QueryType: "status_abnormal"})
			g.instances(t, protectedinstances.ListOpts{AvailabilityZone: "eu-de-02"}, db[0].ID)
		},
		"protected instances of several groups": func(t *testing.T, g *gopher) {
			_, err := protectedinstances.List(g.sdrs, protectedinstances.ListOpts{ServerGroupIDs: []string{webShop, database}})
			want := "SDRS.0201" // see docs/research
			if g.sdrs.AKSKOptions().AccessKey != "" {
				want = "verify aksk signature fail"
			}
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v", err)
			}
		},
		"jobs of servers, with its waiter": func(t *testing.T, g *gopher) {
			id := g.seeded(t, webShop).Instances[0].SourceServer.ID
			servers := []map[string]any{{"id": id}}
			for body, status := range map[string]string{"os-start": "ACTIVE", "os-stop": "SHUTOFF"} {
				job := g.serverJob(t, map[string]any{body: map[string]any{"servers": servers}})
				if err := cloudservers.WaitForJobSuccess(g.ecs, 60, job); err != nil {
					t.Fatal(err)
				}
				same(t, "server of the job", must[any](t)(cloudservers.GetJobEntity(g.ecs, job, "server_id")), any(id))
				same(t, "status", must[*cloudservers.CloudServer](t)(cloudservers.Get(g.ecs, id).Extract()).Status, status)
			}
		},
	} {
		for by, as := range map[string]golangsdk.AuthOptionsProvider{"by password": password(), "by AK/SK": keys()} {
			t.Run(name+"/"+by, func(t *testing.T) {
				t.Parallel()
				in(t, call, as)
			})
		}
	}

	t.Run("log in by token", func(t *testing.T) {
		t.Parallel()
		in(t, func(t *testing.T, g *gopher) {
			client := must[*golangsdk.ProviderClient](t)(openstack.NewClient(identity))
			client.HTTPClient = g.sdrs.HTTPClient
			if err := openstack.Authenticate(client, golangsdk.AuthOptions{
				IdentityEndpoint: identity, TokenID: g.IssueToken(), TenantName: account().ProjectName,
				DomainName: account().DomainName,
			}); err != nil {
				t.Fatal(err)
			}
			g.sdrs = must[*golangsdk.ServiceClient](t)(openstack.NewSDRSV1(client,
				golangsdk.EndpointOpts{Region: account().Region}))
			g.stands(t, webShop, "protected")
		}, password())
	})
	agency := func(t *testing.T, g *gopher) { g.stands(t, webShop, "protected") }
	t.Run("agency by password", func(t *testing.T) {
		t.Parallel()
		options, _ := password().(golangsdk.AuthOptions)
		options.AgencyName, options.AgencyDomainName = account().AgencyName, account().AgencyDomainName
		options.DelegatedProject = account().DelegatedProject
		in(t, agency, options)
	})
	t.Run("agency by AK/SK", func(t *testing.T) {
		t.Parallel()
		options, _ := keys().(golangsdk.AKSKAuthOptions)
		options.AgencyName, options.AgencyDomainName = account().AgencyName, account().AgencyDomainName
		options.DelegatedProject, options.Domain = account().DelegatedProject, account().DomainName
		in(t, func(t *testing.T, g *gopher) {
			// It keeps the catalog of its own project: see docs/research/foreign-clients.md.
			g.sdrs.Endpoint = strings.Replace(g.sdrs.Endpoint, account().ProjectID, account().DelegatedProjectID, 1)
			agency(t, g)
		}, options)
	})
}
