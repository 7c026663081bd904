package protectiongroup

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// resourceModel is the resource sdrs_protection_group in configuration, plan, and state.
type resourceModel struct {
	ID                      types.String   `tfsdk:"id"`
	Name                    types.String   `tfsdk:"name"`
	Description             types.String   `tfsdk:"description"`
	SourceAvailabilityZone  types.String   `tfsdk:"source_availability_zone"`
	TargetAvailabilityZone  types.String   `tfsdk:"target_availability_zone"`
	VPCID                   types.String   `tfsdk:"vpc_id"`
	DomainID                types.String   `tfsdk:"domain_id"`
	DRType                  types.String   `tfsdk:"dr_type"`
	Status                  types.String   `tfsdk:"status"`
	ActiveSite              types.String   `tfsdk:"active_site"`
	ActiveAvailabilityZone  types.String   `tfsdk:"active_availability_zone"`
	StandbyAvailabilityZone types.String   `tfsdk:"standby_availability_zone"`
	TargetVPCID             types.String   `tfsdk:"target_vpc_id"`
	ProtectedInstances      types.Int64    `tfsdk:"protected_instance_num"`
	ReplicationPairs        types.Int64    `tfsdk:"replication_num"`
	Drills                  types.Int64    `tfsdk:"disaster_recovery_drill_num"`
	CreatedAt               types.String   `tfsdk:"created_at"`
	UpdatedAt               types.String   `tfsdk:"updated_at"`
	Timeouts                timeouts.Value `tfsdk:"timeouts"`
}

// fromAPI stores what the API reports of the group. What the configuration says otherwise, such as an id in another
// form, is the same, and stays.
func (m *resourceModel) fromAPI(group sdrs.Group) {
	reported := fromAPI(group)
	m.ID = tfkit.SameID(m.ID, reported.ID)
	m.Name, m.Description = reported.Name, reported.Description
	if m.Description.ValueString() == "" {
		m.Description = types.StringNull()
	}
	m.SourceAvailabilityZone = tfkit.OrKnown(reported.SourceAvailabilityZone, m.SourceAvailabilityZone)
	m.TargetAvailabilityZone = tfkit.OrKnown(reported.TargetAvailabilityZone, m.TargetAvailabilityZone)
	m.VPCID = tfkit.SameID(m.VPCID, reported.SourceVPCID)
	m.DomainID = tfkit.SameID(m.DomainID, reported.DomainID)
	m.DRType = tfkit.OrKnown(reported.DRType, m.DRType)
	if m.DRType.IsNull() {
		m.DRType = types.StringValue(onlyType)
	}
	m.Status, m.ActiveSite = reported.Status, reported.ActiveSite
	m.ActiveAvailabilityZone, m.StandbyAvailabilityZone = reported.ActiveAvailabilityZone, reported.StandbyAvailabilityZone
	m.TargetVPCID = reported.TargetVPCID
	m.ProtectedInstances, m.ReplicationPairs, m.Drills = reported.ProtectedInstances, reported.ReplicationPairs,
		reported.Drills
	m.CreatedAt, m.UpdatedAt = reported.CreatedAt, reported.UpdatedAt
}

// observations are the attributes that the API alone knows.
func (m *resourceModel) observations() []*types.String {
	return []*types.String{
		&m.ID, &m.DomainID, &m.Status, &m.ActiveSite, &m.ActiveAvailabilityZone, &m.StandbyAvailabilityZone, &m.TargetVPCID,
		&m.CreatedAt, &m.UpdatedAt,
	}
}

// counts are the numbers of what is in the group.
func (m *resourceModel) counts() []*types.Int64 {
	return []*types.Int64{&m.ProtectedInstances, &m.ReplicationPairs, &m.Drills}
}

// accepted stores a group that is known by its id alone: it is being created.
func (m *resourceModel) accepted(id string) {
	for _, value := range m.observations() {
		if value.IsUnknown() {
			*value = types.StringNull()
		}
	}
	for _, value := range m.counts() {
		*value = types.Int64Null()
	}
	m.ID, m.Status = tfkit.OrNull(id), types.StringValue(string(sdrs.StatusCreating))
}

// keep puts what a plan promised in place of what there is: the group may have been switched meanwhile, and the next
// refresh tells.
func (m *resourceModel) keep(promised resourceModel) {
	m.Name, m.Description, m.VPCID = promised.Name, promised.Description, promised.VPCID
	m.SourceAvailabilityZone, m.TargetAvailabilityZone = promised.SourceAvailabilityZone, promised.TargetAvailabilityZone
	for i, value := range m.observations() {
		tfkit.Keep(value, *promised.observations()[i])
	}
	for i, value := range m.counts() {
		if number := *promised.counts()[i]; !number.IsUnknown() {
			*value = number
		}
	}
}

// toAPI returns the arguments of a creation.
func (m *resourceModel) toAPI() sdrs.GroupArguments {
	return sdrs.GroupArguments{
		Name: m.Name.ValueString(), Description: m.Description.ValueString(),
		SourceAvailabilityZone: m.SourceAvailabilityZone.ValueString(),
		TargetAvailabilityZone: m.TargetAvailabilityZone.ValueString(),
		DomainID:               m.DomainID.ValueString(), SourceVPCID: m.VPCID.ValueString(), DRType: m.DRType.ValueString(),
	}
}

// group returns the observation, for reports.
func (m *resourceModel) group() sdrs.Group {
	return sdrs.Group{
		ID: m.ID.ValueString(), Name: m.Name.ValueString(), Status: sdrs.Status(m.Status.ValueString()),
		PriorityStation:        sdrs.Station(m.ActiveSite.ValueString()),
		SourceAvailabilityZone: m.SourceAvailabilityZone.ValueString(),
		TargetAvailabilityZone: m.TargetAvailabilityZone.ValueString(),
		ProtectedInstances:     int(m.ProtectedInstances.ValueInt64()),
		ReplicationPairs:       int(m.ReplicationPairs.ValueInt64()),
		Drills:                 int(m.Drills.ValueInt64()),
	}
}
