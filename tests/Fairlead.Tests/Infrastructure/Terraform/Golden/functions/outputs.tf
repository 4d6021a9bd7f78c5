output "hello_function" {
  description = "Function hello"
  value       = aws_lambda_function.hello.function_name
}

output "hello_url" {
  description = "Address of hello"
  value       = aws_lambda_function_url.hello_url.function_url
}

output "mail_key_secret_arn" {
  description = "Where the value of MAIL_KEY is put"
  value       = aws_secretsmanager_secret.mail_key_secret.arn
}

output "report_function" {
  description = "Function report"
  value       = aws_lambda_function.report.function_name
}
