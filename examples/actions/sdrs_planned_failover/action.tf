# terraform apply -invoke=action.sdrs_planned_failover.web_shop_to_target
action "sdrs_planned_failover" "web_shop_to_target" {
  config {
    protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
    priority_station    = "target"

    stop_servers     = true
    force_stop_after = "5m"
    start_servers    = true
  }
}
