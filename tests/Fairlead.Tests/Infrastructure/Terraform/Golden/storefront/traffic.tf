resource "aws_lb" "load_balancer" {
  name                       = "storefront-production-loa-e28046"
  load_balancer_type         = "application"
  subnets                    = [aws_subnet.public_a.id, aws_subnet.public_b.id]
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
    type = "fixed-response"

    fixed_response {
      status_code  = "404"
      content_type = "text/plain"
      message_body = "not found"
    }
  }
}

resource "aws_lb_listener_rule" "load_balancer_api_paths" {
  listener_arn = aws_lb_listener.load_balancer_http.arn
  priority     = 10

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
