package diagnostic

import "github.com/hashicorp/terraform-plugin-framework/diag"

const (
	failing = diag.SeverityError
	warning = diag.SeverityWarning

	operationFailed = "Protection Group Operation Failed"
)

// Operations that did not succeed.
var (
	operation = &Section{
		Title: "Operations that did not succeed",
		Intro: "The facts below the first sentence are those of the last look at the group: its status, the active site, the job. What " +
			"Terraform's state says afterwards is true: an intent that was not reached is not stored. Servers that `stop_servers = " +
			"true` has stopped by then stay stopped: the message names them.",
	}

	// NotPossible is a group that an operation can't start from.
	NotPossible = operation.family(failing, operations(), "Not Possible",
		"The operation can't start from the status that the group is in. The group was not changed; the message names servers that were stopped before.",
		"Do what the message says. See [Statuses](#statuses) for each status, and the way out.")
	// NotReady is a group of which a readiness check failed.
	NotReady = operation.family(failing, operations(), "Not Ready",
		"A check failed, so the cloud would refuse the operation, or it would fail half-way. It was not "+
			"requested.",
		"Do what each line says, then apply again. See [Readiness checks](#readiness-checks).")
	// NotSent is a request that did not leave this machine.
	NotSent = operation.family(failing, operations(), "Not Sent",
		"The request could not be sent: there was no connection to the API, or the session could not be renewed. The group was not changed; the message names servers that were stopped before.",
		"Check the network, and that the credentials are still valid. Then apply again.")
	// Refused is an operation that the cloud refused.
	Refused = operation.family(failing, operations(), "Refused",
		"The cloud answered the request with an error. The group was not changed; the message names servers that were stopped before.",
		"Look the error code up in [Error codes of the API](#error-codes-of-the-api), resolve it, and apply again. Support asks for "+
			"the request id.")
	// NotStarted is an operation whose request was lost.
	NotStarted = operation.family(failing, operations(), "Not Started",
		"The answer to the request was lost or leaves open what became of it, and the group has shown no sign of it since: as far as that shows, the cloud did not accept it. It was not repeated.",
		"Apply again. If the group has moved by then, the operation is found and waited for, not requested twice.")
	// Failed is an operation whose job failed.
	Failed = operation.family(failing, operations(), "Failed",
		"The cloud accepted the operation, and its job failed. The group is often left in a status that begins with `error-`.",
		"Look the error code up in [Error codes of the API](#error-codes-of-the-api), resolve it, and apply again: to repeat a failed "+
			"operation is the documented way on. If it fails again, open a service ticket with the job id.")
	// NotVerified is an operation that ended elsewhere.
	NotVerified = operation.family(failing, operations(), "Not Verified",
		"The cloud accepted the operation, and the group rests in another status, or at another site, than it should after it.",
		"Look at the group and its tasks in the console: another operation may have come between. Then apply again.")
	// TimedOut is a wait that met its timeout.
	TimedOut = operation.family(failing, operations(), "Timed Out",
		"The timeout ended the wait. A job that was accepted goes on in the cloud.",
		"Apply again: it finds the job and resumes the wait. If the group needs that long every time, raise the timeout.")
	// Interrupted is a wait that was interrupted.
	Interrupted = operation.family(failing, operations(), "Interrupted",
		"Ctrl-C, or whoever runs Terraform, ended the wait. A job that was accepted goes on in the cloud, and is not canceled.",
		"Apply again: it finds the job and resumes the wait.")
	// ServersNotStopped is servers that did not become SHUTOFF.
	ServersNotStopped = operation.failure("Servers Not Stopped",
		"`stop_servers = true`, and ECS refused to stop servers, or they went to another status than `SHUTOFF`. Nothing was switched.",
		"Stop the servers that the message names in the console, and apply again. Servers that ignore the request: set `force_stop_after`.")
	// ServersNotStarted is servers that did not become ACTIVE.
	ServersNotStarted = operation.failure("Servers Not Started",
		"`start_servers = true`, and ECS refused to start servers, or they went to another status than `ACTIVE`. The message says "+
			"whether the switch itself is done.",
		"Start the servers that the message names in the console, or resolve what ECS says and apply again. A switch that is done "+
			"is not repeated.")
	// LostContact is a group that can't be read any longer.
	LostContact = operation.failure("Lost Contact With the Protection Group",
		"An operation was requested, and then the group could not be read any longer. The job goes on in the cloud.",
		"When the API can be reached, apply again: it resumes the wait. Until then look at the group in the console.")
	// GroupChangedSincePlan is a group that a switch would be needed for, which the plan does not show.
	GroupChangedSincePlan = operation.failure("Protection Group Changed Since the Plan",
		"The plan shows no switch, but the group has moved since, and would take one now. Nothing was changed.",
		"Plan again, and read what it says about the switch before you apply.")
	// OperationFailed is any other error.
	OperationFailed = operation.failure(operationFailed,
		"An operation ended with an error of a kind that the provider does not expect. This is a bug in the provider.",
		"Look at the group in the console, apply again, and report the message and the log.")
)

// Invalid is what the plugin framework says of a configuration that the schemas do not allow.
var Invalid = validation()

func validation() *Section {
	s := &Section{
		Title: "Invalid configuration",
		Intro: "Found in your files, before anything is read or changed. The message names the file and the argument.",
	}
	s.failure("Invalid Attribute Value",
		"A number is out of range: `max_retries` is negative, or above 20.",
		"Set it to a number from 0 to 20.")
	s.failure("Invalid Attribute Value Match",
		"An argument has a value that is not one of the allowed ones, an id that is not a UUID, or a negative duration.",
		"Use a value that the message names. `priority_station` is `source` or `target`, in lower case.")
	s.failure("Invalid Attribute Value Time Duration",
		"A value in a `timeouts` block is not a duration.",
		"Write it as in `30s`, `90m`, or `2h45m`.")
	s.failure("Invalid Time Duration String Value",
		"`timeout` of an action, or `force_stop_after`, is not a duration.",
		"Write it as in `30s`, `90m`, or `2h45m`.")
	s.failure("Invalid Attribute Combination",
		"Two arguments exclude each other (`id` and `name` of `sdrs_protection_group`), or one has no effect without another "+
			"(`force_stop_after` needs `stop_servers = true`).",
		"Remove one of the two, or set the one that is missing.")
	s.failure("Missing Attribute Configuration",
		"`sdrs_protection_group` has neither `id` nor `name`.",
		"Set one of the two.")
	s.failure("Missing Configuration for Required Attribute",
		"A required argument is null, often since it comes from a variable or an output that is.",
		"Give it a value.")
	return s
}

// terraform is what Terraform itself says, and blames on the provider.
var terraform = itself()

func itself() *Section {
	s := &Section{Title: "What Terraform itself says"}
	s.failure("Provider produced inconsistent final plan",
		"Terraform adds that this is a bug in the provider. It is not: Terraform plans again during apply, and the group was "+
			"switched or began to move after the plan that you saw. Nothing was changed.",
		"Plan again, and read what it says about the switch before you apply.")
	s.failure("Execution halted",
		"Somebody pressed Ctrl-C. The provider's own error beside it says what was going on. The job goes on in the cloud.",
		"Apply, or invoke the action, again: it waits for the job that is running. Only `Action complete` means that an action is done.")
	s.failure("Error acquiring the state lock",
		"Another apply of this configuration is running, or one was ended by force.",
		"Wait for the other one. `terraform force-unlock` is for a lock whose owner is certainly gone.")
	s.failure("Cannot import non-existent remote object",
		"There is no protection group with the id of the import in this project and region.",
		"Check the id, and `region` and `tenant_name` of the provider.")
	s.failure("Failed to query available provider packages",
		"`terraform init` looks for this provider in the registry, where it is not yet.",
		"With `dev_overrides`, leave out `terraform init`. For a configuration with other providers, see "+
			"[Coming from the opentelekomcloud provider](coming-from-opentelekomcloud.md).")
	return s
}
