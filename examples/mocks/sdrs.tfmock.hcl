# What the cloud would say.
mock_resource "sdrs_protection_group_failover" {
  defaults = {
    name                      = "web-shop"
    status                    = "protected"
    active_site               = "target"
    active_availability_zone  = "eu-de-02"
    standby_availability_zone = "eu-de-01"
  }
}
