package diagnostic

// The configuration of the provider, and logging in.
var (
	login = &Section{Title: "Configuration and login"}

	// CloudNotFound is an entry of clouds.yaml that can't be read.
	CloudNotFound = login.failure("Cloud Not Found",
		"The entry of `clouds.yaml` that `cloud` or `OS_CLOUD` names is not there, or the file can't be read.",
		"Check the name, and that the file is in the working folder, in `~/.config/openstack`, in `/etc/openstack`, or at "+
			"`OS_CLIENT_CONFIG_FILE`.")
	// ContradictoryCredentials is a provider block with several ways to log in.
	ContradictoryCredentials = login.failure("Contradictory Credentials",
		"The provider block sets arguments of different ways to log in, for example `token` and `password`.",
		"Keep one way, and remove the arguments of the others from the block.")
	// InvalidEnvironmentVariable is an OS_INSECURE that is no boolean.
	InvalidEnvironmentVariable = login.failure("Invalid Environment Variable",
		"`OS_INSECURE` is neither true nor false.",
		"Set it to `true` or `false`, or unset it.")
	// InvalidURL is an auth_url or an endpoint that is none.
	InvalidURL = login.failure("Invalid URL",
		"`auth_url`, or one of `endpoints`, is not a URL with a scheme and a host, or has a user, a query, or a fragment in it.",
		"Write it as in `https://iam.eu-de.otc.t-systems.com/v3`.")
	// LoginFailed is a login that IAM refused, or that did not get to it.
	LoginFailed = login.failure("Login Failed",
		"The provider could not log in: IAM refused the credentials or can't be reached, a certificate can't be read or is not "+
			"trusted, or the project, the region, or an endpoint is not known. Nothing was changed.",
		"After HTTP 401 check the user, the password or key, the domain, the project, and the clock of this machine. Otherwise "+
			"check `auth_url`, the network, `HTTPS_PROXY`, `cacert_file`, and `region`. Where the catalog has no endpoint for SDRS, set "+
			"`endpoints`.")
	// MissingCredentials is nothing to log in with.
	MissingCredentials = login.failure("Missing Credentials",
		"There is nothing to log in with, neither in the provider block nor in the environment nor in `clouds.yaml`.",
		"Source your openrc file in this shell, set `OS_CLOUD`, or set `user_name` and `password`, or `access_key` and "+
			"`secret_key`, or `token`.")
	// MissingConfiguration is an argument that others need.
	MissingConfiguration = login.failure("Missing Provider Configuration",
		"An argument is not set that the others need, such as `domain_name` for `user_name`.",
		"Set the named argument, or one of the environment variables that the message names.")
	// NotConfigured is a use of the provider before its arguments are known.
	NotConfigured = login.failure("Provider Not Configured",
		"Arguments of the provider come from something that is known only after apply. Until then nothing can be read, listed, or "+
			"imported, and no action can run.",
		"First apply what the arguments come from, with `-target`. For a data source, `depends_on` with the same moves its "+
			"reading into apply.")
	// CertificatesNotVerified is insecure = true.
	CertificatesNotVerified = login.warning("Server Certificates Not Verified",
		"`insecure` is set: anybody on the network path can read the credentials, and answer in the cloud's name.",
		"Set `cacert_file` to the CA of your proxy or private cloud, and remove `insecure` and `OS_INSECURE`.")
	// ConnectionNotEncrypted is an endpoint with http.
	ConnectionNotEncrypted = login.warning("Connection Not Encrypted",
		"`auth_url`, one of `endpoints`, or an endpoint in the catalog begins with `http://`: anybody on the network path can read the "+
			"credentials, and answer in the cloud's name.",
		"Write it with `https://`. Where the catalog names the endpoint, set the one of `endpoints` for that service.")
	// UnexpectedProviderData is a bug.
	UnexpectedProviderData = login.failure("Unexpected Provider Data",
		"A part of the provider did not get what another one prepares. This is a bug in the provider.",
		"Report it, with the version of the provider and the log.")
)

// Finding protection groups.
var (
	finding = &Section{Title: "Finding and reading protection groups"}

	// GroupNotFound is a group that does not exist.
	GroupNotFound = finding.failure("Protection Group Not Found",
		"The project has no such protection group: the id or name is wrong, the provider works in another project or region, or "+
			"the group was deleted, possibly after an operation was requested.",
		"Check the id or name, and `region` and `tenant_name` of the provider. A group that is gone for good: remove it from the "+
			"configuration.")
	// GroupGone is a group that was deleted since the last apply.
	GroupGone = finding.warning("Protection Group Is Gone",
		"The group was deleted since the last apply. The plan would create the resource again, which will fail; to destroy it "+
			"won't. After `terraform apply -refresh-only` has taken it out of the state, `terraform destroy` needs `-refresh=false`.",
		"Remove the resource from the configuration, or set `protection_group_id` to a group that exists.")
	// GroupNotUnique is a name that several groups have.
	GroupNotUnique = finding.failure("Protection Group Not Unique",
		"Several protection groups have the name that the data source asks for.",
		"Set `id` in place of `name`. The message has the ids.")
	// GroupNotPermitted is a group that the user may not read.
	GroupNotPermitted = finding.failure("Protection Group Not Permitted",
		"The user may not read the protection group. Nothing was changed.",
		"Give the user the permissions for SDRS in this project.")
	// GroupNotReadable is a group that can't be read before anything was asked of it.
	GroupNotReadable = finding.failure("Protection Group Not Readable",
		"The API did not answer, or not with a protection group, in spite of retries. Nothing was changed.",
		"Check that the API can be reached, and `region` and `endpoints` of the provider. Then try again. With a request id, support can "+
			"find the call.")
	// ListNotPermitted is a list that the user may not read.
	ListNotPermitted = finding.family(failing, lists(), "Not Permitted",
		"The user may not list them. Nothing was changed.",
		"Give the user the permissions for SDRS in this project.")
	// ListNotReadable is a list that can't be read.
	ListNotReadable = finding.family(failing, lists(), "Not Readable",
		"The API did not answer, or refused the list. Nothing was changed.",
		"If the message has an error code, see [Error codes of the API](#error-codes-of-the-api). Otherwise check that the API can "+
			"be reached, then try again.")
	// GroupNotRefreshed is a plan without a refresh.
	GroupNotRefreshed = finding.warning("Protection Group Not Refreshed",
		"The provider's arguments are known only after apply, so the group was not read. The plan shows it as of the last refresh.",
		"First apply what the arguments come from, with `-target`, and plan again.")
	// GroupWithoutSite is a listed group that can't be imported.
	GroupWithoutSite = finding.warning("Protection Group Without a Site",
		"`terraform query` found a group for which the API names no active site, for example one whose creation failed. It is left "+
			"out of the list.",
		"Look at the group in the console. Delete it if its creation failed.")
	// InvalidImportID is an import id that is no UUID.
	InvalidImportID = finding.failure("Invalid Import ID",
		"The id to import is not that of a protection group, a UUID.",
		"Import with the id that the console or the data source `sdrs_protection_groups` shows.")
	// GroupInAnotherRegion is an import from a region that the provider does not work in.
	GroupInAnotherRegion = finding.failure("Protection Group in Another Region",
		"The identity to import names another region than the provider works in. Nothing was imported.",
		"Set `region` of the provider, or `provider` in the `import` block, to one for that region.")
)

// What plans and applies warn of.
var (
	plans = &Section{
		Title: "Warnings of plan and apply",
		Intro: "None of these stops an apply. Read them before you answer `yes`.",
	}

	// CreatingSwitches is a creation that moves production.
	CreatingSwitches = plans.warning("Creating This Resource Switches Sites",
		"The new resource names a site that is not active, or the group is moving or half switched: apply switches it.",
		"If that is wanted, stop the servers first, as the message says. To take the group over as it is, set `priority_station` to "+
			"the active site.")
	// ImportingSwitches is an import that moves production.
	ImportingSwitches = plans.warning("Importing This Resource Switches Sites",
		"The configuration of an `import` block names a site that is not active: the apply that imports the group switches it.",
		"If that is wanted, go on. To take the group over as it is, set `priority_station` to the active site.")
	// StartsServers is a plan that starts servers of a group that is not switched.
	StartsServers = plans.warning("Servers Will Be Started",
		"The wanted site is active, some of its servers are not in service, and `start_servers = true` starts them: the resource is new, "+
			"or an earlier apply did not come to that.",
		"If they are down on purpose, set `start_servers = false`.")
	// NotReadyYet is a plan whose apply would be refused.
	NotReadyYet = plans.family(warning, operations(), "Not Ready",
		"As things are, apply will refuse the operation before anything moves. The lines name the checks that failed.",
		"Do what each line says, and plan again. See [Readiness checks](#readiness-checks).")
	// NotFullyChecked is a plan in which checks were not possible.
	NotFullyChecked = plans.warning("Readiness Not Fully Checked",
		"Something could not be read, often the state of servers for lack of ECS permissions. This does not block the operation.",
		"Check the rest yourself, above all that the servers are stopped, or give the user read permissions for SDRS and ECS.")
	// SiteChangedElsewhere is a group that runs at another site than the configuration asks for.
	SiteChangedElsewhere = plans.warning("Active Site Changed Elsewhere",
		"The group runs at another site than the configuration asks for: somebody switched it or failed it over. Apply does not "+
			"switch it back.",
		"To accept the site, set `priority_station` to it. To switch back, set `correct_drift = true`, once the group is "+
			"`protected`. After a disaster see [the way back](disaster-and-the-way-back.md).")
	// EarlierSwitchCompleted is SiteChangedElsewhere by an earlier apply.
	EarlierSwitchCompleted = plans.warning("Earlier Switch Completed",
		"A switch that an earlier apply requested, and did not see the end of, has completed since. The configuration asks for the "+
			"other site by now.",
		"To accept the site, set `priority_station` to it. To switch back, set `correct_drift = true`.")
	// ReversalUnfinished is a switch that failed half-way, while its site is the wanted one.
	ReversalUnfinished = plans.warning("Planned Failover Unfinished",
		"A planned failover failed half-way and left the group `error-reversing`. The API names the wanted site as active, so apply "+
			"does not repeat it.",
		"Stop the servers of both sites, then apply with `-replace` for this resource: it reverses the group towards the same site again.")
	// GroupKeepsRunning is the destruction of a resource that leaves the group alone.
	GroupKeepsRunning = plans.warning("Protection Group Keeps Running",
		"Destroying `sdrs_protection_group_failover` changes nothing in the cloud: the group runs on where it is.",
		"Nothing has to be done.")
	// GroupNotProtected is a group that nothing is done about, and that is not protected.
	GroupNotProtected = plans.warning("Protection Group Not Protected",
		"The operation has nothing to do, but the group is not `protected`: there may be no replication, and no site to switch to.",
		"Do what the message says. See [Statuses](#statuses) for the way out of each.")
	// ReprotectionMayOverwrite is a reprotection that depends on what becomes of the group until apply.
	ReprotectionMayOverwrite = plans.warning("Reprotection May Overwrite Disks",
		"If the group has failed over by the time this is applied, the disks of the site that is not active then are overwritten.",
		"Ask for a reprotection only once the group has failed over: the plan names that site then.")
	// ReprotectionOverwrites is a reprotection.
	ReprotectionOverwrites = plans.warning("Reprotection Overwrites Disks",
		"The disks of the site that is not active are overwritten with those of the active one.",
		"First save what you still need from the site that the message names.")
	// ProtectionWillBeDisabled is the end of replication.
	ProtectionWillBeDisabled = plans.warning("Protection Will Be Disabled",
		"Apply disables protection: nothing is replicated any longer, and there is no site to switch to.",
		"To destroy the resource and keep the protection, remove it from the state instead, with a `removed` block or "+
			"`terraform state rm`.")
	// ProtectionStaysEnabled is a destruction that leaves the protection to another resource.
	ProtectionStaysEnabled = plans.warning("Protection Stays Enabled",
		"Destroying the resource did not disable protection, since the same apply has created or updated another one for the group: "+
			"`create_before_destroy` does that, and so does a new address without a `moved` block.",
		"Have one `sdrs_protection_group_protection` for a group, without `create_before_destroy`: if an apply ends between the two, "+
			"the next one disables protection, and only the one after it enables it again.")
	// FailoverEndsReplication is an unplanned failover.
	FailoverEndsReplication = plans.warning("Failover Ends Replication",
		"An unplanned failover stops the servers of the active site by force. Data that was not replicated is lost.",
		"While the active site is up, use a planned failover instead.")
	// SwitchNotRecorded is a note on an unfinished switch that can't be written or read.
	SwitchNotRecorded = plans.warning("Switch Not Recorded",
		"The note beside the state on a switch that an apply did not see the end of can't be written or read. The switch itself is "+
			"not affected.",
		"Apply again. `last_failover` may lack this switch: its job and times are in the log and in the console.")
)
