// Package protectedinstance is servers and their replicas in Terraform.
package protectedinstance

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

type protectedInstancesModel struct {
	tfkit.Filters

	ProtectionGroupID types.String             `tfsdk:"protection_group_id"`
	Instances         []protectedInstanceModel `tfsdk:"protected_instances"`
}

type protectedInstanceModel struct {
	ID                types.String              `tfsdk:"id"`
	Name              types.String              `tfsdk:"name"`
	Description       types.String              `tfsdk:"description"`
	ProtectionGroupID types.String              `tfsdk:"protection_group_id"`
	Status            types.String              `tfsdk:"status"`
	Progress          types.Int64               `tfsdk:"progress"`
	ActiveSite        types.String              `tfsdk:"active_site"`
	ActiveServerID    types.String              `tfsdk:"active_server_id"`
	SourceServerID    types.String              `tfsdk:"source_server_id"`
	TargetServerID    types.String              `tfsdk:"target_server_id"`
	Attachments       []instanceAttachmentModel `tfsdk:"attachments"`
	Tags              map[string]string         `tfsdk:"tags"`
	Frozen            types.Bool                `tfsdk:"frozen"`
	CreatedAt         types.String              `tfsdk:"created_at"`
	UpdatedAt         types.String              `tfsdk:"updated_at"`
}

type instanceAttachmentModel struct {
	ReplicationPairID types.String `tfsdk:"replication_pair_id"`
	Device            types.String `tfsdk:"device"`
}

func fromAPI(instance sdrs.ProtectedInstance) protectedInstanceModel {
	model := protectedInstanceModel{
		ID:                tfkit.OrNull(instance.ID),
		Name:              tfkit.OrNull(instance.Name),
		Description:       types.StringPointerValue(instance.Description),
		ProtectionGroupID: tfkit.OrNull(instance.GroupID),
		Status:            tfkit.OrNull(instance.Status),
		Progress:          types.Int64Value(int64(instance.Progress)),
		ActiveSite:        tfkit.OrNull(instance.PriorityStation),
		SourceServerID:    tfkit.OrNull(instance.SourceServer),
		TargetServerID:    tfkit.OrNull(instance.TargetServer),
		Attachments: tfkit.Each(instance.Attachments, func(attachment sdrs.InstanceAttachment) instanceAttachmentModel {
			return instanceAttachmentModel{
				ReplicationPairID: tfkit.OrNull(attachment.ReplicationPair), Device: tfkit.OrNull(attachment.Device),
			}
		}),
		Frozen:    types.BoolValue(instance.Frozen()),
		CreatedAt: tfkit.Timestamp(instance.CreatedAt),
		UpdatedAt: tfkit.Timestamp(instance.UpdatedAt),
	}
	if instance.PriorityStation.Valid() {
		model.ActiveServerID = tfkit.OrNull(instance.Server(instance.PriorityStation))
	}
	if instance.Tags != nil {
		model.Tags = map[string]string{}
	}
	for _, tag := range instance.Tags {
		model.Tags[tag.Key] = tag.Value
	}
	return model
}

// NewDataSources returns sdrs_protected_instances: servers and their replicas (GET protected-instances).
func NewDataSources() datasource.DataSource {
	attributes := tfkit.FilterAttributes("protected instances", sdrs.InstanceStatuses,
		"in an abnormal status (`status_abnormal`)", sdrs.InstanceQueryTypes)
	attributes["protection_group_id"] = tfkit.OfGroup("Only protected instances of the protection group with this id. " +
		"Default: all.")
	attributes["protected_instances"] = tfkit.ReportedList(
		"The protected instances, in the order of the API.",
		instanceAttributes(),
	)
	return tfkit.DataSource[protectedInstancesModel]{
		Name: "protected_instances",
		Description: "Lists SDRS protected instances, servers with their replicas: all of the project, or those that match " +
			"every argument.",
		Attributes: attributes,
		Fill: tfkit.Listing(instances, func(ctx context.Context, client *sdrs.Client, model *protectedInstancesModel) error {
			instances, err := client.ProtectedInstances(ctx, sdrs.ProtectedInstanceFilter{
				GroupID:                model.ProtectionGroupID.ValueString(),
				Name:                   model.Name.ValueString(),
				Status:                 sdrs.Status(model.Status.ValueString()),
				ActiveAvailabilityZone: model.ActiveAvailabilityZone.ValueString(),
				QueryType:              model.QueryType.ValueString(),
			})
			model.Instances = tfkit.Each(instances, fromAPI)
			return err
		}),
	}.New()
}

// instanceAttributes are the attributes of [protectedInstanceModel].
func instanceAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                  tfkit.Reported("The id of the protected instance."),
		"name":                tfkit.Reported("The name of the protected instance."),
		"description":         tfkit.Reported("The description of the protected instance; null where it has none."),
		"protection_group_id": tfkit.Reported("The id of its protection group."),
		"status": tfkit.Reported("The status of the protected instance, for example `protected`; `invalid` where a server " +
			"was deleted, `fault` where a replication pair does not synchronize as it should."),
		"progress":         tfkit.ReportedNumber("The progress of the synchronization, in percent."),
		"active_site":      tfkit.Reported("The active site, `source` or `target`."),
		"active_server_id": tfkit.Reported("The id of the server at the active site."),
		"source_server_id": tfkit.Reported("The id of the server at the site `source`. It never changes."),
		"target_server_id": tfkit.Reported("The id of the server at the site `target`. It never changes."),
		"attachments": tfkit.ReportedList("The replication pairs that are attached.", map[string]schema.Attribute{
			"replication_pair_id": tfkit.Reported("The id of the replication pair."),
			"device":              tfkit.Reported("The name of the device, for example `/dev/vda`."),
		}),
		"tags": schema.MapAttribute{
			MarkdownDescription: "The tags of the protected instance.",
			Computed:            true,
			ElementType:         types.StringType,
		},
		"frozen":     tfkit.ReportedFlag("Whether the cloud has frozen the servers, for example for unpaid bills."),
		"created_at": tfkit.Reported("When the protected instance was created, RFC 3339 in UTC."),
		"updated_at": tfkit.Reported("When the protected instance was last changed, RFC 3339 in UTC."),
	}
}
