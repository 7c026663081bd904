// Package ecs is a client of the Elastic Cloud Server API v1: what a planned failover needs of servers.
package ecs

import (
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// Client calls ECS in the project of a session. Its methods' errors wrap [cloud.APIError] where the service refused.
type Client struct {
	session *cloud.Session
}

// NewClient returns a client that uses session.
func NewClient(session *cloud.Session) *Client { return &Client{session: session} }
