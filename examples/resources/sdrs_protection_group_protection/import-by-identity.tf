import {
  to = sdrs_protection_group_protection.web_shop
  identity = {
    protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
    region              = "eu-de"
  }
}
