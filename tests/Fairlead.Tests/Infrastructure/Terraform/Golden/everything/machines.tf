data "aws_ssm_parameter" "machine_image" {
  name = var.machine_image_parameter
}

resource "aws_launch_template" "legacy_template" {
  name_prefix            = "${"${var.name}-legacy"}-"
  image_id               = data.aws_ssm_parameter.machine_image.insecure_value
  instance_type          = "t3.large"
  update_default_version = true
  vpc_security_group_ids = [aws_security_group.programs_firewall.id]
  user_data = base64encode(<<-EOT
    #!/bin/sh
    set -eu
    install -d -m 0750 /etc/fairlead
    : > /etc/fairlead/legacy.env
    chmod 0640 /etc/fairlead/legacy.env
    printf '%s\n' 'PORT=8080' >> /etc/fairlead/legacy.env
  EOT
  )

  iam_instance_profile {
    arn = aws_iam_instance_profile.legacy_identity_profile.arn
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  monitoring {
    enabled = true
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = 20
      encrypted             = true
      delete_on_termination = true
    }
  }
}

resource "aws_autoscaling_group" "legacy_machines" {
  name                      = "${var.name}-legacy"
  min_size                  = 1
  max_size                  = 3
  vpc_zone_identifier       = [aws_subnet.private_a.id, aws_subnet.private_b.id]
  target_group_arns         = [aws_lb_target_group.load_balancer_legacy.arn]
  health_check_type         = "ELB"
  health_check_grace_period = 300
  depends_on                = [aws_lb_listener_rule.load_balancer_legacy_paths, aws_lb_listener_rule.load_balancer_legacy_paths_2]

  launch_template {
    id      = aws_launch_template.legacy_template.id
    version = aws_launch_template.legacy_template.latest_version
  }

  instance_refresh {
    strategy = "Rolling"

    preferences {
      min_healthy_percentage = 100
      auto_rollback          = true
    }
  }

  tag {
    key                 = "Name"
    value               = "${var.name}-legacy"
    propagate_at_launch = true
  }
}

resource "aws_autoscaling_policy" "legacy_scaling_by_cpu" {
  name                   = "cpu"
  autoscaling_group_name = aws_autoscaling_group.legacy_machines.name
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = 60

    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
    }
  }
}
