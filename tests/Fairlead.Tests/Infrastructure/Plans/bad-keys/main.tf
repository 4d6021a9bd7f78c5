resource "aws_kms_key" "data" { # fault: key-not-rotated
  description = "Data of the shop"
}

resource "aws_iam_access_key" "robot" { # fault: key-long-lived
  user = "robot"
}
