package ecs

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// Status is the status of a server.
type Status string

// The statuses that decide. A server in any other is neither stopped nor in service.
const (
	Active  Status = "ACTIVE"
	Stopped Status = "SHUTOFF"
)

// Server is a cloud server.
type Server struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Status Status `json:"status"`
}

// String names the server and its status.
func (s Server) String() string {
	text := s.ID
	if s.Name != "" {
		text = s.Name + " (" + s.ID + ")"
	}
	if s.Status != "" {
		text += " is " + string(s.Status)
	}
	return text
}

// Server reads a server (GET cloudservers/{id}).
func (c *Client) Server(ctx context.Context, id string) (Server, error) {
	found, err := c.AddressedServer(ctx, id)
	return found.Server, err
}

// ServersOnPage is how many servers [Client.Servers] asks for at a time: as many as the API reference advises.
const ServersOnPage = 200

// maxPages ends a list whose pages never come up to its count.
const maxPages = 500

// Servers lists the servers of the project, all pages (GET cloudservers/detail). It never returns nil without an error.
// One that was made or deleted meanwhile may be missing, or be there twice.
func (c *Client) Servers(ctx context.Context) ([]Server, error) {
	const path = "/cloudservers/detail"
	all := []Server{}
	for page := 1; page <= maxPages; page++ {
		var answer struct {
			Servers []Server `json:"servers"`
			Count   int      `json:"count"`
		}
		query := url.Values{"limit": {strconv.Itoa(ServersOnPage)}, "offset": {strconv.Itoa(page)}} // A page's number.
		if err := c.session.Get(ctx, cloud.ECS, path, query, &answer); err != nil {
			return nil, err
		}
		if answer.Servers == nil {
			return nil, cloud.Malformed(http.MethodGet, path, "it has no list")
		}
		all = append(all, answer.Servers...)
		if len(answer.Servers) == 0 || len(answer.Servers) < ServersOnPage && len(all) >= answer.Count {
			return all, nil
		}
	}
	return nil, cloud.Malformed(http.MethodGet, path, fmt.Sprintf("the list does not end after %d pages", maxPages))
}

// AddressedServer is a server with its addresses, by network.
type AddressedServer struct {
	Server

	Addresses map[string][]struct {
		IP   string `json:"addr"`
		Type string `json:"OS-EXT-IPS:type"` // Either fixed or floating.
	} `json:"addresses"`
}

// PrivateIPs returns the addresses in the server's own networks, sorted; never nil.
func (s AddressedServer) PrivateIPs() []string { return s.ips(false) }

// PublicIPs returns the EIPs of the server, sorted; never nil.
func (s AddressedServer) PublicIPs() []string { return s.ips(true) }

func (s AddressedServer) ips(floating bool) []string {
	ips := []string{}
	for _, addresses := range s.Addresses {
		for _, address := range addresses {
			if (address.Type == "floating") == floating {
				ips = append(ips, address.IP)
			}
		}
	}
	slices.Sort(ips)
	return ips
}

// AddressedServer reads a server with its addresses (GET cloudservers/{id}).
func (c *Client) AddressedServer(ctx context.Context, id string) (AddressedServer, error) {
	path := "/cloudservers/" + url.PathEscape(id)
	var answer struct {
		Server AddressedServer `json:"server"`
	}
	if err := c.session.Get(ctx, cloud.ECS, path, nil, &answer); err != nil {
		return AddressedServer{}, err
	}
	if err := cloud.CheckID(path, "server", id, answer.Server.ID); err != nil {
		return AddressedServer{}, err
	}
	if answer.Server.Status == "" {
		return AddressedServer{}, cloud.Malformed(http.MethodGet, path, "the server has no status")
	}
	answer.Server.ID = id // As the question has it: what is asked of the server next names the same one.
	return answer.Server, nil
}

// MaxServers is how many servers one Stop or Start takes.
const MaxServers = 1000

// Stop asks for servers to be stopped (POST cloudservers/action, os-stop): by their operating systems, or hard, as if
// the power was cut. It takes [MaxServers] at most and returns the id of the job.
func (c *Client) Stop(ctx context.Context, ids []string, hard bool) (string, error) {
	kind := "SOFT"
	if hard {
		kind = "HARD"
	}
	return c.act(ctx, map[string]any{"os-stop": map[string]any{"type": kind, "servers": references(ids)}})
}

// Start asks for servers to be started (POST cloudservers/action, os-start). See [Client.Stop].
func (c *Client) Start(ctx context.Context, ids []string) (string, error) {
	return c.act(ctx, map[string]any{"os-start": map[string]any{"servers": references(ids)}})
}

func (c *Client) act(ctx context.Context, action map[string]any) (string, error) {
	const path = "/cloudservers/action"
	var answer struct {
		JobID string `json:"job_id"`
	}
	if err := c.session.Post(ctx, cloud.ECS, path, action, &answer); err != nil {
		return "", err
	}
	if answer.JobID == "" {
		return "", cloud.Malformed(http.MethodPost, path, "it has no job_id")
	}
	return answer.JobID, nil
}

type reference struct {
	ID string `json:"id"`
}

func references(ids []string) []reference {
	servers := make([]reference, 0, len(ids))
	for _, id := range ids {
		servers = append(servers, reference{ID: id})
	}
	return servers
}
