variable "name" {
  description = "Stands before the name of everything"
  type        = string
  default     = "shop-production"
}

variable "region" {
  description = "Where all of it is"
  type        = string
  default     = "eu-central-1"
}

variable "api_image" {
  description = "Image of api with its digest; while there is none, no copy of it runs"
  type        = string
  default     = ""
}

variable "worker_image" {
  description = "Image of worker with its digest; while there is none, no copy of it runs"
  type        = string
  default     = ""
}

variable "machine_image_parameter" {
  description = "Where AWS keeps which image machines begin with"
  type        = string
  default     = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}
