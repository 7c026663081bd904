# Protects the servers of an application, which all run in one availability zone, and decides where they run.

terraform {
  required_providers {
    sdrs = {
      source = "terraform-sdrs/sdrs"
    }
  }
}

variable "name" {
  description = "The name of the application."
  type        = string
}

variable "vpc_id" {
  description = "The id of the VPC of the servers."
  type        = string
}

variable "source_availability_zone" {
  description = "The availability zone that the servers run in when they are protected."
  type        = string
}

variable "target_availability_zone" {
  description = "The availability zone of the replicas."
  type        = string
}

variable "servers" {
  description = "The ids of the servers, by name. Their disks are protected with them."
  type        = map(string)
}

variable "disks" {
  description = "Disks that are attached to no server yet, by name: each is protected, and then attached to a server."
  type = map(object({
    volume_id = string
    server    = string # A key of servers.
    device    = string
  }))
  default = {}
}

variable "active_availability_zone" {
  description = "The availability zone that the application is to run in. Default: the source."
  type        = string
  default     = null

  validation { # An empty one would be the source, too, and switch back whoever left the value out.
    condition = var.active_availability_zone == null ? true : contains(
      [var.source_availability_zone, var.target_availability_zone], var.active_availability_zone
    )
    error_message = "It must be the source or the target availability zone."
  }
}

variable "correct_drift" {
  description = "Whether to undo a switch that somebody made elsewhere."
  type        = bool
  default     = false
}

variable "delete_replicas" {
  description = "Whether destroying deletes the DR servers and DR disks, too. Otherwise they stay, and nobody manages them."
  type        = bool
  default     = false
}

resource "sdrs_protection_group" "this" {
  name                     = var.name
  vpc_id                   = var.vpc_id
  source_availability_zone = var.source_availability_zone
  target_availability_zone = var.target_availability_zone
}

resource "sdrs_protected_instance" "this" {
  for_each = var.servers

  protection_group_id  = sdrs_protection_group.this.id
  server_id            = each.value
  name                 = each.key
  delete_target_server = var.delete_replicas
}

resource "sdrs_replication_pair" "this" {
  for_each = var.disks

  protection_group_id  = sdrs_protection_group.this.id
  volume_id            = each.value.volume_id
  name                 = each.key
  delete_target_volume = var.delete_replicas
}

resource "sdrs_replication_pair_attachment" "this" {
  for_each = var.disks

  protected_instance_id = sdrs_protected_instance.this[each.value.server].id
  replication_pair_id   = sdrs_replication_pair.this[each.key].id
  device                = each.value.device
}

# The members come first, and go last: protection needs them.
resource "sdrs_protection_group_protection" "this" {
  protection_group_id = sdrs_protection_group.this.id

  depends_on = [
    sdrs_protected_instance.this,
    sdrs_replication_pair.this,
    sdrs_replication_pair_attachment.this,
  ]
}

resource "sdrs_protection_group_failover" "this" {
  protection_group_id        = sdrs_protection_group_protection.this.protection_group_id
  priority_availability_zone = coalesce(var.active_availability_zone, var.source_availability_zone)
  correct_drift              = var.correct_drift
  stop_servers               = true
  start_servers              = true
}

output "protection_group" {
  value = sdrs_protection_group.this
}

output "protected_instances" {
  value = sdrs_protected_instance.this
}

output "replication_pairs" {
  value = sdrs_replication_pair.this
}

output "protection" {
  value = sdrs_protection_group_protection.this
}

output "failover" {
  value = sdrs_protection_group_failover.this
}
