variable "password" {
  type      = string
  sensitive = true
  default   = ""
}

resource "aws_lambda_function" "resize" {
  function_name = "resize"
  role          = "arn:aws:iam::123456789012:role/resize"
  s3_bucket     = "shop-functions"
  s3_key        = "resize.zip"
  handler       = "index.handler"
  runtime       = "nodejs22.x"
}

resource "aws_lambda_permission" "bucket" {
  function_name = aws_lambda_function.resize.function_name
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
  source_arn    = "arn:aws:s3:::shop-uploads"
}

resource "aws_secretsmanager_secret_version" "stripe" {
  secret_id     = "stripe"
  secret_string = var.password
}
