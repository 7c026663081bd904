package ecs_test

import (
	"strings"
	"testing"
)

// Below validation an id is still no way to another resource: one request with the escaped path.
func TestHostileIDs(t *testing.T) {
	t.Parallel()
	client, sim := newClient(t)
	for _, id := range []string{
		" ", "/", "../..", "..%2f..", "%2e%2e", "%00", "\x00", "\r\nX-Auth-Token: x", "../jobs/x?y#z", "?limit=1", "#", ";x=y", "\\",
		"\xff", "日本語", "\u202e", "action/..", strings.Repeat("a", 10_000), strings.Repeat("../", 3_400), "+", "a+b", "&a=b",
	} {
		sim.ResetRequests()
		if _, err := client.Server(t.Context(), id); err == nil {
			t.Errorf("%.20q: no error", id)
		}
		// The log has the path as a server decodes it: the id must be there as a whole, in its place, and nothing in the
		// query.
		requests := sim.Requests()
		if len(requests) != 1 || !strings.HasSuffix(requests[0].Path, "/cloudservers/"+id) || requests[0].RawQuery != "" {
			t.Errorf("%.20q: %v", id, requests)
		}
	}
}
