# What functions begin with. Nothing else is in it.
resource "aws_s3_bucket" "thumbnails_code" {
  bucket_prefix = "${"${var.name}-code"}-"
  force_destroy = true
}

resource "aws_s3_bucket_public_access_block" "thumbnails_code_shut" {
  bucket                  = aws_s3_bucket.thumbnails_code.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# A ZIP with index.js, which says that nothing was deployed yet.
resource "aws_s3_object" "thumbnails_first_code" {
  bucket         = aws_s3_bucket.thumbnails_code.id
  key            = "thumbnails/first.zip"
  content_base64 = "UEsDBBQAAAAAAAAAIQCxPBGXTwAAAE8AAAAIAAAAaW5kZXguanNleHBvcnRzLmhhbmRsZXIgPSBhc3luYyAoKSA9PiAoeyBzdGF0dXNDb2RlOiA1MDMsIGJvZHk6ICdub3QgZGVwbG95ZWQgeWV0JyB9KTsKUEsBAhQDFAAAAAAAAAAhALE8EZdPAAAATwAAAAgAAAAAAAAAAAAAAKSBAAAAAGluZGV4LmpzUEsFBgAAAAABAAEANgAAAHUAAAAAAA=="
  content_type   = "application/zip"
}

# Begins with code that only says that there is none yet; later code is brought by deploys.
resource "aws_lambda_function" "thumbnails" {
  function_name = "${var.name}-thumbnails"
  role          = aws_iam_role.thumbnails_identity.arn
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  memory_size   = 512
  timeout       = 30
  s3_bucket     = aws_s3_object.thumbnails_first_code.bucket
  s3_key        = aws_s3_object.thumbnails_first_code.key
  publish       = true

  environment {
    variables = {
      DATABASE_HOST         = aws_db_instance.main_database.address
      DATABASE_NAME         = "shop"
      DATABASE_PORT         = "5432"
      DATABASE_USER         = "app"
      ORDERS_QUEUE_URL      = aws_sqs_queue.orders_queue.url
      DATABASE_PASSWORD_ARN = aws_db_instance.main_database.master_user_secret[0].secret_arn
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.thumbnails_log.name
  }

  vpc_config {
    subnet_ids         = [aws_subnet.private_a.id, aws_subnet.private_b.id]
    security_group_ids = [aws_security_group.programs_firewall.id]
  }

  lifecycle {
    ignore_changes = [s3_bucket, s3_key, image_uri]
  }
}

# Deploys lead it to other versions.
resource "aws_lambda_alias" "thumbnails_live" {
  name             = "live"
  function_name    = aws_lambda_function.thumbnails.function_name
  function_version = aws_lambda_function.thumbnails.version

  lifecycle {
    ignore_changes = [function_version, routing_config]
  }
}
