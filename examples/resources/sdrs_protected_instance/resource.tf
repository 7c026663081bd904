resource "sdrs_protected_instance" "web" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
  server_id           = "da1ada2c-bbe4-e50a-4cdc-8d754529c002" # Later this may be that of either server.
  name                = "web-shop-1"
  description         = "Frontend"

  tags = {
    team = "shop"
  }

  # The flavor of the DR server, where it is to be another one than that of the server:
  # flavor_id = "s3.large.2"

  # Destroying leaves the DR server and its disks behind, unless this is applied before:
  # delete_target_server = true
}

output "disks" {
  value = { for pair in sdrs_protected_instance.web.replication_pairs : pair.device => {
    source = pair.source_volume_id
    target = pair.target_volume_id
  } }
}
