# The DR drills of one protection group.
list "sdrs_drill" "web_shop" {
  provider = sdrs

  config {
    protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
  }
}
