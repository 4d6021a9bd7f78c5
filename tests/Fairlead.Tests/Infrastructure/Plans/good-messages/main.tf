resource "aws_kms_key" "news" {
  description         = "News of the shop"
  enable_key_rotation = true
}

resource "aws_sns_topic" "news" {
  name              = "news"
  kms_master_key_id = aws_kms_key.news.id
}

resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}

resource "aws_sqs_queue" "orders" {
  name              = "orders"
  kms_master_key_id = "alias/aws/sqs"
}
