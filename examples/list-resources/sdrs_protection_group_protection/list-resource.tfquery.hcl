# The protection of all protection groups of the project that have it.
list "sdrs_protection_group_protection" "estate" {
  provider = sdrs
}

# That of the shop's groups that run in eu-de-01 now.
list "sdrs_protection_group_protection" "shop" {
  provider = sdrs

  config {
    name                     = "shop"
    active_availability_zone = "eu-de-01"
  }
}
