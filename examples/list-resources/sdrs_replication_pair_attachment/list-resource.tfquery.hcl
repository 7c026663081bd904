# All that is attached in the project.
list "sdrs_replication_pair_attachment" "estate" {
  provider = sdrs
}

# What one protected instance has.
list "sdrs_replication_pair_attachment" "web" {
  provider = sdrs

  config {
    protected_instance_id = "2dc7aacb-3984-b041-b353-315c6366c2dc"
  }
}
