# The emergency folder of one protection group: actions alone, so that it needs no state and waits for no lock.
#
#   terraform apply -invoke=action.sdrs_unplanned_failover.web_shop

terraform {
  required_version = ">= 1.14" # For actions.

  required_providers {
    sdrs = {
      source = "terraform-sdrs/sdrs"
    }
  }
}

provider "sdrs" {} # Credentials come from the environment.

# Changes nothing. Says what would stop a planned failover.
action "sdrs_check_readiness" "web_shop" {
  config {
    protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
    stop_servers        = true # Servers run until a switch is due.
  }
}

# When eu-de-01 is down. What was not replicated is lost.
action "sdrs_unplanned_failover" "web_shop" {
  config {
    protection_group_id        = "40df180b-9fe2-471a-8c64-1b758dc84189"
    priority_availability_zone = "eu-de-02"
    start_servers              = true
  }
}

# When eu-de-01 is back, and nothing on its disks is needed any more: they are overwritten.
action "sdrs_reprotect" "web_shop" {
  config {
    protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
  }
}

# Back to eu-de-01, without loss: stops the servers at eu-de-02, switches, and starts those at eu-de-01.
action "sdrs_planned_failover" "web_shop_back" {
  config {
    protection_group_id        = "40df180b-9fe2-471a-8c64-1b758dc84189"
    priority_availability_zone = "eu-de-01"
    stop_servers               = true
    force_stop_after           = "10m"
    start_servers              = true
  }
}
