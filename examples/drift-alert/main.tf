# Tells when a protection group runs at another site than this configuration asks for.

terraform {
  required_providers {
    sdrs = {
      source = "terraform-sdrs/sdrs"
    }
  }
}

provider "sdrs" {} # Credentials come from the environment.

resource "sdrs_protection_group_failover" "web_shop" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
  priority_station    = "source"
}

# A plan of a switch fails it, too, since the group runs at the other site until it is applied.
check "web_shop_is_where_it_should_be" {
  assert {
    condition     = sdrs_protection_group_failover.web_shop.active_site == sdrs_protection_group_failover.web_shop.priority_station
    error_message = "web-shop runs in ${sdrs_protection_group_failover.web_shop.active_availability_zone}."
  }
}
