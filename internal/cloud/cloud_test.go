package cloud_test

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

const groupPath = "/server-groups/40df180b-9fe2-471a-8c64-1b758dc84189"

var reverse = json.RawMessage(`{"reverse-server-group":{"priority_station":"target"}}`)

// testCloud is a simulator that listens, and counts its connections.
type testCloud struct {
	*simulator.Simulator
	url         string
	account     simulator.Account
	connections atomic.Int32
}

func newCloud(t *testing.T, options ...simulator.Option) *testCloud {
	t.Helper()
	options = append([]simulator.Option{simulator.WithGroups(simulator.DemoGroup())}, options...)
	c := &testCloud{Simulator: simulator.New(options...), account: simulator.DefaultAccount()}
	server := httptest.NewUnstartedServer(c)
	server.Config.ErrorLog = quiet
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			c.connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

// config logs in with a password, and repeats without waiting.
func (c *testCloud) config() cloud.Config {
	return cloud.Config{
		AuthURL:     c.url + "/v3",
		UserName:    c.account.UserName,
		Password:    c.account.Password,
		DomainName:  c.account.DomainName,
		ProjectName: c.account.ProjectName,
		MaxRetries:  3,
		RetryWait:   time.Millisecond,
		UserAgent:   "test",
	}
}

func (c *testCloud) session(t *testing.T) *cloud.Session {
	t.Helper()
	session, err := cloud.NewSession(t.Context(), c.config())
	if err != nil {
		t.Fatal(err)
	}
	return session
}

// group reads the demo group.
func group(ctx context.Context, session *cloud.Session) (name string, err error) {
	var answer struct {
		Group struct{ Name string } `json:"server_group"`
	}
	err = session.Get(ctx, cloud.SDRS, groupPath, nil, &answer)
	return answer.Group.Name, err
}

// act asks for a planned failover to target.
func act(ctx context.Context, session *cloud.Session) (job string, err error) {
	var answer struct {
		JobID string `json:"job_id"`
	}
	err = session.Post(ctx, cloud.SDRS, groupPath+"/action", reverse, &answer)
	return answer.JobID, err
}

// quiet swallows what a test's server says about the faults that the test is about.
var quiet = log.New(io.Discard, "", 0)
