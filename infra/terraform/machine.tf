data "aws_ssm_parameter" "image" {
  count = var.image_id == null ? 1 : 0
  name  = var.image_parameter
}

module "user_data" {
  source         = "./modules/user-data"
  size           = var.size
  machine        = var.machine
  region         = var.region
  bucket         = aws_s3_bucket.data.id
  mlflow_bucket  = aws_s3_bucket.mlflow.id
  data_volume_id = aws_ebs_volume.data.id
  versions       = local.versions
  schedule_group = local.has_scheduler ? aws_scheduler_schedule_group.machine[0].name : ""
  scheduler_role = local.has_scheduler ? aws_iam_role.scheduler[0].arn : ""
}

locals {
  # "name=version,sha256" for each program; one without a version is not installed.
  pinned = {
    powershell = var.powershell
    k3s        = local.is_full ? var.k3s : null
  }
  plain = {
    mlflow     = local.is_full ? var.mlflow_version : null
    monitoring = local.is_full ? var.monitoring_version : null
  }
  versions = merge(
    { for name, program in local.pinned : name => "${program.version},${program.sha256}" if program != null },
    { for name, version in local.plain : name => version if version != null },
  )
}

resource "aws_instance" "machine" {
  ami                         = var.image_id != null ? var.image_id : nonsensitive(data.aws_ssm_parameter.image[0].value)
  instance_type               = var.instance_type
  subnet_id                   = aws_subnet.public.id
  vpc_security_group_ids      = [aws_security_group.machine.id]
  associate_public_ip_address = true
  iam_instance_profile        = local.instance_profile
  user_data_base64            = module.user_data.base64

  # The machine powers itself off; that must never destroy it.
  instance_initiated_shutdown_behavior = "stop"

  # IMDSv2 only. One hop keeps containers from the machine's credentials; k3s's pods, which pull models from S3, are one hop further.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = local.is_full ? 2 : 1
  }

  root_block_device {
    encrypted             = true
    volume_type           = "gp3"
    volume_size           = var.root_gib
    delete_on_termination = true
    tags                  = { Name = "${var.machine}-root", "wms:machine" = var.machine }
  }

  credit_specification {
    cpu_credits = var.cpu_credits
  }

  tags = {
    Name          = var.machine
    "wms:machine" = var.machine
    "wms:lease"   = "-"
  }

  lifecycle {
    # A newer image or first-start script must not replace, or stop, a machine that works: docs/infrastructure.md says how to renew it.
    # The tag is written by Start-WmsInfrastructure and Stop-WmsInfrastructure.
    ignore_changes = [ami, user_data_base64, tags["wms:lease"], tags_all["wms:lease"]]

    precondition {
      condition     = var.create_roles || var.instance_profile != null
      error_message = "Set instance_profile to the name of an instance profile that exists, because create_roles is false."
    }
  }
}

# Registry, jobs and k3s live here. The volume outlives the machine, and pins it to its availability zone.
resource "aws_ebs_volume" "data" {
  availability_zone = local.zone
  type              = "gp3"
  size              = var.data_gib
  encrypted         = true
  tags              = { Name = "${var.machine}-data", "wms:machine" = var.machine } # Remove-WmsInfrastructure finds it by this

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [availability_zone]
  }
}

resource "aws_volume_attachment" "data" {
  device_name                    = "/dev/sdf"
  volume_id                      = aws_ebs_volume.data.id
  instance_id                    = aws_instance.machine.id
  stop_instance_before_detaching = true
}
