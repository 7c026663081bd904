package sdrs

import (
	"context"
	"net/http"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// ActiveDomain is an active-active domain: two AZs whose storage replicates to each other, in which protection groups
// can be created.
type ActiveDomain struct {
	ID          string             `json:"id"`
	Name        string             `json:"name"`
	Description *string            `json:"description"`
	SoldOut     bool               `json:"sold_out"`
	Local       ReplicationCluster `json:"local_replication_cluster"`
	Remote      ReplicationCluster `json:"remote_replication_cluster"`
}

// ReplicationCluster is the storage of an active-active domain in one of its AZs.
type ReplicationCluster struct {
	AvailabilityZone string `json:"availability_zone"`
}

// ActiveDomains lists the active-active domains; there are no pages (GET active-domains).
func (c *Client) ActiveDomains(ctx context.Context) ([]ActiveDomain, error) {
	const path = "/active-domains"
	var answer struct {
		Domains []ActiveDomain `json:"domains"`
	}
	if err := c.session.Get(ctx, cloud.SDRS, path, nil, &answer); err != nil {
		return nil, err
	}
	if answer.Domains == nil {
		return nil, cloud.Malformed(http.MethodGet, path, "it has no domains")
	}
	return answer.Domains, nil
}
