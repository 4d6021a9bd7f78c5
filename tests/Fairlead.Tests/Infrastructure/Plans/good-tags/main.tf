provider "aws" {
  alias                       = "tagging"
  region                      = "eu-central-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true

  default_tags {
    tags = { team = "shop" }
  }
}

resource "aws_sqs_queue" "jobs" {
  provider = aws.tagging
  name     = "jobs"
}

resource "aws_cloudwatch_log_group" "api" {
  provider          = aws.tagging
  name              = "/shop/api"
  retention_in_days = 30
}
