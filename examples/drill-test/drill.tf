terraform {
  required_providers {
    sdrs = { source = "terraform-sdrs/sdrs" }
  }
}

provider "sdrs" {} # Credentials come from the environment.

variable "protection_group_id" {
  type        = string
  default     = "40df180b-9fe2-471a-8c64-1b758dc84189"
  description = "The protection group to drill."
}

variable "drill_vpc_id" {
  type        = string
  default     = null
  description = "A VPC with the same subnets as the group's. By default the service makes one, which stays behind."
}

variable "port" {
  type        = number
  default     = 80
  description = "Where the service of each server answers HTTP."
}

variable "probe" {
  type        = bool
  default     = false
  description = "Whether to ask each server of the drill."
}

resource "sdrs_drill" "test" {
  protection_group_id = var.protection_group_id
  drill_vpc_id        = var.drill_vpc_id
  name                = "drill-test"
}

data "sdrs_protected_instances" "group" {
  protection_group_id = var.protection_group_id
}

# Asks one server of the drill. A script that fails is a failed run, whose message names the server.
resource "terraform_data" "answer" {
  for_each = var.probe ? { for server in sdrs_drill.test.servers : server.name => server } : {}

  provisioner "local-exec" {
    command = "sh ${path.module}/probe.sh"
    environment = {
      ADDRESS = one(each.value.private_ips)
      PORT    = var.port
    }
  }
}
