resource "sdrs_protection_group_failover" "web_shop" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
  priority_station    = "source" # To switch: "target".

  stop_servers     = true
  force_stop_after = "5m"
  start_servers    = true
}
