# Switches several protection groups in order: databases first, then the applications that need them.
#
#   terraform apply -var availability_zone=eu-de-02
#
# Sites are named by availability zone: what is the source of one group may be the target of another. The variable has no
# default, so that no apply switches back because somebody left it out.
#
# Groups of one resource switch side by side, at most -parallelism of them at a time (10 by default).

terraform {
  required_providers {
    sdrs = {
      source = "terraform-sdrs/sdrs"
    }
  }
}

provider "sdrs" {} # Credentials come from the environment.

variable "availability_zone" {
  description = "The availability zone that everything is to run in."
  type        = string
}

variable "databases" {
  description = "The protection groups of the databases, by name."
  type        = map(string)
  default     = { web-shop = "40df180b-9fe2-471a-8c64-1b758dc84189" }
}

variable "applications" {
  description = "The protection groups of the applications, by name."
  type        = map(string)
  default     = {}
}

resource "sdrs_protection_group_failover" "database" {
  for_each = var.databases

  protection_group_id        = each.value
  priority_availability_zone = var.availability_zone
  stop_servers               = true
  force_stop_after           = "10m"
  start_servers              = true
}

resource "sdrs_protection_group_failover" "application" {
  for_each = var.applications

  protection_group_id        = each.value
  priority_availability_zone = var.availability_zone
  stop_servers               = true
  force_stop_after           = "10m"
  start_servers              = true

  # An application moves when all databases serve from the wanted site.
  depends_on = [sdrs_protection_group_failover.database]
}

output "sites" {
  value = {
    databases    = { for name, group in sdrs_protection_group_failover.database : name => group.active_availability_zone }
    applications = { for name, group in sdrs_protection_group_failover.application : name => group.active_availability_zone }
  }
}
