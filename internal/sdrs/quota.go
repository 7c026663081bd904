package sdrs

import (
	"context"
	"net/http"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// Quota is how many things of a type the project has, and may have.
type Quota struct {
	Type string `json:"type"` // server_groups or replications.
	Used int64  `json:"used"`
	// Quota is the limit in force; -1: none.
	Quota int64 `json:"quota"`
	// Min and Max bound what the limit can be set to; Max -1: anything.
	Min int64 `json:"min"`
	Max int64 `json:"max"`
}

// Quotas lists the quotas of the project; there are no pages (GET sdrs/quotas).
func (c *Client) Quotas(ctx context.Context) ([]Quota, error) {
	const path = "/sdrs/quotas"
	var answer struct {
		Quotas struct {
			Resources []Quota `json:"resources"`
		} `json:"quotas"`
	}
	if err := c.session.Get(ctx, cloud.SDRS, path, nil, &answer); err != nil {
		return nil, err
	}
	if answer.Quotas.Resources == nil {
		return nil, cloud.Malformed(http.MethodGet, path, "it has no quotas")
	}
	return answer.Quotas.Resources, nil
}
