# terraform apply -invoke=action.sdrs_unplanned_failover.web_shop_to_target
action "sdrs_unplanned_failover" "web_shop_to_target" {
  config {
    protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
    priority_station    = "target"
    start_servers       = true
  }
}
