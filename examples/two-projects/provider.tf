# One provider block for each project, passed to the module above.
variable "project" { default = "eu-de_shop" }

provider "sdrs" {
  alias       = "shop"
  tenant_name = var.project
}

module "shop" {
  source            = "../mocks" # The folder of the module.
  providers         = { sdrs = sdrs.shop }
  availability_zone = "eu-de-01"
}
