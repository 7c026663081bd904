# By the id of the protection group. First set priority_station to the site that is active now: where the configuration
# names the other one, the next apply switches the group; with an import block it is the same apply that imports it.
terraform import sdrs_protection_group_failover.web_shop 40df180b-9fe2-471a-8c64-1b758dc84189
