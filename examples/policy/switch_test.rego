package sdrs_test

import rego.v1

import data.sdrs

plan(type, change) := {"resource_changes": [{"address": sprintf("%s.web_shop", [type]), "type": type, "change": change}]}

switch := plan(
	"sdrs_protection_group_failover",
	{"actions": ["update"], "after": {"correct_drift": false}, "after_unknown": {"last_failover": true}},
)

test_a_switch_needs_leave if count(sdrs.deny) == 1 with input as switch

test_with_leave_it_goes if count(sdrs.deny) == 0 with input as switch with data.allow_switch as true

test_adopting_is_no_switch if {
	count(sdrs.deny) == 0 with input as plan(
		"sdrs_protection_group_failover",
		{"actions": ["create"], "after": {"correct_drift": false}, "after_unknown": {"id": true}},
	)
}

test_replication_goes_on if {
	count(sdrs.deny) == 1 with input as plan(
		"sdrs_protection_group_protection",
		{"actions": ["delete"], "after": null, "after_unknown": {}},
	)
}

test_nothing_switches_by_itself if {
	count(sdrs.deny) == 1 with input as plan(
		"sdrs_protection_group_failover",
		{"actions": ["update"], "after": {"correct_drift": true}, "after_unknown": {}},
	)
}

invocation(type) := {"action_invocations": [{"address": sprintf("action.%s.web_shop", [type]), "type": type}]}

test_an_action_that_switches_needs_leave if count(sdrs.deny) == 1 with input as invocation("sdrs_planned_failover")

test_with_leave_it_is_invoked if {
	count(sdrs.deny) == 0 with input as invocation("sdrs_planned_failover") with data.allow_switch as true
}

test_no_leave_is_for_a_loss_of_data if {
	count(sdrs.deny) == 1 with input as invocation("sdrs_unplanned_failover") with data.allow_switch as true
}

test_a_check_changes_nothing if count(sdrs.deny) == 0 with input as invocation("sdrs_check_readiness")
