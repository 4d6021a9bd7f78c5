resource "aws_s3_bucket" "web_files" {
  bucket_prefix = "${"${var.name}-web-files"}-"
  force_destroy = true
}

resource "aws_s3_bucket_public_access_block" "web_files_shut" {
  bucket                  = aws_s3_bucket.web_files.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "web_files_owner" {
  bucket = aws_s3_bucket.web_files.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "web_files_encryption" {
  bucket = aws_s3_bucket.web_files.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "web_files_versions" {
  bucket = aws_s3_bucket.web_files.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "web_files_lifecycle" {
  bucket = aws_s3_bucket.web_files.id

  rule {
    id     = "parts-of-uploads-that-broke-off"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  rule {
    id     = "what-was-written-over"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 30
    }
  }

  depends_on = [aws_s3_bucket_versioning.web_files_versions]
}

resource "aws_s3_bucket_policy" "web_files_policy" {
  bucket = aws_s3_bucket.web_files.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OnlyByTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.web_files.arn, "${aws_s3_bucket.web_files.arn}/*"]
        Condition = {
          Bool = {
            "aws:SecureTransport" = "false"
          }
        }
      },
      {
        Sid    = "TheCdnReads"
        Effect = "Allow"
        Principal = {
          Service = "cloudfront.amazonaws.com"
        }
        Action   = "s3:GetObject"
        Resource = "${aws_s3_bucket.web_files.arn}/*"
        Condition = {
          StringEquals = {
            "aws:SourceArn" = aws_cloudfront_distribution.web_cdn.arn
          }
        }
      },
    ]
  })
}
