# terraform apply -invoke=action.sdrs_add_nic.backup
action "sdrs_add_nic" "backup" {
  config {
    protected_instance_id = "2dc7aacb-3984-b041-b353-315c6366c2dc"
    subnet_id             = "030b1a39-cfdb-e029-5f58-471d29aa9414"

    # With an address, a second invocation finds the card, and requests nothing.
    ip_address = "10.0.1.77"
  }
}
