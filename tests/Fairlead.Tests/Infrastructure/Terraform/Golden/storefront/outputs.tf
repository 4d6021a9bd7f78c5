output "api_images_uri" {
  description = "Where api-images are sent"
  value       = aws_ecr_repository.api_images.repository_url
}

output "api_service" {
  description = "Service api in the cluster"
  value       = aws_ecs_service.api.name
}

output "containers_cluster" {
  description = "Cluster of the containers"
  value       = aws_ecs_cluster.containers.name
}

output "load_balancer_url" {
  description = "Where the load balancer answers"
  value       = "http://${aws_lb.load_balancer.dns_name}"
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
