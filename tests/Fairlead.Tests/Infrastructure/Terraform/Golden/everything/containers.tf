# Services find each other by their names in it.
resource "aws_service_discovery_http_namespace" "containers_names" {
  name = var.name
}

resource "aws_ecs_cluster" "containers" {
  name = "${var.name}-containers"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }

  service_connect_defaults {
    namespace = aws_service_discovery_http_namespace.containers_names.arn
  }
}

resource "aws_ecr_repository" "api_images" {
  name                 = "${var.name}/api-images"
  image_tag_mutability = "IMMUTABLE"
  force_delete         = true

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "AES256"
  }
}

resource "aws_ecr_lifecycle_policy" "api_images_keeping" {
  repository = aws_ecr_repository.api_images.name
  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "Keep the newest images"
        selection = {
          tagStatus   = "any"
          countType   = "imageCountMoreThan"
          countNumber = 20
        }
        action = {
          type = "expire"
        }
      },
    ]
  })
}

resource "aws_ecs_task_definition" "api_task" {
  family                   = "${var.name}-api"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = "256"
  memory                   = "512"
  execution_role_arn       = aws_iam_role.api_starter.arn
  task_role_arn            = aws_iam_role.api_identity.arn
  container_definitions = jsonencode([
    {
      name      = "api"
      image     = var.api_image == "" ? "public.ecr.aws/docker/library/busybox:1.37" : var.api_image
      essential = true
      portMappings = [
        {
          name          = "http"
          containerPort = 8080
          protocol      = "tcp"
          appProtocol   = "http"
        },
      ]
      environment = [
        {
          name  = "DATABASE_HOST"
          value = aws_db_instance.main_database.address
        },
        {
          name  = "DATABASE_NAME"
          value = "shop"
        },
        {
          name  = "DATABASE_PORT"
          value = "5432"
        },
        {
          name  = "DATABASE_USER"
          value = "app"
        },
        {
          name  = "ORDERS_QUEUE_URL"
          value = aws_sqs_queue.orders_queue.url
        },
        {
          name  = "PORT"
          value = "8080"
        },
        {
          name  = "REDIS_HOST"
          value = aws_elasticache_replication_group.cache_cache.primary_endpoint_address
        },
        {
          name  = "REDIS_PORT"
          value = "6379"
        },
        {
          name  = "UPLOADS_BUCKET"
          value = aws_s3_bucket.uploads_bucket.bucket
        },
      ]
      secrets = [
        {
          name      = "DATABASE_PASSWORD"
          valueFrom = "${aws_db_instance.main_database.master_user_secret[0].secret_arn}:password::"
        },
        {
          name      = "STRIPE_KEY"
          valueFrom = aws_secretsmanager_secret.stripe_key_secret.arn
        },
      ]
      linuxParameters = {
        initProcessEnabled = true
      }
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.api_log.name
          awslogs-region        = data.aws_region.here.name
          awslogs-stream-prefix = "api"
        }
      }
    },
  ])
}

resource "aws_ecs_service" "api" {
  name                               = "api"
  cluster                            = aws_ecs_cluster.containers.arn
  task_definition                    = aws_ecs_task_definition.api_task.arn
  launch_type                        = "FARGATE"
  desired_count                      = var.api_image == "" ? 0 : 2
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = 60
  enable_ecs_managed_tags            = true
  propagate_tags                     = "SERVICE"
  depends_on                         = [aws_lb_listener_rule.load_balancer_api_paths]

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = [aws_subnet.private_a.id, aws_subnet.private_b.id]
    security_groups  = [aws_security_group.programs_firewall.id]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.load_balancer_api.arn
    container_name   = "api"
    container_port   = 8080
  }

  service_connect_configuration {
    enabled   = true
    namespace = aws_service_discovery_http_namespace.containers_names.arn

    service {
      port_name      = "http"
      discovery_name = "api"

      client_alias {
        dns_name = "api"
        port     = 80
      }
    }
  }

  lifecycle {
    ignore_changes = [task_definition, desired_count]
  }
}

resource "aws_appautoscaling_target" "api_scaling" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.containers.name}/${aws_ecs_service.api.name}"
  min_capacity       = 2
  max_capacity       = 6
}

resource "aws_appautoscaling_policy" "api_scaling_by_cpu" {
  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.api_scaling.service_namespace
  scalable_dimension = aws_appautoscaling_target.api_scaling.scalable_dimension
  resource_id        = aws_appautoscaling_target.api_scaling.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = 70
    scale_out_cooldown = 60
    scale_in_cooldown  = 300

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

resource "aws_ecr_repository" "worker_images" {
  name                 = "${var.name}/worker-images"
  image_tag_mutability = "IMMUTABLE"
  force_delete         = true

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "AES256"
  }
}

resource "aws_ecr_lifecycle_policy" "worker_images_keeping" {
  repository = aws_ecr_repository.worker_images.name
  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "Keep the newest images"
        selection = {
          tagStatus   = "any"
          countType   = "imageCountMoreThan"
          countNumber = 20
        }
        action = {
          type = "expire"
        }
      },
    ]
  })
}

resource "aws_ecs_task_definition" "worker_task" {
  family                   = "${var.name}-worker"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = "256"
  memory                   = "512"
  execution_role_arn       = aws_iam_role.worker_starter.arn
  task_role_arn            = aws_iam_role.worker_identity.arn
  container_definitions = jsonencode([
    {
      name      = "worker"
      image     = var.worker_image == "" ? "public.ecr.aws/docker/library/busybox:1.37" : var.worker_image
      essential = true
      environment = [
        {
          name  = "API_URL"
          value = "http://api"
        },
        {
          name  = "DATABASE_HOST"
          value = aws_db_instance.main_database.address
        },
        {
          name  = "DATABASE_NAME"
          value = "shop"
        },
        {
          name  = "DATABASE_PORT"
          value = "5432"
        },
        {
          name  = "DATABASE_USER"
          value = "app"
        },
        {
          name  = "ORDERS_QUEUE_URL"
          value = aws_sqs_queue.orders_queue.url
        },
        {
          name  = "UPLOADS_BUCKET"
          value = aws_s3_bucket.uploads_bucket.bucket
        },
      ]
      secrets = [
        {
          name      = "DATABASE_PASSWORD"
          valueFrom = "${aws_db_instance.main_database.master_user_secret[0].secret_arn}:password::"
        },
      ]
      linuxParameters = {
        initProcessEnabled = true
      }
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.worker_log.name
          awslogs-region        = data.aws_region.here.name
          awslogs-stream-prefix = "worker"
        }
      }
    },
  ])
}

resource "aws_ecs_service" "worker" {
  name                               = "worker"
  cluster                            = aws_ecs_cluster.containers.arn
  task_definition                    = aws_ecs_task_definition.worker_task.arn
  launch_type                        = "FARGATE"
  desired_count                      = var.worker_image == "" ? 0 : 1
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  enable_ecs_managed_tags            = true
  propagate_tags                     = "SERVICE"

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = [aws_subnet.private_a.id, aws_subnet.private_b.id]
    security_groups  = [aws_security_group.programs_firewall.id]
    assign_public_ip = false
  }

  service_connect_configuration {
    enabled   = true
    namespace = aws_service_discovery_http_namespace.containers_names.arn
  }

  lifecycle {
    ignore_changes = [task_definition, desired_count]
  }
}
