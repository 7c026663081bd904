package protectiongroup

import (
	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// NewListResource returns the list of the resource before its configuration.
func NewListResource() list.ListResource {
	return tfkit.GroupList[resourceModel]{
		Name:        resourceName,
		IDAttribute: "id",
		Description: "Finds the SDRS protection groups of the project, all or those that match every argument, so that " +
			"they can be imported.",
		Import: func(model *resourceModel, group sdrs.Group) { model.fromAPI(group) },
	}.New()
}
