package protectedinstance

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
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

type foundModel struct {
	protectedInstanceModel

	ServerID types.String `tfsdk:"server_id"`
}

// NewDataSource returns sdrs_protected_instance: one protected instance, by its id (GET protected-instances/{id}), its
// exact name, or the id of one of its servers (GET protected-instances).
func NewDataSource() datasource.DataSource {
	argument := func(description string, validators ...validator.String) schema.StringAttribute {
		return schema.StringAttribute{
			MarkdownDescription: description + " Exactly one of `id`, `name`, and `server_id` must be set.",
			Optional:            true, Computed: true, Validators: validators,
		}
	}
	attributes := instanceAttributes()
	attributes["id"] = argument("The id of the protected instance, a UUID.",
		tfkit.UUID("must be the id of a protected instance, a UUID"))
	attributes["name"] = argument(
		"The name of the protected instance, all of it, in upper and lower case as it is. None or several of "+
			"that name are an error.",
		stringvalidator.LengthAtLeast(1),
	)
	attributes["server_id"] = argument(
		"The id of the server at either site, a UUID.",
		tfkit.UUID("must be the id of a server, a UUID"),
	)
	return tfkit.DataSource[foundModel]{
		Name: "protected_instance",
		Description: "Reads one SDRS protected instance, a server with its replica, by its id, its name, or one of its " +
			"servers: which of the two is in production, and in what status it is.",
		Attributes: attributes,
		Validators: []datasource.ConfigValidator{
			datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"), path.MatchRoot("server_id")),
		},
		Fill: func(ctx context.Context, services *tfkit.Services, model *foundModel) diag.Diagnostic {
			instance, failure := model.find(ctx, services.SDRS)
			model.protectedInstanceModel = fromAPI(instance)
			if model.ServerID.IsNull() {
				model.ServerID = model.SourceServerID
			}
			return failure
		},
	}.New()
}

// find reads the instance that the arguments name.
func (m *foundModel) find(ctx context.Context, client *sdrs.Client) (sdrs.ProtectedInstance, diag.Diagnostic) {
	var found []sdrs.ProtectedInstance
	var err error
	attribute, value := "name", m.Name.ValueString()
	switch {
	case !m.ID.IsNull():
		instance, err := client.ProtectedInstance(ctx, m.ID.ValueString())
		if err != nil {
			return instance, tfkit.UnreadableNoun(subject, "id", m.ID.ValueString(), err)
		}
		return instance, nil
	case !m.ServerID.IsNull():
		attribute, value = "server_id", m.ServerID.ValueString()
		found, err = protecting(ctx, client, value)
	default:
		found, err = client.ProtectedInstances(ctx, sdrs.ProtectedInstanceFilter{Name: value})
		found = slices.DeleteFunc(found, func(instance sdrs.ProtectedInstance) bool { return instance.Name != value })
	}
	if err != nil {
		return sdrs.ProtectedInstance{}, tfkit.Unlistable(instances, err)
	}
	if len(found) == 1 {
		return found[0], nil
	}
	r := &tfkit.Report{Message: diagnostic.Message{Object: value}}
	r.Happened = fmt.Sprintf(
		"There are %d protected instances whose %s is %q in this project.",
		len(found),
		attribute,
		value,
	)
	for _, instance := range found {
		r.Fact("Protected instance", fmt.Sprintf("%s %s, %s", instance.Name, instance.ID, instance.Status))
	}
	if len(found) > 1 {
		r.Next = "Set id to that of the one that is meant."
		return sdrs.ProtectedInstance{}, r.On(path.Root(attribute), instanceNotUnique)
	}
	r.Next = fmt.Sprintf("Check %s, and the region and project (tenant_name) of the provider.", attribute)
	return sdrs.ProtectedInstance{}, r.On(path.Root(attribute), diagnostic.NotFound.Of(subject))
}
