import {
  to = sdrs_protected_instance.web
  id = "2dc7aacb-3984-b041-b353-315c6366c2dc"
}
