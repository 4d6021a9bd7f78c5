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

resource "aws_eip" "public_a_address" {
  domain = "vpc"
  tags = {
    Name = "${var.name}-exit-1"
  }
}

# Programs in private subnets go out here; one for all zones costs less, and goes with its zone.
resource "aws_nat_gateway" "public_a_exit" {
  allocation_id = aws_eip.public_a_address.id
  subnet_id     = aws_subnet.public_a.id
  tags = {
    Name = "${var.name}-exit-1"
  }
}

resource "aws_route_table" "network_private_1" {
  vpc_id = aws_vpc.network.id
  tags = {
    Name = "${var.name}-private-1"
  }

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.public_a_exit.id
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

resource "aws_security_group" "load_balancer_firewall" {
  name        = "${var.name}-load-balancer-firewall"
  description = "load-balancer-firewall of storefront in production"
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

resource "aws_vpc_security_group_egress_rule" "load_balancer_firewall_out" {
  security_group_id = aws_security_group.load_balancer_firewall.id
  description       = "whatever it calls"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_security_group" "programs_firewall" {
  name        = "${var.name}-programs-firewall"
  description = "programs-firewall of storefront in production"
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

resource "aws_vpc_security_group_ingress_rule" "programs_firewall_in_2" {
  security_group_id            = aws_security_group.programs_firewall.id
  description                  = "programs that use each other"
  referenced_security_group_id = aws_security_group.programs_firewall.id
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
