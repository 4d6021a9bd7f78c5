resource "aws_cloudwatch_log_group" "api_log" {
  name              = "/fairlead/${var.name}/api-log"
  retention_in_days = 30
}

# Only the place: its value is put there apart from all code, and no state has it.
resource "aws_secretsmanager_secret" "stripe_key_secret" {
  name        = "${var.name}/STRIPE_KEY"
  description = "STRIPE_KEY of shop in production"
}

resource "aws_iam_role" "api_starter" {
  name        = "${var.name}-api-starter"
  description = "api-starter of shop in production"
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
      {
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = aws_secretsmanager_secret.stripe_key_secret.arn
      },
      {
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = aws_db_instance.main_database.master_user_secret[0].secret_arn
      },
    ]
  })
}

resource "aws_iam_role" "api_identity" {
  name        = "${var.name}-api-identity"
  description = "api-identity of shop in production"
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

resource "aws_iam_role_policy" "api_identity_work" {
  name = "work"
  role = aws_iam_role.api_identity.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = aws_s3_bucket.uploads_bucket.arn
      },
      {
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
        Resource = "${aws_s3_bucket.uploads_bucket.arn}/*"
      },
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"]
        Resource = aws_sqs_queue.orders_queue.arn
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
  description = "worker-starter of shop in production"
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
      {
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = aws_db_instance.main_database.master_user_secret[0].secret_arn
      },
    ]
  })
}

resource "aws_iam_role" "worker_identity" {
  name        = "${var.name}-worker-identity"
  description = "worker-identity of shop in production"
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

resource "aws_iam_role_policy" "worker_identity_work" {
  name = "work"
  role = aws_iam_role.worker_identity.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = aws_s3_bucket.uploads_bucket.arn
      },
      {
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = "${aws_s3_bucket.uploads_bucket.arn}/*"
      },
      {
        Effect = "Allow"
        Action = [
          "sqs:ReceiveMessage",
          "sqs:DeleteMessage",
          "sqs:ChangeMessageVisibility",
          "sqs:GetQueueAttributes",
          "sqs:GetQueueUrl",
        ]
        Resource = aws_sqs_queue.orders_queue.arn
      },
    ]
  })
}

resource "aws_cloudwatch_log_group" "legacy_log" {
  name              = "/fairlead/${var.name}/legacy-log"
  retention_in_days = 30
}

resource "aws_iam_role" "legacy_identity" {
  name        = "${var.name}-legacy-identity"
  description = "legacy-identity of shop in production"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          Service = "ec2.amazonaws.com"
        }
        Action = "sts:AssumeRole"
      },
    ]
  })
}

resource "aws_iam_role_policy" "legacy_identity_work" {
  name = "work"
  role = aws_iam_role.legacy_identity.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.legacy_log.arn}:*"
      },
    ]
  })
}

resource "aws_iam_role_policy_attachment" "legacy_identity_managed" {
  role       = aws_iam_role.legacy_identity.name
  policy_arn = "arn:${data.aws_partition.here.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_instance_profile" "legacy_identity_profile" {
  name = "${var.name}-legacy-identity"
  role = aws_iam_role.legacy_identity.name
}

resource "aws_cloudwatch_log_group" "thumbnails_log" {
  name              = "/fairlead/${var.name}/thumbnails-log"
  retention_in_days = 30
}

resource "aws_iam_role" "thumbnails_identity" {
  name        = "${var.name}-thumbnails-identity"
  description = "thumbnails-identity of shop in production"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Principal = {
          Service = "lambda.amazonaws.com"
        }
        Action = "sts:AssumeRole"
      },
    ]
  })
}

resource "aws_iam_role_policy" "thumbnails_identity_work" {
  name = "work"
  role = aws_iam_role.thumbnails_identity.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = [
          "sqs:ReceiveMessage",
          "sqs:DeleteMessage",
          "sqs:ChangeMessageVisibility",
          "sqs:GetQueueAttributes",
          "sqs:GetQueueUrl",
        ]
        Resource = aws_sqs_queue.orders_queue.arn
      },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.thumbnails_log.arn}:*"
      },
      {
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = aws_db_instance.main_database.master_user_secret[0].secret_arn
      },
    ]
  })
}

resource "aws_iam_role_policy_attachment" "thumbnails_identity_managed" {
  role       = aws_iam_role.thumbnails_identity.name
  policy_arn = "arn:${data.aws_partition.here.partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
}
