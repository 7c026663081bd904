# Fails where the protection group could not be switched.

terraform {
  required_providers {
    sdrs = {
      source = "terraform-sdrs/sdrs"
    }
  }
}

provider "sdrs" {} # Credentials come from the environment.

data "sdrs_failover_readiness" "web_shop" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
  stop_servers        = true # Servers run until a switch is due.

  lifecycle {
    postcondition {
      condition     = alltrue([for check in self.checks : check.status == "pass"])
      error_message = join("\n", [for check in self.checks : "${check.name}: ${check.detail}" if check.status != "pass"])
    }
  }
}

output "checks" {
  value = { for check in data.sdrs_failover_readiness.web_shop.checks : check.name => check.status }
}
