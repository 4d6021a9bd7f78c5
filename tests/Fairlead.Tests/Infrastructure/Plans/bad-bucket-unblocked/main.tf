resource "aws_s3_bucket" "uploads" { # fault: bucket-unblocked
  bucket = "shop-uploads"
}
