resource "sdrs_protection_group_protection" "web_shop" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"

  # Where the replication pairs are in the same configuration, protection waits for them:
  # depends_on = [opentelekomcloud_sdrs_replication_pair_v1.web_shop]
}
