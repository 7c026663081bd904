package diagnostic

// Configuration is what the plugin framework says of a configuration that the schemas do not allow.
func Configuration() Section {
	return Section{
		Title: "Invalid configuration",
		Intro: "Found in your files, before anything is read or changed. The message names the file and the argument.",
		Kinds: []Kind{
			Error("Invalid Attribute Value",
				"A number is out of range: `max_retries` is negative, or above 20.",
				"Set it to a number from 0 to 20."),
			Error("Invalid Attribute Value Match",
				"An argument has a value that is not one of the allowed ones, an id that is not a UUID, or a duration "+
					"that is negative or, in a `timeouts` block, zero.",
				"Use a value that the message names. `priority_station` is `source` or `target`, in lower case."),
			Error("Invalid Attribute Value Length",
				"A text is empty, often since it comes from a variable that has no value, or a description is too long.",
				"Give it a value, or null where it may be left out."),
			Error("Invalid Attribute Value Time Duration",
				"A value in a `timeouts` block is not a duration.",
				"Write it as in `30s`, `90m`, or `2h45m`."),
			Error("Invalid Time Duration String Value",
				"`timeout` of an action, or `force_stop_after`, is not a duration.",
				"Write it as in `30s`, `90m`, or `2h45m`."),
			Error(
				"Invalid Attribute Combination",
				"Two arguments exclude each other (`id` and `name` of `sdrs_protection_group`), or one has no effect without "+
					"another (`force_stop_after` needs `stop_servers = true`).",
				"Remove one of the two, or set the one that is missing.",
			),
			Error("Missing Attribute Configuration",
				"`sdrs_protection_group` has neither `id` nor `name`.",
				"Set one of the two."),
			Error("Missing Configuration for Required Attribute",
				"A required argument is null, often since it comes from a variable or an output that is.",
				"Give it a value."),
			Error("Null Set Value", "An element of a set, such as `protection_groups`, is null.", "Leave it out."),
			Error("Null List Value", "An element of a list, such as `waves`, is null.", "Leave it out."),
			Error("Null Map Value", "A value in a map, such as `tags`, is null.", "Leave out its key."),
		},
	}
}

// Terraform is what Terraform itself says, and blames on the provider.
func Terraform() Section {
	return Section{
		Title: "What Terraform itself says",
		Kinds: []Kind{
			Error(
				"Provider produced inconsistent final plan",
				"Terraform adds that this is a bug in the provider. It is not: Terraform plans again during apply, and the group "+
					"was switched or began to move after the plan that you saw. Nothing was changed.",
				"Plan again, and read what it says about the switch before you apply.",
			),
			Error(
				"Execution halted",
				"Somebody pressed Ctrl-C. The provider's own error beside it says what was going on. The job goes on in the cloud.",
				"Apply, or invoke the action, again: it waits for the job that is running. Only `Action complete` means that an "+
					"action is done.",
			),
			Error("Error acquiring the state lock",
				"Another apply of this configuration is running, or one was ended by force.",
				"Wait for the other one. `terraform force-unlock` is for a lock whose owner is certainly gone."),
			Error("Cannot import non-existent remote object",
				"There is no protection group with the id of the import in this project and region.",
				"Check the id, and `region` and `tenant_name` of the provider."),
			Error("Failed to query available provider packages",
				"`terraform init` looks for this provider in the registry, where it is not yet.",
				"With `dev_overrides`, leave out `terraform init`. For a configuration with other providers, see "+
					"[Coming from the opentelekomcloud provider](coming-from-opentelekomcloud.md)."),
			Error(
				"Failed to install provider",
				"The copy of the provider is another build than the one that `.terraform.lock.hcl` has the checksum of, or for "+
					"another operating system. `Required plugins are not installed` is the same, of an update after `terraform init`.",
				"Where you trust the copy: delete `.terraform.lock.hcl`, and run `terraform init` again. It needs no network.",
			),
		},
	}
}
