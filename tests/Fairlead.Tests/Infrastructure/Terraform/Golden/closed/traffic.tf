resource "aws_acm_certificate" "certificate" {
  domain_name       = "intake.example.com"
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

# There already, and of more than one app: nobody makes or removes it here.
data "aws_route53_zone" "zone" {
  name = "example.com"
}

resource "aws_route53_record" "certificate_proof" {
  zone_id = data.aws_route53_zone.zone.zone_id
  name    = one([for one in aws_acm_certificate.certificate.domain_validation_options : one.resource_record_name if one.domain_name == "intake.example.com"])
  type    = one([for one in aws_acm_certificate.certificate.domain_validation_options : one.resource_record_type if one.domain_name == "intake.example.com"])
  records = [
    one([for one in aws_acm_certificate.certificate.domain_validation_options : one.resource_record_value if one.domain_name == "intake.example.com"]),
  ]
  ttl             = 60
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "certificate_proven" {
  certificate_arn         = aws_acm_certificate.certificate.arn
  validation_record_fqdns = [aws_route53_record.certificate_proof.fqdn]
}

resource "aws_lb" "load_balancer" {
  name                       = "${var.name}-load-balancer"
  load_balancer_type         = "application"
  subnets                    = [aws_subnet.public_a.id, aws_subnet.public_b.id, aws_subnet.public_c.id]
  security_groups            = [aws_security_group.load_balancer_firewall.id]
  enable_deletion_protection = true
  drop_invalid_header_fields = true
  depends_on                 = [aws_internet_gateway.network_gateway]
}

resource "aws_lb_target_group" "load_balancer_api" {
  name_prefix          = "api-"
  vpc_id               = aws_vpc.network.id
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = 8080
  deregistration_delay = 30

  health_check {
    path              = "/healthz"
    interval          = 10
    healthy_threshold = 2
    matcher           = "200-399"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_listener" "load_balancer_http" {
  load_balancer_arn = aws_lb.load_balancer.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "load_balancer_https" {
  load_balancer_arn = aws_lb.load_balancer.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = aws_acm_certificate_validation.certificate_proven.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.load_balancer_api.arn
  }
}

resource "aws_route53_record" "intake_example_com_record" {
  zone_id = data.aws_route53_zone.zone.zone_id
  name    = "intake.example.com"
  type    = "A"

  alias {
    name                   = aws_lb.load_balancer.dns_name
    zone_id                = aws_lb.load_balancer.zone_id
    evaluate_target_health = false
  }
}
