data "sdrs_failure_jobs" "planned_failovers" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
  failure_status      = "reverseFail"
}

output "reasons" {
  value = data.sdrs_failure_jobs.planned_failovers.failure_jobs[*].fail_reason
}
