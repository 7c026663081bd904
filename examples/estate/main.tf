# Disaster recovery of two applications from nothing: either runs in the availability zone that has the replicas of the
# other. `terraform get` finds the module. The ids are those of `make simulator ARGS="-estate empty"`.
#
# Whatever runs where, and whoever switched it, a plan of the rest stays empty. To switch both in one apply:
#
#   terraform apply -var web_availability_zone=eu-de-02 -var db_availability_zone=eu-de-01
#
# And back, as is needed before destroying: that deletes the DR servers here, which are in production until then. A plan
# to destroy that warns of it is not to be applied: it would fail half-way, without protection.
#
#   terraform apply
#
# In your own, leave the defaults of the zones out: with them an apply without -var switches back.

terraform {
  required_providers {
    sdrs = {
      source = "terraform-sdrs/sdrs"
    }
  }
}

provider "sdrs" {} # Credentials come from the environment.

variable "web_availability_zone" {
  description = "The availability zone that the web servers are to run in."
  type        = string
  default     = "eu-de-01"
}

variable "db_availability_zone" {
  description = "The availability zone that the databases are to run in."
  type        = string
  default     = "eu-de-02"
}

variable "correct_drift" {
  description = "Whether to undo switches that somebody made elsewhere."
  type        = bool
  default     = false
}

locals {
  vpc_id = "24cdab14-c681-e63f-a492-607ef059a82e"
}

module "web" {
  source = "../modules/protected-application"

  name                     = "web"
  vpc_id                   = local.vpc_id
  source_availability_zone = "eu-de-01"
  target_availability_zone = "eu-de-02"
  active_availability_zone = var.web_availability_zone
  correct_drift            = var.correct_drift
  delete_replicas          = true # So that destroying leaves nothing behind.

  servers = {
    web-1 = "0cb54b90-d422-5f51-ee95-851359090f2e"
    web-2 = "5af28cf0-d379-9e4c-8f74-f041bacb153e"
  }
  disks = {
    web-images = { volume_id = "110f522f-ef54-1bc0-dc70-9ec1c0b52e02", server = "web-1", device = "/dev/vdc" }
  }
}

module "db" {
  source = "../modules/protected-application"

  name                     = "db"
  vpc_id                   = local.vpc_id
  source_availability_zone = "eu-de-02"
  target_availability_zone = "eu-de-01"
  active_availability_zone = var.db_availability_zone
  correct_drift            = var.correct_drift
  delete_replicas          = true

  servers = {
    db-1 = "bee7f44c-12ea-9b95-5670-2a08190f2abb"
    db-2 = "f5be24c0-3543-6ece-2b28-24bd8dfd3dfc"
  }
  disks = {
    db-log = { volume_id = "9c783e6b-245a-b7a1-13b3-4764390e16e3", server = "db-1", device = "/dev/vdc" }
  }
}

# Whether each could be switched now: a warning in each plan where it could not.
data "sdrs_failover_readiness" "this" {
  for_each = {
    web = module.web.failover.protection_group_id
    db  = module.db.failover.protection_group_id
  }

  protection_group_id = each.value
  stop_servers        = true # Servers run until a switch is due: that is no problem.
}

check "both_can_switch" {
  assert {
    condition = alltrue([for group in data.sdrs_failover_readiness.this : group.ready])
    error_message = join("\n", flatten([
      for name, group in data.sdrs_failover_readiness.this : [for problem in group.problems : "${name}: ${problem}"]
    ]))
  }
}

output "protection_group_ids" {
  value = { web = module.web.protection_group.id, db = module.db.protection_group.id }
}

output "dr_server_ids" {
  value = { for name, instance in merge(module.web.protected_instances, module.db.protected_instances) :
    name => instance.target_server_id
  }
}
