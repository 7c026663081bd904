package sdrs

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// PairStatuses are the documented statuses of a replication pair.
var PairStatuses = slices.Concat(GroupStatuses, []Status{
	StatusFault, StatusInvalid, StatusExtending, StatusErrorExtending, StatusAttaching, StatusErrorAttaching,
	StatusDetaching, StatusErrorDetaching,
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
	FaultLevel      Text             `json:"fault_level"`
	Attachments     []PairAttachment `json:"attachment"`
	GroupID         string           `json:"server_group_id"`
	JoinedVolumeIDs string           `json:"volume_ids"`
	PriorityStation Station          `json:"priority_station"`
	FailureDetail   *string          `json:"failure_detail"`
	// RecordMetadata describes the disks; nil where the API leaves that out.
	RecordMetadata *struct {
		MultiAttach bool   `json:"multiattach"`
		Bootable    bool   `json:"bootable"`
		VolumeSize  Number `json:"volume_size"` // GiB.
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

// Has reports whether a disk is one of the pair's.
func (p ReplicationPair) Has(volumeID string) bool {
	return slices.ContainsFunc(p.VolumeIDs(), func(id string) bool { return cloud.SameID(id, volumeID) })
}

// DeviceAt returns the device that the pair is at a protected instance, and reports whether it is attached to that.
func (p ReplicationPair) DeviceAt(instanceID string) (string, bool) {
	for _, a := range p.Attachments {
		if cloud.SameID(a.ProtectedInstance, instanceID) {
			return a.Device, true
		}
	}
	return "", false
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
		"server_group_id":       c.groupID(filter.GroupID),
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

// ReplicationPair reads a replication pair (GET replications/{id}). See [IsPairNotFound].
func (c *Client) ReplicationPair(ctx context.Context, id string) (ReplicationPair, error) {
	var answer pairAnswer
	path := pairPath(id)
	if err := c.session.Get(ctx, cloud.SDRS, path, nil, &answer); err != nil {
		return ReplicationPair{}, err
	}
	return answer.Pair, answer.check(http.MethodGet, path, id)
}

type pairAnswer struct {
	Pair ReplicationPair `json:"replication"`
}

// check holds an answer about a replication pair against the question.
func (a pairAnswer) check(method, path, id string) error {
	if err := cloud.CheckID(path, pairNoun, id, a.Pair.ID); err != nil {
		return err
	}
	if a.Pair.Status == "" {
		return cloud.Malformed(method, path, "the replication pair has no status")
	}
	return nil
}

// PairArguments are what a replication pair is created with; the description may be empty.
type PairArguments struct {
	GroupID     string `json:"server_group_id"`
	VolumeID    string `json:"volume_id"` // In production, attached to no server.
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}

// CreatePair asks to replicate a disk (POST replications), and returns the id of the job, which has the id of the pair
// among its entities. It makes a DR disk. See [Client.Reverse].
func (c *Client) CreatePair(ctx context.Context, arguments PairArguments) (string, error) {
	arguments.GroupID = c.groupID(arguments.GroupID)
	return c.submit(ctx, http.MethodPost, "/replications", map[string]any{"replication": arguments})
}

// RenamePair gives a replication pair another name, at once and in any status (PUT replications/{id}).
func (c *Client) RenamePair(ctx context.Context, id, name string) (ReplicationPair, error) {
	var answer pairAnswer
	path := pairPath(id)
	if err := c.session.Put(ctx, cloud.SDRS, path, renaming("replication", name), &answer); err != nil {
		return ReplicationPair{}, err
	}
	return answer.Pair, answer.check(http.MethodPut, path, id)
}

// ExtendPair asks to grow both disks of a replication pair to a size in GiB (POST replications/{id}/action), and
// returns the id of the job. They never shrink. See [Client.Reverse].
func (c *Client) ExtendPair(ctx context.Context, id string, size int) (string, error) {
	return c.submit(ctx, http.MethodPost, pairPath(id)+"/action",
		map[string]any{"extend-replication": map[string]any{"new_size": size}})
}

// DeletePair asks to end a replication, which must not be attached (DELETE replications/{id}), and returns the id of
// the job. The production disk stays, and the DR disk, too, unless it is to be deleted. See [Client.Reverse].
func (c *Client) DeletePair(ctx context.Context, groupID, id string, deleteTargetVolume bool) (string, error) {
	return c.submit(ctx, http.MethodDelete, pairPath(id), map[string]any{"replication": map[string]any{
		"server_group_id": c.groupID(groupID), "delete_target_volume": deleteTargetVolume,
	}})
}

// AttachPair asks to attach both disks of a replication pair, each to its server of a protected instance (POST
// protected-instances/{id}/attachreplication), and returns the id of the job. See [Client.Reverse].
func (c *Client) AttachPair(ctx context.Context, instanceID, pairID, device string) (string, error) {
	return c.submit(ctx, http.MethodPost, instancePath(instanceID)+"/attachreplication", map[string]any{
		"replicationAttachment": map[string]any{"replication_id": pairID, "device": device},
	})
}

// DetachPair asks to detach a replication pair from a protected instance (DELETE
// protected-instances/{id}/detachreplication/{pair}), and returns the id of the job. See [Client.Reverse].
func (c *Client) DetachPair(ctx context.Context, instanceID, pairID string) (string, error) {
	return c.submit(ctx, http.MethodDelete, instancePath(instanceID)+"/detachreplication/"+url.PathEscape(pairID), nil)
}

// pairNoun is what errors call a replication pair.
const pairNoun = "replication pair"

func pairPath(id string) string { return "/replications/" + url.PathEscape(id) }
