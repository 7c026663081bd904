# terraform apply -invoke=action.sdrs_clear_failure_jobs.web_shop
action "sdrs_clear_failure_jobs" "web_shop" {
  config {
    protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
  }
}
