terraform {
  # Locking in S3 itself (use_lockfile) came with 1.10.
  required_version = ">= 1.10.0, < 2.0.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }

  # Bucket and region are given to `terraform init`: infra/README.md. The bucket of the state is not made here.
  backend "s3" {
    key          = "wms/terraform.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      "wms:project" = var.project
      "wms:made-by" = "terraform"
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_availability_zones" "available" {
  state = "available"
}

locals {
  account = data.aws_caller_identity.current.account_id
  zone    = coalesce(var.availability_zone, data.aws_availability_zones.available.names[0])
  is_full = var.size == "full"
}
