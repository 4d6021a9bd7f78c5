provider "aws" {
  region = var.region

  default_tags {
    tags = {
      app         = "intake"
      environment = "production"
      managed-by  = "fairlead"
    }
  }
}
