package cloud_test

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

const groupPath = "/server-groups/40df180b-9fe2-471a-8c64-1b758dc84189"

var reverse = json.RawMessage(`{"reverse-server-group":{"priority_station":"target"}}`)

// testCloud is a simulator that listens, with the demo group.
type testCloud struct{ *simtest.Cloud }

func newCloud(t *testing.T, options ...simulator.Option) *testCloud {
	t.Helper()
	options = append([]simulator.Option{simulator.WithGroups(simulator.DemoGroup())}, options...)
	return &testCloud{simtest.New(t, options...)}
}

// config logs in with a password, and repeats without waiting.
func (c *testCloud) config() cloud.Config {
	config := c.Config()
	config.MaxRetries, config.RetryWait, config.UserAgent = 3, time.Millisecond, "test"
	return config
}

func (c *testCloud) session(t *testing.T) *cloud.Session {
	t.Helper()
	return c.Session(t, func(config *cloud.Config) { *config = c.config() })
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
func act(ctx context.Context, session *cloud.Session) error {
	var answer struct {
		JobID string `json:"job_id"`
	}
	return session.Post(ctx, cloud.SDRS, groupPath+"/action", reverse, &answer)
}

// quiet swallows what a test's server says about the faults that the test is about.
var quiet = log.New(io.Discard, "", 0)
