resource "aws_iam_role_policy" "app" {
  name = "app"
  role = "app"
  policy = jsonencode({ # fault: policy-all-resources
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["s3:*", "sqs:SendMessage"]
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = ["ecr:GetAuthorizationToken", "ec2:DescribeInstances", "cloudwatch:PutMetricData"]
        Resource = "*"
      },
    ]
  })
}
