data "sdrs_protected_instance" "web" {
  name = "web-shop-1" # Or id, or server_id: that of the server at either site.
}

output "server_in_production" {
  value = data.sdrs_protected_instance.web.active_server_id
}
