resource "aws_lambda_function" "resize" {
  function_name = "resize"
  role          = "arn:aws:iam::123456789012:role/resize"
  s3_bucket     = "shop-functions"
  s3_key        = "resize.zip"
  handler       = "index.handler"
  runtime       = "nodejs16.x" # fault: runtime-ended
}

resource "aws_lambda_permission" "anybody" {
  function_name = aws_lambda_function.resize.function_name
  action        = "lambda:InvokeFunction"
  principal     = "*" # fault: principal-open
}
