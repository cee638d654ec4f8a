variable "size" {
  description = "mini or full."
  type        = string
}

variable "machine" {
  description = "Name of the machine: its lease is machine/NAME/lease in the bucket."
  type        = string
}

variable "region" {
  description = "The region of the buckets."
  type        = string
}

variable "bucket" {
  description = "Bucket of the lease."
  type        = string
}

variable "mlflow_bucket" {
  description = "Bucket of MLflow's files."
  type        = string
}

variable "data_volume_id" {
  description = "The data volume."
  type        = string
}

variable "schedule_group" {
  description = "Group of the schedule that stops the machine from outside; empty for none."
  type        = string
  default     = ""
}

variable "scheduler_role" {
  description = "ARN of the role of that schedule; empty for none."
  type        = string
  default     = ""
}

variable "versions" {
  description = "What to install: name = version, or version,sha256."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for version in values(var.versions) : can(regex("^[A-Za-z0-9.,+_-]+$", version))])
    error_message = "Use letters, digits and .,+_- in the versions of programs."
  }
}
