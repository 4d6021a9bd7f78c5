# The database was here.
resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}
