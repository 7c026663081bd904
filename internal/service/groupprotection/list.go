package groupprotection

import (
	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// NewListResource returns the list of the resource before its configuration.
func NewListResource() list.ListResource {
	return tfkit.GroupList[protectionModel]{
		Name: resourceName,
		Description: "Finds the protection of the SDRS protection groups of the project, all or those that match every " +
			"argument, so that it can be imported. Groups whose protection is disabled are left out: importing one would " +
			"enable it.",
		Imports: func(group sdrs.Group) bool {
			decision, _ := failover.EnableProtection().Decide(group)
			return decision != failover.Act
		},
		Import: (*protectionModel).fromAPI,
	}.New()
}
