package groupfailover

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// failoverModel is sdrs_protection_group_failover in configuration, plan, and state.
type failoverModel struct {
	ProtectionGroupID       types.String         `tfsdk:"protection_group_id"`
	PriorityStation         types.String         `tfsdk:"priority_station"`
	CorrectDrift            types.Bool           `tfsdk:"correct_drift"`
	StopServers             types.Bool           `tfsdk:"stop_servers"`
	ForceStopAfter          timetypes.GoDuration `tfsdk:"force_stop_after"`
	StartServers            types.Bool           `tfsdk:"start_servers"`
	ID                      types.String         `tfsdk:"id"`
	Name                    types.String         `tfsdk:"name"`
	Status                  types.String         `tfsdk:"status"`
	ActiveSite              types.String         `tfsdk:"active_site"`
	ActiveAvailabilityZone  types.String         `tfsdk:"active_availability_zone"`
	StandbyAvailabilityZone types.String         `tfsdk:"standby_availability_zone"`
	SourceAvailabilityZone  types.String         `tfsdk:"source_availability_zone"`
	TargetAvailabilityZone  types.String         `tfsdk:"target_availability_zone"`
	LastFailover            types.Object         `tfsdk:"last_failover"`
	Timeouts                timeouts.Value       `tfsdk:"timeouts"`
}

var lastFailoverTypes = map[string]attr.Type{
	"job_id":           types.StringType,
	"from":             types.StringType,
	"to":               types.StringType,
	"started_at":       types.StringType,
	"finished_at":      types.StringType,
	"duration_seconds": types.Int64Type,
}

// station returns the wanted site.
func (m *failoverModel) station() sdrs.Station { return sdrs.Station(m.PriorityStation.ValueString()) }

// policy says what a switch does about servers. Values that are not known yet count as off.
func (m *failoverModel) policy() failover.ServerPolicy {
	policy := failover.ServerPolicy{Stop: m.StopServers.ValueBool(), Start: m.StartServers.ValueBool()}
	if after, diags := m.ForceStopAfter.ValueGoDuration(); !diags.HasError() {
		policy.ForceStopAfter = &after
	}
	return policy
}

// adopt completes the arguments of an import, which has none.
func (m *failoverModel) adopt() {
	m.ID = m.ProtectionGroupID
	m.PriorityStation = m.ActiveSite
	m.CorrectDrift, m.StopServers, m.StartServers = types.BoolValue(false), types.BoolValue(false), types.BoolValue(false)
	m.LastFailover = noFailover()
}

// fromAPI stores what the API reports of the group.
func (m *failoverModel) fromAPI(group sdrs.Group) {
	m.Name = types.StringValue(group.Name)
	m.Status = types.StringValue(string(group.Status))
	m.SourceAvailabilityZone = types.StringValue(group.SourceAvailabilityZone)
	m.TargetAvailabilityZone = types.StringValue(group.TargetAvailabilityZone)
	m.activate(group.PriorityStation)
}

// activate stores station as the active site.
func (m *failoverModel) activate(station sdrs.Station) {
	group := m.toAPI()
	m.ActiveSite = types.StringValue(string(station))
	m.ActiveAvailabilityZone = types.StringValue(group.AvailabilityZone(station))
	m.StandbyAvailabilityZone = types.StringValue(group.AvailabilityZone(station.Other()))
}

// toAPI returns the observation in the terms of the workflow.
func (m *failoverModel) toAPI() sdrs.Group {
	return sdrs.Group{
		ID:                     m.ProtectionGroupID.ValueString(),
		Name:                   m.Name.ValueString(),
		Status:                 sdrs.Status(m.Status.ValueString()),
		PriorityStation:        sdrs.Station(m.ActiveSite.ValueString()),
		SourceAvailabilityZone: m.SourceAvailabilityZone.ValueString(),
		TargetAvailabilityZone: m.TargetAvailabilityZone.ValueString(),
	}
}

// workPlanned reports whether the plan says that something is to be done. The plan has no other place for it: only then
// is the outcome unknown.
func (m *failoverModel) workPlanned() bool { return m.LastFailover.IsUnknown() }

// switchPlanned reports whether that may be a switch: only then is the status unknown, too.
func (m *failoverModel) switchPlanned() bool { return m.workPlanned() && m.Status.IsUnknown() }

// planRest marks in a plan that something remains to be done about a group that an earlier apply switched: to start its
// servers, and to record how it came there.
func (m *failoverModel) planRest(group sdrs.Group) {
	m.Status = types.StringValue(string(group.Status))
	m.LastFailover = types.ObjectUnknown(lastFailoverTypes)
}

// planSwitch marks in a plan what a switch to the wanted site changes: the site is known, the outcome is not.
func (m *failoverModel) planSwitch() {
	m.Status = types.StringUnknown()
	m.LastFailover = types.ObjectUnknown(lastFailoverTypes)
	m.activate(m.station())
}

// planPossibleSwitch marks in a plan what a switch would change, where it depends on values that are not known yet
// whether there is one.
func (m *failoverModel) planPossibleSwitch() {
	m.Status = types.StringUnknown()
	m.LastFailover = types.ObjectUnknown(lastFailoverTypes)
	m.ActiveSite = types.StringUnknown()
	m.ActiveAvailabilityZone = types.StringUnknown()
	m.StandbyAvailabilityZone = types.StringUnknown()
}

// finish stores the result of a switch over the plan for it. What the plan promised stays: a name or a status that
// has changed since shows at the next refresh.
func (m *failoverModel) finish(result failover.Result, prior types.Object) {
	planned := *m
	m.fromAPI(result.Group)
	tfkit.Keep(&m.Name, planned.Name)
	tfkit.Keep(&m.Status, planned.Status)
	tfkit.Keep(&m.ActiveAvailabilityZone, planned.ActiveAvailabilityZone)
	tfkit.Keep(&m.StandbyAvailabilityZone, planned.StandbyAvailabilityZone)
	tfkit.Keep(&m.SourceAvailabilityZone, planned.SourceAvailabilityZone)
	tfkit.Keep(&m.TargetAvailabilityZone, planned.TargetAvailabilityZone)
	m.LastFailover = prior
	if result.Acted() {
		m.LastFailover = lastFailover(result)
	}
}

func lastFailover(result failover.Result) types.Object {
	job := types.StringNull()
	if result.JobID != "" {
		job = types.StringValue(result.JobID)
	}
	return types.ObjectValueMust(lastFailoverTypes, map[string]attr.Value{
		"job_id":           job,
		"from":             types.StringValue(string(result.From)),
		"to":               types.StringValue(string(result.Group.PriorityStation)),
		"started_at":       types.StringValue(result.StartedAt.UTC().Format(time.RFC3339)),
		"finished_at":      types.StringValue(result.FinishedAt.UTC().Format(time.RFC3339)),
		"duration_seconds": types.Int64Value(int64(result.FinishedAt.Sub(result.StartedAt).Round(time.Second).Seconds())),
	})
}

// noFailover is last_failover before the first switch.
func noFailover() types.Object { return types.ObjectNull(lastFailoverTypes) }
