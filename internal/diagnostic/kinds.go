package diagnostic

// Kinds that are about no noun.
var (
	// NotConfigured is a use of the provider before its arguments are known.
	NotConfigured = Error(
		"Provider Not Configured",
		"Arguments of the provider come from something that is known only after apply. Until then nothing can be read, "+
			"listed, or imported, and no action can run.",
		"First apply what the arguments come from, with -target. For a data source, depends_on with the same moves its "+
			"reading into apply.",
	)
	// UnexpectedProviderData is a bug.
	UnexpectedProviderData = Error("Unexpected Provider Data",
		"A part of the provider did not get what another one prepares. This is a bug in the provider.",
		"Report it, with the version of the provider and the log.")
	// InvalidImportID is an import id that is no UUID.
	InvalidImportID = Error("Invalid Import ID",
		"The id to import is not a UUID, as the ids of SDRS are.",
		"Import with the id that the console or a data source such as `sdrs_protection_groups` shows.")
)

// Kinds that are about any noun.
var (
	// NotFound is something that does not exist.
	NotFound = Error(
		"… Not Found",
		"The project has no such object: the id or name is wrong, the provider works in another project or region, or it "+
			"was deleted, possibly after an operation was requested.",
		"Check the id or name, and `region` and `tenant_name` of the provider. What is gone for good: remove it from the "+
			"configuration.",
	)
	// NotPermitted is something that the user may not read, or list.
	NotPermitted = Error("… Not Permitted",
		"The user may not read that, or not list it. Nothing was changed.",
		permit)
	// NotReadable is something that can't be read, or listed, before anything was asked of it.
	NotReadable = Error("… Not Readable",
		"The API did not answer, or not with what was asked for, in spite of retries. Nothing was changed.",
		"Check that the API can be reached, and region and endpoints of the provider. Then try again.")
)

// Kinds that are about any operation.
var (
	// NotSent is a request that did not leave this machine.
	NotSent = Error("… Not Sent",
		"The request could not be sent: there was no connection to the API, or the session could not be "+
			"renewed. Nothing was changed, but for servers that were stopped before: the message names them.",
		"Check the network, and that the credentials are still valid. Then plan again, and apply.")
	// Refused is an operation that the cloud refused.
	Refused = Error(
		"… Refused",
		"The cloud answered the request with an error. Nothing was changed, but for servers that were stopped before: the "+
			"message names them.",
		"Look the error code up in [Error codes of the API](#error-codes-of-the-api), resolve it, plan again, and apply. "+
			"Support asks for the request id.",
	)
	// NotStarted is an operation whose request was lost.
	NotStarted = Error(
		"… Not Started",
		"The answer to the request was lost or leaves open what became of it, and nothing has shown a sign of it since: as "+
			"far as that shows, the cloud did not accept it. It was not repeated.",
		"Plan again, and apply. If it shows by then, the operation is found and waited for, not requested twice.",
	)
	// Failed is an operation whose job failed.
	Failed = Error(
		"… Failed",
		"The cloud accepted the operation, and its job failed. What it is about is often left in a status that begins with "+
			"`error`.",
		"Look the error code up in [Error codes of the API](#error-codes-of-the-api), resolve it, plan again, and apply: "+
			"to repeat a failed operation is the documented way on. If it fails again, open a service ticket with the job id.",
	)
	// TimedOut is a wait that met its timeout.
	TimedOut = Error("… Timed Out",
		"The timeout ended the wait. A job that was accepted goes on in the cloud.",
		"Plan again, then apply: the new plan finds what is in flight, and the apply waits for its end. If it "+
			"takes that long every time, raise the timeout.")
	// Interrupted is a wait that was interrupted.
	Interrupted = Error(
		"… Interrupted",
		"Ctrl-C, or whoever runs Terraform, ended the wait. A job that was accepted goes on in the cloud, and is not "+
			"canceled.",
		"Plan again, then apply: the new plan finds what is in flight, and the apply waits for its end.",
	)
	// LostContact is something that can't be read any longer, after an operation was requested.
	LostContact = Error("Lost Contact With the …",
		"An operation was requested, and then what it is about could not be read any longer. The job goes on in the cloud.",
		"When the API can be reached, plan again, then apply: that resumes the wait. Until then look at the console.")
)
