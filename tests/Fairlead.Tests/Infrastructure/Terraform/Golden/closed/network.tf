resource "aws_vpc" "network" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
  enable_dns_support   = true
  tags = {
    Name = "${var.name}-network"
  }
}

# Every network has this group, and lets everything in that has it: nothing may be reached by it.
resource "aws_default_security_group" "network_closed" {
  vpc_id = aws_vpc.network.id
}

resource "aws_internet_gateway" "network_gateway" {
  vpc_id = aws_vpc.network.id
  tags = {
    Name = "${var.name}-network"
  }
}

resource "aws_route_table" "network_public" {
  vpc_id = aws_vpc.network.id
  tags = {
    Name = "${var.name}-public"
  }

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.network_gateway.id
  }
}

resource "aws_route_table" "network_private_1" {
  vpc_id = aws_vpc.network.id
  tags = {
    Name = "${var.name}-private-1"
  }
}

data "aws_availability_zones" "here" {
  state = "available"
}

resource "aws_subnet" "public_a" {
  vpc_id            = aws_vpc.network.id
  cidr_block        = "10.0.0.0/20"
  availability_zone = data.aws_availability_zones.here.names[0]
  tags = {
    Name = "${var.name}-public-a"
  }
}

resource "aws_route_table_association" "public_a_routes" {
  subnet_id      = aws_subnet.public_a.id
  route_table_id = aws_route_table.network_public.id
}

resource "aws_subnet" "public_b" {
  vpc_id            = aws_vpc.network.id
  cidr_block        = "10.0.16.0/20"
  availability_zone = data.aws_availability_zones.here.names[1]
  tags = {
    Name = "${var.name}-public-b"
  }
}

resource "aws_route_table_association" "public_b_routes" {
  subnet_id      = aws_subnet.public_b.id
  route_table_id = aws_route_table.network_public.id
}

resource "aws_subnet" "public_c" {
  vpc_id            = aws_vpc.network.id
  cidr_block        = "10.0.32.0/20"
  availability_zone = data.aws_availability_zones.here.names[2]
  tags = {
    Name = "${var.name}-public-c"
  }
}

resource "aws_route_table_association" "public_c_routes" {
  subnet_id      = aws_subnet.public_c.id
  route_table_id = aws_route_table.network_public.id
}

resource "aws_subnet" "private_a" {
  vpc_id            = aws_vpc.network.id
  cidr_block        = "10.0.128.0/20"
  availability_zone = data.aws_availability_zones.here.names[0]
  tags = {
    Name = "${var.name}-private-a"
  }
}

resource "aws_route_table_association" "private_a_routes" {
  subnet_id      = aws_subnet.private_a.id
  route_table_id = aws_route_table.network_private_1.id
}

resource "aws_subnet" "private_b" {
  vpc_id            = aws_vpc.network.id
  cidr_block        = "10.0.144.0/20"
  availability_zone = data.aws_availability_zones.here.names[1]
  tags = {
    Name = "${var.name}-private-b"
  }
}

resource "aws_route_table_association" "private_b_routes" {
  subnet_id      = aws_subnet.private_b.id
  route_table_id = aws_route_table.network_private_1.id
}

resource "aws_subnet" "private_c" {
  vpc_id            = aws_vpc.network.id
  cidr_block        = "10.0.160.0/20"
  availability_zone = data.aws_availability_zones.here.names[2]
  tags = {
    Name = "${var.name}-private-c"
  }
}

resource "aws_route_table_association" "private_c_routes" {
  subnet_id      = aws_subnet.private_c.id
  route_table_id = aws_route_table.network_private_1.id
}

resource "aws_security_group" "load_balancer_firewall" {
  name        = "${var.name}-load-balancer-firewall"
  description = "load-balancer-firewall of intake in production"
  vpc_id      = aws_vpc.network.id
  tags = {
    Name = "${var.name}-load-balancer-firewall"
  }
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer_firewall_in_1" {
  security_group_id = aws_security_group.load_balancer_firewall.id
  description       = "visitors, who are sent to HTTPS"
  cidr_ipv4         = "0.0.0.0/0"
  from_port         = 80
  to_port           = 80
  ip_protocol       = "tcp"
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer_firewall_in_2" {
  security_group_id = aws_security_group.load_balancer_firewall.id
  description       = "visitors"
  cidr_ipv4         = "0.0.0.0/0"
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}

resource "aws_vpc_security_group_egress_rule" "load_balancer_firewall_out" {
  security_group_id = aws_security_group.load_balancer_firewall.id
  description       = "whatever it calls"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_security_group" "programs_firewall" {
  name        = "${var.name}-programs-firewall"
  description = "programs-firewall of intake in production"
  vpc_id      = aws_vpc.network.id
  tags = {
    Name = "${var.name}-programs-firewall"
  }
}

resource "aws_vpc_security_group_ingress_rule" "programs_firewall_in_1" {
  security_group_id            = aws_security_group.programs_firewall.id
  description                  = "the load balancer"
  referenced_security_group_id = aws_security_group.load_balancer_firewall.id
  from_port                    = 8080
  to_port                      = 8080
  ip_protocol                  = "tcp"
}

resource "aws_vpc_security_group_egress_rule" "programs_firewall_out" {
  security_group_id = aws_security_group.programs_firewall.id
  description       = "whatever it calls"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_security_group" "main_database_firewall" {
  name        = "${var.name}-main-database-firewall"
  description = "main-database-firewall of intake in production"
  vpc_id      = aws_vpc.network.id
  tags = {
    Name = "${var.name}-main-database-firewall"
  }
}

resource "aws_vpc_security_group_ingress_rule" "main_database_firewall_in_1" {
  security_group_id            = aws_security_group.main_database_firewall.id
  description                  = "the apps programs"
  referenced_security_group_id = aws_security_group.programs_firewall.id
  from_port                    = 3306
  to_port                      = 3306
  ip_protocol                  = "tcp"
}

# Costs nothing, and keeps images and files from going out and in again.
resource "aws_vpc_endpoint" "network_to_s3" {
  vpc_id            = aws_vpc.network.id
  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${data.aws_region.here.name}.s3"
  route_table_ids   = [aws_route_table.network_private_1.id]
  tags = {
    Name = "${var.name}-to-s3"
  }
}

resource "aws_security_group" "network_endpoints" {
  name        = "${var.name}-endpoints"
  description = "AWS itself, from within the network"
  vpc_id      = aws_vpc.network.id
  tags = {
    Name = "${var.name}-endpoints"
  }
}

resource "aws_vpc_security_group_ingress_rule" "network_endpoints_in" {
  security_group_id = aws_security_group.network_endpoints.id
  description       = "programs in the network"
  cidr_ipv4         = "10.0.0.0/16"
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}

resource "aws_vpc_endpoint" "network_to_ecr_api" {
  vpc_id              = aws_vpc.network.id
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${data.aws_region.here.name}.ecr.api"
  private_dns_enabled = true
  subnet_ids          = [aws_subnet.private_a.id, aws_subnet.private_b.id, aws_subnet.private_c.id]
  security_group_ids  = [aws_security_group.network_endpoints.id]
  tags = {
    Name = "${var.name}-to-ecr-api"
  }
}

resource "aws_vpc_endpoint" "network_to_ecr_dkr" {
  vpc_id              = aws_vpc.network.id
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${data.aws_region.here.name}.ecr.dkr"
  private_dns_enabled = true
  subnet_ids          = [aws_subnet.private_a.id, aws_subnet.private_b.id, aws_subnet.private_c.id]
  security_group_ids  = [aws_security_group.network_endpoints.id]
  tags = {
    Name = "${var.name}-to-ecr-dkr"
  }
}

resource "aws_vpc_endpoint" "network_to_logs" {
  vpc_id              = aws_vpc.network.id
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${data.aws_region.here.name}.logs"
  private_dns_enabled = true
  subnet_ids          = [aws_subnet.private_a.id, aws_subnet.private_b.id, aws_subnet.private_c.id]
  security_group_ids  = [aws_security_group.network_endpoints.id]
  tags = {
    Name = "${var.name}-to-logs"
  }
}

resource "aws_vpc_endpoint" "network_to_secretsmanager" {
  vpc_id              = aws_vpc.network.id
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${data.aws_region.here.name}.secretsmanager"
  private_dns_enabled = true
  subnet_ids          = [aws_subnet.private_a.id, aws_subnet.private_b.id, aws_subnet.private_c.id]
  security_group_ids  = [aws_security_group.network_endpoints.id]
  tags = {
    Name = "${var.name}-to-secretsmanager"
  }
}

resource "aws_vpc_endpoint" "network_to_sqs" {
  vpc_id              = aws_vpc.network.id
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${data.aws_region.here.name}.sqs"
  private_dns_enabled = true
  subnet_ids          = [aws_subnet.private_a.id, aws_subnet.private_b.id, aws_subnet.private_c.id]
  security_group_ids  = [aws_security_group.network_endpoints.id]
  tags = {
    Name = "${var.name}-to-sqs"
  }
}
