package drill

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// resourceModel is the resource sdrs_drill in configuration, plan, and state.
type resourceModel struct {
	ID                types.String   `tfsdk:"id"`
	ProtectionGroupID types.String   `tfsdk:"protection_group_id"`
	Name              types.String   `tfsdk:"name"`
	DrillVPCID        types.String   `tfsdk:"drill_vpc_id"`
	Status            types.String   `tfsdk:"status"`
	Servers           types.List     `tfsdk:"servers"`
	CreatedAt         types.String   `tfsdk:"created_at"`
	UpdatedAt         types.String   `tfsdk:"updated_at"`
	Timeouts          timeouts.Value `tfsdk:"timeouts"`
}

// serverType is the type of one of the servers.
var serverType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"protected_instance_id": types.StringType, "server_id": types.StringType, "name": types.StringType,
	"private_ips": types.ListType{ElemType: types.StringType},
}}

// fromAPI stores what the APIs report of the drill and its servers. The same id in another form stays as it is.
func (m *resourceModel) fromAPI(ctx context.Context, drill sdrs.Drill, servers []serverModel) {
	reported := fromAPI(drill)
	m.ID = tfkit.SameID(m.ID, reported.ID)
	m.ProtectionGroupID = tfkit.SameID(m.ProtectionGroupID, reported.ProtectionGroupID)
	m.DrillVPCID = tfkit.SameID(m.DrillVPCID, reported.DrillVPCID)
	m.Name, m.Status = reported.Name, reported.Status
	m.CreatedAt, m.UpdatedAt = reported.CreatedAt, reported.UpdatedAt
	// The conversion can't fail: the type is that of the models.
	m.Servers, _ = types.ListValueFrom(ctx, serverType, servers)
}

// servers returns the servers that are known; nil: none are.
func (m *resourceModel) servers(ctx context.Context) (servers []serverModel) {
	if !m.Servers.IsNull() && !m.Servers.IsUnknown() {
		m.Servers.ElementsAs(ctx, &servers, false)
	}
	return servers
}

// observations are the attributes that the API alone knows, beside the servers.
func (m *resourceModel) observations() []*types.String {
	return []*types.String{&m.ID, &m.DrillVPCID, &m.Status, &m.CreatedAt, &m.UpdatedAt}
}

// accepted stores a drill that is known by its id alone: it is being created.
func (m *resourceModel) accepted(id string) {
	for _, value := range m.observations() {
		if value.IsUnknown() {
			*value = types.StringNull()
		}
	}
	m.Servers = types.ListNull(serverType)
	m.ID, m.Status = tfkit.OrNull(id), types.StringValue(string(sdrs.StatusCreating))
}

// keep puts what a plan promised in place of what there is: the next refresh tells.
func (m *resourceModel) keep(promised resourceModel) {
	m.Name, m.ProtectionGroupID = promised.Name, promised.ProtectionGroupID
	for i, value := range m.observations() {
		tfkit.Keep(value, *promised.observations()[i])
	}
	if !promised.Servers.IsUnknown() {
		m.Servers = promised.Servers
	}
}

// toAPI returns the arguments of a creation.
func (m *resourceModel) toAPI() sdrs.DrillArguments {
	return sdrs.DrillArguments{
		GroupID: m.ProtectionGroupID.ValueString(), Name: m.Name.ValueString(), VPCID: m.DrillVPCID.ValueString(),
	}
}

// report begins a report with the facts about the drill.
func (m *resourceModel) report() *tfkit.Report {
	r := &tfkit.Report{}
	r.Object = m.Name.ValueString()
	r.Fact("DR drill", strings.TrimSpace(m.Name.ValueString()+" "+m.ID.ValueString()))
	r.Fact("Status", m.Status.ValueString())
	r.Fact("Protection group", m.ProtectionGroupID.ValueString())
	r.Fact("VPC", m.DrillVPCID.ValueString())
	return r
}
