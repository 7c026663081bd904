# The groups that run at eu-de-01 and are protected.
data "sdrs_protection_groups" "here" {
  active_availability_zone = "eu-de-01"
  status                   = "protected"
}

output "group_ids" {
  value = data.sdrs_protection_groups.here.protection_groups[*].id
}
