package drill

import "github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"

// What diagnostics are about.
var (
	subject  = diagnostic.Subject{Name: "drill", Title: "Drill"}
	subjects = diagnostic.Subject{Name: "drills", Title: "Drills"}
)

// Section is what can be said of DR drills.
func Section() diagnostic.Section {
	return diagnostic.Section{Title: "DR drills", Kinds: []diagnostic.Kind{
		equalDrill, willBeReplaced, vpcWillStay, vpcStays,
	}}
}

var (
	equalDrill = diagnostic.Warning(
		"Drill Is There",
		"The plan creates a DR drill, and one of its group and name, and of its VPC where that is set, exists that is not "+
			"in the state.",
		"If an earlier apply made it and was killed, import it with the id that the message names. Otherwise choose "+
			"another name.",
	)
	willBeReplaced = diagnostic.Warning("Drill Will Be Replaced",
		"The plan deletes a DR drill with its servers, and creates another one, with the data of today.",
		"Unless that is wanted, change the configuration back.")
	vpcWillStay = diagnostic.Warning(
		"VPC Will Stay Behind",
		"The plan creates a DR drill without `drill_vpc_id`: the service makes a VPC with subnets for it, and never "+
			"deletes them.",
		"Set `drill_vpc_id` to a VPC of your own, with the same subnets as the group's, and no other drill in it. "+
			"Otherwise delete the VPC yourself after the drill: `drill_vpc_id` has its id.",
	)
	vpcStays = diagnostic.Warning(
		"VPC Stays Behind",
		"A DR drill was deleted with its servers, their disks, and their network cards. The VPC that the message names, "+
			"and its subnets, are still there: the service made them, or whether it did is not known. An elastic IP that was "+
			"bound is unbound, and there, too.",
		"Delete the VPC and its subnets, unless something else uses them. The next drill can also take that VPC as its "+
			"`drill_vpc_id`.",
	)
)
