# By the id of the protected instance.
terraform import sdrs_protected_instance.web 2dc7aacb-3984-b041-b353-315c6366c2dc
