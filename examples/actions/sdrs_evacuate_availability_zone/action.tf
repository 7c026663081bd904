# The plan lists the groups that will move, and asks:
#
#   terraform apply -invoke=action.sdrs_evacuate_availability_zone.leave

data "sdrs_protection_groups" "there" {
  active_availability_zone = "eu-de-01"
}

action "sdrs_evacuate_availability_zone" "leave" {
  config {
    availability_zone = "eu-de-01"
    mode              = "planned" # In a disaster: "unplanned".

    # Those that the plan lists, and no other.
    protection_groups = data.sdrs_protection_groups.there.protection_groups[*].id

    waves = [
      ["orders"], # The database. Then all others.
    ]

    stop_servers   = true
    stop_all_first = true # Applications before their databases.
    start_servers  = true # Databases before their applications.
  }
}
