package sdrs

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// Group is a protection group: the servers of one VPC that switch sites together. What is null on every group since an
// old upgrade of the service is left out: protected_status, replication_status, health_status, replication_model,
// test_vpc_id.
type Group struct {
	ID          string  `json:"id"`
	Name        string  `json:"name"`
	Description *string `json:"description"`
	Status      Status  `json:"status"`
	// Progress of the running job in percent.
	Progress int `json:"progress"`
	// SourceAvailabilityZone and TargetAvailabilityZone never swap; PriorityStation tells which is in production.
	SourceAvailabilityZone string  `json:"source_availability_zone"`
	TargetAvailabilityZone string  `json:"target_availability_zone"`
	PriorityStation        Station `json:"priority_station"`
	DomainID               string  `json:"domain_id"`
	DomainName             string  `json:"domain_name"`
	ProtectedInstances     int     `json:"protected_instance_num"`
	ReplicationPairs       int     `json:"replication_num"`
	Drills                 int     `json:"disaster_recovery_drill_num"`
	SourceVPCID            string  `json:"source_vpc_id"`
	TargetVPCID            string  `json:"target_vpc_id"`
	DRType                 string  `json:"dr_type"`
	ServerType             string  `json:"server_type"`
	ProtectionType         *string `json:"protection_type"`
	CreatedAt              Time    `json:"created_at"`
	UpdatedAt              Time    `json:"updated_at"`
}

// StationIn returns the one of the group's sites that is in an AZ; false where none is, or both are.
func (g Group) StationIn(zone string) (Station, bool) {
	switch source, target := zone == g.SourceAvailabilityZone, zone == g.TargetAvailabilityZone; {
	case source && !target:
		return Source, true
	case target && !source:
		return Target, true
	}
	return "", false
}

// AvailabilityZone returns the AZ of one of the group's sites; empty: it is neither.
func (g Group) AvailabilityZone(station Station) string {
	switch station {
	case Source:
		return g.SourceAvailabilityZone
	case Target:
		return g.TargetAvailabilityZone
	default:
		return ""
	}
}

// Group reads a protection group (GET server-groups/{id}). See [IsNotFound]. An id that the user has written without
// dashes or in upper case, and that the API does not know, is asked for once more with dashes and in lower case.
func (c *Client) Group(ctx context.Context, id string) (Group, error) {
	written, canonical := c.groupID(id), cloud.CanonicalID(id)
	group, err := c.readGroup(ctx, written)
	if written != canonical && IsNotFound(err) {
		group, err = c.readGroup(ctx, canonical)
	}
	if err == nil {
		c.groupIDs.Store(canonical, group.ID)
	}
	return group, err
}

func (c *Client) readGroup(ctx context.Context, id string) (Group, error) {
	var answer struct {
		Group Group `json:"server_group"`
	}
	path := groupPath(id)
	if err := c.session.Get(ctx, cloud.SDRS, path, nil, &answer); err != nil {
		return Group{}, err
	}
	return answer.Group, answer.Group.check(http.MethodGet, path, id)
}

// check holds an answer about a group against the question. A status or a site that is not there must not be taken for
// one that changed.
func (g Group) check(method, path, id string) error {
	if err := cloud.CheckID(path, groupNoun, id, g.ID); err != nil {
		return err
	}
	switch {
	case g.Status == "":
		return cloud.Malformed(method, path, "the group has no status")
	case !g.PriorityStation.Valid() && !slices.Contains(siteless, g.Status):
		return cloud.Malformed(
			method,
			path,
			fmt.Sprintf("priority_station is %q, neither source nor target", g.PriorityStation),
		)
	}
	return nil
}

// siteless are the statuses of a group that may never have had a production: none is switched from these.
var siteless = []Status{StatusCreating, StatusError, StatusDeleting, StatusErrorDeleting}

// GroupArguments are what a protection group is created with. The description may be empty, and so may the type, which
// is migration then. Nothing but the name ever changes.
type GroupArguments struct {
	Name                   string `json:"name"`
	Description            string `json:"description,omitempty"`
	SourceAvailabilityZone string `json:"source_availability_zone"`
	TargetAvailabilityZone string `json:"target_availability_zone"`
	DomainID               string `json:"domain_id"`
	SourceVPCID            string `json:"source_vpc_id"`
	DRType                 string `json:"dr_type,omitempty"`
}

// CreateGroup asks for a protection group (POST server-groups), and returns the id of the job, which has the id of the
// group among its entities. See [Client.Reverse].
func (c *Client) CreateGroup(ctx context.Context, arguments GroupArguments) (string, error) {
	return c.submit(ctx, http.MethodPost, "/server-groups", map[string]any{"server_group": arguments})
}

// RenameGroup gives a protection group another name, at once and in any status (PUT server-groups/{id}).
func (c *Client) RenameGroup(ctx context.Context, id, name string) (Group, error) {
	var answer struct {
		Group Group `json:"server_group"`
	}
	path := groupPath(c.groupID(id))
	if err := c.session.Put(ctx, cloud.SDRS, path, renaming("server_group", name), &answer); err != nil {
		return Group{}, err
	}
	return answer.Group, answer.Group.check(http.MethodPut, path, id)
}

// DeleteGroup asks to delete a protection group, which must be empty (DELETE server-groups/{id}), and returns the id of
// the job. See [Client.Reverse].
func (c *Client) DeleteGroup(ctx context.Context, id string) (string, error) {
	return c.submit(ctx, http.MethodDelete, groupPath(c.groupID(id)), nil)
}

// renaming is the body of a call that renames.
func renaming(noun, name string) map[string]any {
	return map[string]any{noun: map[string]any{"name": name}}
}

// GroupQueryTypes are the query types of [GroupFilter].
var GroupQueryTypes = []string{"status_abnormal", "stop_protected", "period_no_dr_drill"}

// GroupFilter selects protection groups; empty fields select all.
type GroupFilter struct {
	Name   string // A part of the name.
	Status Status
	// ActiveAvailabilityZone is the AZ that is in production now.
	ActiveAvailabilityZone string
	// QueryType is one of [GroupQueryTypes].
	QueryType string
}

type groupPage struct {
	Groups []Group `json:"server_groups"`
	Count  int     `json:"count"`
}

func (p groupPage) items() []Group { return p.Groups }
func (p groupPage) total() int     { return p.Count }

// Groups lists protection groups, all pages (GET server-groups).
func (c *Client) Groups(ctx context.Context, filter GroupFilter) ([]Group, error) {
	return list[groupPage](ctx, c, "/server-groups", values(map[string]string{
		"name":              filter.Name,
		"status":            string(filter.Status),
		"availability_zone": filter.ActiveAvailabilityZone,
		"query_type":        filter.QueryType,
	}), nil)
}

// groupNoun is what errors call a group.
const groupNoun = "protection group"

func groupPath(id string) string { return "/server-groups/" + url.PathEscape(id) }

// groupID writes the id of a group as the API did when it was last asked for it, and as it is given before that: the
// API reference has ids with and without dashes, and does not say whether the one finds the other.
func (c *Client) groupID(id string) string {
	written, _ := c.groupIDs.Load(cloud.CanonicalID(id))
	if text, ok := written.(string); ok {
		return text
	}
	return id
}
