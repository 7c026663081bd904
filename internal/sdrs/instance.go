package sdrs

import (
	"context"
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
	StatusFault, StatusInvalid, "nic-creating", "nic-deleting", "resizing", "error-resizing",
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
	Tags            []struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	} `json:"tags"`
	Metadata struct {
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
		"server_group_id":   filter.GroupID,
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
