resource "sdrs_protection_group" "web_shop" {
  name        = "web-shop"
  description = "Frontend and database"

  # Both zones are those of an active-active domain, see the data source sdrs_active_domains.
  source_availability_zone = "eu-de-01"
  target_availability_zone = "eu-de-02"
  vpc_id                   = "91b006b4-8d5b-c5f9-104b-617f0578e3cb"
}

output "protection_group_id" {
  value = sdrs_protection_group.web_shop.id
}
