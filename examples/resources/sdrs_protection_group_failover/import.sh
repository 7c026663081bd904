# By the id of the protection group. First set priority_station to the site that is active now: where the configuration
# names the other one, the next plan shows a switch. With an import block that is an error, unless switch_on_create is true.
terraform import sdrs_protection_group_failover.web_shop 40df180b-9fe2-471a-8c64-1b758dc84189
