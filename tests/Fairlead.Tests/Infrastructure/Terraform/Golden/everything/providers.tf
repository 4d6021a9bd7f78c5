provider "aws" {
  region = var.region

  default_tags {
    tags = {
      app         = "shop"
      environment = "production"
      managed-by  = "fairlead"
      team        = "shop"
    }
  }
}

# CloudFront takes certificates from there only.
provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"

  default_tags {
    tags = {
      app         = "shop"
      environment = "production"
      managed-by  = "fairlead"
      team        = "shop"
    }
  }
}
