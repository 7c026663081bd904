# terraform apply -invoke=action.sdrs_reprotect.web_shop
#
# This overwrites the disks of the site that is not active.
action "sdrs_reprotect" "web_shop" {
  config {
    protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
    timeout             = "2h"
  }
}
