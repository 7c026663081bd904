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
	ID                types.String   `tfsdk:"id"`
	Name              types.String   `tfsdk:"name"`
	Status            types.String   `tfsdk:"status"`
	ActiveSite        types.String   `tfsdk:"active_site"`
	Protected         types.Bool     `tfsdk:"protected"`
	WaitForSync       types.Bool     `tfsdk:"wait_for_synchronization"`
	RequireAllChecks  types.Bool     `tfsdk:"require_all_checks"`
	Timeouts          timeouts.Value `tfsdk:"timeouts"`
}

// fromAPI stores what the API reports of the group.
func (m *protectionModel) fromAPI(group sdrs.Group) {
	m.ID = m.ProtectionGroupID
	m.Name = types.StringValue(group.Name)
	m.Status = types.StringValue(string(group.Status))
	m.ActiveSite = tfkit.OrNull(group.PriorityStation)
	switch group.Status {
	case sdrs.StatusProtected, sdrs.StatusReversing, sdrs.StatusErrorReversing:
		m.Protected = types.BoolValue(true)
	default:
		m.Protected = types.BoolValue(false)
	}
}

// waits reports whether to wait for the pairs; by default it does, and it may where that is not known yet.
func (m *protectionModel) waits() bool {
	return m.WaitForSync.IsNull() || m.WaitForSync.IsUnknown() || m.WaitForSync.ValueBool()
}

// toAPI returns the observation in the terms of the workflow.
func (m *protectionModel) toAPI() sdrs.Group {
	return sdrs.Group{
		ID: m.ProtectionGroupID.ValueString(), Name: m.Name.ValueString(),
		Status: sdrs.Status(m.Status.ValueString()), PriorityStation: sdrs.Station(m.ActiveSite.ValueString()),
	}
}

// work is what a plan says is to be done about a group. The plan has no place for it but which of the values that the
// API reports are unknown: encoded by plan, and decoded by planned.
type work int

const (
	// nothing is to be done.
	nothing work = iota
	// enabling is that protection is to be enabled, or its pairs are to be waited for: that it then is protected is known,
	// the status that tells so is not.
	enabling
)

// plan marks in a plan what is to be done.
func (m *protectionModel) plan(todo work) {
	if todo == enabling {
		m.Status = types.StringUnknown()
		m.Protected = types.BoolValue(true)
	}
}

// planned returns what the plan says is to be done.
func (m *protectionModel) planned() work {
	if m.Status.IsUnknown() {
		return enabling
	}
	return nothing
}

// finish stores the group after apply over the plan for it. What the plan promised stays, until the next refresh.
func (m *protectionModel) finish(group sdrs.Group) {
	planned := *m
	m.fromAPI(group)
	tfkit.Keep(&m.Name, planned.Name)
	tfkit.Keep(&m.ActiveSite, planned.ActiveSite)
}
