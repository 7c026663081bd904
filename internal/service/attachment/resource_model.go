package attachment

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// resourceModel is the resource sdrs_replication_pair_attachment in configuration, plan, and state.
type resourceModel struct {
	ID                  types.String   `tfsdk:"id"`
	ProtectedInstanceID types.String   `tfsdk:"protected_instance_id"`
	ReplicationPairID   types.String   `tfsdk:"replication_pair_id"`
	Device              types.String   `tfsdk:"device"`
	ProtectionGroupID   types.String   `tfsdk:"protection_group_id"`
	Status              types.String   `tfsdk:"status"`
	Timeouts            timeouts.Value `tfsdk:"timeouts"`
}

// statusAttached is the status of a pair that is where it should be, in whatever status it is of itself.
const statusAttached = "attached"

// identify stores the id, which the other two make up.
func (m *resourceModel) identify() {
	m.ID = types.StringValue(m.ProtectedInstanceID.ValueString() + "/" + m.ReplicationPairID.ValueString())
}

// fromAPI stores what the API reports of the pair. What the configuration says otherwise, such as the family of the
// device's name, is the same, and stays.
func (m *resourceModel) fromAPI(pair sdrs.ReplicationPair) {
	instanceID, pairID, _ := strings.Cut(m.ID.ValueString(), "/")
	if m.ProtectedInstanceID.IsNull() {
		m.ProtectedInstanceID = types.StringValue(instanceID)
	}
	if m.ReplicationPairID.IsNull() {
		m.ReplicationPairID = types.StringValue(pairID)
	}
	m.ProtectionGroupID = tfkit.SameID(m.ProtectionGroupID, types.StringValue(pair.GroupID))
	if device, attached := pair.DeviceAt(instanceID); attached && !sameDevice(m.Device.ValueString(), device) {
		m.Device = types.StringValue(device)
	}
	status := statusAttached
	switch found := statusOf(pair, instanceID); found {
	case sdrs.StatusCreating, sdrs.StatusError, sdrs.StatusDeleting, sdrs.StatusErrorDeleting:
		status = string(pair.Status)
	default:
	}
	m.Status = types.StringValue(status)
}

// devices are names of devices: a family, and the letter that counts.
var devices = regexp.MustCompile(`^/dev/(?:s|v|xv)d([a-z]+)$`)

// letter is what counts of the name of a device; the hypervisor has its own family of names.
func letter(device string) string {
	if parts := devices.FindStringSubmatch(device); parts != nil {
		return parts[1]
	}
	return device
}

func sameDevice(one, other string) bool { return letter(one) == letter(other) }

// report begins a report with the facts about the attachment.
func (m *resourceModel) report() *tfkit.Report {
	r := &tfkit.Report{}
	r.Object = cmp.Or(m.ID.ValueString(), m.ReplicationPairID.ValueString())
	r.Fact("Protected instance", m.ProtectedInstanceID.ValueString())
	r.Fact("Replication pair", m.ReplicationPairID.ValueString())
	r.Fact("Device", m.Device.ValueString())
	r.Fact("Status", m.Status.ValueString())
	r.Fact("Protection group", m.ProtectionGroupID.ValueString())
	return r
}
