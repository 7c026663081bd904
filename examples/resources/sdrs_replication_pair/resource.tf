# The disk is attached to no server, and in the availability zone of the active site.
resource "sdrs_replication_pair" "data" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
  volume_id           = "5ad24da2-8483-4a51-b34d-ba1ad45ac53b"
  name                = "web-shop-data"
  description         = "Uploaded images"
}

output "replica" {
  value = sdrs_replication_pair.data.target_volume_id
}
