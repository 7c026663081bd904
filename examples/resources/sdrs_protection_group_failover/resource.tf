resource "sdrs_protection_group_failover" "web_shop" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"

  # The site that is to be active. Changing it switches the group on the next apply.
  priority_station = "source"
}

output "active_availability_zone" {
  value = sdrs_protection_group_failover.web_shop.active_availability_zone
}
