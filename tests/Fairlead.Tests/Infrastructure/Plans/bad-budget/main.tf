resource "aws_instance" "worker" { # fault: budget-exceeded
  ami           = "ami-0123456789abcdef0"
  instance_type = "m5.xlarge"

  metadata_options {
    http_tokens = "required"
  }

  root_block_device {
    encrypted = true
  }
}
