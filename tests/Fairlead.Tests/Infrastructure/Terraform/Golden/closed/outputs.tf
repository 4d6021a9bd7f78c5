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
