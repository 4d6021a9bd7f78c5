resource "aws_ebs_volume" "data" { # fault: storage-unencrypted
  availability_zone = "eu-central-1a"
  size              = 100
}

resource "aws_instance" "worker" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.small"

  metadata_options {
    http_tokens = "required"
  }

  root_block_device {
    volume_size = 20
    encrypted   = false # fault: storage-unencrypted
  }
}

resource "aws_launch_template" "worker" {
  name     = "worker"
  image_id = "ami-0123456789abcdef0"

  metadata_options {
    http_tokens = "required"
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_size = 20
      encrypted   = false # fault: storage-unencrypted
    }
  }
}
