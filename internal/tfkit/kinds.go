package tfkit

import (
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
)

// What the diagnostics of several nouns are about.
var (
	ProtectionGroup   = diagnostic.Subject{Name: "protection group", Title: "Protection Group"}
	ProtectedInstance = diagnostic.Subject{Name: "protected instance", Title: "Protected Instance"}
	ReplicationPair   = diagnostic.Subject{Name: "replication pair", Title: "Replication Pair"}
	ProtectionGroups  = diagnostic.Subject{Name: "protection groups", Title: "Protection Groups"}
)

// subject is an operation as titles have it.
func subject(operation failover.Operation) diagnostic.Subject {
	return diagnostic.Subject{Name: operation.Name, Title: operation.Title}
}

// Kinds that are about any protection group.
var (
	// groupGone is a group that was deleted since the last apply.
	groupGone = diagnostic.Warning(
		"Protection Group Is Gone",
		"The group was deleted since the last apply. The plan would create the resource again, which will fail; to destroy "+
			"it won't. After `terraform apply -refresh-only` has taken it out of the state, `terraform destroy` needs "+
			"`-refresh=false`.",
		"Remove the resource from the configuration, or set protection_group_id to a group that exists.",
	)
	// notThere is something in the state that the project does not have.
	notThere = diagnostic.Warning(
		"… Is Not There",
		"The project does not have what is in the state: it was deleted, or the provider works in another project "+
			"or region. The state forgets it. Where the configuration has it, the plan creates it anew.",
		"If it was not deleted, do not apply: check `region` and `tenant_name` of the provider, and plan again.",
	)
	// notRefreshed is a plan without a refresh.
	notRefreshed = diagnostic.Warning(
		"… Not Refreshed",
		"The provider's arguments are known only after apply, so nothing was read. The plan shows things as of the last "+
			"refresh.",
		"First apply what the arguments come from, with `-target`, and plan again.",
	)
	// neverRead is a plan of a change to something of which nothing but the id is known.
	neverRead = diagnostic.Error("… Never Read",
		"A `moved` block has taken over the resource of another provider, and nothing has been read yet: what would change is "+
			"not known.",
		"Plan with a refresh. Where the provider's arguments are known only after apply, first apply what they come from, "+
			"with `-target`.")
	// notReadyYet is a plan whose apply would be refused.
	notReadyYet = diagnostic.Warning("… Not Ready",
		"As things are, apply will refuse the operation before anything moves. The lines name the checks that failed.",
		"Do what each line says, and plan again. See [Readiness checks](#readiness-checks).")
	// notFullyChecked is a plan or an apply in which checks were not possible.
	notFullyChecked = diagnostic.Warning(
		"Readiness Not Fully Checked",
		"Something could not be read, often the state of servers for lack of ECS permissions. This does not block the "+
			"operation; with `require_all_checks = true` it does.",
		"Check the rest yourself, above all that the servers are stopped, or give the user read permissions for SDRS and "+
			"ECS.",
	)
	// groupWithoutSite is a listed group that can't be imported.
	groupWithoutSite = diagnostic.Warning(
		"Protection Group Without a Site",
		"`terraform query` found a group for which the API names no active site, for example one whose creation failed. It "+
			"is left out of the list.",
		"Look at the group in the console. Delete it if its creation failed.",
	)
	// listCutOff is a list of more than Terraform asks for.
	listCutOff = diagnostic.Warning("List Is Cut Off",
		"`terraform query` asks for 100 at most where the `list` block has no `limit`, and there are more. The others are "+
			"not listed, and not imported.",
		"Set `limit` in the `list` block to what the message says.")
	// inAnotherRegion is an identity of a region that the provider does not work in.
	inAnotherRegion = diagnostic.Error("… in Another Region",
		"The identity, of an import or in the state, names another region than the provider works in. Nothing was imported, "+
			"or forgotten.",
		"Set `region` of the provider, or `provider` in the `import` block, to one for that region.")
	// serversWillBeStopped is a plan that stops servers.
	serversWillBeStopped = diagnostic.Warning(
		"Servers Will Be Stopped",
		"`stop_servers = true`, and the servers that the message names run at the site that is left: apply stops them. The "+
			"message says what becomes of one that does not stop.",
		"If they are to run on, do not apply. To stop them yourself, set `stop_servers = false`.",
	)
	// ServersWillBeStarted is a plan that starts servers, after a switch or without one.
	ServersWillBeStarted = diagnostic.Warning(
		"Servers Will Be Started",
		"`start_servers = true`, and the servers that the message names are not in service at the wanted site: apply "+
			"starts them, after the switch if there is one.",
		"If they are down on purpose, set `start_servers = false`.",
	)
	// GroupNotProtected is a group that nothing is done about, and that is not protected.
	GroupNotProtected = diagnostic.Warning(
		"Protection Group Not Protected",
		"The operation has nothing to do, but the group is not `protected`: there may be no replication, and no site to "+
			"switch to.",
		"Do what the message says. See [Statuses](#statuses) for the way out of each.",
	)
)

// Kinds that are about the operations on a protection group.
var (
	// notPossible is a group that an operation can't start from.
	notPossible = diagnostic.Error(
		"… Not Possible",
		"The operation can't start from the status that the group is in. The group was not changed; the message names "+
			"servers that were stopped before.",
		"Do what the message says. See [Statuses](#statuses) for each status, and the way out.",
	)
	// notReady is a group of which a readiness check failed.
	notReady = diagnostic.Error("… Not Ready",
		"A check failed, so the cloud would refuse the operation, or it would fail half-way. It was not requested.",
		"Do what each line says, plan again, and apply. See [Readiness checks](#readiness-checks).")
	// checksIncomplete is a group of which a check was not possible, where all are required.
	checksIncomplete = diagnostic.Error(
		"… Not Fully Checked",
		"`require_all_checks = true`, and something could not be read: the lines say what. The operation was not requested.",
		"Give the user read permissions for SDRS and ECS, or wait until the API answers, plan again, and apply. To go on "+
			"without these checks, make sure of what they are about, and set `require_all_checks = false`.",
	)
	// notVerified is an operation that ended elsewhere.
	notVerified = diagnostic.Error(
		"… Not Verified",
		"The cloud accepted the operation, and the group rests in another status, or at another site, than it should after "+
			"it.",
		"Look at the group and its tasks in the console: another operation may have come between. Then plan again, and "+
			"apply.",
	)
	// serversNotStopped is servers that did not become SHUTOFF.
	serversNotStopped = diagnostic.Error(
		"Servers Not Stopped",
		"`stop_servers = true`, and ECS refused to stop servers, or they went to another status than `SHUTOFF`. Nothing "+
			"was switched.",
		"Stop the servers that the message names in the console, plan again, and apply. Servers that ignore the request: "+
			"set `force_stop_after`.",
	)
	// serversNotStarted is servers that did not become ACTIVE.
	serversNotStarted = diagnostic.Error(
		"Servers Not Started",
		"`start_servers = true`, and ECS refused to start servers, or they went to another status than `ACTIVE`. The "+
			"message says whether the switch itself is done.",
		"Start the servers that the message names in the console, or resolve what ECS says, plan again, and apply. A "+
			"switch that is done is not repeated.",
	)
	// groupChangedSincePlan is a group that a switch would be needed for, which the plan does not show.
	groupChangedSincePlan = diagnostic.Error("Protection Group Changed Since the Plan",
		"The plan shows no switch, but the group has moved since, and would take one now. Nothing was changed.",
		"Plan again, and read what it says about the switch before you apply.")
	// unexpectedFailure is any other error.
	unexpectedFailure = diagnostic.Error("… Operation Failed",
		"An operation ended with an error of a kind that the provider does not expect. This is a bug in the provider.",
		"Look at the console, plan again, apply, and report the message and the log.")
)

// Reading is what can be said of anything that is read, and of protection groups, whoever reads them.
func Reading() diagnostic.Section {
	return diagnostic.Section{
		Title: "Finding and reading",
		Kinds: []diagnostic.Kind{
			diagnostic.NotFound, diagnostic.NotPermitted, diagnostic.NotReadable, diagnostic.InvalidImportID, groupGone, notThere,
			notRefreshed, neverRead,
			groupWithoutSite, listCutOff, inAnotherRegion, notOneSite, zoneOfNoSite,
		},
	}
}

// Operations is what can be said of operations.
func Operations() diagnostic.Section {
	return diagnostic.Section{
		Title: "Operations that did not succeed",
		Intro: "The facts below the first sentence are those of the last look at the group: its status, the active site, " +
			"the job. What Terraform's state says afterwards is true: an intent that was not reached is not stored. Servers " +
			"that `stop_servers = true` has stopped by then stay stopped: the message names them.",
		Kinds: []diagnostic.Kind{
			notReadyYet, notFullyChecked, serversWillBeStopped, ServersWillBeStarted, GroupNotProtected,
			notPossible, notReady, checksIncomplete, diagnostic.NotSent, diagnostic.Refused, diagnostic.NotStarted,
			diagnostic.Failed, notVerified,
			diagnostic.TimedOut, diagnostic.Interrupted, serversNotStopped, serversNotStarted, diagnostic.LostContact,
			groupChangedSincePlan, notSynchronized, synchronizationGoesOn, unexpectedFailure,
			reportUnwritable, reportIncomplete,
		},
	}
}
