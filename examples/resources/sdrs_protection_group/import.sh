# By the id of the protection group.
terraform import sdrs_protection_group.web_shop 40df180b-9fe2-471a-8c64-1b758dc84189
