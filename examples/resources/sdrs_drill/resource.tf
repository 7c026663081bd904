resource "sdrs_drill" "spring" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
  name                = "spring-drill"

  # A VPC of your own, with the same subnets as the group's. Without it the service makes one, which stays behind.
  drill_vpc_id = "8e2f3a4b-5c6d-4e7f-9081-92a3b4c5d6e7"
}

output "drill_addresses" {
  value = { for server in sdrs_drill.spring.servers : server.name => server.private_ips }
}
