package replicationpair

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// resourceModel is the resource sdrs_replication_pair in configuration, plan, and state.
type resourceModel struct {
	ID                 types.String   `tfsdk:"id"`
	ProtectionGroupID  types.String   `tfsdk:"protection_group_id"`
	VolumeID           types.String   `tfsdk:"volume_id"`
	Name               types.String   `tfsdk:"name"`
	Description        types.String   `tfsdk:"description"`
	Size               types.Int64    `tfsdk:"size"`
	DeleteTargetVolume types.Bool     `tfsdk:"delete_target_volume"`
	TargetVolumeID     types.String   `tfsdk:"target_volume_id"`
	Status             types.String   `tfsdk:"status"`
	ActiveSite         types.String   `tfsdk:"active_site"`
	Progress           types.Int64    `tfsdk:"progress"`
	ReplicationStatus  types.String   `tfsdk:"replication_status"`
	FaultLevel         types.String   `tfsdk:"fault_level"`
	Attachments        types.List     `tfsdk:"attachments"`
	CreatedAt          types.String   `tfsdk:"created_at"`
	UpdatedAt          types.String   `tfsdk:"updated_at"`
	Timeouts           timeouts.Value `tfsdk:"timeouts"`
}

// attachmentType is that of an item of attachments.
var attachmentType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"protected_instance_id": types.StringType, "device": types.StringType,
}}

// fromAPI stores what the API reports of the pair. What the configuration says otherwise, such as the disk by its
// replica, is the same, and stays.
func (m *resourceModel) fromAPI(ctx context.Context, pair sdrs.ReplicationPair) {
	reported := fromAPI(pair)
	m.ID = tfkit.SameID(m.ID, reported.ID)
	m.ProtectionGroupID = tfkit.SameID(m.ProtectionGroupID, reported.ProtectionGroupID)
	m.Name, m.Description = reported.Name, reported.Description
	if m.Description.ValueString() == "" {
		m.Description = types.StringNull()
	}
	m.disks(pair.VolumeIDs())
	if !reported.VolumeSize.IsNull() || m.Size.IsUnknown() {
		m.Size = reported.VolumeSize // Which an answer may leave out: that is no change.
	}
	if m.DeleteTargetVolume.IsNull() {
		m.DeleteTargetVolume = types.BoolValue(false)
	}
	m.Status, m.ActiveSite, m.Progress = reported.Status, reported.ActiveSite, reported.Progress
	m.ReplicationStatus, m.FaultLevel = reported.ReplicationStatus, reported.FaultLevel
	m.Attachments, _ = types.ListValueFrom(ctx, attachmentType, reported.Attachments)
	m.CreatedAt, m.UpdatedAt = reported.CreatedAt, reported.UpdatedAt
}

// disks stores the disks of the pair. The API does not say which of them is at which site, nor whether a switch changes
// their order: the configured one is told by its id alone.
func (m *resourceModel) disks(ids []string) {
	if len(ids) == 0 {
		return // The API leaves them out.
	}
	configured := 0
	for i, id := range ids {
		if cloud.SameID(id, m.VolumeID.ValueString()) {
			configured = i
		}
	}
	m.VolumeID = tfkit.SameID(m.VolumeID, types.StringValue(ids[configured]))
	m.TargetVolumeID = types.StringNull()
	for i, id := range ids {
		if i != configured {
			m.TargetVolumeID = tfkit.SameID(m.TargetVolumeID, types.StringValue(id))
		}
	}
}

// observations are the attributes that the API alone knows, and that are text.
func (m *resourceModel) observations() []*types.String {
	return []*types.String{
		&m.ID, &m.TargetVolumeID, &m.Status, &m.ActiveSite, &m.ReplicationStatus, &m.FaultLevel, &m.CreatedAt, &m.UpdatedAt,
	}
}

// accepted stores a pair that is known by its id alone: it is being created.
func (m *resourceModel) accepted(id string) {
	for _, value := range m.observations() {
		if value.IsUnknown() {
			*value = types.StringNull()
		}
	}
	if m.Size.IsUnknown() {
		m.Size = types.Int64Null()
	}
	m.Progress, m.Attachments = types.Int64Null(), types.ListNull(attachmentType)
	m.ID, m.Status = tfkit.OrNull(id), types.StringValue(string(sdrs.StatusCreating))
}

// keep puts what a plan promised in place of what there is: the group may have been switched meanwhile, and the next
// refresh tells.
func (m *resourceModel) keep(promised resourceModel) {
	for i, value := range m.observations() {
		tfkit.Keep(value, *promised.observations()[i])
	}
	m.Name, m.Description, m.VolumeID = promised.Name, promised.Description, promised.VolumeID
	if !promised.Size.IsUnknown() {
		m.Size = promised.Size
	}
	if !promised.Progress.IsUnknown() {
		m.Progress = promised.Progress
	}
	if !promised.Attachments.IsUnknown() {
		m.Attachments = promised.Attachments
	}
}

// toAPI returns the arguments of a creation.
func (m *resourceModel) toAPI() sdrs.PairArguments {
	return sdrs.PairArguments{
		GroupID: m.ProtectionGroupID.ValueString(), VolumeID: m.VolumeID.ValueString(), Name: m.Name.ValueString(),
		Description: m.Description.ValueString(),
	}
}

// pair returns the observation, for reports.
func (m *resourceModel) pair() sdrs.ReplicationPair {
	return sdrs.ReplicationPair{
		ID: m.ID.ValueString(), Name: m.Name.ValueString(), Status: sdrs.Status(m.Status.ValueString()),
		PriorityStation: sdrs.Station(m.ActiveSite.ValueString()), GroupID: m.ProtectionGroupID.ValueString(),
		JoinedVolumeIDs: m.VolumeID.ValueString() + " " + m.TargetVolumeID.ValueString(),
	}
}
