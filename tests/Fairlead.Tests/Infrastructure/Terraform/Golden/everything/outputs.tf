output "api_images_uri" {
  description = "Where api-images are sent"
  value       = aws_ecr_repository.api_images.repository_url
}

output "api_service" {
  description = "Service api in the cluster"
  value       = aws_ecs_service.api.name
}

output "cache_cache_host" {
  description = "Where cache-cache answers"
  value       = aws_elasticache_replication_group.cache_cache.primary_endpoint_address
}

output "containers_cluster" {
  description = "Cluster of the containers"
  value       = aws_ecs_cluster.containers.name
}

output "legacy_group" {
  description = "Machines of legacy"
  value       = aws_autoscaling_group.legacy_machines.name
}

output "load_balancer_url" {
  description = "Where the load balancer answers"
  value       = "https://${aws_lb.load_balancer.dns_name}"
}

output "main_database_host" {
  description = "Where main-database answers"
  value       = aws_db_instance.main_database.address
}

output "main_database_password_arn" {
  description = "Where the password of main-database is kept"
  value       = aws_db_instance.main_database.master_user_secret[0].secret_arn
}

output "orders_queue_url" {
  description = "Address of orders-queue"
  value       = aws_sqs_queue.orders_queue.url
}

output "stripe_key_secret_arn" {
  description = "Where the value of STRIPE_KEY is put"
  value       = aws_secretsmanager_secret.stripe_key_secret.arn
}

output "thumbnails_function" {
  description = "Function thumbnails"
  value       = aws_lambda_function.thumbnails.function_name
}

output "uploads_bucket_name" {
  description = "Bucket uploads-bucket"
  value       = aws_s3_bucket.uploads_bucket.bucket
}

output "web_cdn_domain" {
  description = "Where web-cdn answers"
  value       = aws_cloudfront_distribution.web_cdn.domain_name
}

output "web_cdn_id" {
  description = "For taking files of web-cdn out of caches"
  value       = aws_cloudfront_distribution.web_cdn.id
}

output "web_files_name" {
  description = "Bucket web-files"
  value       = aws_s3_bucket.web_files.bucket
}

output "worker_images_uri" {
  description = "Where worker-images are sent"
  value       = aws_ecr_repository.worker_images.repository_url
}

output "worker_service" {
  description = "Service worker in the cluster"
  value       = aws_ecs_service.worker.name
}
