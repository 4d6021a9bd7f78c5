resource "aws_db_instance" "shop" {
  identifier                  = "shop"
  engine                      = "postgres"
  engine_version              = "16.3"
  instance_class              = "db.t4g.micro"
  allocated_storage           = 20
  storage_encrypted           = false # fault: storage-unencrypted
  publicly_accessible         = true  # fault: database-public
  backup_retention_period     = 0     # fault: database-unbacked
  username                    = "shop"
  manage_master_user_password = true
  final_snapshot_identifier   = "shop-last"
}
