resource "aws_efs_file_system" "files" { # fault: storage-unencrypted
  creation_token = "files"
}

resource "aws_sqs_queue" "jobs" {
  name                    = "jobs"
  sqs_managed_sse_enabled = false # fault: storage-unencrypted
}

resource "aws_sns_topic" "news" { # fault: storage-unencrypted
  name = "news"
}
