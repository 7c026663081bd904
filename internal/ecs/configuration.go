package ecs

import (
	"context"
	"net/http"
	"net/url"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// Configuration is what a server is made of, beside what [Client.Server] reads. What the API leaves out is empty.
type Configuration struct {
	Server

	AvailabilityZone string `json:"OS-EXT-AZ:availability_zone"`
	Metadata         struct {
		VPCID string `json:"vpc_id"`
	} `json:"metadata"`
	Flavor struct {
		ID string `json:"id"`
	} `json:"flavor"`
	Locked  bool `json:"locked"` // By another service.
	Volumes []struct {
		ID string `json:"id"`
	} `json:"os-extended-volumes:volumes_attached"`
}

// Configuration reads a server with what it is made of (GET cloudservers/{id}).
func (c *Client) Configuration(ctx context.Context, id string) (Configuration, error) {
	path := "/cloudservers/" + url.PathEscape(id)
	var answer struct {
		Server Configuration `json:"server"`
	}
	if err := c.session.Get(ctx, cloud.ECS, path, nil, &answer); err != nil {
		return Configuration{}, err
	}
	if err := cloud.CheckID(path, "server", id, answer.Server.ID); err != nil {
		return Configuration{}, err
	}
	if answer.Server.Status == "" {
		return Configuration{}, cloud.Malformed(http.MethodGet, path, "the server has no status")
	}
	return answer.Server, nil
}
