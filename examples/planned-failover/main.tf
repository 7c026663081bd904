# Adopts a protection group where it runs now, and switches it when priority_station changes.

terraform {
  required_providers {
    sdrs = {
      source = "terraform-sdrs/sdrs"
    }
  }
}

provider "sdrs" {} # Credentials come from the environment.

# Once the group is imported, this block does nothing. It can be removed.
import {
  to = sdrs_protection_group_failover.web_shop
  id = "40df180b-9fe2-471a-8c64-1b758dc84189"
}

resource "sdrs_protection_group_failover" "web_shop" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"

  # The site that is active now. To switch, change it to the other one.
  priority_station = "source"

  # One apply takes running servers at one site to running servers at the other.
  stop_servers     = true
  force_stop_after = "10m"
  start_servers    = true

  timeouts {
    update = "90m"
  }
}

output "last_failover" {
  value = sdrs_protection_group_failover.web_shop.last_failover
}
