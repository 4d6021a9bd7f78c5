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

resource "aws_db_subnet_group" "main_database_subnets" {
  name       = "${var.name}-main-database"
  subnet_ids = [aws_subnet.private_a.id, aws_subnet.private_b.id]
}

# AWS makes and keeps the password, so that nobody types it and no state has it. A last snapshot
# stays when it is removed.
resource "aws_db_instance" "main_database" {
  identifier                      = "${var.name}-main-database"
  engine                          = "postgres"
  engine_version                  = "16"
  instance_class                  = "db.t4g.small"
  allocated_storage               = 20
  storage_type                    = "gp3"
  storage_encrypted               = true
  db_name                         = "shop"
  username                        = "app"
  manage_master_user_password     = true
  multi_az                        = true
  backup_retention_period         = 7
  copy_tags_to_snapshot           = true
  deletion_protection             = true
  skip_final_snapshot             = false
  final_snapshot_identifier       = "${var.name}-main-database-final"
  publicly_accessible             = false
  db_subnet_group_name            = aws_db_subnet_group.main_database_subnets.name
  vpc_security_group_ids          = [aws_security_group.main_database_firewall.id]
  enabled_cloudwatch_logs_exports = ["postgresql"]
}

resource "aws_elasticache_subnet_group" "cache_cache_subnets" {
  name       = "${var.name}-cache-cache"
  subnet_ids = [aws_subnet.private_a.id, aws_subnet.private_b.id]
}

# Takes connections with and without TLS; set transit_encryption_mode to required once all programs
# use it.
resource "aws_elasticache_replication_group" "cache_cache" {
  replication_group_id       = "${var.name}-cache-cache"
  description                = "cache-cache of shop in production"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  multi_az_enabled           = true
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  transit_encryption_mode    = "preferred"
  subnet_group_name          = aws_elasticache_subnet_group.cache_cache_subnets.name
  security_group_ids         = [aws_security_group.cache_cache_firewall.id]
}

resource "aws_s3_bucket" "uploads_bucket" {
  bucket_prefix = "${"${var.name}-uploads-bucket"}-"
  force_destroy = false
}

resource "aws_s3_bucket_public_access_block" "uploads_bucket_shut" {
  bucket                  = aws_s3_bucket.uploads_bucket.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "uploads_bucket_owner" {
  bucket = aws_s3_bucket.uploads_bucket.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "uploads_bucket_encryption" {
  bucket = aws_s3_bucket.uploads_bucket.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "uploads_bucket_versions" {
  bucket = aws_s3_bucket.uploads_bucket.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "uploads_bucket_lifecycle" {
  bucket = aws_s3_bucket.uploads_bucket.id

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

  rule {
    id     = "old-files"
    status = "Enabled"

    filter {}

    expiration {
      days = 365
    }
  }

  depends_on = [aws_s3_bucket_versioning.uploads_bucket_versions]
}

resource "aws_s3_bucket_policy" "uploads_bucket_policy" {
  bucket = aws_s3_bucket.uploads_bucket.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OnlyByTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.uploads_bucket.arn, "${aws_s3_bucket.uploads_bucket.arn}/*"]
        Condition = {
          Bool = {
            "aws:SecureTransport" = "false"
          }
        }
      },
    ]
  })
}

# Messages that nobody could handle, for people to look at.
resource "aws_sqs_queue" "orders_queue_put_aside" {
  name                      = "${var.name}-orders-queue-put-aside"
  sqs_managed_sse_enabled   = true
  message_retention_seconds = 1209600
}

resource "aws_sqs_queue" "orders_queue" {
  name                       = "${var.name}-orders-queue"
  sqs_managed_sse_enabled    = true
  visibility_timeout_seconds = 30
  message_retention_seconds  = 345600
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.orders_queue_put_aside.arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue_policy" "orders_queue_policy" {
  queue_url = aws_sqs_queue.orders_queue.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OnlyByTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = aws_sqs_queue.orders_queue.arn
        Condition = {
          Bool = {
            "aws:SecureTransport" = "false"
          }
        }
      },
    ]
  })
}

resource "aws_sqs_queue_policy" "orders_queue_put_aside_policy" {
  queue_url = aws_sqs_queue.orders_queue_put_aside.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OnlyByTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = aws_sqs_queue.orders_queue_put_aside.arn
        Condition = {
          Bool = {
            "aws:SecureTransport" = "false"
          }
        }
      },
    ]
  })
}
