data "aws_region" "here" {}

data "aws_caller_identity" "here" {}

data "aws_partition" "here" {}
