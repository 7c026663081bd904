package cloud_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// A wait reads again by itself: within it a read is sent once, but for a token that has expired.
func TestOnceIsWithoutRepetitions(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	session := c.session(t)
	for _, status := range []int{http.StatusTooManyRequests, http.StatusBadGateway} {
		c.ResetRequests()
		remove := c.Inject(simulator.Fault{Route: simulator.RouteGroup, Status: status})
		if _, err := group(cloud.Once(t.Context()), session); !cloud.Transient(err) || c.Count(simulator.RouteGroup) != 1 {
			t.Errorf("%d: %d reads, %v", status, c.Count(simulator.RouteGroup), err)
		}
		remove()
	}
	ended, end := context.WithCancel(t.Context())
	if end(); cloud.Once(ended).Err() == nil {
		t.Error("it does not end with what it is made of")
	}
	c.RevokeTokens()
	if _, err := group(cloud.Once(t.Context()), session); err != nil {
		t.Error(err)
	}
}
