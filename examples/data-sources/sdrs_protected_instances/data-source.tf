data "sdrs_protected_instances" "web_shop" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
}

# The servers that are to be stopped before a planned failover.
output "active_server_ids" {
  value = data.sdrs_protected_instances.web_shop.protected_instances[*].active_server_id
}
