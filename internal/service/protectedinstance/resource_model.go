package protectedinstance

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// resourceModel is the resource sdrs_protected_instance in configuration, plan, and state.
type resourceModel struct {
	ID                 types.String   `tfsdk:"id"`
	ProtectionGroupID  types.String   `tfsdk:"protection_group_id"`
	ServerID           types.String   `tfsdk:"server_id"`
	Name               types.String   `tfsdk:"name"`
	Description        types.String   `tfsdk:"description"`
	PrimarySubnetID    types.String   `tfsdk:"primary_subnet_id"`
	PrimaryIPAddress   types.String   `tfsdk:"primary_ip_address"`
	FlavorID           types.String   `tfsdk:"flavor_id"`
	Tags               types.Map      `tfsdk:"tags"`
	DeleteTargetServer types.Bool     `tfsdk:"delete_target_server"`
	DeleteTargetEIP    types.Bool     `tfsdk:"delete_target_eip"`
	SourceServerID     types.String   `tfsdk:"source_server_id"`
	TargetServerID     types.String   `tfsdk:"target_server_id"`
	ActiveServerID     types.String   `tfsdk:"active_server_id"`
	Status             types.String   `tfsdk:"status"`
	ActiveSite         types.String   `tfsdk:"active_site"`
	ReplicationPairs   types.List     `tfsdk:"replication_pairs"`
	CreatedAt          types.String   `tfsdk:"created_at"`
	UpdatedAt          types.String   `tfsdk:"updated_at"`
	Timeouts           timeouts.Value `tfsdk:"timeouts"`
}

// sites are those of the disks of the replication pairs, as far as known.
func (m *resourceModel) sites() map[string]sdrs.Station {
	sites := map[string]sdrs.Station{}
	for _, pair := range m.ReplicationPairs.Elements() {
		object, _ := pair.(types.Object)
		for site, attribute := range map[sdrs.Station]string{
			sdrs.Source: "source_volume_id", sdrs.Target: "target_volume_id",
		} {
			if id, _ := object.Attributes()[attribute].(types.String); id.ValueString() != "" {
				sites[cloud.CanonicalID(id.ValueString())] = site
			}
		}
	}
	return sites
}

// fromAPI stores what the API reports of the instance. What the configuration says otherwise, such as the id of the
// server at the other site, is the same, and stays. An import takes all tags, and keeps what it can't read.
func (m *resourceModel) fromAPI(o observation) {
	imported := m.Name.IsNull()
	reported := fromAPI(o.ProtectedInstance)
	if m.SourceServerID.Equal(reported.TargetServerID) && m.TargetServerID.Equal(reported.SourceServerID) {
		// No server changes its site. That the API may call production the source, after a switch, is not documented, nor
		// ruled out.
		reported.SourceServerID, reported.TargetServerID = m.SourceServerID, m.TargetServerID
		if reported.ActiveServerID.Equal(m.SourceServerID) {
			reported.ActiveServerID = m.TargetServerID
		} else if reported.ActiveServerID.Equal(m.TargetServerID) {
			reported.ActiveServerID = m.SourceServerID
		}
	}
	m.ID = tfkit.SameID(m.ID, reported.ID)
	m.ProtectionGroupID = tfkit.SameID(m.ProtectionGroupID, reported.ProtectionGroupID)
	if !m.hasServer(reported.SourceServerID) && !m.hasServer(reported.TargetServerID) {
		m.ServerID = reported.SourceServerID
	}
	m.Name, m.Description = reported.Name, reported.Description
	if m.Description.ValueString() == "" {
		m.Description = types.StringNull()
	}
	m.SourceServerID, m.TargetServerID, m.ActiveServerID = reported.SourceServerID, reported.TargetServerID,
		reported.ActiveServerID
	m.Status, m.ActiveSite = reported.Status, reported.ActiveSite
	m.ReplicationPairs = o.pairs()
	m.CreatedAt, m.UpdatedAt = reported.CreatedAt, reported.UpdatedAt
	switch {
	case imported && len(reported.Tags) > 0:
		m.setTags(reported.Tags)
	case !imported && !m.Tags.IsNull() && reported.Tags != nil:
		own := m.tags()
		maps.DeleteFunc(reported.Tags, func(key, _ string) bool { _, found := own[key]; return !found })
		m.setTags(reported.Tags)
	}
	for _, flag := range []*types.Bool{&m.DeleteTargetServer, &m.DeleteTargetEIP} {
		if flag.IsNull() {
			*flag = types.BoolValue(false)
		}
	}
}

func (m *resourceModel) hasServer(id types.String) bool {
	return id.ValueString() != "" && cloud.SameID(m.ServerID.ValueString(), id.ValueString())
}

// tags are those of the configuration. One without a value has an empty one.
func (m *resourceModel) tags() map[string]string {
	tags := map[string]string{}
	for key, value := range m.Tags.Elements() {
		text, _ := value.(types.String)
		tags[key] = text.ValueString()
	}
	return tags
}

func (m *resourceModel) setTags(tags map[string]string) {
	values := map[string]attr.Value{}
	for key, value := range tags {
		values[key] = types.StringValue(value)
	}
	m.Tags = types.MapValueMust(types.StringType, values)
}

// observations are the attributes that the API alone knows, beside the replication pairs.
func (m *resourceModel) observations() []*types.String {
	return []*types.String{
		&m.ID, &m.SourceServerID, &m.TargetServerID, &m.ActiveServerID, &m.Status, &m.ActiveSite, &m.CreatedAt, &m.UpdatedAt,
	}
}

// accepted stores an instance that is known by its id alone: it is being created.
func (m *resourceModel) accepted(id string) {
	for _, value := range m.observations() {
		if value.IsUnknown() {
			*value = types.StringNull()
		}
	}
	m.ReplicationPairs = types.ListNull(pairType)
	m.ID, m.Status = tfkit.OrNull(id), types.StringValue(string(sdrs.StatusCreating))
}

// keepLeftovers has a deletion leave all behind: what is tainted takes nothing with it that nobody asked for.
func (m *resourceModel) keepLeftovers() {
	m.DeleteTargetServer, m.DeleteTargetEIP = types.BoolValue(false), types.BoolValue(false)
}

// keep puts what a plan promised in place of what there is: the group may have been switched meanwhile, and the next
// refresh tells.
func (m *resourceModel) keep(promised resourceModel) {
	for i, value := range m.observations() {
		tfkit.Keep(value, *promised.observations()[i])
	}
	if !promised.ReplicationPairs.IsUnknown() {
		m.ReplicationPairs = promised.ReplicationPairs
	}
	m.Name, m.Description, m.ServerID, m.Tags = promised.Name, promised.Description, promised.ServerID, promised.Tags
}

// tagsAtOnce is how many tags a creation takes at most, as documented.
const tagsAtOnce = 10

// toAPI returns the arguments of a creation, with as many tags as it takes.
func (m *resourceModel) toAPI() sdrs.InstanceArguments {
	tags := m.sortedTags()
	return sdrs.InstanceArguments{
		GroupID: m.ProtectionGroupID.ValueString(), ServerID: m.ServerID.ValueString(),
		Name: m.Name.ValueString(), Description: m.Description.ValueString(),
		PrimarySubnetID: m.PrimarySubnetID.ValueString(), PrimaryIPAddress: m.PrimaryIPAddress.ValueString(),
		FlavorID: m.FlavorID.ValueString(), Tags: tags[:min(len(tags), tagsAtOnce)],
	}
}

func (m *resourceModel) sortedTags() []sdrs.Tag {
	tags := m.tags()
	sorted := []sdrs.Tag{}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		sorted = append(sorted, sdrs.Tag{Key: key, Value: tags[key]})
	}
	return sorted
}

// leftovers is what a deletion takes with it.
func (m *resourceModel) leftovers() sdrs.InstanceLeftovers {
	return sdrs.InstanceLeftovers{TargetServer: m.DeleteTargetServer.ValueBool(), TargetEIP: m.DeleteTargetEIP.ValueBool()}
}

// observed returns the instance, for reports. Of its pairs it has the number.
func (m *resourceModel) observed() sdrs.ProtectedInstance {
	return sdrs.ProtectedInstance{
		ID: m.ID.ValueString(), Name: m.Name.ValueString(), GroupID: m.ProtectionGroupID.ValueString(),
		Status: sdrs.Status(m.Status.ValueString()), PriorityStation: sdrs.Station(m.ActiveSite.ValueString()),
		SourceServer: m.SourceServerID.ValueString(), TargetServer: m.TargetServerID.ValueString(),
		Attachments: make([]sdrs.InstanceAttachment, len(m.ReplicationPairs.Elements())),
	}
}
