package drill

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// NewDataSource returns sdrs_drill: one drill, by its id (GET disaster-recovery-drills/{id}), with what ECS knows of
// its servers (GET cloudservers/{id} for each).
func NewDataSource() datasource.DataSource {
	attributes := drillAttributes()
	attributes["id"] = schema.StringAttribute{
		MarkdownDescription: "The id of the DR drill, a UUID.",
		Required:            true,
		Validators:          []validator.String{tfkit.UUID("must be the id of a DR drill, a UUID")},
	}
	attributes["servers"] = tfkit.ReportedList(serversText, map[string]schema.Attribute{
		"protected_instance_id": tfkit.Reported(instanceText),
		"server_id":             tfkit.Reported(serverText),
		"name":                  tfkit.Reported(nameText),
		"private_ips": schema.ListAttribute{
			MarkdownDescription: ipsText, Computed: true, ElementType: types.StringType,
		},
	})
	return tfkit.DataSource[drillModel]{
		Name:        "drill",
		Description: "Reads one SDRS DR drill, by its id: its servers, with their addresses.",
		Attributes:  attributes,
		Fill: func(ctx context.Context, services *tfkit.Services, model *drillModel) diag.Diagnostic {
			id := model.ID.ValueString()
			drill, err := services.SDRS.Drill(ctx, id)
			if sdrs.IsDrillNotFound(err) {
				report := tfkit.Say(fmt.Sprintf("There is no such %s in this project.", subject.Name),
					"Check id, and the region and project (tenant_name) of the provider.")
				report.Object = id
				report.Failure(err)
				return report.On(path.Root("id"), diagnostic.NotFound.Of(subject))
			}
			if err != nil {
				return tfkit.UnreadableNoun(subject, "id", id, err)
			}
			*model = fromAPI(drill)
			address(ctx, services, model.Servers, nil)
			return nil
		},
	}.New()
}

// drillsModel is sdrs_drills.
type drillsModel struct {
	ProtectionGroupID types.String  `tfsdk:"protection_group_id"`
	Name              types.String  `tfsdk:"name"`
	Status            types.String  `tfsdk:"status"`
	DrillVPCID        types.String  `tfsdk:"drill_vpc_id"`
	Drills            []listedDrill `tfsdk:"drills"`
}

// listedDrill is a drill in a list, without what ECS knows.
type listedDrill struct {
	ID                types.String   `tfsdk:"id"`
	Name              types.String   `tfsdk:"name"`
	ProtectionGroupID types.String   `tfsdk:"protection_group_id"`
	DrillVPCID        types.String   `tfsdk:"drill_vpc_id"`
	Status            types.String   `tfsdk:"status"`
	Servers           []listedServer `tfsdk:"servers"`
	CreatedAt         types.String   `tfsdk:"created_at"`
	UpdatedAt         types.String   `tfsdk:"updated_at"`
}

type listedServer struct {
	ProtectedInstanceID types.String `tfsdk:"protected_instance_id"`
	ServerID            types.String `tfsdk:"server_id"`
}

func listed(drill sdrs.Drill) listedDrill {
	model := fromAPI(drill)
	return listedDrill{
		ID: model.ID, Name: model.Name, ProtectionGroupID: model.ProtectionGroupID, DrillVPCID: model.DrillVPCID,
		Status: model.Status,
		Servers: tfkit.Each(model.Servers, func(server serverModel) listedServer {
			return listedServer{ProtectedInstanceID: server.ProtectedInstanceID, ServerID: server.ServerID}
		}),
		CreatedAt: model.CreatedAt, UpdatedAt: model.UpdatedAt,
	}
}

// NewDataSources returns sdrs_drills: the drills of the project (GET disaster-recovery-drills).
func NewDataSources() datasource.DataSource {
	attributes := drillAttributes()
	attributes["servers"] = tfkit.ReportedList(
		"The servers that the drill has made, one for each protected instance. The data source "+
			"`sdrs_drill` has their names and addresses.",
		map[string]schema.Attribute{
			"protected_instance_id": tfkit.Reported(instanceText),
			"server_id":             tfkit.Reported(serverText),
		},
	)
	return tfkit.DataSource[drillsModel]{
		Name: "drills",
		Description: "Lists the SDRS DR drills of the project, all or those that match every argument. A drill that was " +
			"deleted is not there.",
		Attributes: map[string]schema.Attribute{
			"protection_group_id": tfkit.OfGroup("Only DR drills of the protection group with this id. Default: all."),
			"name": schema.StringAttribute{
				MarkdownDescription: "Only DR drills with this in their name: the API matches parts of names. Default: all.",
				Optional:            true,
			},
			"status": tfkit.Enumeration("Only DR drills in this status.", sdrs.DrillStatuses),
			"drill_vpc_id": schema.StringAttribute{
				MarkdownDescription: "Only the DR drill whose servers are in the VPC with this id. Default: all.",
				Optional:            true,
				Validators:          []validator.String{tfkit.UUID(vpcHint)},
			},
			"drills": tfkit.ReportedList("The DR drills, in the order of the API.", attributes),
		},
		Fill: tfkit.Listing(subjects, func(ctx context.Context, client *sdrs.Client, model *drillsModel) error {
			drills, err := client.Drills(ctx, sdrs.DrillFilter{
				GroupID: model.ProtectionGroupID.ValueString(), Name: model.Name.ValueString(),
				Status: sdrs.Status(model.Status.ValueString()), VPCID: model.DrillVPCID.ValueString(),
			})
			model.Drills = tfkit.Each(drills, listed)
			return err
		}),
	}.New()
}
