resource "aws_cloudwatch_log_group" "api" { # fault: logs-forever
  name = "/shop/api"
}

resource "aws_cloudwatch_log_group" "worker" {
  name              = "/shop/worker"
  retention_in_days = 0 # fault: logs-forever
}
