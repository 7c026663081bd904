package replicationpair

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

type dataSourceModel struct {
	replicationPairModel

	VolumeID types.String `tfsdk:"volume_id"`
}

// NewDataSource returns sdrs_replication_pair: one pair, by its id (GET replications/{id}) or one of its disks (GET
// replications).
func NewDataSource() datasource.DataSource {
	attributes := pairAttributes()
	attributes["id"] = schema.StringAttribute{
		MarkdownDescription: "The id of the replication pair, a UUID. Exactly one of `id` and `volume_id` must be set.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{tfkit.UUID("must be the id of a replication pair, a UUID")},
	}
	attributes["volume_id"] = schema.StringAttribute{
		MarkdownDescription: "The id of a disk, a UUID: the pair is the one that has it, at either site. Exactly one of " +
			"`id` and `volume_id` must be set.",
		Optional:   true,
		Validators: []validator.String{tfkit.UUID("must be the id of a disk, a UUID")},
	}
	return tfkit.DataSource[dataSourceModel]{
		Name:        "replication_pair",
		Description: "Reads one SDRS replication pair, a disk with its replica, by its id or one of its disks.",
		Attributes:  attributes,
		Validators: []datasource.ConfigValidator{
			datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("volume_id")),
		},
		Fill: func(ctx context.Context, services *tfkit.Services, model *dataSourceModel) diag.Diagnostic {
			id := model.ID.ValueString()
			if disk := model.VolumeID.ValueString(); disk != "" {
				pairs, err := withDisk(ctx, services.SDRS, disk)
				if err != nil {
					return tfkit.Unlistable(subject, err)
				}
				if len(pairs) == 0 {
					report := tfkit.Say(fmt.Sprintf("No replication pair has the disk %s.", disk),
						"Check volume_id, and the region and project (tenant_name) of the provider.")
					return report.On(path.Root("volume_id"), diagnostic.NotFound.Of(tfkit.ReplicationPair))
				}
				id = pairs[0].ID
			}
			pair, err := services.SDRS.ReplicationPair(ctx, id)
			if err != nil {
				return tfkit.UnreadableNoun(tfkit.ReplicationPair, "id", id, err)
			}
			model.replicationPairModel = fromAPI(pair)
			return nil
		},
	}.New()
}
