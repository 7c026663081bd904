import {
  to = sdrs_protection_group.web_shop
  id = "40df180b-9fe2-471a-8c64-1b758dc84189"
}
