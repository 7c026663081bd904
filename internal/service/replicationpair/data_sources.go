// Package replicationpair is disks and their replicas in Terraform.
package replicationpair

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

type replicationPairsModel struct {
	tfkit.Filters

	ProtectionGroupID   types.String           `tfsdk:"protection_group_id"`
	ProtectedInstanceID types.String           `tfsdk:"protected_instance_id"`
	Pairs               []replicationPairModel `tfsdk:"replication_pairs"`
}

type replicationPairModel struct {
	ID                types.String          `tfsdk:"id"`
	Name              types.String          `tfsdk:"name"`
	Description       types.String          `tfsdk:"description"`
	ProtectionGroupID types.String          `tfsdk:"protection_group_id"`
	Status            types.String          `tfsdk:"status"`
	Progress          types.Int64           `tfsdk:"progress"`
	ReplicationModel  types.String          `tfsdk:"replication_model"`
	ReplicationStatus types.String          `tfsdk:"replication_status"`
	FaultLevel        types.String          `tfsdk:"fault_level"`
	FailureDetail     types.String          `tfsdk:"failure_detail"`
	ActiveSite        types.String          `tfsdk:"active_site"`
	VolumeIDs         []string              `tfsdk:"volume_ids"`
	VolumeSize        types.Int64           `tfsdk:"volume_size"`
	VolumeType        types.String          `tfsdk:"volume_type"`
	Bootable          types.Bool            `tfsdk:"bootable"`
	MultiAttach       types.Bool            `tfsdk:"multiattach"`
	Attachments       []pairAttachmentModel `tfsdk:"attachments"`
	CreatedAt         types.String          `tfsdk:"created_at"`
	UpdatedAt         types.String          `tfsdk:"updated_at"`
}

type pairAttachmentModel struct {
	ProtectedInstanceID types.String `tfsdk:"protected_instance_id"`
	Device              types.String `tfsdk:"device"`
}

func fromAPI(pair sdrs.ReplicationPair) replicationPairModel {
	model := replicationPairModel{
		ID:                tfkit.OrNull(pair.ID),
		Name:              tfkit.OrNull(pair.Name),
		Description:       types.StringPointerValue(pair.Description),
		ProtectionGroupID: tfkit.OrNull(pair.GroupID),
		Status:            tfkit.OrNull(pair.Status),
		Progress:          types.Int64Value(int64(pair.Progress)),
		ReplicationModel:  tfkit.OrNull(pair.ReplicationModel),
		ReplicationStatus: tfkit.OrNull(pair.ReplicationStatus),
		FaultLevel:        tfkit.OrNull(pair.FaultLevel),
		FailureDetail:     types.StringPointerValue(pair.FailureDetail),
		ActiveSite:        tfkit.OrNull(pair.PriorityStation),
		VolumeIDs:         slices.Compact(slices.Sorted(slices.Values(pair.VolumeIDs()))),
		Attachments: tfkit.Each(pair.Attachments, func(attachment sdrs.PairAttachment) pairAttachmentModel {
			return pairAttachmentModel{
				ProtectedInstanceID: tfkit.OrNull(attachment.ProtectedInstance), Device: tfkit.OrNull(attachment.Device),
			}
		}),
		CreatedAt: tfkit.Timestamp(pair.CreatedAt),
		UpdatedAt: tfkit.Timestamp(pair.UpdatedAt),
	}
	if disks := pair.RecordMetadata; disks != nil {
		model.VolumeSize = types.Int64Value(int64(disks.VolumeSize))
		model.VolumeType = tfkit.OrNull(disks.VolumeType)
		model.Bootable = types.BoolValue(disks.Bootable)
		model.MultiAttach = types.BoolValue(disks.MultiAttach)
	}
	return model
}

// NewDataSources returns sdrs_replication_pairs: disks and their replicas (GET replications).
func NewDataSources() datasource.DataSource {
	attributes := tfkit.FilterAttributes("replication pairs", sdrs.PairStatuses,
		"in an abnormal status (`status_abnormal`)", sdrs.PairQueryTypes)
	attributes["protection_group_id"] = tfkit.OfGroup("Only replication pairs of the protection group with this id. " +
		"Default: all.")
	attributes["protected_instance_id"] = schema.StringAttribute{
		MarkdownDescription: "Only replication pairs that are attached to the protected instance with this id. Default: all.",
		Optional:            true,
		Validators:          []validator.String{tfkit.UUID("must be the id of a protected instance, a UUID")},
	}
	attributes["replication_pairs"] = tfkit.ReportedList(
		"The replication pairs, in the order of the API.",
		pairAttributes(),
	)
	return tfkit.DataSource[replicationPairsModel]{
		Name: "replication_pairs",
		Description: "Lists SDRS replication pairs, disks with their replicas: all of the project, or those that match " +
			"every argument.",
		Attributes: attributes,
		Fill: tfkit.Listing(subject, func(ctx context.Context, client *sdrs.Client, model *replicationPairsModel) error {
			pairs, err := client.ReplicationPairs(ctx, sdrs.ReplicationPairFilter{
				GroupID:                model.ProtectionGroupID.ValueString(),
				ProtectedInstanceID:    model.ProtectedInstanceID.ValueString(),
				Name:                   model.Name.ValueString(),
				Status:                 sdrs.Status(model.Status.ValueString()),
				ActiveAvailabilityZone: model.ActiveAvailabilityZone.ValueString(),
				QueryType:              model.QueryType.ValueString(),
			})
			model.Pairs = tfkit.Each(pairs, fromAPI)
			return err
		}),
	}.New()
}

// pairAttributes are those of one replication pair.
func pairAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                  tfkit.Reported("The id of the replication pair."),
		"name":                tfkit.Reported("The name of the replication pair."),
		"description":         tfkit.Reported("The description of the replication pair; null where it has none."),
		"protection_group_id": tfkit.Reported("The id of its protection group."),
		"status": tfkit.Reported("The status of the replication pair, for example `protected`; `invalid` where a disk was " +
			"deleted, `fault` where it does not synchronize as it should."),
		"progress":          tfkit.ReportedNumber("The progress of the synchronization, in percent."),
		"replication_model": tfkit.Reported("The mode of the replication: `hypermetro`, synchronous."),
		"replication_status": tfkit.Reported("The state of the synchronization: `active` (done, where `status` is " +
			"`protected`), `inactive`, `copying`, or `active-stopped`."),
		"fault_level": tfkit.Reported("The fault of the replication pair: `0`, none; `2`, the disk at the active site " +
			"can't be read or written, so that a failover is due; `5`, the link is down, and a failover is not allowed: call " +
			"the support of Open Telekom Cloud."),
		"failure_detail": tfkit.Reported("The code of the error that the pair ended in; null otherwise."),
		"active_site":    tfkit.Reported("The active site, `source` or `target`."),
		"volume_ids": schema.SetAttribute{
			MarkdownDescription: "The ids of the two disks, without an order: the API does not say which of them is at which " +
				"site. Look for them among the disks of `source_server_id` and `target_server_id` of the protected instance.",
			Computed:    true,
			ElementType: types.StringType,
		},
		"volume_size": tfkit.ReportedNumber("The size of each disk, in GiB."),
		"volume_type": tfkit.Reported("The type of the disks, for example `SSD`, `SAS`, or `SATA`."),
		"bootable":    tfkit.ReportedFlag("Whether the disks are system disks."),
		"multiattach": tfkit.ReportedFlag("Whether the disks are shared disks."),
		"attachments": tfkit.ReportedList(
			"The protected instances that the pair is attached to.",
			map[string]schema.Attribute{
				"protected_instance_id": tfkit.Reported("The id of the protected instance."),
				"device":                tfkit.Reported("The name of the device, for example `/dev/vda`."),
			},
		),
		"created_at": tfkit.Reported("When the replication pair was created, RFC 3339 in UTC."),
		"updated_at": tfkit.Reported("When the replication pair was last changed, RFC 3339 in UTC."),
	}
}
