provider "aws" {
  region = var.region

  default_tags {
    tags = {
      app         = "storefront"
      environment = "production"
      managed-by  = "fairlead"
    }
  }
}
