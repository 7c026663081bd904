# Tells every day whether the protection groups could be switched. It changes nothing.

terraform {
  required_providers {
    sdrs = {
      source = "terraform-sdrs/sdrs"
    }
  }
}

provider "sdrs" {} # Credentials come from the environment.

variable "groups" {
  description = "The ids of the protection groups, by name."
  type        = map(string)
  default     = { web-shop = "40df180b-9fe2-471a-8c64-1b758dc84189" }

  validation {
    condition     = length(var.groups) > 0
    error_message = "Without a group the check would find no problem."
  }
}

data "sdrs_failover_readiness" "group" {
  for_each = var.groups

  protection_group_id = each.value
  stop_servers        = true # Servers run until a switch is due: that is no problem.
}

data "sdrs_failure_jobs" "group" {
  for_each = var.groups

  protection_group_id = each.value
}

data "sdrs_replication_pairs" "abnormal" {
  query_type = "status_abnormal"
}

locals {
  # What is worth a look, and does not make a group unready, is a problem, too: nobody would notice otherwise.
  problems = flatten([
    for name, group in data.sdrs_failover_readiness.group : [
      for check in group.checks :
      join(" ", compact(["${name}: ${check.name}: ${check.status}.", check.detail, check.remedy]))
      if check.status != "pass"
    ]
  ])
}

# A warning in each plan and apply.
check "groups_can_switch" {
  assert {
    condition     = length(local.problems) == 0
    error_message = join("\n", local.problems)
  }
}

output "problems" {
  value = join("\n", local.problems)
}

output "failed_jobs" {
  value = flatten([
    for name, group in data.sdrs_failure_jobs.group : [
      for job in group.failure_jobs : "${name}: ${job.begin_time} ${job.job_type} ${job.error_code}: ${job.fail_reason}"
    ]
  ])
}

output "abnormal_pairs" {
  value = [for pair in data.sdrs_replication_pairs.abnormal.replication_pairs : "${pair.name} is ${pair.status}"]
}
