data "sdrs_active_domains" "all" {}

output "availability_zones" {
  value = {
    for domain in data.sdrs_active_domains.all.active_domains : domain.name => [
      domain.local_availability_zone, domain.remote_availability_zone,
    ] if !domain.sold_out
  }
}
