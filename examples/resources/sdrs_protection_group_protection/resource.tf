resource "sdrs_protection_group_protection" "web_shop" {
  protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"

  # Where the members of the group are in the same configuration, protection is enabled after they are there, and disabled
  # before they go:
  # depends_on = [sdrs_protected_instance.web_shop, sdrs_replication_pair.web_shop]
}
