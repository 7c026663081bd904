# All replication pairs of the project.
list "sdrs_replication_pair" "estate" {
  provider = sdrs
}

# Those of one protection group.
list "sdrs_replication_pair" "shop" {
  provider = sdrs

  config {
    protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
  }
}
