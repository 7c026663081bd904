// Package protectiongroup is protection groups in Terraform.
package protectiongroup

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// NewDataSource returns sdrs_protection_group: one group, by its id (GET server-groups/{id}) or its exact name (GET
// server-groups).
func NewDataSource() datasource.DataSource {
	attributes := groupAttributes()
	attributes["id"] = schema.StringAttribute{
		MarkdownDescription: "The id of the protection group, a UUID. Exactly one of `id` and `name` must be set.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{tfkit.GroupID()},
	}
	attributes["name"] = schema.StringAttribute{
		MarkdownDescription: "The name of the protection group, all of it, in upper and lower case as it is. No group or " +
			"several groups of that name are an error. Exactly one of `id` and `name` must be set.",
		Optional:   true,
		Computed:   true,
		Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	return tfkit.DataSource[groupModel]{
		Name: "protection_group",
		Description: "Reads one SDRS protection group, by its id or its name: which of its sites is active, and in " +
			"what status it is.",
		Attributes: attributes,
		Validators: []datasource.ConfigValidator{
			datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name")),
		},
		Fill: func(ctx context.Context, services *tfkit.Services, model *groupModel) diag.Diagnostic {
			var group sdrs.Group
			var failure diag.Diagnostic
			if model.Name.IsNull() {
				group, failure = groupByID(ctx, services.SDRS, model.ID.ValueString())
			} else {
				group, failure = groupByName(ctx, services.SDRS, model.Name.ValueString())
			}
			*model = fromAPI(group)
			return failure
		},
	}.New()
}

func groupByID(ctx context.Context, client *sdrs.Client, id string) (sdrs.Group, diag.Diagnostic) {
	group, err := client.Group(ctx, id)
	if sdrs.IsNotFound(err) {
		r := &tfkit.Report{Message: diagnostic.Message{
			Happened: "There is no such protection group in this project.",
			Next:     "Check id, and the region and project (tenant_name) of the provider.",
			Object:   id,
		}}
		r.Fact("Protection group", id)
		r.Failure(err)
		return group, r.On(path.Root("id"), diagnostic.NotFound.Of(tfkit.ProtectionGroup))
	}
	if err != nil {
		return group, tfkit.Unreadable(id, err)
	}
	return group, nil
}

// groupByName asks the API for the groups whose names are like name, and takes the one that has it.
func groupByName(ctx context.Context, client *sdrs.Client, name string) (sdrs.Group, diag.Diagnostic) {
	const shown = 10 // Of the groups with similar names.

	similar, err := client.Groups(ctx, sdrs.GroupFilter{Name: name})
	if err != nil {
		return sdrs.Group{}, tfkit.Unlistable(tfkit.ProtectionGroups, err)
	}
	var exact []sdrs.Group
	for _, group := range similar {
		if group.Name == name {
			exact = append(exact, group)
		}
	}
	r := &tfkit.Report{Message: diagnostic.Message{Object: name}}
	switch len(exact) {
	case 1:
		return exact[0], nil
	case 0:
		r.Happened = fmt.Sprintf("There is no protection group named %q in this project.", name)
		for _, group := range similar[:min(len(similar), shown)] {
			candidate(r, "Similar name", group)
		}
		if more := len(similar) - shown; more > 0 {
			r.Fact("Similar names not shown", fmt.Sprint(more))
		}
		r.Next = "Check name, and the region and project (tenant_name) of the provider."
		return sdrs.Group{}, r.On(path.Root("name"), diagnostic.NotFound.Of(tfkit.ProtectionGroup))
	default:
		r.Happened = fmt.Sprintf("There are %d protection groups named %q in this project.", len(exact), name)
		for _, group := range exact {
			candidate(r, "Protection group", group)
		}
		r.Next = "Set id to that of the group that is meant, in place of name."
		return sdrs.Group{}, r.On(path.Root("name"), groupNotUnique)
	}
}

// candidate adds a group that may be the one that is meant.
func candidate(r *tfkit.Report, fact string, group sdrs.Group) {
	r.Fact(fact, fmt.Sprintf("%s %s, %s, active at %s",
		group.Name, group.ID, group.Status, tfkit.Site(group, group.PriorityStation)))
}
