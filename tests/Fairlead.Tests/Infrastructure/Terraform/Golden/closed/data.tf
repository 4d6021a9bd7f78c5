resource "aws_db_subnet_group" "main_database_subnets" {
  name       = "${var.name}-main-database"
  subnet_ids = [aws_subnet.private_a.id, aws_subnet.private_b.id, aws_subnet.private_c.id]
}

# AWS makes and keeps the password, so that nobody types it and no state has it. A last snapshot
# stays when it is removed.
resource "aws_db_instance" "main_database" {
  identifier                      = "${var.name}-main-database"
  engine                          = "mysql"
  engine_version                  = "8.4"
  instance_class                  = "db.m7g.xlarge"
  allocated_storage               = 100
  storage_type                    = "gp3"
  storage_encrypted               = true
  db_name                         = "intake"
  username                        = "app"
  manage_master_user_password     = true
  multi_az                        = false
  backup_retention_period         = 14
  copy_tags_to_snapshot           = true
  deletion_protection             = true
  skip_final_snapshot             = false
  final_snapshot_identifier       = "${var.name}-main-database-final"
  publicly_accessible             = false
  db_subnet_group_name            = aws_db_subnet_group.main_database_subnets.name
  vpc_security_group_ids          = [aws_security_group.main_database_firewall.id]
  enabled_cloudwatch_logs_exports = ["error"]
}
