# The pair that a disk has, be it at the one site or the other.
data "sdrs_replication_pair" "data" {
  volume_id = "5ad24da2-8483-4a51-b34d-ba1ad45ac53b" # Or id = "0bd9b1a1-9ee1-4a3c-86b2-1b5f2f4e4f0e"
}

output "replication_status" {
  value = data.sdrs_replication_pair.data.replication_status
}
