// Package foreign_test lets two clients that work in the real cloud judge the simulator: the vendor's SDK and
// gophertelekomcloud. Each row is a call of theirs, whose answer they decode with their types.
package foreign_test

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

const (
	webShop     = "40df180b-9fe2-471a-8c64-1b758dc84189" // the demo group: protected, active at source
	database    = "10000000-0000-4000-8000-000000000001" // available, active at target
	unknown     = "00000000-0000-4000-8000-00000000dead"
	jobDuration = 10 * time.Second
)

// shop is an estate of servers that no group protects: two in either zone, of which the first is web, and a spare disk.
var (
	shop  = simulator.EmptyEstate()
	web   = shop.Servers[0].ID
	spare = shop.Disks[4].ID
)

// cloud is a simulator with two groups that listens as the real cloud does, at a host for each service.
type cloud struct {
	*simulator.Simulator

	account                 simulator.Account
	clock                   *simulator.ManualClock
	iamURL, sdrsURL, ecsURL string // without a path
}

func newCloud(t *testing.T) *cloud {
	t.Helper()
	clock := simulator.NewManualClock(time.Now())
	c := &cloud{Simulator: newSimulator(simulator.WithClock(clock)), account: simulator.DefaultAccount(), clock: clock}
	listen := func(prefix string) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.URL.Path = prefix + r.URL.Path
			c.ServeHTTP(w, r)
		}))
		t.Cleanup(server.Close)
		return server.URL
	}
	c.iamURL, c.sdrsURL, c.ecsURL = listen(""), listen("/sdrs"), listen("/ecs")
	return c
}

func newSimulator(options ...simulator.Option) *simulator.Simulator {
	other := simulator.NewGroup(database, "database", 1, 1)
	other.Status, other.PriorityStation, other.Description = simulator.StatusAvailable, simulator.StationTarget, ""
	other.Instances[0].PriorityStation = simulator.StationTarget
	other.Instances[0].Pairs[0].PriorityStation = simulator.StationTarget
	return simulator.New(append([]simulator.Option{
		simulator.WithJobDuration(jobDuration), simulator.WithServerJobDuration(jobDuration),
		simulator.WithEstate(shop), simulator.WithGroups(simulator.DemoGroup(), other),
	}, options...)...)
}

func (c *cloud) group(t *testing.T, id string) simulator.Group {
	t.Helper()
	g, ok := c.Group(id)
	if !ok {
		t.Fatalf("the group %s is gone", id)
	}
	return g
}

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %+v, want %+v", what, got, want)
	}
}

// The time formats of the reference.
func groupTime(at time.Time) string { return at.Format("2006-01-02 15:04:05.000") }
func pairTime(at time.Time) string  { return at.Format("2006-01-02T15:04:05.000000") }
