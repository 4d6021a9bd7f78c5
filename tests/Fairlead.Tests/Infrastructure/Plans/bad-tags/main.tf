resource "aws_sqs_queue" "jobs" { # fault: tags-missing
  name = "jobs"
}

resource "aws_ecr_repository" "api" {
  name = "api"

  tags = { # fault: tags-missing
    team = "shop"
  }
}

resource "aws_ecr_repository" "worker" {
  name = "worker"

  tags = {
    team        = "shop"
    cost-center = "42"
  }
}
