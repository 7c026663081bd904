package sdrs

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// The statuses that protected instances and replication pairs have beside those of a group.
const (
	StatusInvalid Status = "invalid" // A server or a disk was deleted outside SDRS.
	StatusFault   Status = "fault"   // The synchronization of a pair is abnormal.
)

// InstanceStatuses are the documented statuses of a protected instance.
var InstanceStatuses = slices.Concat(GroupStatuses, []Status{
	StatusFault, StatusInvalid, StatusNICCreating, StatusNICDeleting, StatusResizing, StatusErrorResizing,
})

// InstanceQueryTypes are the query types of [ProtectedInstanceFilter].
var InstanceQueryTypes = []string{"status_abnormal"}

// ProtectedInstance is a server and its replica.
type ProtectedInstance struct {
	ID              string               `json:"id"`
	Name            string               `json:"name"`
	Description     *string              `json:"description"`
	GroupID         string               `json:"server_group_id"`
	Status          Status               `json:"status"`
	Progress        int                  `json:"progress"` // Percent.
	SourceServer    string               `json:"source_server"`
	TargetServer    string               `json:"target_server"`
	PriorityStation Station              `json:"priority_station"`
	Attachments     []InstanceAttachment `json:"attachment"`
	Tags            []Tag                `json:"tags"`
	Metadata        struct {
		Frozen string `json:"__system__frozen"`
	} `json:"metadata"`
	CreatedAt Time `json:"created_at"`
	UpdatedAt Time `json:"updated_at"`
}

// InstanceAttachment is a replication pair as a disk of a protected instance.
type InstanceAttachment struct {
	ReplicationPair string `json:"replication"`
	Device          string `json:"device"`
}

// Frozen reports whether the cloud has frozen the instance's servers, for example for unpaid bills.
func (i ProtectedInstance) Frozen() bool { return i.Metadata.Frozen == "true" }

// Server returns the id of the instance's server at one of the sites.
func (i ProtectedInstance) Server(station Station) string {
	if station == Target {
		return i.TargetServer
	}
	return i.SourceServer
}

// ProtectedInstanceFilter selects protected instances; empty fields select all.
type ProtectedInstanceFilter struct {
	GroupID string
	Name    string // A part of the name.
	Status  Status
	// ActiveAvailabilityZone is the AZ that is in production now.
	ActiveAvailabilityZone string
	// QueryType is one of [InstanceQueryTypes].
	QueryType string
}

type instancePage struct {
	Instances []ProtectedInstance `json:"protected_instances"`
	Count     int                 `json:"count"`
}

func (p instancePage) items() []ProtectedInstance { return p.Instances }
func (p instancePage) total() int                 { return p.Count }

// ProtectedInstances lists protected instances, all pages (GET protected-instances).
func (c *Client) ProtectedInstances(ctx context.Context, filter ProtectedInstanceFilter) ([]ProtectedInstance, error) {
	return list[instancePage](ctx, c, "/protected-instances", values(map[string]string{
		"server_group_id":   c.groupID(filter.GroupID),
		"name":              filter.Name,
		"status":            string(filter.Status),
		"availability_zone": filter.ActiveAvailabilityZone,
		"query_type":        filter.QueryType,
	}), func(path string, instance ProtectedInstance) error {
		if filter.GroupID == "" {
			return nil
		}
		return cloud.CheckID(path, groupNoun, filter.GroupID, instance.GroupID)
	})
}

// ProtectedInstance reads a protected instance (GET protected-instances/{id}). See [IsInstanceNotFound].
func (c *Client) ProtectedInstance(ctx context.Context, id string) (ProtectedInstance, error) {
	var answer instanceAnswer
	path := instancePath(id)
	if err := c.session.Get(ctx, cloud.SDRS, path, nil, &answer); err != nil {
		return ProtectedInstance{}, err
	}
	return answer.Instance, answer.check(http.MethodGet, path, id)
}

type instanceAnswer struct {
	Instance ProtectedInstance `json:"protected_instance"`
}

// check holds an answer about a protected instance against the question.
func (a instanceAnswer) check(method, path, id string) error {
	if err := cloud.CheckID(path, instanceNoun, id, a.Instance.ID); err != nil {
		return err
	}
	if a.Instance.Status == "" {
		return cloud.Malformed(method, path, "the protected instance has no status")
	}
	return nil
}

// InstanceArguments are what a protected instance is created with. All but group, server, and name may be empty.
type InstanceArguments struct {
	GroupID     string `json:"server_group_id"`
	ServerID    string `json:"server_id"` // In production.
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// PrimarySubnetID is the network id of the subnet of the DR server, PrimaryIPAddress its address there.
	PrimarySubnetID  string `json:"primary_subnet_id,omitempty"`
	PrimaryIPAddress string `json:"primary_ip_address,omitempty"`
	FlavorID         string `json:"flavorRef,omitempty"` // Of the DR server.
	Tags             []Tag  `json:"tags,omitempty"`
}

// CreateInstance asks to protect a server (POST protected-instances), and returns the id of the job, which has the id
// of the protected instance among its entities. It makes a DR server, and a DR disk and an attached pair for each disk.
// See [Client.Reverse].
func (c *Client) CreateInstance(ctx context.Context, arguments InstanceArguments) (string, error) {
	arguments.GroupID = c.groupID(arguments.GroupID)
	return c.submit(ctx, http.MethodPost, "/protected-instances", map[string]any{"protected_instance": arguments})
}

// RenameInstance gives a protected instance another name, at once and in any status; its servers keep theirs (PUT
// protected-instances/{id}).
func (c *Client) RenameInstance(ctx context.Context, id, name string) (ProtectedInstance, error) {
	var answer instanceAnswer
	path := instancePath(id)
	if err := c.session.Put(ctx, cloud.SDRS, path, renaming("protected_instance", name), &answer); err != nil {
		return ProtectedInstance{}, err
	}
	return answer.Instance, answer.check(http.MethodPut, path, id)
}

// InstanceLeftovers says what of a protected instance is deleted with it; what is not stays behind.
type InstanceLeftovers struct {
	TargetServer bool `json:"delete_target_server"` // And the disks that are attached to it.
	TargetEIP    bool `json:"delete_target_eip"`
}

// DeleteInstance asks to end the protection of a server (DELETE protected-instances/{id}), and returns the id of the
// job. The production server and its disks stay. A refusal with SDRS.1301 may mean that the instance is gone: a read
// tells. See [Client.Reverse].
func (c *Client) DeleteInstance(ctx context.Context, id string, leftovers InstanceLeftovers) (string, error) {
	return c.submit(ctx, http.MethodDelete, instancePath(id), leftovers)
}

// Flavors are what the servers of a protected instance are resized to; empty ones stay. Servers to be resized must be
// stopped, and a DR server always is.
type Flavors struct {
	Production string `json:"production_flavorRef,omitempty"`
	DR         string `json:"dr_flavorRef,omitempty"`
}

// ResizeInstance asks to resize servers of a protected instance (POST protected-instances/{id}/resize), and returns the
// id of the job. See [Client.Reverse].
func (c *Client) ResizeInstance(ctx context.Context, id string, flavors Flavors) (string, error) {
	return c.submit(ctx, http.MethodPost, instancePath(id)+"/resize", map[string]any{"resize": flavors})
}

// NIC is a further network card of a protected instance. All but the subnet may be empty.
type NIC struct {
	SubnetID       string          `json:"subnet_id"` // Its network id.
	SecurityGroups []SecurityGroup `json:"security_groups,omitempty"`
	IPAddress      string          `json:"ip_address,omitempty"`
}

// SecurityGroup names a security group.
type SecurityGroup struct {
	ID string `json:"id"`
}

// AddNIC asks for a further network card (POST protected-instances/{id}/nic), and returns the id of the job, which may
// have the id of the card's port among its entities. See [Client.Reverse].
func (c *Client) AddNIC(ctx context.Context, instanceID string, nic NIC) (string, error) {
	return c.submit(ctx, http.MethodPost, instancePath(instanceID)+"/nic", nic)
}

// DeleteNIC asks to remove a network card, but not the primary one, by the id of its port (POST
// protected-instances/{id}/nic/delete), and returns the id of the job. See [Client.Reverse].
func (c *Client) DeleteNIC(ctx context.Context, instanceID, portID string) (string, error) {
	return c.submit(ctx, http.MethodPost, instancePath(instanceID)+"/nic/delete", map[string]any{"nic_id": portID})
}

// instanceNoun is what errors call a protected instance.
const instanceNoun = "protected instance"

func instancePath(id string) string { return "/protected-instances/" + url.PathEscape(id) }
