# What functions begin with. Nothing else is in it.
resource "aws_s3_bucket" "hello_code" {
  bucket_prefix = "${"${var.name}-code"}-"
  force_destroy = true
}

resource "aws_s3_bucket_public_access_block" "hello_code_shut" {
  bucket                  = aws_s3_bucket.hello_code.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# A ZIP with index.py, which says that nothing was deployed yet.
resource "aws_s3_object" "hello_first_code" {
  bucket         = aws_s3_bucket.hello_code.id
  key            = "hello/first.zip"
  content_base64 = "UEsDBBQAAAAAAAAAIQC/GUZxWAAAAFgAAAAIAAAAaW5kZXgucHlkZWYgaGFuZGxlcihldmVudCwgY29udGV4dCk6CiAgICByZXR1cm4geydzdGF0dXNDb2RlJzogNTAzLCAnYm9keSc6ICdub3QgZGVwbG95ZWQgeWV0J30KUEsBAhQDFAAAAAAAAAAhAL8ZRnFYAAAAWAAAAAgAAAAAAAAAAAAAAKSBAAAAAGluZGV4LnB5UEsFBgAAAAABAAEANgAAAH4AAAAAAA=="
  content_type   = "application/zip"
}

# Begins with code that only says that there is none yet; later code is brought by deploys.
resource "aws_lambda_function" "hello" {
  function_name = "${var.name}-hello"
  role          = aws_iam_role.hello_identity.arn
  runtime       = "python3.13"
  handler       = "index.handler"
  memory_size   = 512
  timeout       = 10
  s3_bucket     = aws_s3_object.hello_first_code.bucket
  s3_key        = aws_s3_object.hello_first_code.key
  publish       = true

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.hello_log.name
  }

  lifecycle {
    ignore_changes = [s3_bucket, s3_key, image_uri]
  }
}

# Deploys lead it to other versions.
resource "aws_lambda_alias" "hello_live" {
  name             = "live"
  function_name    = aws_lambda_function.hello.function_name
  function_version = aws_lambda_function.hello.version

  lifecycle {
    ignore_changes = [function_version, routing_config]
  }
}

# Everybody may call it: the provider adds a permission that says so.
resource "aws_lambda_function_url" "hello_url" {
  function_name      = aws_lambda_function.hello.function_name
  qualifier          = aws_lambda_alias.hello_live.name
  authorization_type = "NONE"
}

# A ZIP with README.txt, which says that nothing was deployed yet.
resource "aws_s3_object" "report_first_code" {
  bucket         = aws_s3_bucket.hello_code.id
  key            = "report/first.zip"
  content_base64 = "UEsDBBQAAAAAAAAAIQD/DBUTGgAAABoAAAAKAAAAUkVBRE1FLnR4dE5vdGhpbmcgd2FzIGRlcGxveWVkIHlldC4KUEsBAhQDFAAAAAAAAAAhAP8MFRMaAAAAGgAAAAoAAAAAAAAAAAAAAKSBAAAAAFJFQURNRS50eHRQSwUGAAAAAAEAAQA4AAAAQgAAAAAA"
  content_type   = "application/zip"
}

# Begins with code that only says that there is none yet; later code is brought by deploys.
resource "aws_lambda_function" "report" {
  function_name = "${var.name}-report"
  role          = aws_iam_role.report_identity.arn
  runtime       = "java21"
  handler       = "com.example.Report"
  memory_size   = 2048
  timeout       = 30
  s3_bucket     = aws_s3_object.report_first_code.bucket
  s3_key        = aws_s3_object.report_first_code.key
  publish       = true

  environment {
    variables = {
      MAIL_KEY_ARN = aws_secretsmanager_secret.mail_key_secret.arn
    }
  }

  snap_start {
    apply_on = "PublishedVersions"
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.report_log.name
  }

  lifecycle {
    ignore_changes = [s3_bucket, s3_key, image_uri]
  }
}

# Deploys lead it to other versions.
resource "aws_lambda_alias" "report_live" {
  name             = "live"
  function_name    = aws_lambda_function.report.function_name
  function_version = aws_lambda_function.report.version

  lifecycle {
    ignore_changes = [function_version, routing_config]
  }
}
