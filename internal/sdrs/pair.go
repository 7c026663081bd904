package sdrs

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// PairStatuses are the documented statuses of a replication pair.
var PairStatuses = slices.Concat(GroupStatuses, []Status{
	StatusFault, StatusInvalid, "extending", "error-extending", "attaching", "error-attaching", "detaching", "error-detaching",
})

// PairQueryTypes are the query types of [ReplicationPairFilter].
var PairQueryTypes = []string{"status_abnormal"}

// ReplicationPair is a disk and its replica.
type ReplicationPair struct {
	ID               string  `json:"id"`
	Name             string  `json:"name"`
	Description      *string `json:"description"`
	ReplicationModel string  `json:"replication_model"`
	Status           Status  `json:"status"`
	Progress         int     `json:"progress"` // Percent synchronized.
	// ReplicationStatus is active, inactive, copying, or active-stopped.
	ReplicationStatus string `json:"replication_status"`
	// FaultLevel is 0 (none), 2 (the production disk is not readable or writable), or 5 (the replication link is down).
	FaultLevel      string           `json:"fault_level"`
	Attachments     []PairAttachment `json:"attachment"`
	GroupID         string           `json:"server_group_id"`
	JoinedVolumeIDs string           `json:"volume_ids"`
	PriorityStation Station          `json:"priority_station"`
	FailureDetail   *string          `json:"failure_detail"`
	// RecordMetadata describes the disks; nil where the API leaves that out.
	RecordMetadata *struct {
		MultiAttach bool   `json:"multiattach"`
		Bootable    bool   `json:"bootable"`
		VolumeSize  int    `json:"volume_size"` // GiB.
		VolumeType  string `json:"volume_type"`
	} `json:"record_metadata"`
	CreatedAt Time `json:"created_at"`
	UpdatedAt Time `json:"updated_at"`
}

// PairAttachment is a protected instance that has a replication pair as a disk.
type PairAttachment struct {
	ProtectedInstance string `json:"protected_instance"`
	Device            string `json:"device"`
}

// VolumeIDs returns the ids of the pair's disks; nil where the API leaves them out.
func (p ReplicationPair) VolumeIDs() []string {
	if p.JoinedVolumeIDs == "" {
		return nil
	}
	return strings.FieldsFunc(p.JoinedVolumeIDs, func(r rune) bool { return r == ',' || r == ' ' })
}

// ReplicationPairFilter selects replication pairs; empty fields select all.
type ReplicationPairFilter struct {
	GroupID string
	Name    string // A part of the name.
	Status  Status
	// ProtectedInstanceID selects the pairs attached to one instance.
	ProtectedInstanceID string
	// ActiveAvailabilityZone is the AZ that is in production now.
	ActiveAvailabilityZone string
	// QueryType is one of [PairQueryTypes].
	QueryType string
}

type pairPage struct {
	Pairs []ReplicationPair `json:"replications"`
	Count int               `json:"count"`
}

func (p pairPage) items() []ReplicationPair { return p.Pairs }
func (p pairPage) total() int               { return p.Count }

// ReplicationPairs lists replication pairs, all pages (GET replications).
func (c *Client) ReplicationPairs(ctx context.Context, filter ReplicationPairFilter) ([]ReplicationPair, error) {
	return list[pairPage](ctx, c, "/replications", values(map[string]string{
		"server_group_id":       filter.GroupID,
		"name":                  filter.Name,
		"status":                string(filter.Status),
		"protected_instance_id": filter.ProtectedInstanceID,
		"availability_zone":     filter.ActiveAvailabilityZone,
		"query_type":            filter.QueryType,
	}), filter.check)
}

// check holds a listed pair against the filter.
func (f ReplicationPairFilter) check(path string, pair ReplicationPair) error {
	if f.GroupID != "" {
		if err := cloud.CheckID(path, groupNoun, f.GroupID, pair.GroupID); err != nil {
			return err
		}
	}
	if f.ProtectedInstanceID != "" && !slices.ContainsFunc(pair.Attachments, func(a PairAttachment) bool {
		return cloud.SameID(a.ProtectedInstance, f.ProtectedInstanceID)
	}) {
		return cloud.Malformed(http.MethodGet, path,
			fmt.Sprintf("the replication pair %q is not attached to the protected instance %q", pair.ID, f.ProtectedInstanceID))
	}
	return nil
}
