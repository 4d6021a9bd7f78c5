# Needs no cloud and no keys: terraform init -backend=false && terraform test
mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = {
      names = ["zone-a", "zone-b", "zone-c", "zone-d", "zone-e", "zone-f"]
    }
  }

  mock_data "aws_caller_identity" {
    defaults = {
      account_id = "123456789012"
    }
  }

  mock_resource "aws_cloudfront_distribution" {
    defaults = {
      arn = "arn:aws:cloudfront::123456789012:distribution/E1"
    }
  }

  mock_resource "aws_cloudfront_function" {
    defaults = {
      arn = "arn:aws:cloudfront::123456789012:function/f"
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:eu-central-1:123456789012:log-group:l"
    }
  }

  mock_resource "aws_ecr_repository" {
    defaults = {
      arn = "arn:aws:ecr:eu-central-1:123456789012:repository/r"
    }
  }

  mock_resource "aws_ecs_cluster" {
    defaults = {
      arn = "arn:aws:ecs:eu-central-1:123456789012:cluster/c"
    }
  }

  mock_resource "aws_ecs_task_definition" {
    defaults = {
      arn = "arn:aws:ecs:eu-central-1:123456789012:task-definition/t:1"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/r"
    }
  }

  mock_resource "aws_lb" {
    defaults = {
      arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/l/1234567890123456"
    }
  }

  mock_resource "aws_lb_listener" {
    defaults = {
      arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/l/1234567890123456/1234567890123456"
    }
  }

  mock_resource "aws_lb_target_group" {
    defaults = {
      arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/t/1234567890123456"
    }
  }

  mock_data "aws_partition" {
    defaults = {
      partition = "aws"
    }
  }

  mock_resource "aws_s3_bucket" {
    defaults = {
      arn = "arn:aws:s3:::b"
    }
  }

  mock_resource "aws_service_discovery_http_namespace" {
    defaults = {
      arn = "arn:aws:servicediscovery:eu-central-1:123456789012:namespace/ns-1"
    }
  }
}

run "as_written" {
  command = apply

  assert {
    condition     = aws_s3_bucket_public_access_block.web_files_shut.restrict_public_buckets
    error_message = "web-files is closed to the public."
  }

  assert {
    condition     = aws_ecs_service.api.desired_count == 0
    error_message = "api has no copies before it has an image."
  }

  assert {
    condition     = aws_ecs_service.worker.desired_count == 0
    error_message = "worker has no copies before it has an image."
  }

  assert {
    condition     = aws_cloudfront_distribution.web_cdn.default_cache_behavior[0].viewer_protocol_policy == "redirect-to-https"
    error_message = "web-cdn answers by TLS."
  }
}

run "with_images" {
  command = plan

  variables {
    api_image    = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/app@sha256:0"
    worker_image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/app@sha256:0"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.api_task.container_definitions)[0].image == var.api_image
    error_message = "api runs the image that was named."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.worker_task.container_definitions)[0].image == var.worker_image
    error_message = "worker runs the image that was named."
  }
}
