resource "aws_acm_certificate" "certificate" {
  domain_name               = "shop.example.com"
  subject_alternative_names = ["www.shop.example.com"]
  validation_method         = "DNS"

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
  name    = one([for one in aws_acm_certificate.certificate.domain_validation_options : one.resource_record_name if one.domain_name == "shop.example.com"])
  type    = one([for one in aws_acm_certificate.certificate.domain_validation_options : one.resource_record_type if one.domain_name == "shop.example.com"])
  records = [
    one([for one in aws_acm_certificate.certificate.domain_validation_options : one.resource_record_value if one.domain_name == "shop.example.com"]),
  ]
  ttl             = 60
  allow_overwrite = true
}

resource "aws_route53_record" "certificate_proof_2" {
  zone_id = data.aws_route53_zone.zone.zone_id
  name    = one([for one in aws_acm_certificate.certificate.domain_validation_options : one.resource_record_name if one.domain_name == "www.shop.example.com"])
  type    = one([for one in aws_acm_certificate.certificate.domain_validation_options : one.resource_record_type if one.domain_name == "www.shop.example.com"])
  records = [
    one([for one in aws_acm_certificate.certificate.domain_validation_options : one.resource_record_value if one.domain_name == "www.shop.example.com"]),
  ]
  ttl             = 60
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "certificate_proven" {
  certificate_arn         = aws_acm_certificate.certificate.arn
  validation_record_fqdns = [aws_route53_record.certificate_proof.fqdn, aws_route53_record.certificate_proof_2.fqdn]
}

resource "aws_lb" "load_balancer" {
  name                       = "${var.name}-load-balancer"
  load_balancer_type         = "application"
  subnets                    = [aws_subnet.public_a.id, aws_subnet.public_b.id]
  security_groups            = [aws_security_group.load_balancer_firewall.id]
  enable_deletion_protection = true
  drop_invalid_header_fields = true
  depends_on                 = [aws_internet_gateway.network_gateway]
}

resource "aws_lb_target_group" "load_balancer_legacy" {
  name_prefix          = "legac-"
  vpc_id               = aws_vpc.network.id
  target_type          = "instance"
  protocol             = "HTTP"
  port                 = 8080
  deregistration_delay = 30

  health_check {
    path              = "/"
    interval          = 10
    healthy_threshold = 2
    matcher           = "200-399"
  }

  lifecycle {
    create_before_destroy = true
  }
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
    type = "fixed-response"

    fixed_response {
      status_code  = "404"
      content_type = "text/plain"
      message_body = "not found"
    }
  }
}

resource "aws_lb_listener_rule" "load_balancer_legacy_paths" {
  listener_arn = aws_lb_listener.load_balancer_https.arn
  priority     = 10

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.load_balancer_legacy.arn
  }

  condition {
    path_pattern {
      values = ["/old", "/old/*", "/older", "/older/*"]
    }
  }
}

resource "aws_lb_listener_rule" "load_balancer_legacy_paths_2" {
  listener_arn = aws_lb_listener.load_balancer_https.arn
  priority     = 20

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.load_balancer_legacy.arn
  }

  condition {
    path_pattern {
      values = ["/oldest", "/oldest/*"]
    }
  }
}

resource "aws_lb_listener_rule" "load_balancer_api_paths" {
  listener_arn = aws_lb_listener.load_balancer_https.arn
  priority     = 30

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.load_balancer_api.arn
  }

  condition {
    path_pattern {
      values = ["/api", "/api/*"]
    }
  }
}

# CloudFront takes certificates from us-east-1 only.
resource "aws_acm_certificate" "cdn_certificate" {
  provider                  = aws.us_east_1
  domain_name               = "shop.example.com"
  subject_alternative_names = ["www.shop.example.com"]
  validation_method         = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "cdn_certificate_proof" {
  zone_id = data.aws_route53_zone.zone.zone_id
  name    = one([for one in aws_acm_certificate.cdn_certificate.domain_validation_options : one.resource_record_name if one.domain_name == "shop.example.com"])
  type    = one([for one in aws_acm_certificate.cdn_certificate.domain_validation_options : one.resource_record_type if one.domain_name == "shop.example.com"])
  records = [
    one([for one in aws_acm_certificate.cdn_certificate.domain_validation_options : one.resource_record_value if one.domain_name == "shop.example.com"]),
  ]
  ttl             = 60
  allow_overwrite = true
}

resource "aws_route53_record" "cdn_certificate_proof_2" {
  zone_id = data.aws_route53_zone.zone.zone_id
  name    = one([for one in aws_acm_certificate.cdn_certificate.domain_validation_options : one.resource_record_name if one.domain_name == "www.shop.example.com"])
  type    = one([for one in aws_acm_certificate.cdn_certificate.domain_validation_options : one.resource_record_type if one.domain_name == "www.shop.example.com"])
  records = [
    one([for one in aws_acm_certificate.cdn_certificate.domain_validation_options : one.resource_record_value if one.domain_name == "www.shop.example.com"]),
  ]
  ttl             = 60
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "cdn_certificate_proven" {
  provider                = aws.us_east_1
  certificate_arn         = aws_acm_certificate.cdn_certificate.arn
  validation_record_fqdns = [aws_route53_record.cdn_certificate_proof.fqdn, aws_route53_record.cdn_certificate_proof_2.fqdn]
}

resource "aws_route53_record" "shop_example_com_record" {
  zone_id = data.aws_route53_zone.zone.zone_id
  name    = "shop.example.com"
  type    = "A"

  alias {
    name                   = aws_cloudfront_distribution.web_cdn.domain_name
    zone_id                = aws_cloudfront_distribution.web_cdn.hosted_zone_id
    evaluate_target_health = false
  }
}

resource "aws_route53_record" "shop_example_com_record_ipv6" {
  zone_id = data.aws_route53_zone.zone.zone_id
  name    = "shop.example.com"
  type    = "AAAA"

  alias {
    name                   = aws_cloudfront_distribution.web_cdn.domain_name
    zone_id                = aws_cloudfront_distribution.web_cdn.hosted_zone_id
    evaluate_target_health = false
  }
}

resource "aws_route53_record" "www_shop_example_com_record" {
  zone_id = data.aws_route53_zone.zone.zone_id
  name    = "www.shop.example.com"
  type    = "A"

  alias {
    name                   = aws_cloudfront_distribution.web_cdn.domain_name
    zone_id                = aws_cloudfront_distribution.web_cdn.hosted_zone_id
    evaluate_target_health = false
  }
}

resource "aws_route53_record" "www_shop_example_com_record_ipv6" {
  zone_id = data.aws_route53_zone.zone.zone_id
  name    = "www.shop.example.com"
  type    = "AAAA"

  alias {
    name                   = aws_cloudfront_distribution.web_cdn.domain_name
    zone_id                = aws_cloudfront_distribution.web_cdn.hosted_zone_id
    evaluate_target_health = false
  }
}
