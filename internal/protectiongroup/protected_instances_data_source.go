package protectiongroup

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

// ProtectedInstancesDataSource is sdrs_protected_instances: servers and their replicas (GET protected-instances).
type ProtectedInstancesDataSource struct{ dataSource }

var _ datasource.DataSourceWithConfigure = (*ProtectedInstancesDataSource)(nil)

// NewProtectedInstancesDataSource returns the data source before its configuration.
func NewProtectedInstancesDataSource() datasource.DataSource {
	return &ProtectedInstancesDataSource{dataSource{name: "protected_instances"}}
}

type protectedInstancesModel struct {
	filters

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

func newProtectedInstanceModel(instance sdrs.ProtectedInstance) protectedInstanceModel {
	model := protectedInstanceModel{
		ID:                orNull(instance.ID),
		Name:              orNull(instance.Name),
		Description:       types.StringPointerValue(instance.Description),
		ProtectionGroupID: orNull(instance.GroupID),
		Status:            orNull(instance.Status),
		Progress:          types.Int64Value(int64(instance.Progress)),
		ActiveSite:        orNull(instance.PriorityStation),
		SourceServerID:    orNull(instance.SourceServer),
		TargetServerID:    orNull(instance.TargetServer),
		Attachments: each(instance.Attachments, func(attachment sdrs.InstanceAttachment) instanceAttachmentModel {
			return instanceAttachmentModel{ReplicationPairID: orNull(attachment.ReplicationPair), Device: orNull(attachment.Device)}
		}),
		Frozen:    types.BoolValue(instance.Frozen()),
		CreatedAt: timestamp(instance.CreatedAt),
		UpdatedAt: timestamp(instance.UpdatedAt),
	}
	if instance.PriorityStation.Valid() {
		model.ActiveServerID = orNull(instance.Server(instance.PriorityStation))
	}
	if instance.Tags != nil {
		model.Tags = map[string]string{}
	}
	for _, tag := range instance.Tags {
		model.Tags[tag.Key] = tag.Value
	}
	return model
}

// Schema returns the schema of sdrs_protected_instances.
func (d *ProtectedInstancesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := filterAttributes("protected instances", sdrs.InstanceStatuses,
		"in an abnormal status (`status_abnormal`)", sdrs.InstanceQueryTypes)
	attributes["protection_group_id"] = ofGroup("Only protected instances of the protection group with this id. Default: all.")
	attributes["protected_instances"] = reportedList("The protected instances, in the order of the API.", map[string]schema.Attribute{
		"id":                  reported("The id of the protected instance."),
		"name":                reported("The name of the protected instance."),
		"description":         reported("The description of the protected instance; null where it has none."),
		"protection_group_id": reported("The id of its protection group."),
		"status": reported("The status of the protected instance, for example `protected`; `invalid` where a server was deleted, " +
			"`fault` where a replication pair does not synchronize as it should."),
		"progress":         reportedNumber("The progress of the synchronization, in percent."),
		"active_site":      reported("The site that is in production, `source` or `target`."),
		"active_server_id": reported("The id of the server at the site that is in production."),
		"source_server_id": reported("The id of the server at the site `source`. It never changes."),
		"target_server_id": reported("The id of the server at the site `target`. It never changes."),
		"attachments": reportedList("The replication pairs that are attached.", map[string]schema.Attribute{
			"replication_pair_id": reported("The id of the replication pair."),
			"device":              reported("The name of the device, for example `/dev/vda`."),
		}),
		"tags": schema.MapAttribute{
			MarkdownDescription: "The tags of the protected instance.",
			Computed:            true,
			ElementType:         types.StringType,
		},
		"frozen":     reportedFlag("Whether the cloud has frozen the servers, for example for unpaid bills."),
		"created_at": reported("When the protected instance was created, RFC 3339 in UTC."),
		"updated_at": reported("When the protected instance was last changed, RFC 3339 in UTC."),
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists SDRS protected instances, servers with their replicas: all of the project, or those that match " +
			"every argument.",
		Attributes: attributes,
	}
}

// Read lists the protected instances.
func (d *ProtectedInstancesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	read(ctx, d.dataSource, req, resp, func(ctx context.Context, client *sdrs.Client, model *protectedInstancesModel) diag.Diagnostic {
		instances, err := client.ProtectedInstances(ctx, sdrs.ProtectedInstanceFilter{
			GroupID:                model.ProtectionGroupID.ValueString(),
			Name:                   model.Name.ValueString(),
			Status:                 sdrs.Status(model.Status.ValueString()),
			ActiveAvailabilityZone: model.ActiveAvailabilityZone.ValueString(),
			QueryType:              model.QueryType.ValueString(),
		})
		if err != nil {
			return unlistable(diagnostic.ProtectedInstances, err)
		}
		model.Instances = each(instances, newProtectedInstanceModel)
		return nil
	})
}
