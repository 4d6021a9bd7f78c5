resource "aws_db_instance" "shop" { # fault: database-alone
  identifier                  = "shop"
  engine                      = "postgres"
  engine_version              = "16.3"
  instance_class              = "db.t4g.micro"
  allocated_storage           = 20
  storage_encrypted           = true
  backup_retention_period     = 7
  username                    = "shop"
  manage_master_user_password = true
  skip_final_snapshot         = true  # fault: snapshot-skipped
  deletion_protection         = false # fault: unprotected
}

resource "aws_s3_bucket" "uploads" {
  bucket        = "shop-uploads"
  force_destroy = true # fault: unprotected
}

resource "aws_s3_bucket_public_access_block" "uploads" {
  bucket                  = aws_s3_bucket.uploads.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
