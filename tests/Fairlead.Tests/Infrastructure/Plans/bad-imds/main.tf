resource "aws_instance" "worker" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.small"

  metadata_options {
    http_tokens = "optional" # fault: imds-v1
  }

  root_block_device {
    encrypted = true
  }
}

resource "aws_launch_template" "worker" { # fault: imds-v1
  name     = "worker"
  image_id = "ami-0123456789abcdef0"
}
