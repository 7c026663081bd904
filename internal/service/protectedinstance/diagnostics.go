package protectedinstance

import (
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// What diagnostics are about.
var (
	subject     = tfkit.ProtectedInstance
	instances   = diagnostic.Subject{Name: "protected instances", Title: "Protected Instances"}
	addingNIC   = diagnostic.Subject{Name: "addition of the network card", Title: "Network Card Addition"}
	removingNIC = diagnostic.Subject{Name: "removal of the network card", Title: "Network Card Removal"}
	resizing    = diagnostic.Subject{Name: "resize of the DR server", Title: "DR Server Resize"}
)

// Section is what can be said of protected instances.
func Section() diagnostic.Section {
	return diagnostic.Section{Title: "Protected instances", Kinds: []diagnostic.Kind{
		instanceNotUnique, instanceIsThere, willBeReplaced, staysBehind, eipStays, productionNeeded, productionStays, notResizedYet,
		notResizedNow, networkTaken,
		tagsNotSet, nicsNotNow, nicsNotChanged,
	}}
}

var (
	instanceNotUnique = diagnostic.Error("Protected Instance Not Unique",
		"Several protected instances have the name that the data source asks for.",
		"Set `id` or `server_id` in place of `name`. The message has the ids.")
	nicsNotNow = diagnostic.Warning(
		"Network Cards Can't Be Changed Now",
		"An action adds or removes a network card of a protected instance that is neither `available` nor `protected`. "+
			"Unless that changes until apply, nothing will be requested.",
		"Bring the group to rest, protected or available: reprotect it after a failover. Then invoke the action again.",
	)
	nicsNotChanged = diagnostic.Error(
		"Network Cards Not Changed",
		"A network card was to be added or removed, and the protected instance is neither `available` nor `protected`. "+
			"Nothing was changed.",
		"Bring the group to rest, protected or available: reprotect it after a failover. Then invoke the action again.",
	)
	instanceIsThere = diagnostic.Warning(
		"Protected Instance Is There",
		"The plan protects a server that has a protected instance already, which is not in the state.",
		"If an earlier apply made it and was killed, import it with the id that the message names. Otherwise end its "+
			"protection where that was configured.",
	)
	willBeReplaced = diagnostic.Warning(
		"Protected Instance Will Be Replaced",
		"The plan deletes a protected instance and creates another one: its group, server, or network was changed, it is "+
			"tainted, or its creation failed. Until the new one is synchronized, the server has no replica.",
		"Unless that is wanted, change the configuration back. One that is tainted, and whole: `terraform untaint`.",
	)
	staysBehind = diagnostic.Warning(
		"DR Server Stays Behind",
		"A protected instance is deleted without `delete_target_server`: the DR server, its disks, its network card, and "+
			"its EIP stay, and nobody manages them.",
		"Import what is wanted, and delete the rest in the console; but while the site `target` is active, its server is in "+
			"production. To have the DR server deleted instead, set `delete_target_server = true` in an apply of its own "+
			"before.",
	)
	eipStays = diagnostic.Warning(
		"EIP of the DR Server Stays",
		"A protected instance is deleted with `delete_target_server`, and without `delete_target_eip`: the EIP of its DR "+
			"server stays, and nobody manages it.",
		"Import it, or release it in the console. To have it released instead, set `delete_target_eip = true` in an apply "+
			"of its own before.",
	)
	productionNeeded = diagnostic.Warning(
		"Deletion Would Take Production",
		"The plan deletes a protected instance with `delete_target_server` or `delete_target_eip`, and the site `target` "+
			"is active: its server is in production. Apply won't request that.",
		"Bring production back by a planned failover, or set both flags to `false`, which is an apply of its own. Then "+
			"destroy.",
	)
	productionStays = diagnostic.Error(
		"Deletion Would Take Production",
		"A protected instance was to be deleted with `delete_target_server` or `delete_target_eip` while the site `target` "+
			"is active: its server is in production. Nothing was deleted.",
		"Bring production back by a planned failover, or set both flags to `false`, which is an apply of its own. Then "+
			"destroy.",
	)
	notResizedYet = diagnostic.Warning(
		"DR Server Can't Be Resized",
		"The plan changes `flavor_id` while the site `target` is active. Apply won't request that, unless it brings "+
			"production back first.",
		"Bring production back by a planned failover, or set `flavor_id` to what it was.",
	)
	notResizedNow = diagnostic.Error(
		"DR Server Can't Be Resized",
		"`flavor_id` was changed while the site `target` is active. The resize was not made: it could be that of the "+
			"server in production.",
		"Bring production back by a planned failover, or set `flavor_id` to what it was.",
	)
	networkTaken = diagnostic.Warning(
		"Network of the DR Server Not Verified",
		"`primary_subnet_id` or `primary_ip_address` is new in the configuration of a protected instance that is there. "+
			"They can't be read: apply notes them, and changes nothing.",
		"Make sure that they are right.",
	)
	tagsNotSet = diagnostic.Warning("Tags Not Set",
		"The protected instance was created, and the cloud refused some of its tags. The next plan has them again.",
		"See what the cloud says: how many tags there may be is contradictory in its documentation, 10 or 20.")
)
