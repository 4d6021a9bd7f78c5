resource "aws_sqs_queue" "jobs" {
  name                       = "jobs"
  visibility_timeout_seconds = 5 # fault: queue-visible-too-soon
}

resource "aws_sqs_queue" "slow" {
  name                       = "slow"
  visibility_timeout_seconds = 60
}
