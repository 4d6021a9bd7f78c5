resource "aws_db_instance" "shop" {
  identifier                = "shop"
  engine                    = "postgres"
  engine_version            = "16.3"
  instance_class            = "db.t4g.micro"
  allocated_storage         = 20
  storage_encrypted         = true
  backup_retention_period   = 7
  username                  = "shop"
  password                  = "correct-horse-battery" # fault: secret-in-code
  final_snapshot_identifier = "shop-last"
}

resource "aws_secretsmanager_secret_version" "stripe" {
  secret_id     = "stripe"
  secret_string = "sk_planted_not_a_key" # fault: secret-in-code
}
