# A switch of three groups in one plan, as in the guide on reading it.

terraform {
  required_providers {
    sdrs = { source = "terraform-sdrs/sdrs" }
  }
}

provider "sdrs" {} # Credentials come from the environment.

variable "site" { type = string }

resource "sdrs_protection_group_failover" "web_shop" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
  priority_station    = var.site
  stop_servers        = true
  force_stop_after    = "10m"
  start_servers       = true
}

resource "sdrs_protection_group_failover" "orders" {
  protection_group_id = "5d0c2c3f-3f0e-4d5b-9a57-7d2a3c6a1b10"
  priority_station    = var.site
}

resource "sdrs_protection_group_failover" "shop_archive" {
  protection_group_id = "a1f4c0de-6b7e-4a0f-8f5c-2f4c8b9d7e21"
  priority_station    = "target"
}
