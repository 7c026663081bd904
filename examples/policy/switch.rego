# What a pipeline may apply without asking. The input is `terraform show -json switch.tfplan`.
package sdrs

import rego.v1

# The marker of a switch: only one makes last_failover known after apply.
switches contains change.address if {
	some change in input.resource_changes
	change.type == "sdrs_protection_group_failover"
	change.change.after_unknown.last_failover == true
}

deny contains sprintf("%s switches, and this pipeline may not: set allow_switch.", [address]) if {
	some address in switches
	not data.allow_switch
}

deny contains sprintf("%s would end replication.", [change.address]) if {
	some change in input.resource_changes
	change.type == "sdrs_protection_group_protection"
	"delete" in change.change.actions
}

deny contains sprintf("%s may switch by itself: %s.", [change.address, argument]) if {
	some change in input.resource_changes
	change.type == "sdrs_protection_group_failover"
	some argument in ["correct_drift", "switch_on_create"]
	change.change.after[argument] == true
}

# An action is none of the changes of resources, also where one of these triggers it.
deny contains sprintf("%s would be invoked, and this pipeline may not do that.", [invocation.address]) if {
	some invocation in input.action_invocations
	startswith(invocation.type, "sdrs_")
	not allowed[invocation.type]
}

allowed contains "sdrs_check_readiness"

allowed contains "sdrs_planned_failover" if data.allow_switch
