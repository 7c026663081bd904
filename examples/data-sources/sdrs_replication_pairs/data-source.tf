data "sdrs_replication_pairs" "web_shop" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
}

# The pairs that a planned failover has to wait for.
output "copying" {
  value = [
    for pair in data.sdrs_replication_pairs.web_shop.replication_pairs : pair.name
    if pair.replication_status == "copying"
  ]
}
