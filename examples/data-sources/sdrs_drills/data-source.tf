data "sdrs_drills" "web_shop" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
}

output "drill_names" {
  value = data.sdrs_drills.web_shop.drills[*].name
}
