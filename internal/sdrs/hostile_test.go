package sdrs_test

import (
	"strings"
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// Below validation an id is still no way to another resource: one request with the escaped path, or none.
func TestHostileIDs(t *testing.T) {
	t.Parallel()
	client, sim := newClient(t)
	for _, id := range []string{
		" ", "/", "../..", "..%2f..", "%2e%2e", "%00", "\x00", "\r\nX-Auth-Token: x", "../jobs/x?y#z", "?limit=1", "#", ";x=y", "\\",
		"", ".", "..", "...", "\xff", "日本語", "\u202e", "a/action", strings.Repeat("a", 10_000), strings.Repeat("../",
			3_400), "+", "a+b", "&a=b",
	} {
		for call, test := range map[string]struct {
			path string // Around the id.
			call func() error
		}{
			"group":    {"/server-groups/%s", func() error { return second(client.Group(t.Context(), id)) }},
			"failover": {"/server-groups/%s/action", func() error { return second(client.Failover(t.Context(), id)) }},
			"reverse": {
				"/server-groups/%s/action", func() error { return second(client.Reverse(t.Context(), id, sdrs.Target)) },
			},
			"start":    {"/server-groups/%s/action", func() error { return second(client.Start(t.Context(), id)) }},
			"stop":     {"/server-groups/%s/action", func() error { return second(client.Stop(t.Context(), id)) }},
			"instance": {"/protected-instances/%s", func() error { return second(client.ProtectedInstance(t.Context(), id)) }},
			"tag":      {"/protected-instances/x/tags/%s", func() error { return client.DeleteTag(t.Context(), "x", id) }},
			"detach": {"/protected-instances/x/detachreplication/%s", func() error {
				return second(client.DetachPair(t.Context(), "x", id))
			}},
			"pair":    {"/replications/%s", func() error { return second(client.DeletePair(t.Context(), groupID, id, false)) }},
			"drill":   {"/disaster-recovery-drills/%s", func() error { return second(client.Drill(t.Context(), id)) }},
			"failure": {"/task-center/failure-jobs/%s", func() error { return client.DeleteFailureJob(t.Context(), id) }},
			"job":     {"/jobs/%s", func() error { return second(client.Job(t.Context(), "", id)) }},
		} {
			sim.ResetRequests()
			if err := test.call(); err == nil {
				t.Errorf("%s %.20q: no error", call, id)
			}
			requests := sim.Requests()
			// The log has the path as a server decodes it: the id must be there as a whole, in its place, and nothing in the
			// query.
			want := strings.ReplaceAll(test.path, "%s", id)
			if strings.Trim(id, ".") == "" { // Escaping leaves dots as they are, and servers resolve them to another resource.
				for _, request := range requests {
					t.Errorf("%s %q asks for %s", call, id, request.Path)
				}
				continue
			}
			if len(requests) != 1 || !strings.HasSuffix(requests[0].Path, want) || requests[0].RawQuery != "" {
				t.Errorf("%s %.20q: %v", call, id, requests)
			}
		}
	}
}
