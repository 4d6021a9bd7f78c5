resource "aws_cloudwatch_log_group" "api_log" {
  name              = "/fairlead/${var.name}/api-log"
  retention_in_days = 30
}

resource "aws_iam_role" "api_starter" {
  name        = "${var.name}-api-starter"
  description = "api-starter of storefront in production"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          Service = "ecs-tasks.amazonaws.com"
        }
        Action = "sts:AssumeRole"
        Condition = {
          StringEquals = {
            "aws:SourceAccount" = data.aws_caller_identity.here.account_id
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "api_starter_work" {
  name = "work"
  role = aws_iam_role.api_starter.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["ecr:GetAuthorizationToken"]
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = aws_ecr_repository.api_images.arn
      },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.api_log.arn}:*"
      },
    ]
  })
}

resource "aws_iam_role" "api_identity" {
  name        = "${var.name}-api-identity"
  description = "api-identity of storefront in production"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          Service = "ecs-tasks.amazonaws.com"
        }
        Action = "sts:AssumeRole"
        Condition = {
          StringEquals = {
            "aws:SourceAccount" = data.aws_caller_identity.here.account_id
          }
        }
      },
    ]
  })
}

resource "aws_cloudwatch_log_group" "worker_log" {
  name              = "/fairlead/${var.name}/worker-log"
  retention_in_days = 30
}

resource "aws_iam_role" "worker_starter" {
  name        = "${var.name}-worker-starter"
  description = "worker-starter of storefront in production"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          Service = "ecs-tasks.amazonaws.com"
        }
        Action = "sts:AssumeRole"
        Condition = {
          StringEquals = {
            "aws:SourceAccount" = data.aws_caller_identity.here.account_id
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "worker_starter_work" {
  name = "work"
  role = aws_iam_role.worker_starter.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["ecr:GetAuthorizationToken"]
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = aws_ecr_repository.worker_images.arn
      },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.worker_log.arn}:*"
      },
    ]
  })
}

resource "aws_iam_role" "worker_identity" {
  name        = "${var.name}-worker-identity"
  description = "worker-identity of storefront in production"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          Service = "ecs-tasks.amazonaws.com"
        }
        Action = "sts:AssumeRole"
        Condition = {
          StringEquals = {
            "aws:SourceAccount" = data.aws_caller_identity.here.account_id
          }
        }
      },
    ]
  })
}
