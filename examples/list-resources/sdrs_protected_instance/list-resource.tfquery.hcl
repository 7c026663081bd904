# All protected instances of the project.
list "sdrs_protected_instance" "estate" {
  provider = sdrs
}

# The frontends of one group.
list "sdrs_protected_instance" "shop" {
  provider = sdrs

  config {
    protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
    name                = "web"
  }
}
