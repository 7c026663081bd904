package groupprotection

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// protectionModel is sdrs_protection_group_protection in configuration, plan, and state.
type protectionModel struct {
	ProtectionGroupID types.String   `tfsdk:"protection_group_id"`
	Reprotect         types.Bool     `tfsdk:"reprotect"`
	ID                types.String   `tfsdk:"id"`
	Name              types.String   `tfsdk:"name"`
	Status            types.String   `tfsdk:"status"`
	ActiveSite        types.String   `tfsdk:"active_site"`
	Protected         types.Bool     `tfsdk:"protected"`
	Timeouts          timeouts.Value `tfsdk:"timeouts"`
}

// fromAPI stores what the API reports of the group.
func (m *protectionModel) fromAPI(group sdrs.Group) {
	m.ID = m.ProtectionGroupID
	m.Name = types.StringValue(group.Name)
	m.Status = types.StringValue(string(group.Status))
	m.ActiveSite = types.StringValue(string(group.PriorityStation))
	switch group.Status {
	case sdrs.StatusProtected, sdrs.StatusReversing, sdrs.StatusErrorReversing:
		m.Protected = types.BoolValue(true)
	default:
		m.Protected = types.BoolValue(false)
	}
}

// toAPI returns the observation in the terms of the workflow.
func (m *protectionModel) toAPI() sdrs.Group {
	return sdrs.Group{
		ID: m.ProtectionGroupID.ValueString(), Name: m.Name.ValueString(),
		Status: sdrs.Status(m.Status.ValueString()), PriorityStation: sdrs.Station(m.ActiveSite.ValueString()),
	}
}

// planChange marks in a plan that the group will be protected.
func (m *protectionModel) planChange() {
	m.Status = types.StringUnknown()
	m.Protected = types.BoolValue(true)
}

// planPossibleChange marks in a plan what depends on values that are not known yet.
func (m *protectionModel) planPossibleChange() {
	m.Status = types.StringUnknown()
	m.ActiveSite = types.StringUnknown()
	m.Protected = types.BoolUnknown()
}

// changePlanned reports whether the plan says so.
func (m *protectionModel) changePlanned() bool { return m.Status.IsUnknown() }

// finish stores the group after apply over the plan for it. What the plan promised stays, until the next refresh.
func (m *protectionModel) finish(group sdrs.Group) {
	planned := *m
	m.fromAPI(group)
	tfkit.Keep(&m.Name, planned.Name)
	tfkit.Keep(&m.ActiveSite, planned.ActiveSite)
}
