package protectiongroup

import "github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"

// Section is what can be said of protection groups, found or made.
func Section() diagnostic.Section {
	return diagnostic.Section{Title: "Protection groups, and their protection", Kinds: []diagnostic.Kind{
		groupNotUnique, equalGroup, notEmpty, willBeReplaced, domainNotFound, domainNotChecked, domainSoldOut,
	}}
}

// activeDomains are the active-active domains.
var activeDomains = diagnostic.Subject{Name: "active-active domains", Title: "Active-Active Domains"}

var (
	// groupNotUnique is a name that several groups have.
	groupNotUnique = diagnostic.Error("Protection Group Not Unique",
		"Several protection groups have the name that the data source asks for.",
		"Set `id` in place of `name`. The message has the ids.")
	equalGroup = diagnostic.Warning(
		"Protection Group Is There",
		"The plan creates a group, and one of its name, VPC, and availability zones exists that is not in the state.",
		"If an earlier apply made it and was killed, import it with the id that the message names. Otherwise choose "+
			"another name.",
	)
	notEmpty = diagnostic.Warning(
		"Protection Group Not Empty",
		"The plan deletes a group that has protected instances, replication pairs, or DR drills. Where the same apply "+
			"deletes those first, nothing is in the way.",
		"Disable protection, and delete what is in the group first.",
	)
	willBeReplaced = diagnostic.Warning(
		"Protection Group Will Be Replaced",
		"The plan deletes a group and creates another one: an argument was changed that the API can't change, or its "+
			"creation failed.",
		"Unless that is wanted, change the configuration back. The message names what is in the group.",
	)
	domainNotFound = diagnostic.Error("Active-Active Domain Not Found",
		"There is no active-active domain of the two availability zones, or there are several and `domain_id` is not set.",
		"The message lists the domains. Choose the availability zones of one, or set `domain_id`.")
	domainNotChecked = diagnostic.Warning("Active-Active Domain Not Checked",
		"The active-active domains can't be listed, so whether `domain_id` is right was not checked. The cloud will.",
		"Compare the availability zones with those of the domain yourself.")
	domainSoldOut = diagnostic.Warning("Active-Active Domain Sold Out",
		"The API says that the domain is sold out.",
		"Ask the cloud's support for capacity.")
)
