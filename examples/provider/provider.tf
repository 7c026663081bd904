terraform {
  required_providers {
    sdrs = {
      source = "terraform-sdrs/sdrs"
    }
  }
}

# With the OS_* variables of an openrc file, or OS_CLOUD for an entry of clouds.yaml, the block can stay empty.
provider "sdrs" {
  auth_url    = "https://iam.eu-de.otc.t-systems.com/v3"
  domain_name = "OTC00000000001000000001"
  tenant_name = "eu-de_shop"
  user_name   = "dr-operator"
  password    = var.password
}

# Ephemeral: it is stored in no state and in no plan file. Set it by TF_VAR_password.
variable "password" {
  type      = string
  ephemeral = true
}
