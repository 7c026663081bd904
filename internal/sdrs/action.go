package sdrs

import (
	"context"
	"net/http"
)

// Reverse asks for a planned failover: station becomes the production site (reverse-server-group). Allowed from
// protected and error-reversing. It returns the id of the job.
//
// Where [cloud.OutcomeUnknown] holds for the error, the group may be switching all the same.
func (c *Client) Reverse(ctx context.Context, groupID string, station Station) (string, error) {
	return c.act(ctx, groupID, map[string]any{"reverse-server-group": map[string]any{"priority_station": station}})
}

// Failover asks for an unplanned failover away from the current production site, whichever it is
// (failover-server-group). Allowed from protected, error-failing-over, and error-reversing. See [Client.Reverse].
func (c *Client) Failover(ctx context.Context, groupID string) (string, error) {
	return c.act(ctx, groupID, map[string]any{"failover-server-group": map[string]any{}})
}

// Start enables protection from available and error-starting, and reprotects from failed-over and error-reprotecting
// (start-server-group). See [Client.Reverse].
func (c *Client) Start(ctx context.Context, groupID string) (string, error) {
	return c.act(ctx, groupID, map[string]any{"start-server-group": map[string]any{}})
}

// Stop disables protection from protected and error-stopping (stop-server-group). See [Client.Reverse].
func (c *Client) Stop(ctx context.Context, groupID string) (string, error) {
	return c.act(ctx, groupID, map[string]any{"stop-server-group": map[string]any{}})
}

// act posts an action (POST server-groups/{id}/action).
func (c *Client) act(ctx context.Context, groupID string, action map[string]any) (string, error) {
	return c.submit(ctx, http.MethodPost, groupPath(c.groupID(groupID))+"/action", action)
}
