resource "aws_db_instance" "shop" {
  identifier                  = "shop"
  engine                      = "postgres"
  engine_version              = "16.3"
  instance_class              = "db.t4g.micro"
  allocated_storage           = 20
  storage_encrypted           = true
  kms_key_id                  = "arn:aws:kms:eu-central-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef" # fault: data-replaced
  backup_retention_period     = 7
  username                    = "shop"
  manage_master_user_password = true
  final_snapshot_identifier   = "shop-last"
}
