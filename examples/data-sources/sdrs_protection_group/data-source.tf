data "sdrs_protection_group" "web_shop" {
  name = "web-shop" # Or id = "40df180b-9fe2-471a-8c64-1b758dc84189"
}

output "active_availability_zone" {
  value = data.sdrs_protection_group.web_shop.active_availability_zone
}
