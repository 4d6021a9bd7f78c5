resource "aws_cloudwatch_log_group" "hello_log" {
  name              = "/fairlead/${var.name}/hello-log"
  retention_in_days = 30
}

resource "aws_iam_role" "hello_identity" {
  name        = "${var.name}-hello-identity"
  description = "hello-identity of hooks in production"
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

resource "aws_iam_role_policy" "hello_identity_work" {
  name = "work"
  role = aws_iam_role.hello_identity.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.hello_log.arn}:*"
      },
    ]
  })
}

resource "aws_cloudwatch_log_group" "report_log" {
  name              = "/fairlead/${var.name}/report-log"
  retention_in_days = 30
}

# Only the place: its value is put there apart from all code, and no state has it.
resource "aws_secretsmanager_secret" "mail_key_secret" {
  name        = "${var.name}/MAIL_KEY"
  description = "MAIL_KEY of hooks in production"
}

resource "aws_iam_role" "report_identity" {
  name        = "${var.name}-report-identity"
  description = "report-identity of hooks in production"
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

resource "aws_iam_role_policy" "report_identity_work" {
  name = "work"
  role = aws_iam_role.report_identity.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.report_log.arn}:*"
      },
      {
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = aws_secretsmanager_secret.mail_key_secret.arn
      },
    ]
  })
}
