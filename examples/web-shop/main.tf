terraform {
  required_providers {
    sdrs = { source = "terraform-sdrs/sdrs" }
  }
}

provider "sdrs" {} # Credentials come from the environment.

variable "priority_station" {
  description = "The site that the shop is to run at: source or target."
  type        = string
}

variable "correct_drift" {
  description = "Whether to undo a switch that somebody made elsewhere."
  type        = bool
  default     = false
}

resource "sdrs_protection_group_failover" "web_shop" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
  priority_station    = var.priority_station
  correct_drift       = var.correct_drift
}

output "active_site" {
  value = sdrs_protection_group_failover.web_shop.active_site
}

output "active_availability_zone" {
  value = sdrs_protection_group_failover.web_shop.active_availability_zone
}

output "last_failover" {
  value = sdrs_protection_group_failover.web_shop.last_failover
}
