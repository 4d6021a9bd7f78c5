provider "aws" {
  alias                       = "tokyo"
  region                      = "ap-northeast-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

resource "aws_sqs_queue" "jobs" { # fault: region-not-allowed
  provider = aws.tokyo
  name     = "jobs"
}

resource "aws_sqs_queue" "here" {
  name = "here"
}
