# How to leave an availability zone with this stands in README.md.

terraform {
  required_version = ">= 1.14"

  required_providers {
    sdrs = {
      source = "terraform-sdrs/sdrs"
    }
  }
}

variable "availability_zone" { description = "The availability zone to leave, for example eu-de-01." }
variable "mode" { description = "planned (servers are stopped first, nothing is lost) or unplanned (disaster)." }

locals {
  waves = [] # For example [["db"], ["erp", "web-shop"]]: these first, in this order.
}

# What runs there when the plan is made. No other group moves.
data "sdrs_protection_groups" "there" {
  active_availability_zone = var.availability_zone
}

action "sdrs_evacuate_availability_zone" "now" {
  config {
    availability_zone = var.availability_zone
    mode              = var.mode
    protection_groups = data.sdrs_protection_groups.there.protection_groups[*].id
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
    protection_groups = data.sdrs_protection_groups.there.protection_groups[*].id
    waves             = local.waves
    stop_servers      = true
    start_servers     = true
    report_file       = "check.html" # For whoever asks each quarter.
    dry_run           = true
  }
}
