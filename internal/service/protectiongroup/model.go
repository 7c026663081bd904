package protectiongroup

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// groupModel is a protection group.
type groupModel struct {
	ID                      types.String `tfsdk:"id"`
	Name                    types.String `tfsdk:"name"`
	Description             types.String `tfsdk:"description"`
	Status                  types.String `tfsdk:"status"`
	Progress                types.Int64  `tfsdk:"progress"`
	ActiveSite              types.String `tfsdk:"active_site"`
	ActiveAvailabilityZone  types.String `tfsdk:"active_availability_zone"`
	StandbyAvailabilityZone types.String `tfsdk:"standby_availability_zone"`
	SourceAvailabilityZone  types.String `tfsdk:"source_availability_zone"`
	TargetAvailabilityZone  types.String `tfsdk:"target_availability_zone"`
	DomainID                types.String `tfsdk:"domain_id"`
	DomainName              types.String `tfsdk:"domain_name"`
	ProtectedInstances      types.Int64  `tfsdk:"protected_instance_num"`
	ReplicationPairs        types.Int64  `tfsdk:"replication_num"`
	Drills                  types.Int64  `tfsdk:"disaster_recovery_drill_num"`
	SourceVPCID             types.String `tfsdk:"source_vpc_id"`
	TargetVPCID             types.String `tfsdk:"target_vpc_id"`
	DRType                  types.String `tfsdk:"dr_type"`
	ServerType              types.String `tfsdk:"server_type"`
	ProtectionType          types.String `tfsdk:"protection_type"`
	CreatedAt               types.String `tfsdk:"created_at"`
	UpdatedAt               types.String `tfsdk:"updated_at"`
}

func fromAPI(group sdrs.Group) groupModel {
	model := groupModel{
		ID:                     tfkit.OrNull(group.ID),
		Name:                   tfkit.OrNull(group.Name),
		Description:            types.StringPointerValue(group.Description),
		Status:                 tfkit.OrNull(group.Status),
		Progress:               types.Int64Value(int64(group.Progress)),
		ActiveSite:             tfkit.OrNull(group.PriorityStation),
		SourceAvailabilityZone: tfkit.OrNull(group.SourceAvailabilityZone),
		TargetAvailabilityZone: tfkit.OrNull(group.TargetAvailabilityZone),
		DomainID:               tfkit.OrNull(group.DomainID),
		DomainName:             tfkit.OrNull(group.DomainName),
		ProtectedInstances:     types.Int64Value(int64(group.ProtectedInstances)),
		ReplicationPairs:       types.Int64Value(int64(group.ReplicationPairs)),
		Drills:                 types.Int64Value(int64(group.Drills)),
		SourceVPCID:            tfkit.OrNull(group.SourceVPCID),
		TargetVPCID:            tfkit.OrNull(group.TargetVPCID),
		DRType:                 tfkit.OrNull(group.DRType),
		ServerType:             tfkit.OrNull(group.ServerType),
		ProtectionType:         types.StringPointerValue(group.ProtectionType),
		CreatedAt:              tfkit.Timestamp(group.CreatedAt),
		UpdatedAt:              tfkit.Timestamp(group.UpdatedAt),
	}
	// A list may hold a group without a site, and that is in neither zone.
	if group.PriorityStation.Valid() {
		model.ActiveAvailabilityZone = tfkit.OrNull(group.AvailabilityZone(group.PriorityStation))
		model.StandbyAvailabilityZone = tfkit.OrNull(group.AvailabilityZone(group.PriorityStation.Other()))
	}
	return model
}

// groupAttributes returns the schema of [groupModel].
func groupAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":          tfkit.Reported("The id of the protection group."),
		"name":        tfkit.Reported("The name of the protection group."),
		"description": tfkit.Reported("The description of the protection group; null where it has none."),
		"status": tfkit.Reported("The status of the protection group, for example `protected` or " +
			"`error-reversing`."),
		"progress":                    tfkit.ReportedNumber("The progress of the synchronization, in percent."),
		"active_site":                 tfkit.Reported("The active site, `source` or `target`."),
		"active_availability_zone":    tfkit.Reported("The availability zone of the active site, for example `eu-de-01`."),
		"standby_availability_zone":   tfkit.Reported("The availability zone of the site that is not active."),
		"source_availability_zone":    tfkit.Reported("The availability zone of the site `source`. It never changes."),
		"target_availability_zone":    tfkit.Reported("The availability zone of the site `target`. It never changes."),
		"domain_id":                   tfkit.Reported("The id of the group's active-active domain."),
		"domain_name":                 tfkit.Reported("The name of the group's active-active domain."),
		"protected_instance_num":      tfkit.ReportedNumber("The number of protected instances in the group."),
		"replication_num":             tfkit.ReportedNumber("The number of replication pairs in the group."),
		"disaster_recovery_drill_num": tfkit.ReportedNumber("The number of DR drills in the group."),
		"source_vpc_id":               tfkit.Reported("The id of the VPC at the site `source`."),
		"target_vpc_id":               tfkit.Reported("The id of the VPC at the site `target`."),
		"dr_type":                     tfkit.Reported("The deployment model: `migration`, within one VPC."),
		"server_type":                 tfkit.Reported("The type of the servers: `ECS`."),
		"protection_type": tfkit.Reported("What is synchronized as one: `replication-pair`, or null where that is a whole " +
			"replication consistency group."),
		"created_at": tfkit.Reported("When the group was created, RFC 3339 in UTC."),
		"updated_at": tfkit.Reported("When the group was last changed, RFC 3339 in UTC."),
	}
}
