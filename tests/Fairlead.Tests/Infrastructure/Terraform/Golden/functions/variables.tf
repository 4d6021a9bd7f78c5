variable "name" {
  description = "Stands before the name of everything"
  type        = string
  default     = "hooks-production"
}

variable "region" {
  description = "Where all of it is"
  type        = string
  default     = "us-east-1"
}
