# terraform apply -invoke=action.sdrs_check_readiness.web_shop
#
# Ends with exit code 1 where the protection group could not be switched, or where that can't be told.
action "sdrs_check_readiness" "web_shop" {
  config {
    protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
    stop_servers        = true # Servers run until a switch is due.
  }
}

# A gate: where the check fails, Terraform does not update the resource, and nothing is stopped or switched.
resource "sdrs_protection_group_failover" "web_shop" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
  priority_station    = "source"
  stop_servers        = true

  lifecycle {
    action_trigger {
      events  = [before_update]
      actions = [action.sdrs_check_readiness.web_shop]
    }
  }
}
