# What users of the opentelekomcloud provider write, with the arguments that its pages show. Servers and disks are others'.

data "opentelekomcloud_sdrs_domain_v1" "dom_1" {}

resource "opentelekomcloud_sdrs_protectiongroup_v1" "group_1" {
  name        = "group_1"
  description = "databases"

  source_availability_zone = "eu-de-02"
  target_availability_zone = "eu-de-01"

  domain_id     = data.opentelekomcloud_sdrs_domain_v1.dom_1.id
  source_vpc_id = "24cdab14-c681-e63f-a492-607ef059a82e"
  dr_type       = "migration"
  enable        = true
}

resource "opentelekomcloud_sdrs_protected_instance_v1" "instance_1" {
  name                 = "instance_create"
  description          = "some interesting description"
  group_id             = opentelekomcloud_sdrs_protectiongroup_v1.group_1.id
  server_id            = "bee7f44c-12ea-9b95-5670-2a08190f2abb"
  subnet_id            = "033eb19e-d3eb-6d2d-d1ca-37e3132a35f2"
  ip_address           = "10.20.7.7"
  delete_target_server = true
  delete_target_eip    = true

  tags = {
    muh = "value-create"
    kuh = "value-create"
  }
}

resource "opentelekomcloud_sdrs_replication_pair_v1" "pair_1" {
  name                 = "replication_1"
  group_id             = opentelekomcloud_sdrs_protectiongroup_v1.group_1.id
  volume_id            = "9c783e6b-245a-b7a1-13b3-4764390e16e3"
  description          = "description"
  delete_target_volume = true
}

resource "opentelekomcloud_sdrs_replication_attach_v1" "attach_1" {
  instance_id    = opentelekomcloud_sdrs_protected_instance_v1.instance_1.id
  replication_id = opentelekomcloud_sdrs_replication_pair_v1.pair_1.id
  device         = "/dev/vdc"
}

output "server_in_production" {
  value = opentelekomcloud_sdrs_protected_instance_v1.instance_1.server_id
}
