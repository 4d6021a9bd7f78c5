# Needs no cloud and no keys: terraform init -backend=false && terraform test
mock_provider "aws" {
  mock_resource "aws_acm_certificate" {
    defaults = {
      arn = "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-1111-1111-1111-111111111111"
      domain_validation_options = [
        {
          domain_name           = "shop.example.com"
          resource_record_name  = "_x.shop.example.com"
          resource_record_type  = "CNAME"
          resource_record_value = "_y.acm-validations.aws"
        },
        {
          domain_name           = "www.shop.example.com"
          resource_record_name  = "_x.www.shop.example.com"
          resource_record_type  = "CNAME"
          resource_record_value = "_y.acm-validations.aws"
        },
      ]
    }
  }

  mock_resource "aws_acm_certificate_validation" {
    defaults = {
      certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-1111-1111-1111-111111111111"
    }
  }

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

  mock_resource "aws_db_instance" {
    defaults = {
      arn = "arn:aws:rds:eu-central-1:123456789012:db:d"
      master_user_secret = [
        {
          secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds"
        },
      ]
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

  mock_resource "aws_iam_instance_profile" {
    defaults = {
      arn = "arn:aws:iam::123456789012:instance-profile/p"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/r"
    }
  }

  mock_resource "aws_lambda_function" {
    defaults = {
      arn = "arn:aws:lambda:eu-central-1:123456789012:function:f"
    }
  }

  mock_resource "aws_launch_template" {
    defaults = {
      id = "lt-0123456789abcdef0"
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

  mock_data "aws_route53_zone" {
    defaults = {
      zone_id = "Z0123456789ABC"
    }
  }

  mock_resource "aws_s3_bucket" {
    defaults = {
      arn = "arn:aws:s3:::b"
    }
  }

  mock_resource "aws_secretsmanager_secret" {
    defaults = {
      arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:s"
    }
  }

  mock_resource "aws_service_discovery_http_namespace" {
    defaults = {
      arn = "arn:aws:servicediscovery:eu-central-1:123456789012:namespace/ns-1"
    }
  }

  mock_resource "aws_sns_topic" {
    defaults = {
      arn = "arn:aws:sns:eu-central-1:123456789012:t"
    }
  }

  mock_resource "aws_sqs_queue" {
    defaults = {
      arn = "arn:aws:sqs:eu-central-1:123456789012:q"
    }
  }

  mock_data "aws_ssm_parameter" {
    defaults = {
      insecure_value = "ami-0123456789abcdef0"
    }
  }
}

mock_provider "aws" {
  alias = "us_east_1"

  mock_resource "aws_acm_certificate" {
    defaults = {
      arn = "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-1111-1111-1111-111111111111"
      domain_validation_options = [
        {
          domain_name           = "shop.example.com"
          resource_record_name  = "_x.shop.example.com"
          resource_record_type  = "CNAME"
          resource_record_value = "_y.acm-validations.aws"
        },
        {
          domain_name           = "www.shop.example.com"
          resource_record_name  = "_x.www.shop.example.com"
          resource_record_type  = "CNAME"
          resource_record_value = "_y.acm-validations.aws"
        },
      ]
    }
  }

  mock_resource "aws_acm_certificate_validation" {
    defaults = {
      certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-1111-1111-1111-111111111111"
    }
  }

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

  mock_resource "aws_db_instance" {
    defaults = {
      arn = "arn:aws:rds:eu-central-1:123456789012:db:d"
      master_user_secret = [
        {
          secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds"
        },
      ]
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

  mock_resource "aws_iam_instance_profile" {
    defaults = {
      arn = "arn:aws:iam::123456789012:instance-profile/p"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/r"
    }
  }

  mock_resource "aws_lambda_function" {
    defaults = {
      arn = "arn:aws:lambda:eu-central-1:123456789012:function:f"
    }
  }

  mock_resource "aws_launch_template" {
    defaults = {
      id = "lt-0123456789abcdef0"
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

  mock_data "aws_route53_zone" {
    defaults = {
      zone_id = "Z0123456789ABC"
    }
  }

  mock_resource "aws_s3_bucket" {
    defaults = {
      arn = "arn:aws:s3:::b"
    }
  }

  mock_resource "aws_secretsmanager_secret" {
    defaults = {
      arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:s"
    }
  }

  mock_resource "aws_service_discovery_http_namespace" {
    defaults = {
      arn = "arn:aws:servicediscovery:eu-central-1:123456789012:namespace/ns-1"
    }
  }

  mock_resource "aws_sns_topic" {
    defaults = {
      arn = "arn:aws:sns:eu-central-1:123456789012:t"
    }
  }

  mock_resource "aws_sqs_queue" {
    defaults = {
      arn = "arn:aws:sqs:eu-central-1:123456789012:q"
    }
  }

  mock_data "aws_ssm_parameter" {
    defaults = {
      insecure_value = "ami-0123456789abcdef0"
    }
  }
}

run "as_written" {
  command = apply

  assert {
    condition     = aws_db_instance.main_database.storage_encrypted && !aws_db_instance.main_database.publicly_accessible && aws_db_instance.main_database.manage_master_user_password
    error_message = "main-database is encrypted, private, and its password is AWS's own."
  }

  assert {
    condition     = aws_db_instance.main_database.backup_retention_period == 7
    error_message = "Backups of main-database are kept 7 days."
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.web_files_shut.restrict_public_buckets
    error_message = "web-files is closed to the public."
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.uploads_bucket_shut.restrict_public_buckets
    error_message = "uploads-bucket is closed to the public."
  }

  assert {
    condition     = aws_lb_listener.load_balancer_http.default_action[0].type == "redirect"
    error_message = "Whoever comes to load-balancer without TLS is sent to where there is."
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
