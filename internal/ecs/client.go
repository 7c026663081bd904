// Package ecs is a client of the Elastic Cloud Server API v1: what a planned failover needs of servers.
package ecs

import (
	"errors"
	"net/http"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// Client calls ECS in the project of a session. Its methods' errors wrap [cloud.APIError] where the service refused.
type Client struct {
	session *cloud.Session
}

// NewClient returns a client that uses session.
func NewClient(session *cloud.Session) *Client { return &Client{session: session} }

// codeServerNotFound is what ECS says of a server that does not exist.
const codeServerNotFound = "Ecs.0114"

// IsNotFound reports whether ECS says that the server asked for does not exist: by its code for that, or by a 404 with
// an itemNotFound object that repeats 404 as its code. Any other 404 means that the request went astray.
func IsNotFound(err error) bool {
	failure, ok := errors.AsType[*cloud.APIError](err)
	if !ok || failure.Status != http.StatusBadRequest && failure.Status != http.StatusNotFound {
		return false
	}
	return failure.Code == codeServerNotFound || failure.ItemNotFound && failure.Code == ""
}
