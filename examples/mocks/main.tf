# A module of yours that switches protection groups. It is tested by switch.tftest.hcl, without a cloud.

terraform {
  required_version = ">= 1.11"

  required_providers {
    sdrs = {
      source = "terraform-sdrs/sdrs"
    }
  }
}

variable "availability_zone" {
  description = "The availability zone that everything is to run in."
  type        = string
  default     = "eu-de-01"
}

variable "groups" {
  description = "The ids of the protection groups, by name."
  type        = map(string)
  default     = { web-shop = "40df180b-9fe2-471a-8c64-1b758dc84189" }
}

resource "sdrs_protection_group_failover" "group" {
  for_each = var.groups

  protection_group_id        = each.value
  priority_availability_zone = var.availability_zone
  stop_servers               = true
  start_servers              = true
}

output "elsewhere" {
  description = "The groups that do not run where they should."
  value = [
    for name, group in sdrs_protection_group_failover.group : name
    if group.active_availability_zone != var.availability_zone
  ]
}
