# How to leave an availability zone with this stands in README.md.

terraform {
  required_version = ">= 1.14"

  required_providers {
    sdrs = {
      source = "terraform-sdrs/sdrs"
    }
  }
}

provider "sdrs" {} # Credentials come from the environment.

variable "availability_zone" { description = "The availability zone to leave, for example eu-de-01." }
variable "mode" { description = "planned (servers are stopped first, nothing is lost) or unplanned (disaster)." }

data "sdrs_protection_groups" "all" {}

variable "also" {
  type        = list(string)
  description = "Groups that a planned run moved before Ctrl-C, by id or name: nothing else tells that their servers are off."
  default     = []
}

locals {
  waves = [] # For example [["db"], ["erp", "web-shop"]]: these first, in this order.

  # What runs there when the plan is made, is on its way, or is stuck half-way; and what an unplanned run before this one
  # has moved, since Ctrl-C may have come before its servers were started. No other group is touched.
  groups = concat(var.also, [
    for group in data.sdrs_protection_groups.all.protection_groups : group.id
    if group.active_availability_zone == var.availability_zone || (
      group.standby_availability_zone == var.availability_zone && (
        contains(["reversing", "failing-over", "error-reversing", "error-failing-over"], group.status) ||
        group.status == "failed-over" && var.mode == "unplanned"
      )
    )
  ])
}

action "sdrs_evacuate_availability_zone" "now" {
  config {
    availability_zone = var.availability_zone
    mode              = var.mode
    protection_groups = local.groups
    waves             = local.waves
    stop_servers      = true
    start_servers     = true
    report_file       = "evacuation.html" # For the archive. An older one is kept under another name.

    recovery_time_objective = "30m" # A line in the report.
  }
}

# Checks what that would do, and moves nothing.
action "sdrs_evacuate_availability_zone" "check" {
  config {
    availability_zone = var.availability_zone
    mode              = var.mode
    protection_groups = local.groups
    waves             = local.waves
    stop_servers      = true
    start_servers     = true
    report_file       = "check.html" # For whoever asks each quarter.
    dry_run           = true
  }
}

# When the zone is back, and nothing on its disks is needed any more: THEY ARE OVERWRITTEN. Protects again what has its
# replica there. Groups that are protected stay as they are.
action "sdrs_reprotect" "back" {
  config {
    protection_group_ids = [
      for group in data.sdrs_protection_groups.all.protection_groups : group.id
      if group.standby_availability_zone == var.availability_zone &&
      contains(["failed-over", "reprotecting", "error-reprotecting", "protected"], group.status)
    ]
    wait_for_synchronization = true # Otherwise it ends when replication has begun.
    timeout                  = "24h"
  }
}
