variable "region" {
  description = "The AWS region of everything."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "Set region to the name of a region, such as eu-central-1."
  }
}

variable "size" {
  description = "mini: machine and buckets; full: also the image registry, MLflow, k3s and monitoring."
  type        = string
  default     = "mini"

  validation {
    condition     = contains(["mini", "full"], var.size)
    error_message = "Set size to mini or full."
  }
}

variable "project" {
  description = "Begins the names of what is created."
  type        = string
  default     = "wms"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,20}$", var.project))
    error_message = "Set project to 2 to 21 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "machine" {
  description = "Name of the machine: its tags Name and wms:machine, and aws.machine in wms.yaml."
  type        = string
  default     = "wms"

  validation {
    condition     = can(regex("^[A-Za-z0-9._-]{1,64}$", var.machine))
    error_message = "Set machine to at most 64 letters, digits, dots, underscores and hyphens."
  }
}

variable "availability_zone" {
  description = "Zone of the machine and its data volume; null for the first of the region. Fixed once the volume exists."
  type        = string
  default     = null
}

variable "instance_type" {
  description = "Type of the machine (x86_64)."
  type        = string
  default     = "t3.large"
}

variable "cpu_credits" {
  description = "For burstable types: unlimited costs extra under load, standard slows a long training down."
  type        = string
  default     = "unlimited"

  validation {
    condition     = contains(["unlimited", "standard"], var.cpu_credits)
    error_message = "Set cpu_credits to unlimited or standard."
  }
}

variable "image_id" {
  description = "The machine's image (AMI) of Amazon Linux 2023; null for what image_parameter leads to when the machine is created."
  type        = string
  default     = null
}

variable "image_parameter" {
  description = "Public SSM parameter that leads to the image; with a version (NAME:12) it always leads to the same."
  type        = string
  default     = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

variable "root_gib" {
  description = "Size of the system disk in GiB; deleted with the machine."
  type        = number
  default     = 30
}

variable "data_gib" {
  description = "Size of the data volume in GiB; it outlives the machine."
  type        = number
  default     = 50
}

variable "bucket" {
  description = "Name of the bucket for data, leases and jobs (aws.bucket in wms.yaml); null for PROJECT-data-ACCOUNT-REGION."
  type        = string
  default     = null
}

variable "mlflow_bucket" {
  description = "Name of the bucket for files of runs and models; null for PROJECT-mlflow-ACCOUNT-REGION."
  type        = string
  default     = null
}

variable "version_days" {
  description = "Days that replaced and deleted objects are kept."
  type        = number
  default     = 90
}

variable "job_days" {
  description = "Days that requests, logs and results of jobs are kept."
  type        = number
  default     = 30
}

variable "image_count" {
  description = "Images of the prediction service that are kept (size full)."
  type        = number
  default     = 20
}

variable "public_service_cidrs" {
  description = "Networks that may call the prediction service; empty for none. Everything else is reached through SSM only."
  type        = list(string)
  default     = []
}

variable "service_port" {
  description = "Port of the prediction service, open to public_service_cidrs."
  type        = number
  default     = 30080
}

variable "keep_address" {
  description = "Whether the machine keeps its public address, which costs while it is stopped."
  type        = bool
  default     = false
}

variable "create_roles" {
  description = "Whether to create IAM roles; false for accounts that cannot, with instance_profile."
  type        = bool
  default     = true
}

variable "instance_profile" {
  description = "Name of an instance profile that exists, where create_roles is false. It needs SSM and both buckets."
  type        = string
  default     = null
}

variable "create_scheduler" {
  description = "Whether a schedule outside the machine stops it if it does not power off by itself (needs create_roles)."
  type        = bool
  default     = false
}

variable "create_github_oidc" {
  description = "Whether GitHub Actions get a role without stored keys (needs create_roles)."
  type        = bool
  default     = false
}

variable "github_oidc_provider" {
  description = "ARN of GitHub's OIDC provider where the account has one already; null to create it."
  type        = string
  default     = null
}

variable "github_repository" {
  description = "The repository that may take the role, OWNER/NAME (with create_github_oidc)."
  type        = string
  default     = null

  validation {
    condition     = var.github_repository == null || can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github_repository))
    error_message = "Set github_repository to OWNER/NAME."
  }
}

variable "github_branches" {
  description = "The branches whose workflows may take the role; * stands for any characters."
  type        = list(string)
  default     = ["main", "data/*"]

  validation {
    condition     = length(var.github_branches) > 0 && alltrue([for branch in var.github_branches : can(regex("^[A-Za-z0-9._-]", branch))])
    error_message = "Name at least one branch in github_branches; none may begin with *."
  }
}

variable "powershell" {
  description = "PowerShell on the machine: version, and SHA-256 of powershell-VERSION-linux-x64.tar.gz as its release page states it."
  type        = object({ version = string, sha256 = string })
  default     = null
}

variable "k3s" {
  description = "k3s (size full): version, and SHA-256 of the program k3s as its release page states it."
  type        = object({ version = string, sha256 = string })
  default     = null
}

variable "mlflow_version" {
  description = "MLflow on the machine (size full); null for none."
  type        = string
  default     = null
}

variable "monitoring_version" {
  description = "The Helm chart kube-prometheus-stack (size full, with k3s); null for none."
  type        = string
  default     = null
}
