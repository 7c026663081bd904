package ecs

import (
	"context"
	"net/http"
	"net/url"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// NIC is a network card of a server.
type NIC struct {
	PortID   string `json:"port_id"`
	SubnetID string `json:"net_id"` // Its network id.
	FixedIPs []struct {
		IP string `json:"ip_address"`
	} `json:"fixed_ips"`
}

// Has reports whether the card has an address.
func (n NIC) Has(ip string) bool {
	for _, fixed := range n.FixedIPs {
		if fixed.IP == ip {
			return true
		}
	}
	return false
}

// NICs lists the network cards of a server (GET cloudservers/{id}/os-interface).
func (c *Client) NICs(ctx context.Context, serverID string) ([]NIC, error) {
	path := "/cloudservers/" + url.PathEscape(serverID) + "/os-interface"
	var answer struct {
		NICs []NIC `json:"interfaceAttachments"`
	}
	if err := c.session.Get(ctx, cloud.ECS, path, nil, &answer); err != nil {
		return nil, err
	}
	if answer.NICs == nil {
		return nil, cloud.Malformed(http.MethodGet, path, "it has no list")
	}
	return answer.NICs, nil
}
