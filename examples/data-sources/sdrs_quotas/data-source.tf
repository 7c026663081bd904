data "sdrs_quotas" "all" {}

# What is left of each quota; null where there is no limit.
output "left" {
  value = {
    for quota in data.sdrs_quotas.all.quotas : quota.type => quota.quota == -1 ? null : quota.quota - quota.used
  }
}
