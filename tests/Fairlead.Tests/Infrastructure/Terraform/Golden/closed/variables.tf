variable "name" {
  description = "Stands before the name of everything"
  type        = string
  default     = "intake-production"
}

variable "region" {
  description = "Where all of it is"
  type        = string
  default     = "us-east-1"
}

variable "api_image" {
  description = "Image of api with its digest; while there is none, no copy of it runs"
  type        = string
  default     = ""
}
