# The plan lists the groups that will move, and asks:
#
#   terraform apply -invoke=action.sdrs_evacuate_availability_zone.leave

action "sdrs_evacuate_availability_zone" "leave" {
  config {
    availability_zone = "eu-de-01"
    mode              = "planned" # In a disaster: "unplanned".

    waves = [
      ["orders"], # The database. Then all others.
    ]

    stop_servers   = true
    stop_all_first = true # Applications before their databases.
    start_servers  = true # Databases before their applications.
  }
}
