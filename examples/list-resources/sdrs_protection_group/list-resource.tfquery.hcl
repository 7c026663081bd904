# All protection groups of the project.
list "sdrs_protection_group" "estate" {
  provider = sdrs
}

# Those of the shop that run in eu-de-01 now.
list "sdrs_protection_group" "shop" {
  provider = sdrs

  config {
    name                     = "shop"
    active_availability_zone = "eu-de-01"
  }
}
