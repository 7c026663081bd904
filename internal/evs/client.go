// Package evs is a client of the Elastic Volume Service API v2: what a replication needs of disks.
package evs

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// Client calls EVS in the project of a session. Its methods' errors wrap [cloud.APIError] where the service refused.
type Client struct {
	session *cloud.Session
}

// NewClient returns a client that uses session.
func NewClient(session *cloud.Session) *Client { return &Client{session: session} }

// Available is the status of a disk that is attached to no server.
const Available = "available"

// Disk is an EVS disk. What the API leaves out is empty.
type Disk struct {
	ID               string `json:"id"`
	Status           string `json:"status"`
	AvailabilityZone string `json:"availability_zone"`
	Shared           bool   `json:"multiattach"` // It may be attached to several servers.
	Flag             bool   `json:"encrypted"`   // See Encrypted.
	Metadata         struct {
		Encrypted string `json:"__system__encrypted"`
	} `json:"metadata"`
}

// Encrypted reports whether the disk is. Not all versions of the API fill in the flag; the metadata are what counts.
func (d Disk) Encrypted() bool { return d.Flag || d.Metadata.Encrypted == "1" }

// Disk reads a disk (GET cloudvolumes/{id}).
func (c *Client) Disk(ctx context.Context, id string) (Disk, error) {
	path := "/cloudvolumes/" + url.PathEscape(id)
	var answer struct {
		Disk Disk `json:"volume"`
	}
	if err := c.session.Get(ctx, cloud.EVS, path, nil, &answer); err != nil {
		return Disk{}, err
	}
	if err := cloud.CheckID(path, "disk", id, answer.Disk.ID); err != nil {
		return Disk{}, err
	}
	if answer.Disk.Status == "" {
		return Disk{}, cloud.Malformed(http.MethodGet, path, "the disk has no status")
	}
	return answer.Disk, nil
}

// codeDiskNotFound is what EVS says of a disk that does not exist.
const codeDiskNotFound = "EVS.5404"

// IsNotFound reports whether EVS says that the disk asked for does not exist. Any other 404 means that the request went
// astray.
func IsNotFound(err error) bool {
	failure, ok := errors.AsType[*cloud.APIError](err)
	return ok && failure.Status == http.StatusNotFound &&
		(failure.Code == codeDiskNotFound || failure.ItemNotFound && failure.Code == "")
}
