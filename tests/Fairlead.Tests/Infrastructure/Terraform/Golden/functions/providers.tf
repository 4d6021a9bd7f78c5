provider "aws" {
  region = var.region

  default_tags {
    tags = {
      app         = "hooks"
      environment = "production"
      managed-by  = "fairlead"
    }
  }
}
