data "sdrs_failover_readiness" "web_shop" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
}

# Each plan and apply tells whether a switch to the other site could start now. What stands in its way is a warning.
check "web_shop_can_switch" {
  assert {
    condition     = data.sdrs_failover_readiness.web_shop.ready
    error_message = join("\n", data.sdrs_failover_readiness.web_shop.problems)
  }
}

output "ready" {
  value = data.sdrs_failover_readiness.web_shop.ready
}
