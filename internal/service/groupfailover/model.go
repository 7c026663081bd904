package groupfailover

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// failoverModel is sdrs_protection_group_failover in configuration, plan, and state.
type failoverModel struct {
	ProtectionGroupID        types.String         `tfsdk:"protection_group_id"`
	PriorityStation          types.String         `tfsdk:"priority_station"`
	PriorityAvailabilityZone types.String         `tfsdk:"priority_availability_zone"`
	SwitchOnCreate           types.Bool           `tfsdk:"switch_on_create"`
	CorrectDrift             types.Bool           `tfsdk:"correct_drift"`
	StopServers              types.Bool           `tfsdk:"stop_servers"`
	ForceStopAfter           timetypes.GoDuration `tfsdk:"force_stop_after"`
	StartServers             types.Bool           `tfsdk:"start_servers"`
	RequireAllChecks         types.Bool           `tfsdk:"require_all_checks"`
	RecoveryTimeObjective    timetypes.GoDuration `tfsdk:"recovery_time_objective"`
	ID                       types.String         `tfsdk:"id"`
	Name                     types.String         `tfsdk:"name"`
	Status                   types.String         `tfsdk:"status"`
	ActiveSite               types.String         `tfsdk:"active_site"`
	ActiveAvailabilityZone   types.String         `tfsdk:"active_availability_zone"`
	StandbyAvailabilityZone  types.String         `tfsdk:"standby_availability_zone"`
	SourceAvailabilityZone   types.String         `tfsdk:"source_availability_zone"`
	TargetAvailabilityZone   types.String         `tfsdk:"target_availability_zone"`
	LastFailover             types.Object         `tfsdk:"last_failover"`
	Timeouts                 timeouts.Value       `tfsdk:"timeouts"`
}

var lastFailoverTypes = map[string]attr.Type{
	"job_id":                    types.StringType,
	"from":                      types.StringType,
	"from_availability_zone":    types.StringType,
	"to":                        types.StringType,
	"to_availability_zone":      types.StringType,
	"servers_stop_requested_at": types.StringType,
	"requested_at":              types.StringType,
	"job_finished_at":           types.StringType,
	"verified_at":               types.StringType,
	"servers_active_at":         types.StringType,
	"duration_seconds":          types.Int64Type,
	"downtime_seconds":          types.Int64Type,
}

// station returns the wanted site.
func (m *failoverModel) station() sdrs.Station { return sdrs.Station(m.PriorityStation.ValueString()) }

// locate completes priority_station, in a plan, where the site is named by its availability zone.
func (m *failoverModel) locate(group sdrs.Group) diag.Diagnostic {
	switch {
	case m.PriorityAvailabilityZone.IsNull():
		return nil
	case m.PriorityAvailabilityZone.IsUnknown():
		m.PriorityStation = types.StringUnknown()
		return nil
	}
	station, problem := tfkit.StationIn(group, m.PriorityAvailabilityZone.ValueString())
	m.PriorityStation = types.StringValue(string(station))
	return problem
}

// siteArgument returns the argument that names the wanted site.
func (m *failoverModel) siteArgument() string {
	if m.PriorityAvailabilityZone.IsNull() {
		return tfkit.StationArgument
	}
	return tfkit.ZoneArgument
}

// names returns how this configuration would name a site of the group.
func (m *failoverModel) names(group sdrs.Group, station sdrs.Station) string {
	value := string(station)
	if m.siteArgument() == tfkit.ZoneArgument {
		value = group.AvailabilityZone(station)
	}
	return fmt.Sprintf("%s = %q", m.siteArgument(), value)
}

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
	m.SwitchOnCreate, m.CorrectDrift = types.BoolValue(false), types.BoolValue(false)
	m.StopServers, m.StartServers = types.BoolValue(false), types.BoolValue(false)
	m.RequireAllChecks = types.BoolValue(false)
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

// activate stores station as the active site; it may be neither, of a group whose creation failed.
func (m *failoverModel) activate(station sdrs.Station) {
	group := m.toAPI()
	m.ActiveSite = tfkit.OrNull(station)
	m.ActiveAvailabilityZone, m.StandbyAvailabilityZone = types.StringNull(), types.StringNull()
	if station.Valid() {
		m.ActiveAvailabilityZone = types.StringValue(group.AvailabilityZone(station))
		m.StandbyAvailabilityZone = types.StringValue(group.AvailabilityZone(station.Other()))
	}
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

// work is what a plan says is to be done about a group. The plan has no place for it but which of the values that the
// API reports are unknown: encoded by plan, and decoded by planned.
type work int

const (
	// nothing is to be done.
	nothing work = iota
	// completion is what remains of a switch by an earlier apply: to start the servers, and to record how it came there.
	completion
	// possibleSwitch is a switch that depends on values which are not known yet.
	possibleSwitch
	// siteSwitch is a switch to the wanted site: the site is known, the outcome is not.
	siteSwitch
)

// plan marks in a plan what is to be done.
func (m *failoverModel) plan(todo work) {
	if todo == nothing {
		return
	}
	m.LastFailover = types.ObjectUnknown(lastFailoverTypes)
	if todo == completion {
		return
	}
	m.Status = types.StringUnknown()
	if todo == siteSwitch {
		m.activate(m.station())
		return
	}
	m.ActiveSite = types.StringUnknown()
	m.ActiveAvailabilityZone = types.StringUnknown()
	m.StandbyAvailabilityZone = types.StringUnknown()
}

// planned returns what the plan says is to be done.
func (m *failoverModel) planned() work {
	switch {
	case !m.LastFailover.IsUnknown():
		return nothing
	case !m.Status.IsUnknown():
		return completion
	case m.ActiveSite.IsUnknown():
		return possibleSwitch
	}
	return siteSwitch
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
		m.LastFailover = lastFailover(failover.NewRecord(failover.PlannedFailover(m.station()), result, nil))
	}
}

func lastFailover(record failover.Record) types.Object {
	return types.ObjectValueMust(lastFailoverTypes, map[string]attr.Value{
		"job_id":                    types.StringPointerValue(record.JobID),
		"from":                      types.StringPointerValue(record.From),
		"from_availability_zone":    types.StringPointerValue(record.FromAvailabilityZone),
		"to":                        types.StringPointerValue(record.To),
		"to_availability_zone":      types.StringPointerValue(record.ToAvailabilityZone),
		"servers_stop_requested_at": types.StringPointerValue(record.ServersStopRequestedAt),
		"requested_at":              types.StringPointerValue(record.RequestedAt),
		"job_finished_at":           types.StringPointerValue(record.JobFinishedAt),
		"verified_at":               types.StringPointerValue(record.VerifiedAt),
		"servers_active_at":         types.StringPointerValue(record.ServersActiveAt),
		"duration_seconds":          types.Int64PointerValue(record.DurationSeconds),
		"downtime_seconds":          types.Int64PointerValue(record.DowntimeSeconds),
	})
}

// noFailover is last_failover before the first switch.
func noFailover() types.Object { return types.ObjectNull(lastFailoverTypes) }
