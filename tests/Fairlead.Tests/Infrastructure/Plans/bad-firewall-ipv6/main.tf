resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id = "sg-0123456789abcdef0"
  cidr_ipv6         = "::/0" # fault: firewall-open
  from_port         = 5432
  to_port           = 5432
  ip_protocol       = "tcp"
}

resource "aws_vpc_security_group_ingress_rule" "web" {
  security_group_id = "sg-0123456789abcdef0"
  cidr_ipv6         = "::/0"
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}
