resource "aws_db_instance" "shop" {
  identifier                  = "shop"
  engine                      = "postgres"
  engine_version              = "16.3"
  instance_class              = "db.t4g.micro"
  allocated_storage           = 20
  storage_encrypted           = true
  multi_az                    = true
  backup_retention_period     = 7
  username                    = "shop"
  manage_master_user_password = true
  deletion_protection         = true
  final_snapshot_identifier   = "shop-last"
}

# Reads only, and is backed up where it is read from.
resource "aws_db_instance" "reader" {
  identifier              = "reader"
  replicate_source_db     = aws_db_instance.shop.identifier
  instance_class          = "db.t4g.micro"
  storage_encrypted       = true
  backup_retention_period = 0
  deletion_protection     = true
  skip_final_snapshot     = true
}
