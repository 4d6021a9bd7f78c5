resource "aws_iam_policy" "all" {
  name = "all"
  policy = jsonencode({ # fault: policy-all-actions
    Version = "2012-10-17"
    Statement = {
      Effect   = "Allow"
      Action   = ["*"]
      Resource = "*"
    }
  })
}

resource "aws_iam_role" "app" {
  name = "app"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "app" {
  role       = aws_iam_role.app.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess" # fault: policy-admin
}
